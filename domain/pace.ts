/** What silences that the vendor asked for have taught about the rate of an identity. */
export interface Learned {
  /** Requests a minute that were right when the last of them was over. */
  readonly perMinute: number;
  /** Since then; negative while it lasts. Milliseconds. */
  readonly ageMs: number;
}

/** What relink.yaml allows an identity. */
export interface AllowedPace {
  readonly requestsPerMinute: number;
  /** A minute of the vendor: see `vendorMinuteMs`. */
  readonly minuteMs: number;
}

/** When a silence is asked for. */
export interface Taught {
  readonly learned: Learned | null;
  /** An operator's throttle; `null` without one. */
  readonly throttle: number | null;
  /** How long the silence before still lasts; negative since it is over. Milliseconds. */
  readonly quietMs: number;
}

const DAY_MINUTES = 24 * 60;
/** A silence leaves that much of the rate that was in force; the first one while all of it was in force less is made of, since one refusal in a long time may be chance. */
const LEFT = { first: 0.95, again: 0.7 };
/** No silence leaves less than so many requests a minute, or that share of what is allowed: a vendor that refuses by chance must not stop a campaign. */
const LEAST = { perMinute: 10, share: 0.4 };
/** Share of what is allowed that comes back in each minute without a silence. */
const CREEP = 0.05;

/** The day in which the vendor counts creations has 1,440 of them: where a rehearsal makes that day shorter, all that is learned of the vendor is learned and forgotten as much faster. */
export const vendorMinuteMs = (quotaWindowMs: number): number => quotaWindowMs / DAY_MINUTES;

export const leastPace = (requestsPerMinute: number): number => Math.min(requestsPerMinute, Math.max(LEAST.perMinute, LEAST.share * requestsPerMinute));

/** Requests a minute that come back in a millisecond. */
export const creepOf = ({ requestsPerMinute, minuteMs }: AllowedPace): number => (CREEP * requestsPerMinute) / minuteMs;

/** The rate that holds now; as allowed while nothing was learned. */
export function learnedPace(learned: Learned | null, allowed: AllowedPace): number {
  if (learned === null) return allowed.requestsPerMinute;
  return Math.min(allowed.requestsPerMinute, learned.perMinute + creepOf(allowed) * Math.max(0, learned.ageMs));
}

/**
 * The rate after a silence that the vendor asks for in answer to a request which was sent `agoMs` ago; `null` when it teaches nothing that holds. However
 * many requests were under way when a silence began, they teach one thing once: only what was sent since the last silence was over teaches another.
 */
export function afterSilence({ learned, throttle, quietMs }: Taught, allowed: AllowedPace, agoMs: number): number | null {
  const now = learnedPace(learned, allowed);
  if (quietMs > -agoMs) return learned === null ? null : now;
  // Of a frozen identity nothing was sent under its throttle.
  return Math.max(leastPace(allowed.requestsPerMinute), (now < allowed.requestsPerMinute ? LEFT.again : LEFT.first) * Math.min(now, throttle || Infinity));
}
