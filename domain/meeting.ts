/**
 * What the vendor schedules, in the words of the product. Everything here is personal data or leads to it:
 * these shapes stay inside activities and adapters, sealed in the ledger, and never travel through Temporal.
 */

/** ISO 8601 instant in UTC, e.g. `2024-05-28T00:00:00.000Z`. */
export type Instant = string;

export interface Host {
  readonly email: string;
  readonly displayName: string;
  /** Sites on which this person may host (attendee-only sites are left out). */
  readonly sites: readonly string[];
  /** IANA zone in which this person plans, as far as known. */
  readonly timezone?: string | undefined;
}

/** Enough to address one meeting at the vendor. */
export interface MeetingRef {
  readonly vendor: string;
  readonly site: string;
  readonly id: string;
  readonly hostEmail: string;
  /** IANA zone in which it was planned, as far as known: the vendor may not say. */
  readonly timezone?: string | undefined;
}

/** Whether an id is the vendor's own. What could not be named has a phrase with blanks in its place (`all of …`, `without id`). */
export const isVendorId = (id: string): boolean => !/\s/.test(id);

/** The handles that the flaw made guessable: all must differ afterwards, all old ones must be dead. */
export interface MeetingIdentity extends MeetingRef {
  readonly number: string;
  readonly link: string;
  readonly sipAddress?: string | undefined;
  readonly accessCode?: string | undefined;
}

export interface Occurrence {
  readonly start: Instant;
  readonly end: Instant;
}

/** One occurrence of a series that is not as the rule and the series say. */
export interface OccurrenceChange {
  /** The start that the rule gives it. */
  readonly original: Instant;
  /** How it is held instead, in full. Absent: it was deleted. */
  readonly held?: ChangedOccurrence | undefined;
}

export interface ChangedOccurrence extends Occurrence {
  readonly title: string;
  readonly agenda?: string | undefined;
  readonly invitees: readonly Invitee[];
  /** Settings that are not as its series has them, by the vendor's own names, each as a whole. Absent: none. */
  readonly options?: MeetingSnapshot['options'] | undefined;
  /** All parts that it has, where they are not those of its series. Absent: as its series. */
  readonly parts?: Parts | undefined;
}

export interface Invitee {
  readonly email: string;
  readonly displayName?: string | undefined;
  readonly coHost: boolean;
  readonly panelist: boolean;
}

/**
 * What is attached to a meeting beside its settings, by the vendor's own names: read, copied and compared item by item, in any
 * order; never interpreted outside the adapter. Absent: the meeting has none, which is not the same as an empty one.
 */
export type Parts = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/** `personal-room` is a meeting that is held in one; `room` is a personal room itself, a standing link of its owner. */
export type MeetingKind = 'single' | 'series' | 'webinar' | 'personal-room' | 'space' | 'room';

/** Why an affected meeting is not replaced: nothing of it may be lost, so a human must decide. */
export const refusalReasons = {
  SeriesExceptions: 'occurrences of this series were changed one by one as no new series can have them: interpreters of their own, moved past the start that the rule gave them, or too many; re-plan it by hand',
  Registration: 'its registration cannot be made anew: it recurs, its own questions have rules, somebody answered them as its form no longer takes it, or somebody waits where everybody is let in; re-plan it by hand and invite the registrants',
  Interpretation: 'it has interpreters although interpretation is switched off, which no new meeting can have; re-plan it by hand',
  LiveStream: 'it streams to an outside service, and the vendor does not show where to; re-plan it by hand',
  Webinar: 'it is a webinar whose type the vendor does not show, without which none can be planned; re-plan it by hand',
  PersonalRoom: 'it is held in a personal room, whose link belongs to the person; let the campaign replace personal rooms (scope.personalRooms), or change the personal room id',
  SpaceMeeting: 'it belongs to a space, which only a member can re-plan',
  CalendarManaged: 'a calendar connector owns it, and deleting it would remove the calendar event; re-plan it in the calendar',
  UnknownRecurrence: 'its recurrence rule cannot be read safely, gives other times when it begins anew at its next occurrence, or goes on for longer than the vendor plans; re-plan it by hand',
  Length: 'it lasts as no new meeting may, less than 10 minutes or a day and more; re-plan it by hand with another length, or as several meetings',
  TrackingCodes: 'its site no longer takes one of its tracking codes, or asks for one that it does not have; let an administrator give the site that value or a default, let the organiser choose another, or let the campaign do with what the site has (policy.trackingCodes)',
  HostLeft: 'its host left or may host no longer, so nobody owns it; name a new host for such meetings in the campaign file (departed.to), or let an administrator reassign it at the vendor and plan again',
  EvidenceMissing: 'nothing shows when it was created and the campaign asks for review; decide and add evidence',
} as const;
export type RefusalReason = keyof typeof refusalReasons;

/** One row of an inventory: what the vendor's lists tell about a meeting. */
export interface ListedMeeting {
  readonly identity: MeetingIdentity;
  readonly kind: MeetingKind;
  /** Start of the very first occurrence, possibly years ago. */
  readonly firstStart: Instant;
  /** The occurrence running now or the next one; absent when nothing is left to be held in the window. */
  readonly next?: Occurrence | undefined;
  /** More occurrences after `next` in the window. */
  readonly hasMore: boolean;
  readonly refusal?: RefusalReason | undefined;
  readonly tags: readonly string[];
  /** By what its organiser knows it. */
  readonly title?: string | undefined;
  /** IANA zone in which it was planned. */
  readonly timezone?: string | undefined;
}

/** Everything about one meeting that a replacement must carry, read at one moment. */
export interface MeetingSnapshot {
  readonly identity: MeetingIdentity;
  readonly kind: MeetingKind;
  readonly hostName: string;
  readonly title: string;
  readonly agenda?: string | undefined;
  /** IANA zone in which the meeting was planned. */
  readonly timezone: string;
  /** First occurrence of the series, or the meeting itself. */
  readonly start: Instant;
  readonly end: Instant;
  /** RFC 2445 rule, absent for a single meeting. */
  readonly recurrence?: string | undefined;
  /** What is held and not yet over, ascending, inside the window that was asked for. A single meeting has at most one. */
  readonly occurrences: readonly Occurrence[];
  /** Occurrences of a series that were changed one by one, ascending by original start: where in the window the vendor was asked. */
  readonly changes?: readonly OccurrenceChange[] | undefined;
  /** Where the list of occurrences was cut off; set when the snapshot is saved, so that a later reading is cut there too. */
  readonly until?: Instant;
  /** The vendor's own settings by the vendor's own names: copied and compared, never interpreted outside the adapter. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly invitees: readonly Invitee[];
  readonly parts?: Parts | undefined;
  /** Nothing in `parts` is older: a later reading need not look further back. Absent: nobody knows. */
  readonly partsSince?: Instant | undefined;
  /** Names of what was read with `parts`, and no new meeting can have. Absent: nothing. */
  readonly partsLost?: readonly string[] | undefined;
  /** Parts of which the vendor's answer said whether the meeting has them. Absent: nobody knows. */
  readonly named?: readonly string[] | undefined;
  /** Taken from a list of its host, which may have left out what the meeting says of itself. */
  readonly listed?: boolean | undefined;
  readonly tags: readonly string[];
  /** What the site asks of a new meeting of this host; set when the snapshot is saved. For the adapter alone; absent: nothing is known. */
  readonly siteRules?: SiteRules | undefined;
  readonly refusal?: RefusalReason | undefined;
  /** By the vendor's word people were in it when it was read, whatever was planned: it overran, or was opened early. Absent: nobody was. */
  readonly running?: boolean | undefined;
  /** Passcode as the vendor shows it; kept sealed, compared, never copied to a replacement. */
  readonly password?: string | undefined;
  /** The same for whoever comes in by phone or from a video system. */
  readonly phonePassword?: string | undefined;
  /** The same for the panelists of a webinar. */
  readonly panelistPassword?: string | undefined;
  readonly phonePanelistPassword?: string | undefined;
  /** More by which it, or one of its occurrences, is reached, as invitations print it: links and numbers. For the adapter alone. */
  readonly alsoReachedBy?: readonly string[] | undefined;
}

/** By the vendor's own names; never interpreted outside the adapter. */
export type SiteRules = Readonly<Record<string, unknown>>;

/** What a replacement must have, whatever the legacy meeting had, and which meetings get none. */
export interface ReplacementPolicy {
  readonly lobby: 'required' | 'as-before';
  readonly joinBeforeHost: boolean;
  /** `site-default`: a tracking code that the site no longer takes so gives way to the site's default, or goes. Absent: as before, or the meeting is refused. */
  readonly trackingCodes?: 'as-before' | 'site-default' | undefined;
  /** `never`: it is on no public list. Absent: as before. */
  readonly publicListing?: 'as-before' | 'never' | undefined;
  /** After so many minutes it locks itself. Absent: as before. */
  readonly automaticLock?: 'as-before' | LockMinutes | undefined;
  /** What those who are in by phone hear when somebody comes or goes. Absent: as before. */
  readonly entryTone?: 'as-before' | 'beep' | 'announce-name' | 'none' | undefined;
  /** How people hear each other; `computer-only`: nobody by phone. Absent: as before. */
  readonly audio?: 'as-before' | 'computer-and-phone' | 'computer-only' | undefined;
  /** By what meetings of a calendar connector are known. `probe`: each is asked about, by an edit that changes nothing. Absent: by their text, and only what that leaves open is asked about. */
  readonly connectors?: 'text' | 'probe' | undefined;
}

export const lockMinutes = [0, 5, 10, 15, 20] as const;
export type LockMinutes = (typeof lockMinutes)[number];

/** Why no new meeting can be like an old one, and which of its fields say so: names, never values. */
export interface Obstacle {
  readonly reason: RefusalReason;
  readonly fields?: readonly string[] | undefined;
}

export interface Window {
  readonly from: Instant;
  readonly to: Instant;
}
