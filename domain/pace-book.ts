import type { AllowedPace } from './pace.js';

/** Creations within a rolling window. */
export interface Quota extends CreationLimits {
  readonly windowMs: number;
  /** What of them first attempts may use: the rest is kept for repeats, so that no meeting waits a day for its second attempt. Absent: all. */
  readonly fresh?: CreationLimits | undefined;
}

export interface CreationLimits {
  readonly identity: number;
  readonly host: number;
}

export type CreationLeave = { readonly allowed: true; readonly spend: string } | { readonly allowed: false; readonly waitMs: number };

/** One place in the stream of an identity's requests. */
export interface Slot {
  readonly taken: boolean;
  /** Until its turn comes or, when none was taken, until it is worth asking again. */
  readonly waitMs: number;
  /** Number of the operator's last order about the rate; 0 when there was none. */
  readonly order: number;
  /** None was taken because an operator throttles the identity, not because the vendor asked for silence. */
  readonly throttled: boolean;
}

/** What a silence teaches about the rate. */
export interface Lesson extends AllowedPace {
  /** How long ago the request was sent. Milliseconds. */
  readonly agoMs: number;
}

export interface PaceBook {
  /**
   * One slot of the identity's request rate (GCRA, one statement, the database's clock): of `requestsPerMinute`, or of less when an operator
   * throttles the identity, or silences have taught that the vendor allows less. The slot is taken. `waitMs` may be long when the identity is quiet; then no slot was taken.
   * @param minuteMs a minute of the vendor, in which what was learned is forgotten. Default: a minute
   */
  reserveRequest(identity: string, requestsPerMinute: number, minuteMs?: number): Promise<Slot>;
  /** Whether a slot that was taken under `order` may still be used: the vendor has not asked for silence since, and no operator has changed the rate. */
  stands(identity: string, order: number): Promise<boolean>;
  /** How long an identity that an operator throttles, or that has learned to go slower, has no turn to give, though the vendor would listen; `waitMs` 0 when it has one. */
  heldUp(identity: string): Promise<Pick<Slot, 'waitMs' | 'throttled'>>;
  /** @param lesson of a silence that was asked for in answer to a request of the identity: it is slower from then on. Absent: it only waits */
  quietFor(identity: string, ms: number, lesson?: Lesson): Promise<void>;
  /** How long the vendor still asks this identity to be quiet; 0 when it may speak. Milliseconds. */
  quietMs(identity: string): Promise<number>;
  /** Counts one creation before the call. Refused (and not counted) when a rolling window is full, with the time until it frees. */
  spendCreation(identity: string, hostEmail: string, quota: Quota): Promise<CreationLeave>;
  /** Whatever the answer was, or when none came: the vendor has counted by now, so from now on it counts here, lest our window ends before the vendor's. */
  creationAnswered(spend: string): Promise<void>;
  /** Takes back what was counted for a call that was certainly never made. */
  returnCreation(spend: string): Promise<void>;
}

/** The requests of one campaign through one identity, at the rate that a window of the campaign leaves. */
export interface PacedWork {
  readonly campaign: string;
  readonly identity: string;
  /** Above 0. */
  readonly perMinute: number;
}

/** Beside the pace of the identity, which other campaigns share. Another rate than before begins at once. */
export interface WindowPaceBook {
  /** One turn (GCRA, one statement, the database's clock), to be waited for; when it is too far away none is taken, and `waitMs` says when to ask again. */
  reserve(work: PacedWork): Promise<Pick<Slot, 'taken' | 'waitMs'>>;
  /** As long as there is no turn near enough to wait for, when to ask again; 0 when there is one. Milliseconds. */
  waitMs(work: PacedWork): Promise<number>;
}
