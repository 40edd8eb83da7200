import { RRuleTemporal } from 'rrule-temporal';
import { atLocal, localDate, stamp } from '../support/zone.js';

/** When something is held: one time, or again and again. Milliseconds since the epoch. */
export interface Timing {
  readonly start: number;
  readonly end: number;
  /** IANA zone in which the rule is read. */
  readonly timezone: string;
  /** RFC 2445, without `RRULE:`. */
  readonly recurrence?: string | undefined;
}

export interface Slot {
  readonly start: number;
  readonly end: number;
}

const rules = new WeakMap<Timing, RRuleTemporal>();

function ruleOf(timing: Timing): RRuleTemporal {
  const known = rules.get(timing);
  if (known) return known;
  const rule = new RRuleTemporal({ rruleString: `RRULE:${timing.recurrence}`, dtstart: zoned(timing.start, timing.timezone), tzid: timing.timezone });
  rules.set(timing, rule);
  return rule;
}

/** A time in its zone, as the library reads it. */
const zoned = (ms: number, timeZoneId: string): { timeZoneId: string; toString(): string } => ({ timeZoneId, toString: () => `${stamp(ms, timeZoneId)}[${timeZoneId}]` });

/** Slots of the rule that begin in [from, to), ascending. */
export function slotsBetween(timing: Timing, from: number, to: number): readonly Slot[] {
  const length = timing.end - timing.start;
  if (timing.recurrence === undefined) return timing.start >= from && timing.start < to ? [{ start: timing.start, end: timing.end }] : [];
  if (from >= to) return [];
  return ruleOf(timing)
    .between(new Date(from), new Date(to - 1), true)
    .map(({ epochMilliseconds: start }) => ({ start, end: start + length }));
}

/** The slot that runs at `at` or else the first after it. */
export function slotAt(timing: Timing, at: number): Slot | undefined {
  const length = timing.end - timing.start;
  if (timing.recurrence === undefined) return timing.end > at ? { start: timing.start, end: timing.end } : undefined;
  const start = ruleOf(timing).next(new Date(at - length))?.epochMilliseconds;
  return start === undefined ? undefined : { start, end: start + length };
}

/**
 * Where the occurrence that the rule puts at `original` may be moved to: from the midnight before it to the midnight before the next slot, in the zone
 * of the series. The first has no beginning, the last no end. Developer guide, "Restrictions on Updating a Meeting", rule 5.
 */
export function recurringInterval(timing: Timing, original: number): { readonly from: number; readonly to: number } {
  const midnight = (ms: number): number => atLocal(localDate(ms, timing.timezone), '00:00:00', timing.timezone);
  const next = timing.recurrence === undefined ? undefined : slotAt(timing, original + timing.end - timing.start);
  return { from: original === timing.start ? -Infinity : midnight(original), to: next ? midnight(next.start) : Infinity };
}

export const isEndless = ({ recurrence }: Timing): boolean => recurrence !== undefined && !/(COUNT|UNTIL)=/.test(recurrence);

const caps: Readonly<Record<string, number>> = { DAILY: 1826, WEEKLY: 261, MONTHLY: 60, YEARLY: 5 };
const order = ['FREQ', 'COUNT', 'UNTIL', 'INTERVAL', 'BYDAY', 'BYMONTHDAY', 'BYMONTH', 'BYSETPOS'];

/** The rule as the vendor keeps it (its own order of parts, no second day for monthly rules), or `null` when it is none. */
export function normaliseRule(text: string): string | null {
  const parts = new Map(text.replace(/^RRULE:/, '').split(';').map((part) => part.split('=', 2) as [string, string]));
  const frequency = parts.get('FREQ') ?? '';
  const cap = caps[frequency];
  if (cap === undefined || [...parts].some(([name, value]) => !order.includes(name) && name !== 'WKST' ? true : !value)) return null;
  if (!parts.has('INTERVAL')) parts.set('INTERVAL', '1');
  if (!/^[1-9]\d{0,3}$/.test(parts.get('INTERVAL') ?? '')) return null;
  const count = parts.get('COUNT');
  if (count !== undefined) {
    if (!/^[1-9]\d{0,5}$/.test(count) || parts.has('UNTIL')) return null;
    parts.set('COUNT', String(Math.min(Number(count), cap)));
  }
  const until = parts.get('UNTIL');
  if (until !== undefined && !/^\d{8}(T\d{6}Z?)?$/.test(until)) return null;
  if (frequency === 'MONTHLY' || frequency === 'YEARLY') for (const name of ['BYDAY', 'BYMONTHDAY']) firstOnly(parts, name);
  return [...parts].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b)).map((part) => part.join('=')).join(';');
}

function firstOnly(parts: Map<string, string>, name: string): void {
  const value = parts.get(name);
  if (value !== undefined) parts.set(name, value.split(',')[0] ?? value);
}

/** The timing with its start moved to the first slot of its rule, `null` when the rule has none. */
export function anchored(timing: Timing): Timing | null {
  if (timing.recurrence === undefined) return timing;
  try {
    const first = ruleOf(timing).next(new Date(timing.start), true)?.epochMilliseconds;
    return first === undefined ? null : { ...timing, start: first, end: first + timing.end - timing.start };
  } catch {
    return null;
  }
}
