import { RelinkFailure } from '../../../domain/failures.js';

/** What the vendor takes at most. */
const MOST = 100;
/** A list of smaller pages would cost more than it is worth. */
const LEAST = 10;
/** So long the vendor is spared what it did not manage in time. Milliseconds. */
const SPARED_MS = 3_600_000;

/** That often in a row, each time it is asked for, a list has to fail: once may be chance, and small pages cost requests. */
const BELIEVED = 2;

interface Known {
  readonly size: number;
  /** 504s since it was last shown. */
  readonly failed: number;
  readonly until: number;
}

/**
 * How many entries a page is asked for. Of a 504 the vendor's document says: "If your query uses max parameter, please try to reduce it". The attempt has
 * failed all the same; the one after the second in a row, and each further one, asks for half as many. Of one list alone: what takes long is what is on it.
 */
export class PageSizes {
  readonly #known = new Map<string, Known>();

  /** @param of what is listed, and whose: the same for each attempt */
  async within<T>(of: string, ask: (max: number) => Promise<T>): Promise<T> {
    const known = this.#known.get(of);
    const { size, failed } = known && known.until > performance.now() ? known : { size: MOST, failed: 0 };
    try {
      const answer = await ask(size);
      if (failed > 0) this.#note(of, { size, failed: 0 });
      return answer;
    } catch (cause: unknown) {
      if (cause instanceof RelinkFailure && cause.facts.status === 504) this.#note(of, { size: failed + 1 < BELIEVED ? size : Math.max(LEAST, Math.floor(size / 2)), failed: failed + 1 });
      throw cause;
    }
  }

  #note(of: string, what: Omit<Known, 'until'>): void {
    const now = performance.now();
    for (const [key, { until }] of this.#known) if (until <= now) this.#known.delete(key);
    this.#known.set(of, { ...what, until: now + SPARED_MS });
  }
}
