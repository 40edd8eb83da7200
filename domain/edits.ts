import { canonical } from './canonical.js';
import { keysOf, sameChanges } from './changes.js';
import type { FieldFidelity } from './fidelity.js';
import type { ItemRef } from './ledger.js';
import type { Instant, MeetingSnapshot } from './meeting.js';
import { partsThatDiffer } from './parts.js';

/** What is done with the replacement when the organiser goes on with the old meeting during grace. */
export interface EditPolicy {
  /** `follow`: what they changed is changed in the replacement too, or the meeting is held where that cannot be. `hold`: it is held. */
  readonly changed: 'follow' | 'hold';
  /** `follow`: they mean it, so the replacement is deleted too. `ask`: they are asked first, and the meeting is held. */
  readonly deleted: 'follow' | 'ask';
}

/** Of campaigns of earlier versions too. */
export const usualEdits: EditPolicy = { changed: 'follow', deleted: 'follow' };

/** What of a meeting somebody changed, as the mail about it says. */
export const editedThings = ['time', 'title', 'agenda', 'invitees', 'occurrences', 'settings', 'parts', 'passcode'] as const;
export type EditedThing = (typeof editedThings)[number];

type Differs = (before: MeetingSnapshot, after: MeetingSnapshot, now: number) => boolean;

const differs: Readonly<Record<EditedThing, Differs>> = {
  time: isRetimed,
  title: (before, after) => before.title !== after.title,
  agenda: (before, after) => (before.agenda ?? '') !== (after.agenda ?? ''),
  invitees: (before, after) => keysOf(before.invitees).join('\n') !== keysOf(after.invitees).join('\n'),
  occurrences: (before, after, now) => !sameChanges(before, after, now),
  settings: (before, after) => canonical(before.options) !== canonical(after.options),
  parts: (before, after) => partsThatDiffer(before.parts, after.parts).length > 0,
  passcode: (before, after) => before.password !== after.password || before.panelistPassword !== after.panelistPassword,
};

/** What differs between two readings of one meeting, the later one at `now` in milliseconds since the epoch. */
export const editsBetween = (before: MeetingSnapshot, after: MeetingSnapshot, now: number): readonly EditedThing[] => editedThings.filter((thing) => differs[thing](before, after, now));

/** Whether it was planned for other times, by another rule or in another zone. */
export function isRetimed(before: MeetingSnapshot, after: MeetingSnapshot): boolean {
  return (['start', 'end', 'timezone', 'recurrence'] as const).some((field) => before[field] !== after[field]);
}

export interface FollowedBook {
  /**
   * The replacement is as the organiser changed the old meeting: snapshot, proof and grace are new, and a notice about it is queued, all or nothing.
   * @throws RelinkFailure `InvalidInput` when the meeting is not in grace
   */
  save(ref: ItemRef, followed: Followed): Promise<void>;
}

export interface Followed {
  readonly snapshot: MeetingSnapshot;
  readonly startsAt: Instant | null;
  readonly verifiedAt: Instant;
  readonly graceEndsAt: Instant;
  readonly fidelity: readonly FieldFidelity[];
  readonly edited: readonly EditedThing[];
}
