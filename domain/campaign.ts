import type { Advisory } from './advisory.js';
import type { DepartedPolicy } from './departed.js';
import type { EditPolicy } from './edits.js';
import type { ApprovalPolicy } from './gates.js';
import type { Instant, ReplacementPolicy } from './meeting.js';
import type { Trace } from './traces.js';
import type { StopRules } from './verdict.js';
import type { Windows } from './windows.js';

/** An inventory that somebody took at a known time: evidence of what existed then. */
export interface InventorySnapshot {
  readonly takenAt: Instant;
  /** Vendor meeting ids (series ids). */
  readonly ids: readonly string[];
  /** Sites of which it has meetings, in lower case; absent: it covers all. A meeting elsewhere is not new because it is missing. */
  readonly sites?: readonly string[] | undefined;
}

/** From 1% to 100%. */
export type Share = `${number}%`;
/** How big a wave is: a number of meetings, a share of all that wait when the plan is made, or all that are left. */
export type WaveSize = number | Share | 'rest';
export type Language = 'en' | 'nl';

/** One campaign file, parsed, with its advisory and inventories resolved. Times in milliseconds. */
export interface CampaignSpec {
  readonly name: string;
  readonly advisory: Advisory;
  /** Names of identities in relink.yaml. A meeting belongs to exactly one of them, by a stable rule. */
  readonly identities: readonly string[];
  readonly scope: {
    readonly hosts: 'all' | readonly string[];
    readonly sites: 'all' | readonly string[];
    /** How far ahead meetings are looked for. */
    readonly horizonMs: number;
    /** Whether personal rooms get another id. Absent in campaigns of earlier versions: no. */
    readonly personalRooms?: boolean | undefined;
  };
  readonly evidence: {
    /** What to do with a meeting of which nothing shows its creation time. */
    readonly unknown: 'affected' | 'review';
    readonly snapshots: readonly InventorySnapshot[];
    /** Events of calendars. Absent in campaigns of earlier versions, as are invitations. */
    readonly calendar?: readonly Trace[] | undefined;
    /** Mails that invited to a meeting. */
    readonly invitations?: readonly Trace[] | undefined;
  };
  readonly policy: ReplacementPolicy;
  /** Absent in campaigns of earlier versions: the usual. */
  readonly edits?: EditPolicy | undefined;
  /** Absent in campaigns of earlier versions: such meetings are found, and refused. */
  readonly departed?: DepartedPolicy | undefined;
  /** A meeting that starts within this time is not touched until it is over. */
  readonly startGuardMs: number;
  /** How long legacy and replacement are both valid. */
  readonly graceMs: number;
  readonly notices: {
    readonly language: Language;
    /** Meetings starting within this time are told at once, others in the next digest. */
    readonly urgentWithinMs: number;
    readonly digestEveryMs: number;
    /** So long before anything happens to their meetings organisers are told. Absent: they are told when it has. */
    readonly announceMs?: number | undefined;
  };
  readonly limits: {
    /** Ceiling on affected meetings, checked before the first write. */
    readonly maxMeetings: number;
    /** The same as a share of the meetings found that are not over. Absent in campaigns of earlier versions: no such ceiling. */
    readonly maxShare?: Share | undefined;
    /** Remediations of one lane between snapshot and grace at the same time. */
    readonly maxConcurrent: number;
  };
  readonly waves: readonly WaveSize[];
  /** Of what is done, beside all of wave one, so much is looked at again in each rerun: 0 to 1, 0 for nothing at all. Absent in campaigns of earlier versions. */
  readonly recheckShare?: number | undefined;
  /** Absent in campaigns of earlier versions: the usual ones. */
  readonly stopRules?: StopRules | undefined;
  /** Absent in campaigns of earlier versions: none. */
  readonly approval?: ApprovalPolicy | undefined;
  /** Absent in campaigns of earlier versions: always open. */
  readonly windows?: Windows | undefined;
  /** A start that replaces more meetings than this asks for a rehearsal that passed. Absent in campaigns of earlier versions: never. */
  readonly rehearseAbove?: number | 'never' | undefined;
}

export const campaignPhases = [
  'planning',
  'awaiting-approval',
  'remediating',
  'paused',
  'rolling-back',
  'settling',
  'finished',
  'stopped',
] as const;
export type CampaignPhase = (typeof campaignPhases)[number];

/** The operator's standing order for a whole campaign; the pivot reads it at the moment of deletion. */
export const campaignOrders = ['go', 'pause', 'stop', 'rollback'] as const;
export type CampaignOrder = (typeof campaignOrders)[number];
