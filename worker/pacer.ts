import { setTimeout as wait } from 'node:timers/promises';
import { RelinkFailure } from '../domain/failures.js';
import type { PaceBook } from '../domain/ledger.js';
import type { RequestPacer } from '../domain/ports.js';

/** A silence no longer than this is sat out, so that what an activity has read so far need not be read again. Milliseconds. */
const PATIENCE_MS = 10_000;

/** Who has waited this long for a turn looks again whether the vendor has asked for silence meanwhile. Milliseconds. */
const LONG_WAIT_MS = 250;

/** Paces one identity over all workers, through the ledger: short waits are sat out, long ones become a Temporal retry. */
export function createPacer(pace: PaceBook, identity: string, requestsPerMinute: number): RequestPacer {
  return {
    async beforeRequest() {
      for (let left = PATIENCE_MS; ; ) {
        const { taken, waitMs } = await pace.reserveRequest(identity, requestsPerMinute);
        if (!taken && waitMs > left) throw new RelinkFailure('RateLimited', 'the identity is quiet for now', { retryAfterMs: waitMs });
        if (waitMs > 0) await wait(waitMs);
        if (taken && (waitMs < LONG_WAIT_MS || (await pace.quietMs(identity)) === 0)) return;
        left -= waitMs;
      }
    },
    quietFor: (ms) => pace.quietFor(identity, ms),
  };
}
