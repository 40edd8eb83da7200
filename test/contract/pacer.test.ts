import { RelinkFailure } from '../../domain/failures.js';
import type { PaceBook } from '../../domain/ledger.js';
import { createPacer } from '../../worker/pacer.js';
import { failureOf } from '../support/webex-answers.js';

const mockWaited: number[] = [];
jest.mock('node:timers/promises', () => ({ setTimeout: (ms: number) => Promise.resolve(void mockWaited.push(ms)) }));
beforeEach(() => mockWaited.splice(0));

type Slot = Awaited<ReturnType<PaceBook['reserveRequest']>>;

/** Gives these slots one after the other, and notes who asked. */
class ScriptedPace implements Pick<PaceBook, 'reserveRequest' | 'quietFor' | 'quietMs'> {
  /** What the vendor has asked for by the time a waited-for turn has come; silence ends after one look. */
  silence = 0;
  readonly asked: (readonly [string, number])[] = [];
  readonly hushed: (readonly [string, number])[] = [];
  constructor(private readonly slots: readonly Slot[]) {}

  reserveRequest(identity: string, requestsPerMinute: number): Promise<Slot> {
    const slot = this.slots[this.asked.push([identity, requestsPerMinute]) - 1];
    return slot ? Promise.resolve(slot) : Promise.reject(new Error('asked too often'));
  }
  quietMs(): Promise<number> {
    const now = this.silence;
    this.silence = 0;
    return Promise.resolve(now);
  }
  quietFor(identity: string, ms: number): Promise<void> {
    this.hushed.push([identity, ms]);
    return Promise.resolve();
  }
}

const paced = (...slots: readonly Slot[]) => {
  const pace = new ScriptedPace(slots);
  const book: PaceBook = { reserveRequest: (...asked) => pace.reserveRequest(...asked), quietFor: (...asked) => pace.quietFor(...asked), quietMs: () => pace.quietMs(), spendCreation: () => Promise.reject(new Error('not ours to spend')), creationAnswered: () => Promise.reject(new Error('not ours to spend')) };
  return { pace, pacer: createPacer(book, 'ops-1', 300) };
};
const quiet = (waitMs: number): Slot => ({ taken: false, waitMs });
const taken = (waitMs = 0): Slot => ({ taken: true, waitMs });

test('a free slot is used at once, in the name and at the rate of the identity', async () => {
  const { pace, pacer } = paced(taken());
  await pacer.beforeRequest();
  expect([pace.asked, mockWaited]).toEqual([[['ops-1', 300]], []]);
});

test('a slot whose turn comes later is waited for, however long: it is taken already', async () => {
  const { pacer } = paced(taken(9_700));
  await pacer.beforeRequest();
  expect(mockWaited).toEqual([9_700]);
});

test('a turn that comes while the vendor has asked for silence meanwhile is given up for a later one', async () => {
  const { pace, pacer } = paced(taken(3_000), quiet(1_000), taken());
  pace.silence = 1_000;
  await pacer.beforeRequest();
  expect(mockWaited).toEqual([3_000, 1_000]);
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

test('a silence that the vendor asks for is told to all workers', async () => {
  const { pace, pacer } = paced();
  await pacer.quietFor(42_000);
  expect(pace.hushed).toEqual([['ops-1', 42_000]]);
});

test('trouble of the ledger is not swallowed', async () => {
  const cause = await paced().pacer.beforeRequest().catch((thrown: unknown) => thrown);
  expect(cause).toBeInstanceOf(Error);
  expect(cause).not.toBeInstanceOf(RelinkFailure);
});
