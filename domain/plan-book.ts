import type { CampaignOrder, CampaignPhase } from './campaign.js';
import type { FailureType } from './failures.js';
import type { QueuedMeeting } from './forecast.js';
import type { EvidenceGrade } from './judge.js';
import type { Instant, MeetingKind } from './meeting.js';
import type { Learned } from './pace.js';
import type { Selection } from './selection.js';
import type { Counts, State, StepEvent } from './states.js';
import type { ProofKey } from './traces.js';

/** One line per wave. */
export interface PlannedWave {
  readonly wave: number;
  readonly meetings: number;
  readonly soonest: Instant | null;
  readonly hosts: number;
}

export interface CampaignStatus {
  readonly campaign: string;
  readonly phase: CampaignPhase;
  readonly counts: Counts;
  readonly reconciles: boolean;
  readonly failures: Readonly<Partial<Record<FailureType, number>>>;
  readonly notices: { readonly queued: number; readonly sent: number; readonly bounced: number };
  /** `learned`: absent as long as the vendor has never asked for silence. */
  readonly quota: readonly { readonly identity: string; readonly createsUsed: number; readonly quietUntil: Instant | null; readonly learned?: Learned }[];
  readonly exposedStarts: number;
  /** Meetings that got a new link in the last ten minutes. */
  readonly replacedLately: number;
  /** The soonest start of a meeting that has no new link yet; null when none is to come. */
  readonly deadline: Instant | null;
  readonly order: CampaignOrder;
  /** Work still to come, and the pace it went at lately, for the eta. */
  readonly remaining: number;
  readonly latestGraceEnd: Instant | null;
  readonly wave: { readonly current: number; readonly last: number } | null;
  /** Waiting meetings that another campaign is at. */
  readonly elsewhere: number;
  /** What is tried again and again. */
  readonly outages: readonly Outage[];
}

/** Meetings of an identity whose step fails at every attempt, for a reason that only somebody else can end. */
export interface Outage {
  readonly identity: string;
  readonly failure: FailureType;
  readonly meetings: number;
}

/** One meeting as reports print it, and `relink show` unless it is to reveal more: keys and codes, no personal data. */
export interface ItemRow {
  readonly meeting: string;
  readonly state: State;
  readonly wave: number | null;
  readonly evidence: EvidenceGrade;
  /** By what the deciding proof was found. */
  readonly proof: ProofKey | null;
  /** Refusal, exclusion or other reason. */
  readonly reason: string | null;
  readonly failure: FailureType | null;
  readonly failedStep: string | null;
  readonly note: string | null;
  readonly kind: MeetingKind;
  readonly lane: string;
  readonly startsAt: Instant | null;
  readonly graceEndsAt: Instant | null;
  readonly retiredAt: Instant | null;
  /** Its host left, and whoever has it now got it by the campaign or is to. */
  readonly departed: boolean;
}

export type QuotaWindows = number | Readonly<Record<string, number>>;

export interface PlanBook {
  /** Gives every `waiting` item that is unclaimed its wave, soonest first. */
  assignWaves(campaign: string): Promise<readonly PlannedWave[]>;
  waves(campaign: string): Promise<readonly PlannedWave[]>;
  /** Whether a meeting waits with which nothing was ever begun: an inventory has left it. */
  hasUntouched(campaign: string): Promise<boolean>;
  /** People who own a meeting that waits: so many are to be told. */
  organisers(campaign: string): Promise<number>;
  /** Waiting meetings whose host left: so many get another one. */
  departed(campaign: string): Promise<number>;
  findings(campaign: string): Promise<readonly { readonly state: State; readonly evidence: EvidenceGrade; readonly reason: string | null; readonly count: number }[]>;
  /** @param quotaWindows in which creations count, of each identity or of all alike; milliseconds */
  status(campaign: string, quotaWindows: QuotaWindows): Promise<CampaignStatus>;
  /** Every item of the campaign, soonest start first, with its log. */
  rows(campaign: string, selection?: Selection): Promise<readonly (ItemRow & { readonly steps: readonly StepEvent[] })[]>;
  /** Meetings in these states per wave, lane and host, for the forecast: each host has limits of its own. Hosts are keys, not addresses. `from`: they wait until then, because their owner is told ahead. */
  hostLoad(campaign: string, states: readonly State[]): Promise<readonly { readonly wave: number; readonly lane: string; readonly host: string; readonly meetings: number; readonly from: Instant | null }[]>;
  /** Waiting meetings, by wave and then in the order in which lanes take them. `host` and `from` as above. */
  queue(campaign: string): Promise<readonly QueuedMeeting[]>;
  /** Work left per wave and lane: the campaign asks this, never visibility. */
  load(campaign: string): Promise<readonly { readonly wave: number; readonly lane: string; readonly waiting: number; readonly running: number; readonly replaced: number; readonly retired: number }[]>;
}
