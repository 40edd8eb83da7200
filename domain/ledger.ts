import type { AnnouncementBook } from './announcements.js';
import type { CampaignOrder, CampaignPhase, CampaignSpec } from './campaign.js';
import type { CredentialBook } from './credential.js';
import type { ExemptionBook } from './exemptions.js';
import type { FailureType } from './failures.js';
import type { EditedThing, FollowedBook } from './edits.js';
import type { FieldFidelity } from './fidelity.js';
import type { Beside } from './futile.js';
import type { GateBook } from './gates.js';
import type { InventoryBook } from './inventory-book.js';
import type { Instant, MeetingIdentity, MeetingKind, MeetingSnapshot } from './meeting.js';
import type { OrderBook } from './orders.js';
import type { ForecastBook } from './outlook.js';
import type { PaceBook, Quota, WindowPaceBook } from './pace-book.js';
import type { NoticeKind } from './ports.js';
import type { RecheckBook } from './recheck.js';
import type { RehearsalBook } from './rehearsal.js';
import type { PivotFacts } from './retire.js';
import type { PlanDocumentBook } from './plan-documents.js';
import type { PlanBook } from './plan-book.js';
import type { Selected, Selection } from './selection.js';
import type { State, StepEvent, StepName } from './states.js';
import type { ThrottleBook } from './throttle.js';

export type { Existing, Finding, HandleBook, InventoryBook } from './inventory-book.js';
export type { CreationLeave, CreationLimits, PaceBook, Quota, Slot, WindowPaceBook } from './pace-book.js';
export type { CampaignStatus, ItemRow, PlanBook, PlannedWave, QuotaWindows } from './plan-book.js';

/**
 * The record of truth. Keys go in and out freely; whatever names a person or leads to a meeting is sealed at rest
 * and leaves only through the methods whose types say so. Every method is one transaction and safe to repeat.
 */
export interface Ledger {
  readonly announcements: AnnouncementBook;
  readonly campaigns: CampaignBook;
  readonly credentials: CredentialBook;
  readonly exemptions: ExemptionBook;
  readonly forecasts: ForecastBook;
  readonly followed: FollowedBook;
  readonly gates: GateBook;
  readonly inventory: InventoryBook;
  readonly items: ItemBook;
  readonly notices: NoticeBook;
  readonly orders: OrderBook;
  readonly pace: PaceBook;
  readonly planDocuments: PlanDocumentBook;
  readonly plans: PlanBook;
  readonly rechecks: RecheckBook;
  readonly rehearsals: RehearsalBook;
  readonly throttles: ThrottleBook;
  readonly windowPace: WindowPaceBook;
}

/** One meeting in one campaign. `meeting` is the meeting key: base32 of an HMAC over vendor, site and vendor id. */
export interface ItemRef {
  readonly campaign: string;
  readonly meeting: string;
}

export interface CampaignRecord {
  readonly spec: CampaignSpec;
  /** What holds now: the operator's order, or `pause` while a stop rule holds a campaign that is ordered to go. */
  readonly order: CampaignOrder;
  readonly phase: CampaignPhase;
  /** First start that may write; null before. */
  readonly startedAt: Instant | null;
}

export interface CampaignBook {
  /**
   * Creates the campaign or takes over an edited file. Order and phase stay.
   * @throws RelinkFailure `InvalidInput`, and nothing is changed, when what the ledger has of it does not open
   */
  save(spec: CampaignSpec): Promise<void>;
  /** @throws RelinkFailure `InvalidInput` when there is no such campaign. */
  get(name: string): Promise<CampaignRecord>;
  setPhase(name: string, phase: CampaignPhase): Promise<void>;
  /** Marks the start of writing: `startedAt` is now, unless it is set. Order and phase stay. */
  begin(name: string): Promise<void>;
  /**
   * The operator's standing order. Waits for deletions in flight (they hold the campaign's row share-locked),
   * so when it returns none is in flight and none begins under an order other than `go`. What a stop rule holds stays held.
   * @param after of a start, the number of its line among the operators' orders: a pause, a stop or a rollback that was ordered since then stands
   */
  setOrder(name: string, order: CampaignOrder, after?: number): Promise<void>;
}

export interface ItemRecord {
  readonly state: State;
  readonly wave: number | null;
  readonly lane: string;
  readonly kind: MeetingKind;
  /** Its host was not listed when it was found. */
  readonly departed?: boolean | undefined;
  /** With its host of now. */
  readonly legacy: MeetingIdentity;
  readonly replacement: MeetingIdentity | null;
  readonly startsAt: Instant | null;
  readonly failure: FailureType | null;
  readonly verifiedAt: Instant | null;
  /** When grace ends at the latest; null before the replacement is verified. */
  readonly graceEndsAt: Instant | null;
  readonly retiredAt: Instant | null;
}

export interface ItemBook {
  get(ref: ItemRef): Promise<ItemRecord>;
  /**
   * Takes up to `limit` waiting items of lane and wave, soonest start first, by FOR UPDATE SKIP LOCKED.
   * Repeated with the same `claim` it returns the same items (those still `waiting` under that claim) and takes no more.
   * Hosts whose creation quota is exhausted, items not yet due (`notBefore`) and those that another campaign is at are skipped; `waitUntil` says when the first of those may be due.
   * Nothing is claimed unless the campaign's order is `go` and the lane's identity is not frozen. `left` counts waiting items of lane and wave still unclaimed.
   * Where the campaign tells organisers ahead, a meeting is skipped until the announcement of it is over, unless it would start on its old link before that.
   * Of an operator's throttle `maxConcurrent` says how many of the lane may be under way at once; no more are taken than that leaves room for.
   */
  claim(input: {
    readonly campaign: string;
    readonly lane: string;
    readonly wave: number;
    readonly limit: number;
    readonly claim: string;
    readonly quota: Quota;
  }): Promise<{ readonly meetings: readonly { readonly meeting: string; readonly startsAt: Instant | null; readonly room?: boolean; readonly departed?: boolean }[]; readonly waitUntil: Instant | null; readonly left: number; readonly order: CampaignOrder; readonly maxConcurrent?: number }>;
  /** Gives claims of this lane back that are still `waiting`, except those under claims in `keep`. Used when a lane starts afresh. */
  releaseClaims(campaign: string, lane: string): Promise<void>;
  /**
   * Gives back a meeting that cannot be touched before `until`: it waits again, in the last wave, so that no wave waits for it.
   * Nothing must have been made for it yet.
   */
  postpone(ref: ItemRef, until: Instant): Promise<void>;
  /** Gives one claim back, due again at `notBefore`. */
  unclaim(ref: ItemRef, notBefore: Instant): Promise<void>;
  /**
   * Moves an item. Same state again is a quiet success. @throws RelinkFailure `InvalidInput` for an illegal transition.
   * `failure` and `failedStep` are set or, when absent, cleared. To `waiting`: claim, replacement, verified/grace/retired times are cleared.
   */
  move(ref: ItemRef, to: State, facts?: MoveFacts): Promise<void>;
  saveSnapshot(ref: ItemRef, snapshot: MeetingSnapshot, startsAt: Instant | null): Promise<void>;
  /** `undefined` before the first was saved. */
  findSnapshot(ref: ItemRef): Promise<{ readonly snapshot: MeetingSnapshot; readonly fingerprint: string } | undefined>;
  /** @throws RelinkFailure `InvalidInput` when there is none. */
  readSnapshot(ref: ItemRef): Promise<{ readonly snapshot: MeetingSnapshot; readonly fingerprint: string }>;
  /** Fingerprint of what a meeting is now, comparable with the saved one. Keyed, so it tells nothing. */
  fingerprint(snapshot: MeetingSnapshot): string;
  /** Whether other meetings of its host in the campaign are replaced, with a grace that is over in `withinMs` at the latest. */
  hasCompanions(ref: ItemRef, withinMs: number): Promise<boolean>;
  /** Its host is somebody else from now on. */
  giveTo(ref: ItemRef, hostEmail: string): Promise<void>;
  saveReplacement(ref: ItemRef, replacement: MeetingIdentity): Promise<void>;
  clearReplacement(ref: ItemRef): Promise<void>;
  /** How the verified replacement stands to the legacy meeting, what is lost first; empty when there is none. */
  fidelity(ref: ItemRef): Promise<readonly FieldFidelity[]>;
  /** Append-only. */
  recordStep(ref: ItemRef, event: Omit<StepEvent, 'at'>): Promise<void>;
  stepEvents(ref: ItemRef): Promise<readonly StepEvent[]>;
  /** Creations of all other meetings of this lane since then, in whichever campaign: those that were made, and those in doubt. */
  creationsBeside(ref: ItemRef, lane: string, since: Instant): Promise<readonly Beside[]>;
  /**
   * The pivot's room: holds the campaign row FOR SHARE and the item row FOR UPDATE while `act` runs on the facts of that moment.
   * What `act` returns is returned after commit; `retired: true` in it also moves the item to `retired`.
   */
  atPivot<T extends { readonly retired: boolean }>(ref: ItemRef, act: (facts: PivotFacts) => Promise<T>): Promise<T>;
  /** When it starts next, `null` when it does not: for `exposedStarts`, and who comes first. */
  setStart(ref: ItemRef, start: Instant | null): Promise<void>;
  /** A started occurrence on the legacy link that could not be avoided: counted for `exposedStarts`. */
  countExposedStart(ref: ItemRef): Promise<void>;
  /** Soonest start first. */
  select(campaign: string, selection: Selection): Promise<readonly Selected[]>;
}

export interface MoveFacts {
  readonly failure?: FailureType | undefined;
  readonly failedStep?: StepName | undefined;
  /** Field names, codes; never values. */
  readonly note?: string | undefined;
  readonly verifiedAt?: Instant | undefined;
  readonly graceEndsAt?: Instant | undefined;
  /** To `replaced` only: the replacement against the legacy meeting, field by field. */
  readonly fidelity?: readonly FieldFidelity[] | undefined;
  /** Refusal reason. */
  readonly reason?: string | undefined;
}

export interface Digest {
  readonly id: string;
  readonly kind: NoticeKind;
  readonly campaign: string;
  /** Personal data. */
  readonly to: { readonly email: string; readonly name: string };
  readonly entries: readonly {
    readonly meeting: string;
    readonly snapshot: MeetingSnapshot;
    readonly replacement: MeetingIdentity;
    readonly startsAt: Instant | null;
    /** As it was when the notice was queued. */
    readonly graceEndsAt: Instant;
    readonly lost: readonly string[];
    readonly edited?: readonly EditedThing[] | undefined;
    /** Its host left, and who is told has it since. */
    readonly inherited?: boolean;
  }[];
}

export interface NoticeBook {
  /** Queues one notice about the current replacement; the same one again is a quiet success. Names what could not be carried over. */
  queue(ref: ItemRef, kind: 'replaced' | 'question' | 'withdrawn', lost: readonly string[]): Promise<void>;
  /**
   * Undo of `queue`: a notice that no digest holds yet is cancelled; for one that is or may be sent, a correction is queued, once.
   */
  retract(ref: ItemRef): Promise<void>;
  /**
   * Puts queued notices into digests, one per organiser and kind, and returns the ids of all digests not yet sent.
   * With `only`, just that meeting's notice goes out, as an urgent digest of its own.
   * A correction waits until its notice was sent (or is dropped when that bounced) and its replacement is gone, and, while the campaign rolls back,
   * until no meeting of that organiser is `running` or `replaced`, so that one mail covers them all.
   */
  assign(campaign: string, only?: ItemRef): Promise<readonly string[]>;
  /** Ids of all digests not yet sent; puts none together. */
  unsent(campaign: string): Promise<readonly string[]>;
  /** Runs `deliver` while nobody else delivers this digest, here or on another worker: an urgent one is also due with all the others. */
  alone<T>(digest: string, deliver: () => Promise<T>): Promise<T>;
  /** `undefined` when already sent or bounced. */
  open(digest: string): Promise<Digest | undefined>;
  /** Marks the digest and its notices sent. Of what it tells of grace lasts at least until then: it counts from the telling. Default: it stays as it is. */
  sent(digest: string, told?: readonly Pick<Digest['entries'][number], 'meeting' | 'graceEndsAt'>[]): Promise<void>;
  /** Marks the digest and its notices bounced and returns its meetings. */
  bounced(digest: string): Promise<readonly ItemRef[]>;
  /** Whether the organiser was told of the current replacement. */
  told(ref: ItemRef): Promise<'sent' | 'pending' | 'bounced' | 'none'>;
  /** Whether a mail with the current replacement went out, although it may have been corrected since. */
  isKnown(ref: ItemRef): Promise<boolean>;
  /** Yet to be sent. A correction is not, as long as the undo of its replacement did not succeed. */
  pending(campaign: string): Promise<number>;
}
