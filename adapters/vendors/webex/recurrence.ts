import { RRuleTemporal } from 'rrule-temporal';
import type { Occurrence, Window } from '../../../domain/meeting.js';

export interface Rule {
  readonly start: number;
  readonly lengthMs: number;
  readonly timezone: string;
  /** RFC 2445, without `RRULE:`. */
  readonly recurrence: string;
}

export function isZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Local date and time in a zone, `2024-09-02T09:00:00`. */
function localTime(ms: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' }).formatToParts(new Date(ms));
  const part = (type: string): string => parts.find((found) => found.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}`;
}

/** The same with its offset, `2024-09-02T09:00:00+02:00`: no reader can take it for another instant, in the hour that comes twice neither. */
export function zonedTime(ms: number, timeZone: string): string {
  const local = localTime(ms, timeZone);
  const offset = Math.round((Date.parse(`${local}Z`) - ms) / 60_000);
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((n) => String(n).padStart(2, '0'));
  return `${local}${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
}

/** Occurrences that are not over at `from` and begin before `to`. @throws when the rule cannot be read. */
export function occurrencesIn({ start, lengthMs, timezone, recurrence }: Rule, { from, to }: Window): readonly Occurrence[] {
  if (!/FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)\b/.test(recurrence)) throw new RangeError('not a rule of days');
  const dtstart = { timeZoneId: timezone, toString: () => `${zonedTime(start, timezone)}[${timezone}]` };
  const rule = new RRuleTemporal({ rruleString: `RRULE:${recurrence.replace(/^RRULE:/, '')}`, dtstart, tzid: timezone });
  const begin = new Date(Date.parse(from) - lengthMs + 1);
  return rule.between(begin, new Date(Date.parse(to) - 1), true).map(({ epochMilliseconds }) => ({
    start: new Date(epochMilliseconds).toISOString(),
    end: new Date(epochMilliseconds + lengthMs).toISOString(),
  }));
}

/** The rule from a later occurrence on: COUNT becomes what remains, beyond any window that was read too; UNTIL and no end stay. */
export function remainder(rule: Rule, next: number): string {
  const held = () => occurrencesIn({ ...rule, lengthMs: 1 }, { from: new Date(rule.start).toISOString(), to: new Date(next).toISOString() }).length;
  return rule.recurrence.replace(/COUNT=(\d+)/, (_, count: string) => `COUNT=${Number(count) - held()}`);
}
