import pc from 'picocolors';
import { changeOf, requestRate } from '../../client/commands/throttle.js';
import { inForce, throttleLines, throttleOrderLines } from '../../client/show/throttles.js';
import { throttleFault, throttleText, type ThrottleOrder } from '../../domain/throttle.js';
import { emptyCounts } from '../../domain/states.js';
import { board } from '../../workflows/lib/board.js';

jest.mock('@temporalio/workflow', () => ({ setCurrentDetails: () => undefined, defineUpdate: () => undefined, defineSignal: () => undefined }));

const plain = pc.createColors(false);
const order = (given: Partial<ThrottleOrder> = {}): ThrottleOrder => ({ id: 1, limit: 'requests', of: 'ops-1', value: 120, at: '2026-11-24T00:00:00.000Z', by: 'Ada', reason: 'the helpdesk is busy', ...given });

test.each([
  ['120/m', 120],
  ['2/s', 120],
  ['600/h', 10],
  ['30/h', 0.5],
  ['0', 0],
  ['0/m', 0],
  [' 5/m ', 5],
])('%s is %d requests a minute', (typed, perMinute) => expect(requestRate(typed)).toBe(perMinute));

test.each(['', '120', '-1/m', '1.5/m', '120/d', '120 /m', 'fast', '12345678/m'])('%j is no rate', (typed) => expect(() => requestRate(typed)).toThrow('like 2/s, 120/m or 600/h'));

test('one order sets what it names and leaves the rest, or takes all off', () => {
  expect(changeOf({ requests: 0 })).toEqual({ requests: 0, concurrent: undefined });
  expect(changeOf({ concurrent: 5 })).toEqual({ requests: undefined, concurrent: 5 });
  expect(changeOf({ clear: true })).toEqual({ requests: null, concurrent: null });
  expect(() => changeOf({})).toThrow('say how slow');
  expect(() => changeOf({ clear: true, requests: 0 })).toThrow('without --requests');
});

test('more than the files allow is refused by name; as much, less, nothing and a clearing are not', () => {
  const allowed = { identities: [{ name: 'ops-1', requestsPerMinute: 240 }, { name: 'ops-2', requestsPerMinute: 100 }], maxConcurrent: 20 };
  expect(throttleFault({ requests: 101 }, allowed)).toContain('identity ops-2 100 requests a minute');
  expect(throttleFault({ concurrent: 21 }, allowed)).toContain('20 meetings at once (limits.maxConcurrent)');
  for (const change of [{ requests: 100, concurrent: 20 }, { requests: 0 }, { requests: null, concurrent: null }, {}]) expect(throttleFault(change, allowed)).toBeNull();
});

test('each order is told in words', () => {
  expect([order(), order({ value: 0 }), order({ value: null }), order({ value: 0.5 }), order({ value: 1.666666 })].map(throttleText)).toEqual([
    'identity ops-1: at most 120 requests a minute',
    'identity ops-1: frozen, nothing is asked of the vendor',
    'identity ops-1: as fast as relink.yaml allows',
    'identity ops-1: at most 30 requests an hour',
    'identity ops-1: at most 1.67 requests a minute',
  ]);
  expect([order({ limit: 'concurrent', of: 'spring', value: 5 }), order({ limit: 'concurrent', of: 'spring', value: null })].map(throttleText)).toEqual(['lanes of spring: at most 5 at once', 'lanes of spring: as many meetings at once as its file allows']);
});

test('of all orders the last of each limit is in force, unless it was taken off', () => {
  const orders = [order(), order({ id: 2, value: 0 }), order({ id: 3, of: 'ops-2' }), order({ id: 4, limit: 'concurrent', of: 'spring', value: 5 }), order({ id: 5, of: 'ops-2', value: null })];
  expect(inForce(orders).map(({ id }) => id)).toEqual([2, 4]);
});

test('status tells what is throttled, by whom, since when and why, and the command that takes it off; the list tells all orders', () => {
  expect(throttleLines('spring', [order()], plain)).toEqual(['Throttled: identity ops-1: at most 120 requests a minute, by Ada at 2026-11-24T00:00:00.000Z: the helpdesk is busy. Take it off with `relink throttle spring --clear --by NAME --reason TEXT`.']);
  const listed = throttleOrderLines([order(), order({ id: 2, value: null, by: 'Grace', reason: 'quiet again' })], plain).join('\n');
  for (const part of ['at most 120', 'Ada', 'the helpdesk is busy', 'as fast as relink.yaml allows', 'Grace', 'quiet again']) expect(listed).toContain(part);
  expect([throttleLines('spring', undefined, plain), throttleOrderLines(undefined, plain)]).toEqual([[], []]);
});

test('the board in the Temporal UI tells the value and the command, and names nobody', () => {
  const { by: _, reason: __, ...named } = order();
  const text = board('spring', 'remediating', { counts: emptyCounts(), reconciles: true, order: 'go', pendingNotices: 0, open: [], latestGraceEnd: null, failures: {}, exposedStarts: 0, throttles: [{ ...named, value: 0 }] }, 0);
  expect(text).toContain('**Throttled: identity ops-1: frozen, nothing is asked of the vendor.**');
  expect(text).toContain('relink throttle spring --clear');
});
