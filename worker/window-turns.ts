import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { RelinkFailure } from '../domain/failures.js';
import type { Ledger, WindowPaceBook } from '../domain/ledger.js';
import { rateAt } from '../domain/windows.js';
import { LOOK_MS, PATIENCE_MS } from './patience.js';

/** So old may be what is known of a campaign: a request is no reason to read it anew. Milliseconds. */
const FRESH_MS = 1_000;

interface Known {
  readonly at: number;
  readonly rate: number | null;
}

/** What windows of campaigns leave of one identity's requests, which are paced by campaign: another one that shares the identity is not slowed down. */
export class WindowTurns {
  readonly #campaign = new AsyncLocalStorage<string>();
  readonly #known = new Map<string, Known>();

  constructor(
    private readonly ledger: Pick<Ledger, 'campaigns' | 'windowPace'>,
    private readonly identity: string,
  ) {}

  /** Requests while `work` runs are those of the campaign for one of its meetings. */
  within<T>(campaign: string, work: () => Promise<T>): Promise<T> {
    return this.#campaign.run(campaign, work);
  }

  /** Returns when the campaign at work may send a request. @throws RelinkFailure `Throttled` when that is too long to sit and wait */
  async beforeRequest(): Promise<void> {
    for (let left = PATIENCE_MS; ; ) {
      const work = await this.#work();
      if (!work) return;
      const { taken, waitMs } = await this.ledger.windowPace.reserve(work);
      if (taken && (await this.#sitOut(waitMs, work.perMinute))) return;
      if (taken) continue;
      if (waitMs > left) throw new RelinkFailure('Throttled', 'a window of the campaign has a rate', { retryAfterMs: waitMs });
      await wait(waitMs);
      left -= waitMs;
    }
  }

  /** As long as the campaign at work has no turn near enough to wait for, when to ask again; 0 when it has. Milliseconds. */
  async waitMs(): Promise<number> {
    const work = await this.#work();
    return work ? this.ledger.windowPace.waitMs(work) : 0;
  }

  /** @returns whether the turn came, or another rate holds, under which it is worth nothing. */
  async #sitOut(waitMs: number, perMinute: number): Promise<boolean> {
    for (let left = waitMs; left > 0; left -= LOOK_MS) {
      await wait(Math.min(LOOK_MS, left));
      if (left > LOOK_MS && (await this.#work())?.perMinute !== perMinute) return false;
    }
    return true;
  }

  /** `undefined` unless a window has a rate now. */
  async #work(): Promise<Parameters<WindowPaceBook['reserve']>[0] | undefined> {
    const campaign = this.#campaign.getStore();
    if (campaign === undefined) return undefined;
    const now = Date.now();
    const known = this.#known.get(campaign);
    const rate = known && now - known.at < FRESH_MS ? known.rate : await this.#rateOf(campaign, now);
    return rate === null ? undefined : { campaign, identity: this.identity, perMinute: rate };
  }

  /** `null` where it is not limited, or closed altogether: what may be done then, each step knows. A rollback waits for no window. */
  async #rateOf(campaign: string, now: number): Promise<number | null> {
    const { spec, order } = await this.ledger.campaigns.get(campaign);
    const most = order === 'rollback' ? Infinity : rateAt(spec.windows?.writes ?? [], now);
    const rate = most === 0 || most === Infinity ? null : most;
    this.#known.set(campaign, { at: now, rate });
    return rate;
  }
}
