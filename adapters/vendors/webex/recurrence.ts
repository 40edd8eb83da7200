import { RRuleTemporal } from 'rrule-temporal';
import type { Occurrence, Window } from '../../../domain/meeting.js';

export interface Rule {
  readonly start: number;
  readonly lengthMs: number;
  readonly timezone: string;
  /** RFC 2445, without `RRULE:`. */
  readonly recurrence: string;
}

/** Local date and time in a zone, `2024-09-02T09:00:00`. */
export function localTime(ms: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' }).formatToParts(new Date(ms));
  const part = (type: string): string => parts.find((found) => found.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}`;
}

/** Occurrences that are not over at `from` and begin before `to`. @throws when the rule cannot be read. */
export function occurrencesIn({ start, lengthMs, timezone, recurrence }: Rule, { from, to }: Window): readonly Occurrence[] {
  const offset = Date.parse(`${localTime(start, timezone)}Z`) - Math.floor(start / 1000) * 1000;
  const sign = offset < 0 ? '-' : '+';
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 3_600_000), Math.round((Math.abs(offset) % 3_600_000) / 60_000)].map((n) => String(n).padStart(2, '0'));
  const dtstart = { timeZoneId: timezone, toString: () => `${localTime(start, timezone)}${sign}${hours}:${minutes}[${timezone}]` };
  const rule = new RRuleTemporal({ rruleString: `RRULE:${recurrence.replace(/^RRULE:/, '')}`, dtstart, tzid: timezone });
  const begin = new Date(Date.parse(from) - lengthMs + 1);
  return rule.between(begin, new Date(Date.parse(to) - 1), true).map(({ epochMilliseconds }) => ({
    start: new Date(epochMilliseconds).toISOString(),
    end: new Date(epochMilliseconds + lengthMs).toISOString(),
  }));
}

/** The rule from a later occurrence on: COUNT becomes what remains, UNTIL and no end stay. */
export const remainder = (recurrence: string, remaining: number): string => recurrence.replace(/COUNT=\d+/, `COUNT=${remaining}`);
