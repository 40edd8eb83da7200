import { sql, type RawBuilder } from 'kysely';

/** A caller sits and waits for at most this long; what takes longer is Temporal's to wait for. Milliseconds. */
export const PATIENCE_MS = 10_000;
/**
 * Requests that may go out at once to make up for a pause: a few, and no more than a second's worth. More would cost more than
 * it gains, because a vendor that counts them within its minute answers with a silence for the whole identity.
 */
export const BURST = { requests: 5, mostMs: 1_000 };

/** How soon whoever is kept back by an operator's throttle looks again, so that taking it off is seen in time. */
export const THROTTLED_LOOK_MS = 2_000;

export const seconds = (ms: number): RawBuilder<unknown> => sql`make_interval(secs => ${ms / 1000})`;
