import { changesLeft } from '../../../domain/changes.js';
import type { MeetingSnapshot, Occurrence, RefusalReason } from '../../../domain/meeting.js';
import { mayMove, occurrencesIn, remainder, ruleOf, type Rule } from './recurrence.js';

/** Where a replacement begins, and by which rule it goes on. */
export interface Replan {
  readonly first: Occurrence;
  readonly recurrence?: string | undefined;
}

/** No rule with an end goes on for longer: developer guide of the vendor, "Recurrence". */
const LONGEST_MS = 11 * 366 * 86_400_000;

/** Of one meeting, by the vendor's page "Create a Meeting". Its own clients allow more. */
const LENGTHS_MS = { least: 10 * 60_000, most: (24 * 60 - 1) * 60_000 };

/** Whether anything new may last as long, a meeting or one occurrence of a series. */
export function mayLast({ start, end }: Pick<Occurrence, 'start' | 'end'>): boolean {
  const length = Date.parse(end) - Date.parse(start);
  return length >= LENGTHS_MS.least && length <= LENGTHS_MS.most;
}

/** A meeting from its next occurrence on, the rule's time, not that of a change. `now` in milliseconds since the epoch. */
export function replan(legacy: MeetingSnapshot, now: number): Replan | RefusalReason {
  if (!legacy.recurrence) return { first: legacy.occurrences.find(({ start }) => Date.parse(start) > now) ?? { start: legacy.start, end: legacy.end } };
  const rule = ruleOf(legacy, legacy.recurrence);
  const to = legacy.until ?? new Date(now + LONGEST_MS).toISOString();
  const slots = occurrencesIn(rule, { from: new Date(now).toISOString(), to }).filter(({ start }) => Date.parse(start) > now);
  const changes = changesLeft(legacy, now);
  const deleted = new Set(changes.flatMap(({ original, held }) => (held ? [] : [original])));
  const first = slots.find(({ start }) => !deleted.has(start));
  if (!first) return changes.some(({ held }) => held) ? 'SeriesExceptions' : 'UnknownRecurrence';

  const anew: Rule = { ...rule, start: Date.parse(first.start), recurrence: remainder(rule, Date.parse(first.start)) };
  const rest = occurrencesIn(anew, { from: first.start, to });
  const wanted = slots.filter(({ start }) => start >= first.start);
  if (rest.length !== wanted.length || rest.some(({ start }, i) => start !== wanted[i]?.start)) return 'UnknownRecurrence';
  return changes.every((change) => isPossible(change, anew, now)) ? { first, recurrence: anew.recurrence } : 'SeriesExceptions';
}

/** A change that the new series can take over: of an occurrence that it has, and to a time at which the vendor allows it. */
function isPossible({ original, held }: ReturnType<typeof changesLeft>[number], anew: Rule, now: number): boolean {
  if (!held || Date.parse(held.start) <= now) return true;
  if (!mayLast(held)) return false;
  return Date.parse(original) >= anew.start && (held.start === original || mayMove(anew, Date.parse(original), Date.parse(held.start)));
}
