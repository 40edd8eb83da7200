import type { Instant, Host, ListedMeeting, MeetingIdentity, MeetingRef, MeetingSnapshot, Obstacle, ReplacementPolicy, SiteRules, Window } from './meeting.js';
import type { Comparison } from './compare.js';
import type { AnnouncedMeeting } from './announcements.js';
import type { Language } from './campaign.js';
import type { DepartedMeetings } from './departed.js';
import type { EditedThing } from './edits.js';
import type { PersonalRooms } from './rooms.js';

export interface Written {
  /** The vendor's id of the call that wrote, recorded with the step. */
  readonly trackingId?: string | undefined;
  /**
   * Whom the vendor calls invited although its list does not show them, in lower case: it knows them by another address. Personal: for the comparison that
   * follows, and nothing else.
   */
  readonly aliases?: readonly string[] | undefined;
}

/** A list entry with fields missing or mistyped: their names, never their values. */
export interface Unreadable {
  readonly id: string;
  readonly fields: readonly string[];
}

/** How far a long reading has come, so that a later attempt goes on there. Opaque; holds nothing personal. */
export interface Bookmark {
  /** What an earlier attempt saved last. */
  readonly saved: string | undefined;
  save(mark: string): void;
}

/** Of single occurrences there may be a hundred to change, one by one. */
export interface CarryingOver {
  readonly bookmark?: Bookmark | undefined;
  /** Asked before each of them; throws to keep it and all others back. */
  readonly lastLook?: (() => Promise<void>) | undefined;
}

/** What earlier attempts of the same activity were told a moment ago: in the memory of this process alone, so it may hold anything. */
export interface Memory {
  recall<T>(key: string, ask: () => Promise<T>): Promise<T>;
}

/** A meeting as a list of its host shows it: how it is reached, and the rest for the adapter alone. */
export interface ShownMeeting {
  readonly id: string;
  readonly number: string;
  readonly link: string;
  readonly item: unknown;
}

/** An old meeting as its replacement was made from it, and as it is now. */
export interface Adjustment {
  readonly before: MeetingSnapshot;
  readonly after: MeetingSnapshot;
  readonly policy: ReplacementPolicy;
  readonly lastLook?: CarryingOver['lastLook'];
}

/** How thoroughly a series is read. */
export interface Reading {
  /** `next`: of the occurrences only the next page is asked for, the rest follows from the rule. Default `all`: each is asked for. */
  readonly occurrences?: 'all' | 'next';
  readonly bookmark?: Bookmark;
  readonly memory?: Memory;
  /** What a list showed of it not long ago. Spares a request when the adapter finds it as good as the meeting's own answer. */
  readonly shown?: ShownMeeting | undefined;
  /** It was created a moment ago: what the creation answered may count once, where the adapter finds it proven by what else it reads. Spares a request. */
  readonly made?: boolean;
  /** From an earlier reading of the meeting, or of the one that it replaces. */
  readonly partsSince?: Instant | undefined;
}

/**
 * A conferencing vendor, seen by one identity. Every method tries once and throws `RelinkFailure` when it does not succeed;
 * retrying is Temporal's. No method needs a vendor's name.
 */
export interface ConferencingVendor {
  /** One page of the people who may host, and of those of whom nobody can tell. `page` is opaque, `null` for the first; `next` is `null` after the last. */
  listHosts(page: string | null): Promise<{ readonly hosts: readonly Host[]; readonly unreadable: readonly Unreadable[]; readonly next: string | null }>;
  /**
   * Every meeting that `host` owns and that has an occurrence in the window, once each; and entries that could not be read.
   * `guest`: what lists show beside that, because others have invited `host`.
   */
  listMeetings(host: Host, window: Window): Promise<{ readonly meetings: readonly ListedMeeting[]; readonly unreadable: readonly Unreadable[]; readonly shown?: readonly ShownMeeting[]; readonly guest?: readonly MeetingRef[] }>;
  /**
   * All that the host of `ref` has from now on, in one request; `'many'` when it does not fit into one: a list of several pages may
   * miss what moves from one to another while it is read. May lag behind what was written.
   */
  listHost(ref: Pick<MeetingRef, 'hostEmail'>): Promise<readonly ShownMeeting[] | 'many'>;
  /** Everything about one meeting, or `'gone'`. Only occurrences that are not over at `window.from` are listed. */
  readMeeting(ref: MeetingRef, window: Window, how?: Reading): Promise<MeetingSnapshot | 'gone'>;
  /** Whether there is such a meeting. One request. */
  exists(ref: MeetingRef): Promise<boolean>;
  /** Whether people are in it, by the vendor's word: by its plan it may have ended or not begun. One request. */
  isRunning(ref: MeetingRef): Promise<boolean>;
  /** By what a meeting is reached, or `'gone'`. One request, however much there is to the meeting. */
  identify(ref: MeetingRef): Promise<MeetingIdentity | 'gone'>;
  /** Meetings of this host that carry the tag. May lag behind a creation. */
  findByTag(ref: MeetingRef, tag: string): Promise<readonly MeetingRef[]>;
  /**
   * Plans a new meeting like `legacy` from its next occurrence on, silently, with `tag`. Counts against the creation quota.
   * `lastLook` is asked when its turn has come, at the last moment before the request goes out; it throws to keep it back.
   * @throws RelinkFailure `UnsupportedMeeting` before anything is asked when `obstacle` has a reason
   */
  createReplacement(legacy: MeetingSnapshot, policy: ReplacementPolicy, tag: string, lastLook?: () => Promise<void>): Promise<
    Written & {
      readonly identity: MeetingIdentity;
      /** False when something is left for `carryOver`. */
      readonly complete: boolean;
    }
  >;
  /**
   * The `options` that a replacement of `legacy` must show when it is read back under this policy. Pure, no request.
   * `lost` names what the vendor's API cannot carry over: fields, never values. `open` names options to whose members the vendor may
   * add some of its own in every new meeting; `unsure` those, and members of them, that it does not support on each of its sites. `texts` are the descriptions
   * that it must have instead, where those of `legacy` say how it is reached, and the changes of single occurrences, with the settings that they must show.
   */
  intendedOptions(legacy: MeetingSnapshot, policy: ReplacementPolicy): { readonly options: Readonly<Record<string, unknown>> } & Pick<Comparison, 'lost' | 'open' | 'unsure' | 'texts'>;
  /** What the site of this meeting asks of a new one of its host. The vendor is asked once for all meetings for which the answer is the same. */
  siteRules(legacy: MeetingSnapshot): Promise<SiteRules>;
  /** Why no new meeting can be like `legacy` from now (milliseconds since the epoch) on, although it can be read. Pure, no request. */
  obstacle(legacy: MeetingSnapshot, policy: ReplacementPolicy, now: number): Obstacle | undefined;
  /** Whether a calendar may own `legacy`, so that its event would go with the meeting, and the vendor must be asked. Pure, no request. */
  mayBeManaged(legacy: MeetingSnapshot, policy: ReplacementPolicy): boolean;
  /** Asks the vendor, by a silent edit that changes nothing, whether it takes edits of this meeting; not while people are in it, when it takes none. Safe to repeat. Two requests. */
  takesEdits(legacy: MeetingSnapshot): Promise<(Written & { readonly taken: boolean }) | 'running' | 'gone'>;
  /** Makes sure that the replacement `ref` has what its creation had no room for, silently: invitees, parts, changes of single occurrences, as the policy has them. Safe to repeat. */
  carryOver(ref: MeetingRef, legacy: MeetingSnapshot, policy: ReplacementPolicy, how?: CarryingOver): Promise<Written>;
  /**
   * Changes a replacement silently as the old meeting was changed meanwhile. Safe to repeat; the caller reads back. `'impossible'` when the vendor's API
   * cannot, or refused to: it may have been changed in part.
   */
  adjust(ref: MeetingRef, adjustment: Adjustment): Promise<Written | 'impossible'>;
  /** Deletes silently. `'absent'` when there was nothing to delete. Cannot be undone. */
  removeMeeting(ref: MeetingRef): Promise<Written & { readonly outcome: 'removed' | 'absent' }>;
  /** Which of the old handles still lead to a meeting; empty when all are dead. */
  resolves(identity: MeetingIdentity): Promise<readonly ('id' | 'number' | 'link')[]>;
  readonly rooms: PersonalRooms;
  readonly departed: DepartedMeetings;
  /** Asks the vendor who we are, for `relink doctor`. Throws what is wrong with the credential. */
  verify(): Promise<void>;
}

/** Paces one identity over all workers. */
export interface RequestPacer {
  /** Returns when one request may be sent; throws `RateLimited`, or `Throttled` by an operator, with `retryAfterMs` when that is too long to sit and wait. */
  beforeRequest(): Promise<void>;
  /** The vendor asked for silence, in answer to a request that was sent `agoMs` ago: no worker sends anything for this identity until then, and fewer requests after that. */
  quietFor(ms: number, agoMs: number): Promise<void>;
}

/** One meeting as a mail tells it. Personal data: stays inside the mail adapter and the notice activities. */
export interface ToldMeeting {
  readonly title: string;
  readonly timezone: string;
  /** Next occurrence. */
  readonly start: Instant;
  readonly end: Instant;
  readonly recurring: boolean;
  /** Its host left, and whoever is told now has it since. */
  readonly inherited?: boolean | undefined;
  /** A personal room: it has no time, and its old link is dead already. */
  readonly room?: boolean | undefined;
  readonly newLink: string;
  readonly newNumber: string;
  /** When the old link is deleted at the latest. */
  readonly oldLinkDiesAt: Instant;
  /** What the vendor's API does not let us carry over, in field names. */
  readonly notCarriedOver: readonly string[];
  readonly inviteeCount: number;
  /** What the organiser changed in the old meeting, and the new one has now too. */
  readonly edited?: readonly EditedThing[] | undefined;
}

/** `changed`: an edit was followed. `question`: the old meeting was deleted, is the new one still needed? `withdrawn`: it was deleted too. */
export type NoticeKind = 'replaced' | 'correction' | 'changed' | 'question' | 'withdrawn';
export type MailKind = NoticeKind | 'announced';

interface Letter {
  readonly campaign: string;
  readonly language: Language;
  /** From the advisory. Absent: a general sentence. */
  readonly whatHappened?: string | undefined;
  readonly to: { readonly email: string; readonly name: string };
  /** Stable over retries: makes the Message-ID. Opaque, holds no personal data. */
  readonly key: string;
}

/** About what has happened to meetings. */
export interface NoticeMail extends Letter {
  readonly kind: NoticeKind;
  readonly meetings: readonly ToldMeeting[];
}

/** About what is going to happen to them, at the earliest when. */
export interface AnnouncementMail extends Letter {
  readonly kind: 'announced';
  readonly notBefore: Instant;
  readonly meetings: readonly AnnouncedMeeting[];
}

export type Mail = NoticeMail | AnnouncementMail;

export interface Mailer {
  /** Resolves when the server accepted the mail. Throws `MailUnavailable` (try later) or `OrganiserUnreachable` (refused for good). */
  send(mail: Mail): Promise<void>;
  /** Connects and authenticates without sending. */
  verify(): Promise<void>;
}
