import type { Timing } from './recurrence.js';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };
export type JsonObject = Readonly<Record<string, Json | undefined>>;

/** What a meeting is good for in a rehearsal. `personal-room` is a meeting that is held in a `room`. A series with occurrences that were changed one by one is of kind `exceptions`. No meeting is of kind `departed`: it stands for those whose host left, of whatever kind. */
export const kinds = [
  'single',
  'series',
  'registration',
  'breakouts',
  'interpretation',
  'live-stream',
  'webinar',
  'personal-room',
  'room',
  'space',
  'connector',
  'exceptions',
  'departed',
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

/** By address in lower case. */
export type Invitees = ReadonlyMap<string, StoredInvitee>;

/** A smaller group, prepared before a meeting. */
export interface BreakoutSession {
  readonly id: string;
  readonly name: string;
  /** Addresses. */
  readonly invitees: readonly string[];
}

/** What was answered to one question of an organiser's own. Only a checkbox takes several. */
export type Answered = Readonly<{ questionId: number; answers: readonly Readonly<{ optionId?: number | undefined; answer: string }>[] }>;

/** Somebody who filled in a registration form. */
export interface Registrant {
  readonly id: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly jobTitle?: string | undefined;
  readonly companyName?: string | undefined;
  readonly city?: string | undefined;
  readonly workPhone?: string | undefined;
  readonly customizedQuestions?: readonly Answered[] | undefined;
  readonly status: 'approved' | 'pending' | 'rejected';
  readonly registeredAt: number;
  /** A number of their own, where the form gives one. */
  readonly registrationId?: string | undefined;
}

/** One occurrence that is not as its series says. What is absent is as the series says; it has a number and a link of its own. */
export interface Exception {
  readonly deleted?: boolean;
  readonly start?: number;
  readonly end?: number;
  readonly timezone?: string;
  readonly title?: string;
  readonly agenda?: string;
  readonly password?: string;
  /** All settings, not only those that differ. */
  readonly options?: JsonObject;
  readonly invitees?: Invitees;
  readonly breakouts?: readonly BreakoutSession[];
  readonly number: string;
  readonly link: string;
}

/** By the start that the rule gave the occurrence. */
export type Exceptions = ReadonlyMap<number, Exception>;

/** What can be edited of a whole meeting. */
export interface Plan extends Timing {
  readonly title: string;
  readonly agenda: string;
}

export type Origin = 'seed' | 'api' | 'control';

/** What a meeting once was, for the audit: each change of its plan or of one occurrence makes a version. */
export interface Version {
  readonly plan: Plan;
  readonly exceptions: Exceptions;
  readonly by: Origin;
  readonly tick: number;
}

export interface Deletion {
  readonly by: 'api' | 'control';
  readonly at: number;
  readonly tick: number;
  /** Lists of its host show it until then; nothing else does. */
  readonly listedUntil: number;
}

export interface MeetingRecord extends Omit<Handles, 'number' | 'link'> {
  /** Order of insertion. */
  readonly seq: number;
  /** Of a meeting in a personal room those of the room. */
  number: string;
  link: string;
  readonly origin: Origin;
  /** True time of creation, never shown by the API. */
  readonly createdAt: number;
  readonly createdTick: number;
  /** Lists show it from then on; reading it by id does not wait. */
  readonly visibleAt: number;
  kind: Kind;
  hostEmail: string;
  hostName: string;
  hostUserId: string;
  readonly siteUrl: string;
  readonly scheduledType: 'meeting' | 'webinar' | 'personalRoomMeeting';
  /** Settings by the vendor's own names, as they are sent back. */
  options: JsonObject;
  tags: { readonly client: string; readonly tags: readonly string[] };
  password: string;
  plan: Plan;
  exceptions: Exceptions;
  readonly versions: Version[];
  readonly invitees: Map<string, StoredInvitee>;
  breakouts: readonly BreakoutSession[];
  registrants: readonly Registrant[];
  /** People are in it until then, whatever is planned: it overruns, or was opened early. */
  heldUntil?: number;
  deleted?: Deletion;
}

/** Kinds that a campaign is held to replace, unless it is told to support more. */
export const alwaysSupported = ['single', 'series', 'exceptions', 'breakouts', 'interpretation', 'registration', 'live-stream', 'webinar'] as const satisfies readonly Kind[];
export const isSupported = ({ kind }: MeetingRecord, supports: ReadonlySet<Kind>): boolean => supports.has(kind);
export const isAlive = (record: MeetingRecord): boolean => record.deleted === undefined;
