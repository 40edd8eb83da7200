import { RRuleTemporal } from 'rrule-temporal';
import type { Occurrence, Window } from '../../../domain/meeting.js';

export interface Rule {
  readonly start: number;
  readonly lengthMs: number;
  readonly timezone: string;
  /** RFC 2445, without `RRULE:`. */
  readonly recurrence: string;
}

export const ruleOf = ({ start, end, timezone }: { readonly start: string; readonly end: string; readonly timezone: string }, recurrence: string): Rule => ({
  start: Date.parse(start),
  lengthMs: Date.parse(end) - Date.parse(start),
  timezone,
  recurrence,
});

/** Making one takes a hundred times as long as asking it. */
const clocks = new Map<string, Intl.DateTimeFormat>();

/** @throws RangeError when there is no such zone */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const clock = clocks.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' });
  clocks.set(timeZone, clock);
  return clock;
}

export function isZone(timeZone: string): boolean {
  try {
    return clockOf(timeZone).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** What the clocks of a zone show, `2024-09-02T09:00:00`. */
export function atWall(ms: number, timeZone: string): string {
  const parts = clockOf(timeZone).formatToParts(new Date(ms));
  const part = (type: string): string => parts.find((found) => found.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}`;
}

/** The same with its offset, `2024-09-02T09:00:00+02:00`: no reader can take it for another instant, in the hour that comes twice neither. */
export function zonedTime(ms: number, timeZone: string): string {
  const local = atWall(ms, timeZone);
  const offset = Math.round((Date.parse(`${local}Z`) - ms) / 60_000);
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((n) => String(n).padStart(2, '0'));
  return `${local}${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
}

/** Occurrences that are not over at `from` and begin before `to`. @throws when the rule cannot be read. */
export function occurrencesIn(rule: Rule, { from, to }: Window): readonly Occurrence[] {
  const begin = new Date(Date.parse(from) - rule.lengthMs + 1);
  return reader(rule)
    .between(begin, new Date(Date.parse(to) - 1), true)
    .map(({ epochMilliseconds }) => ({ start: new Date(epochMilliseconds).toISOString(), end: new Date(epochMilliseconds + rule.lengthMs).toISOString() }));
}

function reader({ start, timezone, recurrence }: Rule): RRuleTemporal {
  if (!/FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)\b/.test(recurrence)) throw new RangeError('not a rule of days');
  const dtstart = { timeZoneId: timezone, toString: () => `${zonedTime(start, timezone)}[${timezone}]` };
  return new RRuleTemporal({ rruleString: `RRULE:${recurrence.replace(/^RRULE:/, '')}`, dtstart, tzid: timezone });
}

const DAY_MS = 86_400_000;
/** Most occurrences of a rule with an end, five years of each: https://developer.webex.com/docs/api/v1/meetings/create-a-meeting */
const MOST: Readonly<Record<string, number>> = { DAILY: 1826, WEEKLY: 261, MONTHLY: 60, YEARLY: 5 };

/**
 * Whether what is left of a rule with an end is more than the vendor plans. Its document does not say whether the days of one week count together or
 * each [INFER: together; what it does not take is refused then].
 * @param computed all that is not over in the window, ascending
 */
export function isTooLong(rule: Rule, computed: readonly Occurrence[], { to }: Pick<Window, 'to'>): boolean {
  const part = (name: string): string | undefined => new RegExp(`\\b${name}=([^;]+)`).exec(rule.recurrence)?.[1];
  const [frequency = '', days = ''] = [part('FREQ'), part('BYDAY')];
  const most = (MOST[frequency] ?? 0) * (frequency === 'WEEKLY' ? days.split(',').length : 1);
  const next = Date.parse(computed[0]?.start ?? '');
  if (Number.isNaN(next)) return false;
  const count = part('COUNT');
  if (count !== undefined) return Number(count) > most && Number(/COUNT=(\d+)/.exec(remainder(rule, next))?.[1]) > most;
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)/.exec(part('UNTIL') ?? '') ?? [];
  if (year === undefined) return false;
  const until = Date.UTC(Number(year), Number(month) - 1, Number(day) + 1);
  if (computed.length > most || until <= Date.parse(to)) return computed.length > most;
  const far = Math.min(until, next + 6 * 366 * DAY_MS * Number(part('INTERVAL') ?? 1));
  return occurrencesIn(rule, { from: new Date(next).toISOString(), to: new Date(far).toISOString() }).length > most;
}

/** Whether the rule has an occurrence that begins exactly at each of these. */
export function hasSlots(rule: Rule, starts: readonly number[]): boolean {
  if (starts.length === 0) return true;
  const slots = new Set(reader(rule).between(new Date(Math.min(...starts)), new Date(Math.max(...starts)), true).map(({ epochMilliseconds }) => epochMilliseconds));
  return starts.every((start) => slots.has(start));
}

/**
 * Whether an occurrence that the rule puts at `original` may be moved to `start`: from the midnight before it to the midnight before the next,
 * in the zone of the series; the first has no beginning, the last no end. Developer guide of the vendor, "Restrictions on Updating a Meeting".
 */
export function mayMove(rule: Rule, original: number, start: number): boolean {
  const day = (ms: number): string => atWall(ms, rule.timezone).slice(0, 10);
  const next = reader(rule).next(new Date(original))?.epochMilliseconds;
  return (original === rule.start || day(start) >= day(original)) && (next === undefined || day(start) < day(next));
}

/** The rule from a later occurrence on: COUNT becomes what remains, beyond any window that was read too; UNTIL and no end stay. */
export function remainder(rule: Rule, next: number): string {
  const held = () => occurrencesIn({ ...rule, lengthMs: 1 }, { from: new Date(rule.start).toISOString(), to: new Date(next).toISOString() }).length;
  return rule.recurrence.replace(/COUNT=(\d+)/, (_, count: string) => `COUNT=${Number(count) - held()}`);
}
