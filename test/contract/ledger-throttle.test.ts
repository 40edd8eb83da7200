import { openLedger, type OpenLedger } from '../../adapters/ledger/index.js';
import type { PaceBook } from '../../domain/ledger.js';
import type { ThrottleChange } from '../../domain/throttle.js';
import { createPacer } from '../../worker/pacer.js';
import { LedgerBench } from '../support/ledger.js';
import { query } from '../support/postgres.js';

const bench = LedgerBench.inThisFile();
const AUTHOR = { by: 'secret-name', reason: 'secret-reason' };
const all = { waves: ['rest'] } as const;

/** By an operator who has seen everything. */
const order = async (campaign: string, change: ThrottleChange) => bench.ledger.throttles.give(campaign, change, AUTHOR, await bench.ledger.throttles.lastOrder(0));
const clear: ThrottleChange = { requests: null, concurrent: null };
const valuesOf = async (campaign: string) => (await bench.ledger.throttles.active(campaign)).map(({ limit, of, value }) => [limit, of, value]);

describe('an order', () => {
  test('is in force until it is taken off, and each leaves who, when and why', async () => {
    const { name } = await bench.campaign(1, { identities: ['a-1', 'a-2'] });
    expect(await order(name, { requests: 120, concurrent: 5 })).toMatchObject([{ of: 'a-1', value: 120, ...AUTHOR }, { of: 'a-2', value: 120 }, { limit: 'concurrent', of: name, value: 5 }]);
    expect(await valuesOf(name)).toEqual([['concurrent', name, 5], ['requests', 'a-1', 120], ['requests', 'a-2', 120]]);
    await order(name, { requests: 0 });
    expect(await valuesOf(name)).toEqual([['concurrent', name, 5], ['requests', 'a-1', 0], ['requests', 'a-2', 0]]);
    expect(await order(name, clear)).toHaveLength(3);
    expect(await bench.ledger.throttles.active(name)).toEqual([]);
    const orders = await bench.ledger.throttles.orders(name);
    expect(orders.map(({ limit, of, value }) => `${limit} ${of} ${value}`)).toEqual(['requests a-1 120', 'requests a-2 120', `concurrent ${name} 5`, 'requests a-1 0', 'requests a-2 0', 'requests a-1 null', 'requests a-2 null', `concurrent ${name} null`]);
    for (const given of orders) expect(given).toMatchObject({ ...AUTHOR, at: expect.stringMatching(/Z$/) });
    await expect(order(name, clear)).rejects.toMatchObject({ type: 'InvalidInput', message: `nothing of ${name} is throttled` });
  });

  test('at the same time as its opposite: one wins, and the other is refused and changes nothing', async () => {
    const { name } = await bench.campaign(1, { identities: ['b-1', 'b-2'] });
    await order(name, { requests: 60 });
    const seen = await bench.ledger.throttles.lastOrder(0);
    const opposite = [{ requests: 0 }, clear, { requests: 0 }, clear].map((change) => bench.ledger.throttles.give(name, change, AUTHOR, seen));
    const outcomes = await Promise.allSettled(opposite);
    const winners = outcomes.flatMap((outcome, i) => (outcome.status === 'fulfilled' ? [i] : []));
    expect(winners).toHaveLength(1);
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ type: 'InvalidInput', message: expect.stringMatching(/^somebody ordered meanwhile: identity b-1: /) });
    expect(await valuesOf(name)).toEqual(winners[0]! % 2 === 0 ? [['requests', 'b-1', 0], ['requests', 'b-2', 0]] : []);
    expect((await bench.ledger.throttles.orders(name)).length).toBe(4);
  });

  test('about another limit, or of another campaign with other identities, refuses nothing', async () => {
    const { name } = await bench.campaign(1, { identities: ['c-1'] });
    const { name: other } = await bench.campaign(1, { identities: ['c-2'] });
    const seen = await bench.ledger.throttles.lastOrder(0);
    const given = [[name, { requests: 60 }], [name, { concurrent: 2 }], [other, { requests: 0 }]] as const;
    const outcomes = await Promise.allSettled(given.map(([campaign, change]) => bench.ledger.throttles.give(campaign, change, AUTHOR, seen)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
  });

  test('that was given while the operator still typed has not been seen', async () => {
    const { name } = await bench.campaign(1, { identities: ['d-1'] });
    await order(name, { requests: 0 });
    const [given] = await bench.ledger.throttles.orders(name);
    expect(await bench.ledger.throttles.lastOrder(0)).toBe(given!.id);
    expect(await bench.ledger.throttles.lastOrder(3_600_000)).toBe(0);
  });

  test('is shown in every campaign that its identity works for, also where it cannot be opened in another place', async () => {
    const { name } = await bench.campaign(1, { identities: ['e-1'] });
    const { name: other } = await bench.campaign(1, { identities: ['e-1', 'e-2'] });
    await order(name, { requests: 30 });
    await order(name, { requests: 20 });
    expect(await bench.ledger.throttles.orders(other)).toMatchObject([{ of: 'e-1', value: 30, ...AUTHOR }, { of: 'e-1', value: 20 }]);
    await query(bench.store.databaseUrl, `update throttle set author = (select author from throttle where name = 'e-1' and value = 30) where name = 'e-1' and value = 20`);
    await expect(bench.ledger.throttles.orders(other)).rejects.toMatchObject({ type: 'InvalidInput' });
  });
});

describe('claims', () => {
  test('leave no more under way than the order allows, from the next one on, and go back to what the file allows', async () => {
    const { name, refs } = await bench.campaign(30, all);
    expect((await bench.claim(name, 't1', 8)).meetings).toHaveLength(8);
    for (const ref of refs.slice(0, 4)) await bench.ledger.items.move(ref, 'running');
    await order(name, { concurrent: 5 });
    expect(await bench.claim(name, 't2', 12)).toMatchObject({ meetings: [], left: 22, order: 'go', maxConcurrent: 5 });
    for (const ref of refs.slice(4, 8)) await bench.replaced(ref);
    expect((await bench.claim(name, 't3', 12)).meetings).toHaveLength(1);
    await order(name, clear);
    const free = await bench.claim(name, 't4', 12);
    expect(free.meetings).toHaveLength(12);
    expect(free).not.toHaveProperty('maxConcurrent');
  });

  test('take nothing for an identity that is frozen, and go on when it thaws', async () => {
    const { name } = await bench.campaign(4, all);
    await order(name, { requests: 0 });
    expect(await bench.claim(name, 't1', 2)).toMatchObject({ meetings: [], left: 4, order: 'pause' });
    await order(name, { requests: 1 });
    expect((await bench.claim(name, 't2', 2)).meetings).toHaveLength(2);
    await order(name, clear);
    expect((await bench.claim(name, 't3', 2)).meetings).toHaveLength(2);
  });
});

describe('the rate of an identity', () => {
  test('is what relink.yaml allows or less, never more; frozen gives no turn, and says soon when to ask again', async () => {
    const { name } = await bench.campaign(1, { identities: ['slow'] });
    const { pace } = bench.ledger;
    await order(name, { requests: 600 });
    expect([await pace.reserveRequest('slow', 6), (await pace.reserveRequest('slow', 6)).waitMs > 1_000]).toMatchObject([{ taken: true }, true]);
    await order(name, { requests: 6 });
    expect([await pace.reserveRequest('slow', 600), (await pace.reserveRequest('slow', 600)).waitMs > 1_000]).toMatchObject([{ taken: true, waitMs: 0 }, true]);
    await order(name, { requests: 0 });
    expect(await pace.reserveRequest('slow', 600)).toMatchObject({ taken: false, waitMs: 2_000, throttled: true });
    expect(await pace.heldUp('slow')).toEqual({ waitMs: 2_000, throttled: true });
    await pace.quietFor('slow', 60_000); // the vendor's silence is told as such
    expect(await pace.reserveRequest('slow', 600)).toMatchObject({ taken: false, throttled: false });
    await order(name, clear);
    expect([await pace.heldUp('slow'), await pace.heldUp('never-seen')]).toMatchObject([{ waitMs: 0 }, { waitMs: 0 }]);
  });

  test('that is below one request in ten seconds gives its turns too, and keeps nobody waiting for long who is told to ask again', async () => {
    const { name } = await bench.campaign(1, { identities: ['crawling'] });
    const { pace } = bench.ledger;
    await order(name, { requests: 1 });
    expect([await pace.heldUp('crawling'), await pace.reserveRequest('crawling', 600)]).toMatchObject([{ waitMs: 0 }, { taken: true, waitMs: 0 }]);
    expect(await pace.reserveRequest('crawling', 600)).toMatchObject({ taken: false, waitMs: 2_000, throttled: true });
    expect(await pace.heldUp('crawling')).toEqual({ waitMs: 2_000, throttled: true });
  });

  test('that changes takes slots back that were reserved before, and the new ones begin now', async () => {
    const { name } = await bench.campaign(1, { identities: ['turning'] });
    const { pace } = bench.ledger;
    const slots = await Promise.all(Array.from({ length: 8 }, () => pace.reserveRequest('turning', 60)));
    const far = slots.toSorted((a, b) => b.waitMs - a.waitMs)[0]!;
    expect([far.taken, far.waitMs > 1_000, await pace.stands('turning', far.order)]).toEqual([true, true, true]);
    await order(name, { requests: 30 });
    expect(await pace.stands('turning', far.order)).toBe(false);
    const next = await pace.reserveRequest('turning', 60);
    expect([next.waitMs, await pace.stands('turning', next.order)]).toEqual([0, true]);
    await pace.quietFor('turning', 60_000);
    expect(await pace.stands('turning', next.order)).toBe(false);
  });
});

/** A worker: a ledger of its own and a pacer on it. Notes when it may send, and when it is kept back. */
class PacedWorker {
  sent = 0;
  keptBack = 0;
  readonly #ledger: OpenLedger;
  constructor(
    readonly identity: string,
    readonly requestsPerMinute: number,
  ) {
    this.#ledger = openLedger({ databaseUrl: bench.store.databaseUrl, keyring: bench.store.keyring, poolSize: 2 });
  }

  /** So many callers at once, each with so many requests. */
  async work(callers: number, requests: number): Promise<void> {
    const pace: PaceBook = {
      ...this.#ledger.pace,
      reserveRequest: async (...asked) => {
        const slot = await this.#ledger.pace.reserveRequest(...asked);
        if (slot.throttled) this.keptBack++;
        return slot;
      },
    };
    const pacer = createPacer(pace, { identity: this.identity, requestsPerMinute: this.requestsPerMinute, minuteMs: 60_000 });
    const caller = async () => {
      for (let i = 0; i < requests; i++) await pacer.beforeRequest().then(() => this.sent++);
    };
    await Promise.all(Array.from({ length: callers }, caller));
  }

  close = () => this.#ledger.close();
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('two workers', () => {
  test('both slow down at once, and neither was told', async () => {
    const { name } = await bench.campaign(1, { identities: ['shared'] });
    const workers = [new PacedWorker('shared', 1_200), new PacedWorker('shared', 1_200)];
    const CALLERS = 3;
    const working = workers.map((worker) => worker.work(CALLERS, 8));
    await until(() => workers.every(({ sent }) => sent >= 3));
    const began = performance.now();
    await order(name, { requests: 600 });
    const before = workers.map(({ sent }) => sent);
    await Promise.all(working);
    const after = workers.map(({ sent }, i) => sent - before[i]!);
    const slowed = after[0]! + after[1]! - 2 * CALLERS; // each caller may have had its turn at the moment of the order
    expect(Math.min(...after)).toBeGreaterThan(0);
    expect(performance.now() - began).toBeGreaterThanOrEqual((slowed - 1) * 100);
    await Promise.all(workers.map((worker) => worker.close()));
  });

  test('let nobody through who waits for a turn of the pace before, once it is frozen, and let them through again when it thaws', async () => {
    const { name } = await bench.campaign(1, { identities: ['frozen'] });
    await order(name, { requests: 60 });
    const workers = [new PacedWorker('frozen', 6_000), new PacedWorker('frozen', 6_000)];
    const sent = () => workers[0]!.sent + workers[1]!.sent;
    const working = Promise.all(workers.map((worker) => worker.work(4, 1)));
    await until(() => sent() > 0);
    await order(name, { requests: 0 });
    const before = sent();
    await until(() => workers.every(({ keptBack }) => keptBack >= 3));
    expect(sent() - before).toBeLessThanOrEqual(1); // whose turn had all but come
    expect(sent()).toBeLessThan(8);
    await order(name, clear);
    await working;
    expect(sent()).toBe(8);
    await Promise.all(workers.map((worker) => worker.close()));
  });
});
