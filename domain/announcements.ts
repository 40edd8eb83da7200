import type { CampaignOrder, CampaignSpec } from './campaign.js';
import { counted } from './counted.js';
import type { ItemRef } from './ledger.js';
import type { Instant, MeetingKind } from './meeting.js';
import { closedUntil } from './windows.js';

/** How far ahead organisers are told. Milliseconds. */
export interface Ahead {
  readonly announceMs: number;
  readonly startGuardMs: number;
}

/** `undefined` when the campaign tells nobody ahead. */
export const aheadOf = ({ notices: { announceMs }, startGuardMs }: Pick<CampaignSpec, 'notices' | 'startGuardMs'>): Ahead | undefined =>
  announceMs === undefined ? undefined : { announceMs, startGuardMs };

/** Nobody hears of a campaign that was not begun, waits for an approval, or was ordered to wait; nor outside its windows for notices. */
export const mayTell = ({ spec, order, startedAt }: { readonly spec: CampaignSpec; readonly order: CampaignOrder; readonly startedAt: Instant | null }, now: number): boolean =>
  order === 'go' && startedAt !== null && closedUntil(spec.windows?.notices, now) === null;

/** By what an organiser knows a meeting again, as the vendor's list gives it: personal data. */
export interface Heading {
  readonly title: string;
  readonly timezone: string;
  /** Of the occurrence that is held next. */
  readonly end?: Instant | undefined;
  readonly hostName: string;
}

export interface AnnouncedMeeting extends Heading {
  readonly kind: MeetingKind;
  /** Next occurrence; null for a room in which nothing is planned. */
  readonly start: Instant | null;
  readonly number: string;
}

/** One mail to one organiser before anything happens to their meetings. Personal data. */
export interface Announcement {
  readonly id: string;
  readonly campaign: string;
  readonly to: { readonly email: string; readonly name: string };
  /** None of the meetings is touched before. */
  readonly notBefore: Instant;
  readonly meetings: readonly AnnouncedMeeting[];
}

/** How far the announcements of a campaign are. */
export interface AnnouncementStanding {
  /** People who were told ahead, and of how many meetings. */
  readonly organisers: number;
  readonly meetings: number;
  /** People whom no mail reaches. Their meetings wait as long as if they had been told, then they are taken. */
  readonly bounced: number;
  /** Meetings that wait until their owners, so many, are told; those that start too soon are not among them. */
  readonly toTell: { readonly organisers: number; readonly meetings: number };
  /** Waiting meetings that would start on their old link before anybody could have objected: they are not held up. */
  readonly tooSoon: number;
  /** When the first of those that wait after their announcement may be taken; null when none waits. */
  readonly firstAt: Instant | null;
}

/** One announcement of each meeting, at most: what was told once is not told again. */
export interface AnnouncementBook {
  /**
   * Puts what is to be told into one mail per organiser, and returns the ids of all that are not sent. Takes out of those what
   * no longer waits, and what has come to start too soon.
   */
  assign(campaign: string): Promise<readonly string[]>;
  /** From now until its end nobody else touches these meetings. `undefined` when it is sent, refused, or has no meeting left. */
  open(id: string): Promise<Announcement | undefined>;
  /** The first outcome stays. From it on the time counts until the meetings may be taken. */
  close(id: string, outcome: 'sent' | 'bounced'): Promise<void>;
  /** Whether its organiser had all the time to object. */
  isOver(ref: ItemRef): Promise<boolean>;
  /** `undefined` when the campaign announces nothing. */
  standing(campaign: string): Promise<AnnouncementStanding | undefined>;
}

/** A sentence for each thing that is to be said. */
export function announcementTexts(standing: AnnouncementStanding | undefined): readonly string[] {
  if (!standing) return [];
  const { organisers, meetings, bounced, toTell, tooSoon, firstAt } = standing;
  return [
    ...(organisers + bounced === 0 ? [] : [`Announced to ${counted(organisers, 'organiser')} (${counted(meetings, 'meeting')})${bounced === 0 ? '' : `; ${counted(bounced, 'organiser')} could not be reached`}${firstAt === null ? '' : `; their first link is replaced at ${firstAt} at the earliest`}.`]),
    ...(toTell.meetings === 0 ? [] : [`To be announced to ${counted(toTell.organisers, 'organiser')}: ${counted(toTell.meetings, 'meeting')}, not begun before.`]),
    ...(tooSoon === 0 ? [] : [`${counted(tooSoon, 'waiting meeting')} not held up by the announcement: the start is too soon.`]),
  ];
}
