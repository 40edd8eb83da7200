import { setTimeout as wait } from 'node:timers/promises';
import { RelinkFailure } from '../domain/failures.js';
import type { PaceBook } from '../domain/ledger.js';
import type { RequestPacer } from '../domain/ports.js';

/** Paces one identity over all workers, through the ledger: short waits are sat out, long ones become a Temporal retry. */
export function createPacer(pace: PaceBook, identity: string, requestsPerMinute: number): RequestPacer {
  return {
    async beforeRequest() {
      const { taken, waitMs } = await pace.reserveRequest(identity, requestsPerMinute);
      if (!taken) throw new RelinkFailure('RateLimited', 'the identity is quiet for now', { retryAfterMs: waitMs });
      if (waitMs > 0) await wait(waitMs);
    },
    quietFor: (ms) => pace.quietFor(identity, ms),
  };
}
