import type { Instant } from './meeting.js';
import { failures, type FailureType } from './failures.js';
import type { StepEvent, StepName } from './states.js';

/** Failures that say for certain that the vendor did nothing. */
const harmless = (failure: FailureType | null): boolean =>
  failure !== null && failure !== 'NetworkAmbiguous' && failure in failures && failure !== 'VerificationFailed';

/**
 * When `step` may have taken effect without our knowing: an attempt that began and never ended (the worker died),
 * or one that ended in silence. `null` when nothing is in doubt. Attempts before `settledBy` was done do not count.
 */
export function inDoubtSince(events: readonly StepEvent[], step: StepName, settledBy: StepName): Instant | null {
  let doubt: Instant | null = null;
  let open: Instant | null = null;
  for (const event of events) {
    if (event.step === settledBy && event.state === 'done') [doubt, open] = [null, null];
    if (event.step !== step) continue;
    if (event.state === 'started') {
      doubt = open ?? doubt;
      open = event.at;
    } else {
      if (event.state === 'done' || !harmless(event.failure)) doubt = open ?? event.at;
      open = null;
    }
  }
  return open ?? doubt;
}
