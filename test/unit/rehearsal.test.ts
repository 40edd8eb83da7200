import { REQUESTS_PER_MEETING } from '../../domain/forecast.js';
import { covers, estimateOf, settingsOf, standingOf, type Measured, type Rehearsed } from '../../domain/rehearsal.js';
import type { ShapeFigures } from '../../domain/shape.js';
import { aSpec } from '../support/specs.js';

const HOUR = 3_600_000;
const pace = [{ name: 'ops-1', requestsPerMinute: 240, createsPerDay: { identity: 3000, host: 800, reserve: 6 }, quotaWindowMs: 24 * HOUR }];
const settings = settingsOf(aSpec('a'), pace);
const shape: ShapeFigures = { meetings: 100, others: 3, hosts: 10, kinds: { single: 60, series: 40 }, most: 20 };
const aRehearsal = (more: Partial<Rehearsed> = {}): Rehearsed => ({ plan: 3, passed: true, faults: 'ordinary', share: 1, shape, settings, at: '2026-11-24T03:10:00.000Z', ...more });
const now = (more: Partial<ShapeFigures>) => ({ shape: { ...shape, ...more }, settings });

test('a rehearsal stands for the same shape, for less of it, and for a tenth more', () => {
  for (const less of [{}, { meetings: 20, kinds: { single: 20 } }, { others: 0 }, { meetings: 110 }, { most: 22 }]) expect(covers(aRehearsal(), now(less))).toBe(true);
  for (const more of [{ meetings: 111 }, { kinds: { ...shape.kinds, room: 1 } }, { most: 23 }]) expect(covers(aRehearsal(), now(more))).toBe(false);
});

test('it no longer stands when a limit or a rule has changed, and does when only the inventory or the windows have', () => {
  const with_ = (changes: Parameters<typeof aSpec>[1], limits = pace) => settingsOf(aSpec('a', changes), limits) === settings;
  expect(with_({ evidence: { unknown: 'review', snapshots: [] } })).toBe(true);
  expect(with_({ windows: { writes: [], notices: [] } })).toBe(true);
  expect(with_({ limits: { maxMeetings: 5, maxConcurrent: 20 } })).toBe(true);
  expect(with_({}, [...pace, { ...pace[0]!, name: 'ops-2' }])).toBe(true);
  expect(with_({ graceMs: 1 })).toBe(false);
  expect(with_({ waves: ['rest'] })).toBe(false);
  expect(with_({ limits: { maxMeetings: 1000, maxConcurrent: 21 } })).toBe(false);
  expect(with_({}, [{ ...pace[0]!, requestsPerMinute: 300 }])).toBe(false);
});

test('of several that stand for it the newest speaks', () => {
  const failed = aRehearsal({ passed: false, plan: 4 });
  expect(standingOf([failed, aRehearsal()], now({}))).toEqual({ standing: 'failed', last: failed });
  expect(standingOf([aRehearsal(), failed], now({})).standing).toBe('passed');
  expect(standingOf([{ ...failed, settings: 'other' }, aRehearsal()], now({})).standing).toBe('passed');
});

test('one that does not stand for it is named all the same', () => {
  expect(standingOf([aRehearsal()], now({ meetings: 500 }))).toEqual({ standing: 'not rehearsed', last: aRehearsal() });
  expect(standingOf([], now({}))).toEqual({ standing: 'not rehearsed', last: null });
});

const measured: Measured = { workMs: 60_000, scale: 100, keepsUp: true, requestsPerMeeting: 2 * REQUESTS_PER_MEETING, forecast: { replacedAt: new Date(10 * HOUR).toISOString(), limitedBy: 'requests' }, plannedAt: 0, settleMs: HOUR, windowsMs: 0 };

test('how long it takes at the vendor comes from the requests that were made, or from the time where the quota of creations decides', () => {
  expect(estimateOf(measured)).toMatchObject({ ms: 21 * HOUR, how: expect.stringContaining(`${2 * REQUESTS_PER_MEETING} requests`) as string });
  expect(estimateOf({ ...measured, requestsPerMeeting: null }).ms).toBe(11 * HOUR);
  expect(estimateOf({ ...measured, forecast: { ...measured.forecast, limitedBy: 'creations' } })).toMatchObject({ ms: 6_000_000 + HOUR, how: expect.stringContaining('scale') as string });
  expect(estimateOf({ ...measured, keepsUp: false, forecast: { ...measured.forecast, limitedBy: 'creations' } })).toMatchObject({ ms: 11 * HOUR, how: expect.stringContaining('too slow') as string });
});

test('what the campaign’s windows add comes on top, and is said', () => {
  for (const limitedBy of ['requests', 'creations'] as const) {
    const open = { ...measured, forecast: { ...measured.forecast, limitedBy } };
    expect(estimateOf({ ...open, windowsMs: 5 * HOUR })).toMatchObject({ ms: estimateOf(open).ms + 5 * HOUR, windowsMs: 5 * HOUR });
  }
});
