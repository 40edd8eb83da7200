import { RelinkFailure } from '../../../domain/failures.js';

/** What the vendor takes at most. */
const MOST = 100;
/** A list of smaller pages would cost more than it is worth. */
const LEAST = 10;
/** So long the vendor is spared what it did not manage in time. Milliseconds. */
const SPARED_MS = 3_600_000;

/**
 * How many entries a page is asked for. Of a 504 the vendor's document says: "If your query uses max parameter, please try to reduce it". The attempt has
 * failed all the same; the next one asks for half as many. Of one host's lists alone: what takes long is what they have.
 */
export class PageSizes {
  readonly #smaller = new Map<string, { readonly size: number; readonly until: number }>();

  /** @param of what is listed, and whose: the same for each attempt */
  async within<T>(of: string, ask: (max: number) => Promise<T>): Promise<T> {
    const known = this.#smaller.get(of);
    const max = known && known.until > performance.now() ? known.size : MOST;
    try {
      return await ask(max);
    } catch (cause: unknown) {
      if (cause instanceof RelinkFailure && cause.facts.status === 504) this.#spare(of, Math.max(LEAST, Math.floor(max / 2)));
      throw cause;
    }
  }

  #spare(of: string, size: number): void {
    const now = performance.now();
    for (const [key, { until }] of this.#smaller) if (until <= now) this.#smaller.delete(key);
    this.#smaller.set(of, { size, until: now + SPARED_MS });
  }
}
