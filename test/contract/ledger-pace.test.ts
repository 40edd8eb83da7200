import { learnedPace } from '../../domain/pace.js';
import { LedgerBench } from '../support/ledger.js';
import { query } from '../support/postgres.js';

const bench = LedgerBench.inThisFile();
const HOUR = 3_600_000;
const allowed = (answers: readonly { allowed: boolean }[]) => answers.filter((answer) => answer.allowed).length;

/** As if so long ago had been longer ago: nobody waits, and no machine is too slow. */
const pass = (identity: string, ms: number) => query(bench.store.databaseUrl, `update quota_spend set at = at - make_interval(secs => $2) where identity = $1`, [identity, ms / 1000]);

describe('a creation quota', () => {
  test('of an identity is never overspent, however many ask at once', async () => {
    const quota = { identity: 37, host: 30, windowMs: HOUR };
    const asked = await Promise.all(Array.from({ length: 80 }, (_, i) => bench.ledger.pace.spendCreation('tight', `h${i % 5}@example.org`, quota)));
    expect(allowed(asked)).toBe(37);
    for (const answer of asked) if (!answer.allowed) expect(answer.waitMs > HOUR - 60_000 && answer.waitMs <= HOUR).toBe(true);
    expect((await quotaOf('tight')).createsUsed).toBe(37);
  });

  test('of a host is never overspent either, also when several identities work for it', async () => {
    const quota = { identity: 1000, host: 11, windowMs: HOUR };
    const asked = await Promise.all(Array.from({ length: 80 }, (_, i) => bench.ledger.pace.spendCreation(`one-of-${i % 4}`, 'Wanted@example.org', quota)));
    expect(allowed(asked)).toBe(11);
    expect(await bench.ledger.pace.spendCreation('one-of-0', 'wanted@EXAMPLE.org', quota)).toMatchObject({ allowed: false });
    expect(await bench.ledger.pace.spendCreation('one-of-0', 'other@example.org', quota)).toMatchObject({ allowed: true });
  });

  test('frees when the oldest creation leaves the window, as it said', async () => {
    const ask = () => bench.ledger.pace.spendCreation('rolling', 'a@example.org', { identity: 1, host: 1, windowMs: HOUR });
    await ask();
    const refused = await ask();
    if (refused.allowed) throw new Error('the window is full');
    await pass('rolling', refused.waitMs - 60_000);
    expect(await ask()).toMatchObject({ allowed: false });
    await pass('rolling', 60_000);
    expect(await ask()).toMatchObject({ allowed: true });
    expect((await quotaOf('rolling', 2 * HOUR)).createsUsed).toBe(2);
  });
});

test('a creation counts from its answer on: the vendor may have counted it as late as that', async () => {
  const ask = () => bench.ledger.pace.spendCreation('slow', 'slow@example.org', { identity: 1, host: 1, windowMs: HOUR });
  const left = async () => {
    const answer = await ask();
    return answer.allowed ? 0 : answer.waitMs;
  };
  const spent = await ask();
  if (!spent.allowed) throw new Error('the first is allowed');
  await pass('slow', HOUR / 2);
  const before = await left();
  await bench.ledger.pace.creationAnswered(spent.spend);
  expect(await left()).toBeGreaterThan(before);
});

async function quotaOf(identity: string, windowMs = HOUR) {
  const { name } = await bench.campaign(1, { identities: [identity] });
  const [quota] = (await bench.ledger.plans.status(name, windowMs)).quota;
  return quota!;
}

describe('the request rate', () => {
  test('holds over all callers: after a burst of five each slot is an interval after the one before', async () => {
    const began = performance.now();
    const slots = await Promise.all(Array.from({ length: 60 }, () => bench.ledger.pace.reserveRequest('paced', 600)));
    const tookMs = performance.now() - began;
    expect(slots.every(({ taken }) => taken)).toBe(true);
    const waits = slots.map(({ waitMs }) => waitMs).toSorted((a, b) => a - b);
    expect(waits.filter((ms) => ms === 0).length).toBeGreaterThanOrEqual(5);
    const last = waits.at(-1)!;
    expect(last).toBeLessThanOrEqual(5_500);
    expect(last + tookMs).toBeGreaterThanOrEqual(5_300); // 60 slots of 100 ms, less the burst and the first
  });

  test('lets the very first request of an identity through at once', async () => {
    expect(await bench.ledger.pace.reserveRequest('newcomer', 6)).toEqual({ taken: true, waitMs: 0, order: 0, throttled: false });
  });

  test('gives no slot that is too far away to sit and wait, and says when to come again', async () => {
    await bench.ledger.pace.reserveRequest('slow', 2);
    await bench.ledger.pace.reserveRequest('slow', 2);
    const refused = await Promise.all([1, 2, 3].map(() => bench.ledger.pace.reserveRequest('slow', 2)));
    for (const { taken, waitMs } of refused) {
      expect(taken).toBe(false);
      expect(waitMs).toBeGreaterThan(0);
      expect(waitMs).toBeLessThanOrEqual(49_000); // asking took nothing away
    }
  });

  test('gives no slot while an identity is quiet, and a shorter silence does not shorten a longer one', async () => {
    await bench.ledger.pace.quietFor('hushed', HOUR);
    await bench.ledger.pace.quietFor('hushed', 1_000);
    const { taken, waitMs } = await bench.ledger.pace.reserveRequest('hushed', 600);
    expect(taken).toBe(false);
    expect(waitMs).toBeGreaterThan(HOUR - 60_000);
    expect(Date.parse((await quotaOf('hushed')).quietUntil!)).toBeGreaterThan(Date.now());
    expect((await bench.ledger.pace.reserveRequest('not-hushed', 600)).taken).toBe(true);
  });
});

describe('what a silence teaches', () => {
  const learned = async (identity: string) => {
    const { name } = await bench.campaign(1, { identities: [identity] });
    return (await bench.ledger.plans.status(name, HOUR)).quota[0]!.learned;
  };
  /** As if the silence had ended so long ago. */
  const over = (identity: string, ms: number) =>
    query(bench.store.databaseUrl, `update identity set quiet_until = now() - make_interval(secs => $2), learned_at = now() - make_interval(secs => $2), next_slot = '-infinity' where name = $1`, [identity, ms / 1000]);
  const lesson = (requestsPerMinute: number, agoMs = 0) => ({ requestsPerMinute, minuteMs: 60_000, agoMs });
  const read = async (identity: string) =>
    (await query(bench.store.databaseUrl, `select extract(epoch from next_slot)::float8 * 1000 as next, extract(epoch from clock_timestamp() - learned_at)::float8 * 1000 as age, next_slot >= quiet_until as late from identity where name = $1`, [identity]))[0] as { readonly next: number; readonly age: number; readonly late: boolean };
  const inAnHour = (identity: string) => query(bench.store.databaseUrl, `update identity set next_slot = now() + interval '1 hour' where name = $1`, [identity]);

  test('lowers the rate once, however many answers ask for silence at once', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, i) => bench.ledger.pace.quietFor('many', 60_000 + i, lesson(300))));
    expect((await learned('many'))!.perMinute).toBe(285);
    expect((await learned('many'))!.ageMs).toBeLessThan(0);
    await over('many', 0);
    await bench.ledger.pace.quietFor('many', 60_000, lesson(300, 5_000)); // sent before that silence
    expect((await learned('many'))!.perMinute).toBeCloseTo(285, -1);
    await over('many', 10_000);
    await bench.ledger.pace.quietFor('many', 60_000, lesson(300, 50)); // sent after it
    expect((await learned('many'))!.perMinute).toBeCloseTo(0.7 * 287.5, -1);
  });

  test.each([0, 10 * 60_000, 60 * 60_000])('turns come as the rule has it %d ms after the silence, by the minutes of the vendor', async (ageMs) => {
    const identity = `after-${ageMs}`;
    await bench.ledger.pace.quietFor(identity, 1, lesson(1_000));
    await query(bench.store.databaseUrl, `update identity set learned_requests = 250 where name = $1`, [identity]);
    for (const minuteMs of [60_000, 1_000]) {
      await over(identity, (ageMs * minuteMs) / 60_000);
      await query(bench.store.databaseUrl, `update identity set next_slot = now() + interval '5 seconds' where name = $1`, [identity]);
      const before = await read(identity);
      await bench.ledger.pace.reserveRequest(identity, 1_000, minuteMs);
      const after = await read(identity);
      const [least, most] = [before, after].map(({ age }) => learnedPace({ perMinute: 250, ageMs: age }, { requestsPerMinute: 1_000, minuteMs }));
      const rate = 60_000 / (after.next - before.next);
      expect([rate > 0.99 * least!, rate < 1.01 * most!]).toEqual([true, true]);
    }
  });

  test('holds for the first turns too: none begins before the silence is over, to make up for it', async () => {
    await bench.ledger.pace.reserveRequest('one-by-one', 600);
    await bench.ledger.pace.quietFor('one-by-one', 60_000, lesson(600));
    expect((await read('one-by-one')).late).toBe(true);
  });

  test('is nothing when nobody knows what it was about, and an identity that was told so never is held up', async () => {
    await bench.ledger.pace.quietFor('renewing', 1);
    expect([await learned('renewing'), await bench.ledger.pace.heldUp('renewing')]).toEqual([undefined, { waitMs: 0, throttled: false }]);
  });

  test('holds activities up that have no turn near, as long as the vendor would listen', async () => {
    await bench.ledger.pace.quietFor('held', 1, lesson(10));
    await over('held', 0);
    await inAnHour('held');
    expect(await bench.ledger.pace.heldUp('held')).toEqual({ waitMs: 2_000, throttled: false });
    expect(await bench.ledger.pace.reserveRequest('held', 10)).toMatchObject({ taken: false, throttled: false });
    await bench.ledger.pace.quietFor('held', 60_000, lesson(10));
    expect(await bench.ledger.pace.heldUp('held')).toMatchObject({ waitMs: 0 });
  });
});
