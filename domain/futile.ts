import type { Instant } from './meeting.js';
import type { StepEvent } from './states.js';

/** A creation of another meeting by the same identity, and whether it came to something. */
export interface Beside {
  readonly at: Instant;
  readonly made: boolean;
}

/** So many answers are no chance any more. */
const LEAST = 5;
/** In minutes of the vendor: over more than that they must have come, and so long is waited before the next attempt at most. */
const OVER_MINUTES = 60;
const MOST_MINUTES = 30;

export const futileAfterMs = (minuteMs: number): number => OVER_MINUTES * minuteMs;

/** Attempts to create that the vendor answered with a failure of its own, since one came to something, was taken back or was given up. No answer is none. */
export function answeredFailures(events: readonly StepEvent[]): readonly StepEvent[] {
  let found: StepEvent[] = [];
  for (const event of events) {
    const { step, state, failure, code = null } = event;
    if ((step === 'remove replacement' && state === 'done') || (step === 'replace' && (state === 'done' || failure === 'VendorRefused'))) found = [];
    else if (step === 'replace' && failure === 'NetworkAmbiguous' && code !== null && code >= 500) found.push(event);
  }
  return found;
}

/** Until the next attempt, after so many such answers: 1, 2, 4 and so on up to 30 minutes. The vendor has counted each. Milliseconds. */
export const nextTryMs = (answers: number, minuteMs: number): number => Math.ceil(Math.min(MOST_MINUTES, 2 ** (answers - 1)) * minuteMs);

/**
 * Whether the vendor fails at this meeting and not at others. An answer counts only when others were made both since the answer before and until the next
 * one, and at least as many as failed: in an outage nothing is made in between, and at its borders nothing is made on one side. So where nothing else is
 * being made nobody can tell, and it is tried on. `now` in milliseconds since the epoch.
 */
export function isFutile(answers: readonly Instant[], beside: readonly Beside[], overMs: number, now: number): boolean {
  const times = answers.map((at) => Date.parse(at));
  const borders = [(times[0] ?? now) - overMs, ...times, now];
  const isWell = borders.slice(1).map((to, i) => wellBetween(beside, borders[i] ?? to, to));
  const counted = times.filter((_, i) => isWell[i] && isWell[i + 1]);
  return counted.length >= LEAST && (counted.at(-1) ?? 0) - (counted[0] ?? 0) > overMs;
}

function wellBetween(beside: readonly Beside[], from: number, to: number): boolean {
  const between = beside.filter(({ at }) => Date.parse(at) > from && Date.parse(at) <= to);
  const made = between.filter((each) => each.made).length;
  return made > 0 && 2 * made >= between.length;
}
