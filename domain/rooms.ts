import { handleVerdict, type ComparedField } from './compare.js';
import type { Host, ListedMeeting, MeetingIdentity, MeetingRef, MeetingSnapshot, Occurrence, Window } from './meeting.js';
import type { Unreadable, Written } from './ports.js';
import { settingVerdicts } from './settings.js';

/**
 * Personal rooms: standing links that belong to a person, one per site. The id of a room is a part of its link, so a replacement
 * is the same room with another id, and there is never an old and a new one at once. Every method tries once.
 */
export interface PersonalRooms {
  /** The rooms of this host. `meetings` is what else is listed of the host: what is planned in a room says when it is needed next. */
  list(host: Host, meetings: readonly ListedMeeting[]): Promise<{ readonly meetings: readonly ListedMeeting[]; readonly unreadable: readonly Unreadable[] }>;
  /** The room that this host has on this site now, whatever its id; may lag behind a change of it. No occurrences. */
  read(ref: MeetingRef): Promise<MeetingSnapshot | 'gone'>;
  /** What is planned in it and not over at `window.from`, ascending. */
  planned(ref: MeetingRef, window: Window): Promise<readonly Occurrence[]>;
  /** The same room with an id that nobody can guess. Pure but for chance; asks nothing. */
  propose(legacy: MeetingIdentity): MeetingIdentity;
  /**
   * Gives the host's room on that site the id of `ref`. Safe to repeat. `lastLook` is asked just before the request goes out.
   * @throws RelinkFailure `VendorRefused` when it belongs to somebody else
   */
  assign(ref: MeetingRef, lastLook?: () => Promise<void>): Promise<Written>;
  /** Which of the old handles its owner's room, or what is planned in it, still has. */
  resolves(legacy: MeetingIdentity, window: Window): Promise<readonly ('id' | 'number' | 'link')[]>;
}

const handles = ['id', 'number', 'link', 'sipAddress', 'accessCode'] as const satisfies readonly (keyof MeetingIdentity)[];

/** A room that has another id, against what it was: every handle another one, every setting as it was. It has nothing else. */
export const compareRooms = (legacy: MeetingSnapshot, now: MeetingSnapshot): readonly ComparedField[] => [
  ...handles.map((field) => ({ field, verdict: handleVerdict(legacy.identity[field], now.identity[field]) })),
  ...settingVerdicts(legacy.options, legacy.options, now.options).map(({ field, verdict }) => ({ field, verdict: verdict === 'equal' ? verdict : ('different' as const) })),
];
