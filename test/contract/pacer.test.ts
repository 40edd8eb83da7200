import { RelinkFailure } from '../../domain/failures.js';
import type { PaceBook, Slot } from '../../domain/ledger.js';
import { createPacer, whenThereIsATurn } from '../../worker/pacer.js';
import { failureOf } from '../support/webex-answers.js';

const mockWaited: number[] = [];
jest.mock('node:timers/promises', () => ({ setTimeout: (ms: number) => Promise.resolve(void mockWaited.push(ms)) }));
beforeEach(() => mockWaited.splice(0));

/** Gives these slots one after the other, and notes who asked. */
class ScriptedPace implements Pick<PaceBook, 'reserveRequest' | 'quietFor' | 'stands'> {
  /** After so many looks the vendor has asked for silence, or an operator for another pace; seen once. */
  standsFor = Infinity;
  readonly looks: (readonly [string, number])[] = [];
  readonly asked: (readonly [string, number])[] = [];
  readonly hushed: (readonly [string, number, unknown])[] = [];
  constructor(private readonly slots: readonly Slot[]) {}

  reserveRequest(identity: string, requestsPerMinute: number): Promise<Slot> {
    const slot = this.slots[this.asked.push([identity, requestsPerMinute]) - 1];
    return slot ? Promise.resolve(slot) : Promise.reject(new Error('asked too often'));
  }
  stands(identity: string, order: number): Promise<boolean> {
    return Promise.resolve(this.looks.push([identity, order]) !== this.standsFor);
  }
  quietFor(identity: string, ms: number, lesson: unknown): Promise<void> {
    this.hushed.push([identity, ms, lesson]);
    return Promise.resolve();
  }
}

const notOurs = () => Promise.reject(new Error('not ours to ask'));
const paced = (...slots: readonly Slot[]) => {
  const pace = new ScriptedPace(slots);
  const book: PaceBook = { reserveRequest: (identity, perMinute) => pace.reserveRequest(identity, perMinute), quietFor: (identity, ms, lesson) => pace.quietFor(identity, ms, lesson), stands: (...asked) => pace.stands(...asked), quietMs: notOurs, heldUp: notOurs, spendCreation: notOurs, creationAnswered: notOurs, returnCreation: notOurs };
  return { pace, pacer: createPacer(book, { identity: 'ops-1', requestsPerMinute: 300, minuteMs: 60_000 }) };
};
const quiet = (waitMs: number): Slot => ({ taken: false, waitMs, order: 7, throttled: false });
const throttled = (waitMs: number): Slot => ({ ...quiet(waitMs), throttled: true });
const taken = (waitMs = 0): Slot => ({ taken: true, waitMs, order: 7, throttled: false });

test('a free slot is used at once, in the name and at the rate of the identity', async () => {
  const { pace, pacer } = paced(taken());
  await pacer.beforeRequest();
  expect([pace.asked, mockWaited]).toEqual([[['ops-1', 300]], []]);
});

test('a slot whose turn comes later is waited for, however long: it is taken already; the pace is looked at every two seconds', async () => {
  const { pace, pacer } = paced(taken(9_700));
  await pacer.beforeRequest();
  expect(mockWaited).toEqual([2_000, 2_000, 2_000, 2_000, 1_700]);
  expect(pace.looks).toEqual(mockWaited.map(() => ['ops-1', 7]));
});

test('a turn that comes while the vendor has asked for silence meanwhile is given up for a later one', async () => {
  const { pace, pacer } = paced(taken(1_900), quiet(1_000), taken());
  pace.standsFor = 1;
  await pacer.beforeRequest();
  expect(mockWaited).toEqual([1_900, 1_000]);
});

test('a slot that was reserved under another pace is given up within two seconds of the order, long before its turn', async () => {
  const { pace, pacer } = paced(taken(9_700), throttled(2_000), taken(200));
  pace.standsFor = 2;
  await pacer.beforeRequest();
  expect([mockWaited, pace.asked.length]).toEqual([[2_000, 2_000, 2_000, 200], 3]);
});

test('what an operator freezes is sat out for a while, looking every two seconds; then Throttled says when to come again', async () => {
  const failure = await failureOf(paced(...Array.from({ length: 6 }, () => throttled(2_000))).pacer.beforeRequest());
  expect([failure.type, failure.facts.retryAfterMs, mockWaited.length]).toEqual(['Throttled', 2_000, 5]);
});

test('an activity of a throttled identity begins when there is a turn, and not at all when there is none for long', async () => {
  const waits = [2_000, 2_000, 0];
  let done = 0;
  const activities = { work: async (what: string) => `${what} ${++done}` };
  expect(await whenThereIsATurn({ heldUp: () => Promise.resolve({ waitMs: waits.shift() ?? 0, throttled: true }) }, 'ops-1', activities).work('it is')).toBe('it is 1');
  expect(mockWaited).toEqual([2_000, 2_000]);
  const failure = await failureOf(whenThereIsATurn({ heldUp: () => Promise.resolve({ waitMs: 2_000, throttled: true }) }, 'ops-1', activities).work('it is'));
  expect([failure.type, failure.facts.retryAfterMs, done]).toEqual(['Throttled', 2_000, 1]);
});

test('an activity of an identity that has learned to go slower waits for its turn too: the vendor asked for that, no operator', async () => {
  const slow = { heldUp: () => Promise.resolve({ waitMs: 2_000, throttled: false }) };
  const failure = await failureOf(whenThereIsATurn(slow, 'ops-1', { work: notOurs }).work());
  expect([failure.type, failure.facts.retryAfterMs, mockWaited.length]).toEqual(['RateLimited', 2_000, 5]);
});

test('a short silence is sat out, and only then a slot is taken', async () => {
  const { pace, pacer } = paced(quiet(4_000), taken(250));
  await pacer.beforeRequest();
  expect([mockWaited, pace.asked.length]).toEqual([[4_000, 250], 2]);
});

test('a silence that is renewed is sat out as long as all of it together is short', async () => {
  const { pacer } = paced(quiet(6_000), quiet(4_000), taken());
  await pacer.beforeRequest();
  expect(mockWaited).toEqual([6_000, 4_000]);
});

test.each([10_001, 3_600_000])('a silence of %d ms is too long to sit: RateLimited says when to come again', async (waitMs) => {
  const failure = await failureOf(paced(quiet(waitMs)).pacer.beforeRequest());
  expect([failure.type, failure.facts.retryAfterMs]).toEqual(['RateLimited', waitMs]);
  expect(mockWaited).toEqual([]);
});

test('short silences without an end are not sat out for ever', async () => {
  const failure = await failureOf(paced(quiet(6_000), quiet(3_000), quiet(2_000)).pacer.beforeRequest());
  expect([failure.type, failure.facts.retryAfterMs]).toEqual(['RateLimited', 2_000]);
  expect(mockWaited).toEqual([6_000, 3_000]);
});

test('a silence that the vendor asks for is told to all workers, with what it is to teach', async () => {
  const { pace, pacer } = paced();
  await pacer.quietFor(42_000, 80);
  expect(pace.hushed).toEqual([['ops-1', 42_000, { requestsPerMinute: 300, minuteMs: 60_000, agoMs: 80 }]]);
});

test('trouble of the ledger is not swallowed', async () => {
  const cause = await paced().pacer.beforeRequest().catch((thrown: unknown) => thrown);
  expect(cause).toBeInstanceOf(Error);
  expect(cause).not.toBeInstanceOf(RelinkFailure);
});
