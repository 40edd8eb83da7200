import type { Instant } from './meeting.js';
import type { StepEvent } from './states.js';

/** How far the affected meetings of a campaign were at a moment; a meeting is in one of these at a time. */
export interface BurnDownPoint {
  readonly at: Instant;
  /** Still on their old link alone: not begun, under way, or put back. */
  readonly legacy: number;
  /** Old and new link both valid. */
  readonly replaced: number;
  /** The old meeting is deleted, its death not proven. */
  readonly retired: number;
  /** The old link is proven dead. */
  readonly done: number;
}

type Stage = keyof Omit<BurnDownPoint, 'at'>;

const MINUTE = 60_000;
/** Between two points; the shortest that needs no more than `MOST_POINTS`. */
const INTERVALS_MS = [1, 5, 15, 60, 6 * 60, 24 * 60, 7 * 24 * 60].map((minutes) => minutes * MINUTE);
const MOST_POINTS = 60;

/** Steps whose end moves a meeting, and to where. */
const moves: Readonly<Partial<Record<string, Stage>>> = { verify: 'replaced', retire: 'retired', 'verify retired': 'done', 'remove replacement': 'legacy', 'restore room': 'legacy' };

/**
 * What was left over time, from the log of steps alone, so that it cannot say anything else than the log. Pure.
 * @param logs of each affected meeting, in the order of time
 * @returns from the first step to the last, evenly spaced; nothing when nothing has begun
 */
export function burnDown(logs: readonly (readonly Pick<StepEvent, 'step' | 'state' | 'at'>[])[]): readonly BurnDownPoint[] {
  const changes = logs.flatMap(changesOf).sort((a, b) => a.at - b.at);
  const times = logs.flatMap((log) => log.map(({ at }) => Date.parse(at)));
  if (times.length === 0) return [];
  const [from, to] = times.reduce(([least, most], at) => [Math.min(least, at), Math.max(most, at)], [Infinity, -Infinity] as const);
  const counts: Record<Stage, number> = { legacy: logs.length, replaced: 0, retired: 0, done: 0 };
  let next = 0;
  return momentsBetween(from, to).map((moment) => {
    for (let change = changes[next]; change && change.at <= moment; change = changes[++next]) {
      counts[change.from]--;
      counts[change.to]++;
    }
    return { at: new Date(moment).toISOString(), ...counts };
  });
}

interface Change {
  readonly at: number;
  readonly from: Stage;
  readonly to: Stage;
}

function changesOf(log: readonly Pick<StepEvent, 'step' | 'state' | 'at'>[]): readonly Change[] {
  let now: Stage = 'legacy';
  return log.flatMap(({ step, state, at }) => {
    const to = state === 'done' ? moves[step] : undefined;
    if (to === undefined || to === now) return [];
    const from = now;
    now = to;
    return [{ at: Date.parse(at), from, to }];
  });
}

/** The first is before everything, on the whole interval; the last is not before anything. */
function momentsBetween(from: number, to: number): readonly number[] {
  const interval = INTERVALS_MS.find((length) => (to - from) / length <= MOST_POINTS - 2) ?? Math.ceil((to - from) / (MOST_POINTS - 2));
  const first = Math.floor(from / interval) * interval;
  return Array.from({ length: Math.ceil((to - first) / interval) + 1 }, (_, i) => first + i * interval);
}
