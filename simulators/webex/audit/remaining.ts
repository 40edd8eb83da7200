import { DAY, YEAR } from '../../support/clock.js';
import type { Version } from '../meeting-record.js';
import { heldBetween, type Occurrence } from '../occurrences.js';
import { isEndless, slotsBetween } from '../recurrence.js';

/** Enough to see that two endless series are one. */
const ENDLESS_HORIZON = 370 * DAY;
/** No rule with an end goes on for longer. */
const HORIZON = 10 * YEAR;

/** Whether `made` is the rest of `legacy` as it was to be held from `createdAt` on: each occurrence with its start, end and title. */
export function isRest(made: Version, legacy: Version, createdAt: number): boolean {
  const range = rangeOf(made, legacy, createdAt);
  if (!range) return false;
  const ours = heldBetween({ id: '', ...made }, range.from, range.to);
  const first = ours[0]?.start ?? Infinity;
  const rest = heldBetween({ id: '', ...legacy }, range.from, range.to).filter(({ start }) => start > createdAt || start >= first);
  return rest.length === ours.length && rest.every((occurrence, i) => shown(occurrence, legacy) === shown(ours[i], made));
}

const shown = (occurrence: Occurrence | undefined, { plan }: Version): string => (occurrence ? `${occurrence.start} ${occurrence.end} ${occurrence.exception?.title ?? plan.title}` : '');

/**
 * Whether `made` has the rule of the rest of a `legacy` series with exceptions, so that changes of single occurrences could make
 * it that rest. A slot that the legacy series holds otherwise may be in or not.
 */
export function couldBecomeRest(made: Version, legacy: Version, createdAt: number): boolean {
  const range = rangeOf(made, legacy, createdAt);
  if (!range || legacy.exceptions.size === 0) return false;
  const ours = new Set(slotsBetween(made.plan, range.from, range.to).map(({ start }) => start));
  const theirs = slotsBetween(legacy.plan, range.from, range.to).map(({ start }) => start);
  const wanted = theirs.filter((start) => (start > createdAt || start >= made.plan.start) && !legacy.exceptions.has(start));
  const known = new Set(theirs);
  return wanted.every((start) => ours.has(start)) && [...ours].every((start) => known.has(start));
}

/** Where the two are compared; `null` when one ends and the other does not. */
function rangeOf(made: Version, legacy: Version, createdAt: number): { readonly from: number; readonly to: number } | null {
  if (isEndless(made.plan) !== isEndless(legacy.plan)) return null;
  const changes = [made, legacy].flatMap(({ exceptions }) => [...exceptions].flatMap(([original, { end = original }]) => [original, end]));
  const horizon = made.plan.start + (isEndless(made.plan) ? ENDLESS_HORIZON : HORIZON);
  return { from: Math.min(createdAt, made.plan.start), to: Math.max(horizon, ...changes.map((at) => at + DAY)) };
}
