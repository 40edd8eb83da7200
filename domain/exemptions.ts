import type { Instant } from './meeting.js';

/** What is left alone on purpose: all meetings of a host, whose address is personal data, or one by its key. */
export type ExemptionSubject = { readonly host: string } | { readonly meeting: string };

/** `in force`, or why not: over, taken back, or followed by another line about the same host or meeting. */
export type ExemptionStanding = 'in force' | 'expired' | 'removed' | 'renewed';

/** Who steered, when and why: at rest sealed, shown to operators alone, never in Temporal. */
export interface Steered {
  readonly by: string;
  readonly reason: string;
  readonly at: Instant;
}

/** One line of the append-only list. */
export interface Exemption extends Steered {
  readonly id: number;
  readonly kind: 'host' | 'meeting';
  /** Of the host or of the meeting: tells nothing of either. */
  readonly key: string;
  readonly until: Instant;
  readonly standing: ExemptionStanding;
  readonly removed: Steered | null;
  /** Meetings that are `excluded` because of an exemption and that this one covers. */
  readonly meetings: number;
}

export type Steering = Pick<Steered, 'by' | 'reason'>;

/** What somebody wants exempted, and what they knew: `seen` as the preview gave it. */
export interface ExemptionGrant extends Steering {
  readonly subject: ExemptionSubject;
  readonly until: Instant;
  readonly seen: number;
}

/** Meetings that an exemption of some hosts and meetings concerns, each counted once. */
export interface ExemptionReach {
  /** They wait, nobody works on them, and an exemption takes them out of the queue. */
  readonly leave: number;
  /** Claimed, running, in grace or past the pivot: not touched. */
  readonly underWay: number;
  /** `excluded` by these exemptions alone: judged again by the next inventory once they are over. */
  readonly return: number;
  /** All others: settled, and left as they are. */
  readonly settled: number;
}

export interface ExemptionPreview extends ExemptionReach {
  /** How often each subject was exempted or taken back: whoever gives an order about it must have seen the last. */
  readonly seen: readonly number[];
  /** Subjects that are exempt now. */
  readonly inForce: number;
}

export interface ExemptionReceipt {
  /** New lines. */
  readonly exempted: number;
  /** Lines that say what is in force already: not written again. */
  readonly unchanged: number;
  /** Meetings that left the queue. */
  readonly left: number;
  /** Meetings that are worked on, and were not touched. */
  readonly underWay: number;
}

/** Append-only: an exemption ends by its expiry, by a later line, or by a removal that says who and why. */
export interface ExemptionBook {
  /** Changes nothing. */
  preview(campaign: string, subjects: readonly ExemptionSubject[]): Promise<ExemptionPreview>;
  /**
   * All or nothing. What waits and is covered is `excluded` when it returns; what is worked on is not touched.
   * The same line again is a quiet success.
   * @throws RelinkFailure `InvalidInput`, and nothing is changed, when somebody gave another order about one of them since it was seen
   */
  grant(campaign: string, wanted: readonly ExemptionGrant[]): Promise<ExemptionReceipt>;
  /**
   * Takes back what is in force. Its meetings are judged again by the next inventory.
   * @throws RelinkFailure `InvalidInput` when nothing is in force, or as `grant` does
   */
  remove(campaign: string, subject: ExemptionSubject, seen: number, steering: Steering): Promise<Exemption>;
  /** In the order in which they were given; with `meeting`, those that cover or covered it. */
  list(campaign: string, meeting?: string): Promise<readonly Exemption[]>;
  /** Of meetings that are `excluded` by an exemption, the line that speaks for each: of the meeting itself before that of its host. */
  covering(campaign: string): Promise<ReadonlyMap<string, number>>;
  /** Addresses of exempt hosts by the id of the line: personal data. */
  addresses(campaign: string): Promise<ReadonlyMap<number, string>>;
}
