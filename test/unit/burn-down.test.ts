import fc from 'fast-check';
import pc from 'picocolors';
import { burnDownLines } from '../../client/show/burn-down.js';
import { burnDown } from '../../domain/burn-down.js';
import type { StepEvent, StepName } from '../../domain/states.js';

const START = Date.parse('2026-06-01T12:00:30.000Z');
type Logged = Pick<StepEvent, 'step' | 'state' | 'at'>;
const logged = (minutes: number, step: StepName, state: StepEvent['state'] = 'done'): Logged => ({ step, state, at: new Date(START + minutes * 60_000).toISOString() });

describe('what was left over time', () => {
  test('is nothing before anything has begun', () => {
    expect(burnDown([])).toEqual([]);
    expect(burnDown([[], []])).toEqual([]);
  });

  test('follows each meeting from its old link to the proof that it is dead, minute by minute', () => {
    const whole = [logged(0, 'snapshot'), logged(1, 'verify', 'failed'), logged(1.6, 'verify'), logged(3, 'retire'), logged(4, 'verify retired')];
    expect(burnDown([whole, []])).toEqual([
      { at: '2026-06-01T12:00:00.000Z', legacy: 2, replaced: 0, retired: 0, done: 0 },
      { at: '2026-06-01T12:01:00.000Z', legacy: 2, replaced: 0, retired: 0, done: 0 },
      { at: '2026-06-01T12:02:00.000Z', legacy: 2, replaced: 0, retired: 0, done: 0 },
      { at: '2026-06-01T12:03:00.000Z', legacy: 1, replaced: 1, retired: 0, done: 0 },
      { at: '2026-06-01T12:04:00.000Z', legacy: 1, replaced: 0, retired: 1, done: 0 },
      { at: '2026-06-01T12:05:00.000Z', legacy: 1, replaced: 0, retired: 0, done: 1 },
    ]);
  });

  test('goes up again for what was put back', () => {
    const back = [logged(0, 'snapshot'), logged(1, 'verify'), logged(2, 'remove replacement')];
    expect(burnDown([back]).map(({ legacy }) => legacy)).toEqual([1, 1, 0, 1]);
  });

  test('of weeks is told in few lines', () => {
    const points = burnDown([[logged(0, 'snapshot'), logged(40 * 24 * 60, 'verify retired')]]);
    expect(points.length).toBeLessThanOrEqual(60);
    expect(points.at(-1)).toMatchObject({ legacy: 0, done: 1 });
  });

  test('always adds up, is in order, and ends as the log does', () => {
    const steps = fc.constantFrom<StepName>('snapshot', 'replace', 'verify', 'retire', 'verify retired', 'remove replacement');
    const log = fc.array(fc.tuple(fc.integer({ min: 0, max: 500_000 }), steps, fc.constantFrom('started' as const, 'done' as const, 'failed' as const)), { maxLength: 12 });
    const ordered = log.map((events) => events.sort(([a], [b]) => a - b).map(([minutes, step, state]) => logged(minutes, step, state)));
    fc.assert(
      fc.property(fc.array(ordered, { minLength: 1, maxLength: 8 }), (logs) => {
        const points = burnDown(logs);
        for (const { legacy, replaced, retired, done } of points) expect(legacy + replaced + retired + done).toBe(logs.length);
        for (const point of points) expect(Math.min(point.legacy, point.replaced, point.retired, point.done)).toBeGreaterThanOrEqual(0);
        expect(points.length).toBeLessThanOrEqual(60);
        const times = points.map(({ at }) => at);
        expect(times).toEqual(times.toSorted());
        const last = logs.flat().map(({ at }) => at).sort().at(-1);
        if (last !== undefined) expect(times.at(-1)! >= last).toBe(true);
      }),
    );
  });

  test('is printed thinned out, with the last point, and longer where more is left', () => {
    const points = Array.from({ length: 40 }, (_, i) => ({ at: `2026-06-01T12:${String(i).padStart(2, '0')}:00.000Z`, legacy: 39 - i, replaced: 0, retired: 0, done: i }));
    const lines = burnDownLines(points, pc.createColors(false));
    expect(lines.length).toBeLessThanOrEqual(2 + 12);
    expect(lines.at(-1)).toMatch(/12:39:00\S+ +0 +0 +0 +39$/);
    const lengths = lines.map((line) => line.split('█').length).slice(2);
    expect(lengths).toEqual(lengths.toSorted((a, b) => b - a));
    expect(burnDownLines([], pc.createColors(false))).toEqual([]);
  });
});
