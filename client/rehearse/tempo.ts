/** How fast a campaign is played: vendor's limits by `scale`; waits so that they hold up nobody and mean what they mean at the vendor. */
export interface Tempo {
  /** How much faster quotas, rates and lags of the vendor pass. */
  readonly scale: number;
  readonly graceMs: number;
  readonly digestEveryMs: number;
  /** Whether this machine keeps up with the vendor at that scale, so that the vendor's limits decide how long it takes. */
  readonly keepsUp: boolean;
}

export interface Foreseen {
  /** Until the last meeting has a replacement, by the vendor's limits. Milliseconds. */
  readonly workMs: number;
  /** Of what is rehearsed. */
  readonly requests: number;
  readonly graceMs: number;
  readonly digestEveryMs: number;
}

/** Requests a second that two cores manage, with vendor, Temporal and Postgres beside them. */
const MACHINE = 30;
/** A shorter rehearsal tells nothing. */
const LEAST_WORK_MS = 10_000;
/** A day lasts a minute: more is never needed. */
const MOST_SCALE = 1_440;
const LONGEST_GRACE_MS = 30_000;
/** What the files allow at least. */
const SHORTEST_MS = 1_000;
const MARGIN_MS = 1_000;
/** So that what is due after all work is done does not come just before its end. */
const AFTER = 1.25;

/**
 * Pure. Without a wish the work is as fast as this machine can do it. So many digests go out while it works as would at the vendor, or one after
 * it where there work is over before the first; and grace outlasts a digest where it does there, else each meeting would be told of by itself.
 */
export function tempoOf({ workMs, requests, graceMs, digestEveryMs }: Foreseen, wish?: number): Tempo {
  const machineMs = Math.max(LEAST_WORK_MS, (requests / MACHINE) * 1_000);
  const scale = wish ?? Math.max(1, Math.min(MOST_SCALE, Math.floor(workMs / machineMs)));
  const playedMs = Math.max(workMs / scale, machineMs);
  const digests = within(SHORTEST_MS, digestEveryMs * Math.max(1 / scale, playedMs / Math.max(1, workMs)), playedMs * AFTER);
  const grace = within(SHORTEST_MS, graceMs / scale, LONGEST_GRACE_MS);
  return {
    scale,
    graceMs: graceMs > digestEveryMs ? Math.max(grace, digests + MARGIN_MS) : Math.min(grace, digests),
    digestEveryMs: digests,
    keepsUp: workMs / scale >= machineMs / AFTER,
  };
}

const within = (least: number, ms: number, most: number): number => Math.round(Math.max(least, Math.min(ms, most)));
