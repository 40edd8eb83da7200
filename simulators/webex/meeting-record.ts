import type { Timing } from './recurrence.js';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };
export type JsonObject = Readonly<Record<string, Json | undefined>>;

/** What a meeting is good for in a rehearsal. `single` and `series` are those that can be replaced without loss. */
export const kinds = [
  'single',
  'series',
  'registration',
  'breakouts',
  'interpretation',
  'live-stream',
  'webinar',
  'personal-room',
  'space',
  'connector',
  'exceptions',
  'external',
] as const;
export type Kind = (typeof kinds)[number];

/** The handles by which a meeting is reached. */
export interface Handles {
  readonly id: string;
  readonly number: string;
  readonly link: string;
  readonly password: string;
  readonly numericPassword: string;
  readonly hostKey: string;
}

export interface StoredInvitee {
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
  readonly coHost: boolean;
  readonly panelist: boolean;
}

/** One occurrence that is not as its series says, by the start that the rule gave it. */
export interface Exception {
  readonly deleted?: boolean;
  readonly start?: number;
  readonly end?: number;
  readonly title?: string;
  readonly number: string;
  readonly link: string;
}

/** What can be edited. Each edit makes a new version, so that the audit knows what a meeting once was. */
export interface Plan extends Timing {
  readonly title: string;
  readonly agenda: string;
}

export type Origin = 'seed' | 'api' | 'control';

export interface Deletion {
  readonly by: 'api' | 'control';
  readonly at: number;
  readonly tick: number;
}

export interface MeetingRecord extends Handles {
  /** Order of insertion. */
  readonly seq: number;
  readonly origin: Origin;
  /** True time of creation, never shown by the API. */
  readonly createdAt: number;
  readonly createdTick: number;
  /** Lists show it from then on; reading it by id does not wait. */
  readonly visibleAt: number;
  readonly kind: Kind;
  readonly hostEmail: string;
  readonly hostName: string;
  readonly hostUserId: string;
  readonly siteUrl: string;
  readonly scheduledType: 'meeting' | 'webinar' | 'personalRoomMeeting';
  /** Settings by the vendor's own names, as they are sent back. */
  readonly options: JsonObject;
  readonly tags: { readonly client: string; readonly tags: readonly string[] };
  plan: Plan;
  readonly versions: Plan[];
  readonly invitees: Map<string, StoredInvitee>;
  readonly exceptions: Map<number, Exception>;
  deleted?: Deletion;
}

/** Can be replaced by the vendor's API without loss. */
export const isSupported = ({ kind }: MeetingRecord): boolean => kind === 'single' || kind === 'series';
export const isAlive = (record: MeetingRecord): boolean => record.deleted === undefined;
