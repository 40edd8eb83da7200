import type { Instant } from './meeting.js';
import { failures, type FailureType } from './failures.js';
import type { StepEvent, StepName } from './states.js';

/** Failures that say for certain that the vendor did nothing. */
const harmless = (failure: FailureType | null): boolean =>
  failure !== null && failure !== 'NetworkAmbiguous' && failure in failures && failure !== 'VerificationFailed';

export interface Doubt {
  /** No attempt in doubt can have reached the vendor later than then; of one that is `open`, when it began. */
  readonly since: Instant;
  /** The last attempt began and has no end: its worker died, and when it last spoke to the vendor is not known. */
  readonly open: boolean;
}

/**
 * Whether `step` may have taken effect without our knowing: an attempt that began and never ended, or one that ended in
 * silence. `null` when nothing is in doubt. What was before `settledBy` was done does not count.
 */
export function inDoubt(events: readonly StepEvent[], step: StepName, settledBy: StepName): Doubt | null {
  let doubt: Doubt | null = null;
  let open: Instant | null = null;
  for (const event of events) {
    if (event.step === settledBy && event.state === 'done') [doubt, open] = [null, null];
    if (event.step !== step) continue;
    if (event.state === 'started') {
      if (open !== null) doubt = { since: event.at, open: false };
      open = event.at;
    } else {
      if (event.state === 'done' || !harmless(event.failure)) doubt = { since: event.at, open: false };
      open = null;
    }
  }
  return open === null ? doubt : { since: open, open: true };
}
