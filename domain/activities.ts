import type { AnnouncementStanding } from './announcements.js';
import type { CampaignOrder, CampaignPhase } from './campaign.js';
import type { FailureType } from './failures.js';
import type { Gate } from './gates.js';
import type { CampaignStatus, ItemRef, PlannedWave } from './ledger.js';
import type { Instant, RefusalReason } from './meeting.js';
import type { OrderReceipt, StandingVerb } from './orders.js';
import type { Foreseen, Outlook } from './outlook.js';
import type { Blocker } from './retire.js';
import type { Counts, State, StepName } from './states.js';
import type { Throttle } from './throttle.js';
import type { WindowStanding } from './windows.js';

/**
 * What workflows may ask of the outside world. Arguments and results travel through Temporal: keys, codes, numbers and
 * instants only. Failures arrive as `ApplicationFailure` whose `type` is one of the closed list in failures.ts.
 */

export type Legacy =
  | { readonly status: 'ready'; readonly startsAt: Instant | null }
  /** To the queue, untouched: it is in progress or about to start, or the campaign was stopped or is being rolled back. */
  | { readonly status: 'given-back' }
  | { readonly status: 'gone' }
  | { readonly status: 'refused'; readonly reason: RefusalReason };

export type Retirement =
  | { readonly outcome: 'retired' }
  /** The organiser's edit was carried into the replacement, which has a grace of its own from now on. */
  | { readonly outcome: 'followed'; readonly graceEndsAt: Instant; readonly urgent: boolean }
  /** The list from which the old meeting was copied had left out a part of it: the replacement is to be put back, and another made. */
  | { readonly outcome: 'afresh' }
  /** Try again at `recheckAt`. */
  | { readonly outcome: 'blocked'; readonly blocker: Blocker; readonly recheckAt: Instant }
  /** Somebody settled the meeting meanwhile, another order or a bounced notice: it is left as it is. */
  | { readonly outcome: 'settled'; readonly state: State; readonly failure: FailureType | null }
  /** The legacy meeting is over, or was deleted by its organiser and the replacement with it. */
  | { readonly outcome: 'gone' };

/** On the lane's own task queue: one identity's calls to the vendor. */
export interface VendorActivities {
  /** One page of hosts into the ledger. @returns the next page, `null` after the last. */
  inventoryHosts(input: { campaign: string; run: string; page: string | null }): Promise<{ next: string | null; hosts: number }>;
  /** Meetings of the next hosts of this lane, judged and written. Heartbeats per host. @returns hosts left. */
  inventoryMeetings(input: { campaign: string; run: string; lane: string }): Promise<{ left: number }>;

  /** Looks up the next handles that no listed meeting has; what is found there is judged and written. Heartbeats. @returns handles left. */
  inventoryHandles(input: { campaign: string; run: string }): Promise<{ left: number }>;

  /** Gives a meeting whose host left to the host whom the campaign names. Cannot be undone. */
  reassignHost(ref: ItemRef): Promise<Legacy>;
  /** Reads everything about the meeting and seals it in the ledger. */
  snapshotLegacy(ref: ItemRef): Promise<Legacy>;
  /** Makes sure that exactly one replacement exists. @returns whether invitees are still to be carried over. */
  ensureReplacement(ref: ItemRef): Promise<{ complete: boolean; /** Nothing was made: what it would be made from is to be read anew first. */ stale?: true }>;
  carryOver(ref: ItemRef): Promise<void>;
  /** @returns when grace ends, whether the organiser must be told at once, and the names of fields that could not be carried over. @throws `VerificationFailed`. */
  verifyReplacement(ref: ItemRef): Promise<{ graceEndsAt: Instant; urgent: boolean; lost: readonly string[] }>;
  /** Undo of `ensureReplacement`: a quiet success when there is none; waits while it is being held. @throws `LegacyDeleted` when the legacy meeting is no longer there: its organiser is asked; `PastPivot`. */
  removeReplacement(ref: ItemRef): Promise<void>;
  /** The organiser deleted the old meeting and does not need the new one either. @throws `LegacyChanged` when the old one is there again. */
  letReplacementGo(ref: ItemRef): Promise<void>;
  /** The pivot, guarded by `mayRetire` at that moment. Follows what the organiser did with the old meeting, where the campaign says so. */
  retireLegacy(ref: ItemRef & { released: boolean }): Promise<Retirement>;
  /** @throws `StillResolves`. */
  verifyRetired(ref: ItemRef): Promise<void>;

  /** Looks again at the next meetings of this rerun's sample, after key `after`. @returns where to go on, `null` after the last. */
  recheckMeetings(input: { campaign: string; run: string; lane: string; after: string }): Promise<{ checked: number; next: string | null }>;
}

/** On the lane's own task queue too: personal rooms, of which there is never an old and a new one at once. */
export interface RoomActivities {
  /** Reads the room, seals it in the ledger. Given back while something planned in it runs or is about to start. */
  snapshotRoom(ref: ItemRef): Promise<Legacy>;
  /** Gives the room an id that nobody can guess; from then on the old link is dead. */
  refreshRoom(ref: ItemRef): Promise<void>;
  /** Waits until the vendor shows the new id. @throws `VerificationFailed`. */
  verifyRoom(ref: ItemRef): Promise<{ graceEndsAt: Instant }>;
  /** Undo of `refreshRoom`: the old id again, unless the owner has chosen another since. @throws `VendorRefused` when somebody took it. */
  restoreRoom(ref: ItemRef): Promise<void>;
  /** The end of the time in which the old id may come back, guarded by `mayRetire`. Writes only to the ledger. */
  retireRoom(ref: ItemRef & { released: boolean }): Promise<Retirement>;
  /** @throws `StillResolves`. */
  verifyRoomRetired(ref: ItemRef): Promise<void>;
}

/** On the queue of notices: SMTP. */
export interface NoticeActivities {
  /** Queues the notice of one meeting; sends it at once when urgent. */
  tellOrganiser(ref: ItemRef & { urgent: boolean; lost: readonly string[] }): Promise<void>;
  /** Undo of `tellOrganiser`: withdraws what was not sent, corrects what was. */
  correctNotice(ref: ItemRef): Promise<void>;
  /**
   * One round: puts what is queued into digests, once however often it is tried, and sends them, one per organiser. What the mail server does not
   * take for a while is left to the next round. @returns notices still queued, whether they wait for a window of the campaign, and when the next round is due by its file.
   */
  sendDueDigests(input: { campaign: string }): Promise<{ sent: number; bounced: number; pending: number; everyMs: number; closed?: true }>;
  /** Tells organisers ahead what is going to happen to which of their meetings, one mail each, of each meeting once. Nothing unless the campaign goes and may mail. */
  announce(input: { campaign: string }): Promise<{ sent: number; bounced: number }>;
}

export interface LaneClaim {
  readonly meetings: readonly { readonly meeting: string; readonly startsAt: Instant | null; readonly room?: boolean; readonly departed?: boolean }[];
  /** When a meeting that is not due yet may be. */
  readonly waitUntil: Instant | null;
  /** Waiting meetings of lane and wave not yet claimed. */
  readonly left: number;
  readonly order: CampaignOrder;
  /** How many of the lane the campaign file allows at once, or an operator's throttle if that is fewer. */
  readonly maxConcurrent: number;
}

/** What the campaign file says about who works and how often. */
export interface CampaignPace {
  readonly lanes: readonly string[];
  readonly maxConcurrent: number;
  readonly digestEveryMs: number;
}

export interface BoardFigures extends Outlook {
  readonly wave: CampaignStatus['wave'];
  readonly notices: CampaignStatus['notices'];
  readonly foreseen: Foreseen;
  /** Waiting meetings that another campaign is at; absent when there are none. */
  readonly elsewhere?: number;
  /** What is tried again and again; absent when nothing is. */
  readonly outages?: CampaignStatus['outages'];
}

export interface CampaignProgress {
  readonly counts: Counts;
  readonly reconciles: boolean;
  readonly order: CampaignOrder;
  readonly pendingNotices: number;
  /** Meetings not yet settled, per wave. */
  readonly open: readonly { readonly wave: number; readonly waiting: number; readonly running: number; readonly replaced: number; readonly retired: number }[];
  readonly latestGraceEnd: Instant | null;
  readonly failures: Readonly<Partial<Record<FailureType, number>>>;
  readonly exposedStarts: number;
  /** Open ones, as the stop rules and approvals of the campaign file call for them at this moment. Absent in histories of earlier versions. */
  readonly gates?: readonly Gate[];
  /** In force at this moment; absent when none is. */
  readonly throttles?: readonly Throttle[];
  /** Of both kinds, those that the campaign has; absent when it has none. */
  readonly windows?: readonly WindowStanding[];
  /** Numbers of orders to meetings that nobody has carried out; absent when there are none. */
  readonly leftOrders?: readonly number[];
  /** Of a campaign that tells organisers ahead. */
  readonly announcements?: AnnouncementStanding;
  /** Somebody is to be told ahead, and may be told now. */
  readonly announce?: true;
  /** What the board shows besides, as `relink status` does. Absent in histories of earlier versions. */
  readonly figures?: BoardFigures;
}

/** On the queue `relink`: the ledger. */
export interface LedgerActivities {
  beginInventory(input: { campaign: string; run: string }): Promise<{ lanes: readonly string[] }>;
  /** What the evidence names and no listed host has, once all hosts were listed. @returns how many handles are to be looked up. @throws `InvalidInput` when the campaign names a new host who is not listed. */
  openHandles(input: { campaign: string; run: string }): Promise<{ handles: number }>;
  planWaves(input: { campaign: string }): Promise<{ waves: readonly PlannedWave[] }>;
  campaignPace(input: { campaign: string }): Promise<CampaignPace>;
  /** @throws `InvalidInput` when the campaign is larger than one of its ceilings. */
  openCampaign(input: { campaign: string }): Promise<void>;
  setPhase(input: { campaign: string; phase: CampaignPhase }): Promise<void>;
  /**
   * @param input.verb given by an update, which names nobody: leaves a line that says so
   * @param input.after number of the operator's order to start: a pause, a stop or a rollback that was ordered since then stands
   */
  giveOrder(input: { campaign: string; order: CampaignOrder; verb?: StandingVerb; after?: number }): Promise<void>;
  /** Holds the stop rules against it first. */
  progress(input: { campaign: string }): Promise<CampaignProgress>;

  startLane(input: { campaign: string; lane: string }): Promise<void>;
  claimMeetings(input: { campaign: string; lane: string; wave: number; limit: number; claim: string }): Promise<LaneClaim>;
  unclaimMeeting(ref: ItemRef): Promise<void>;
  /** Records where the saga ended. */
  settle(ref: ItemRef & { state: State; failure?: FailureType | undefined; step?: StepName | undefined; reason?: string | undefined }): Promise<void>;

  /** Sends `rollBack`, `release` or a fresh saga to the meetings of the order; heartbeats. @returns how many, and how many could not. */
  orderMeetings(input: MeetingOrder): Promise<OrderReceipt>;
}

/** Where a saga that is started for an order takes up the work. `delete`: at the deletion, where it is held. */
export type Resume = 'grace' | 'delete' | 'roll-back' | 'start-afresh' | 'retired' | 'keep' | 'let-go';

export interface MeetingOrder {
  readonly campaign: string;
  /** Number of the operator's order; or `continue`, which wakes sagas that wait, and takes up those that a stop had ended in grace or after the pivot. */
  readonly order: number | 'continue';
}
