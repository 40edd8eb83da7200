import { compact, DAY, HOUR, MINUTE } from '../../support/clock.js';
import type { Random } from '../../support/random.js';
import { atLocal, localDate } from '../../support/zone.js';
import type { PersonRecord } from '../people.js';
import { anchored, normaliseRule, slotAt, slotsBetween, type Timing } from '../recurrence.js';
import { zoneFor, zones } from './sites.js';

/** No seeded meeting begins sooner, but those that run from the start. */
const SOONEST = 20 * MINUTE;
export const lengths = [15, 30, 30, 45, 60, 60, 90] as const;

/** Office hours on a quarter of an hour. */
const wallTime = (rng: Random): string => `${String(rng.int(8, 17)).padStart(2, '0')}:${rng.pick(['00', '15', '30', '45'])}:00`;
/** Days ahead as in a real calendar: many soon, few late. */
const daysAhead = (rng: Random): number => Math.floor(360 * rng.next() ** 2.6);

const isWeekend = (date: string): boolean => [0, 6].includes(new Date(date).getUTCDay());

/** A single meeting between 20 minutes and a year ahead. */
export function futureTiming(rng: Random, now: number, host: Pick<PersonRecord, 'timezone'>): Timing {
  const timezone = zoneFor(rng, host);
  const length = rng.pick(lengths) * MINUTE;
  for (let day = daysAhead(rng); ; day += 1) {
    const date = localDate(now + day * DAY, timezone);
    const start = atLocal(date, wallTime(rng), timezone);
    if (start >= now + SOONEST && !isWeekend(date)) return { start, end: start + length, timezone };
  }
}

/** A single meeting that is over since 1 to 150 days. */
export function pastTiming(rng: Random, now: number): Timing {
  const timezone = rng.pick(zones);
  const start = atLocal(localDate(now - rng.int(1, 150) * DAY - HOUR, timezone), '10:00:00', timezone);
  return { start: Math.min(start, now - 2 * HOUR), end: Math.min(start, now - 2 * HOUR) + HOUR, timezone };
}

/** A single meeting that began half an hour ago and ends in an hour. */
export function runningTiming(now: number): Timing {
  const minute = now - (now % MINUTE);
  return { start: minute - 30 * MINUTE, end: minute + HOUR, timezone: 'UTC' };
}

/** A daily series whose running occurrence ends in `endsInMs`. To the second, so that a rehearsal need not wait for a minute to pass. */
export function runningSeries(rng: Random, now: number, endsInMs: number, firstDay: number): Timing {
  const end = Math.ceil((now + endsInMs) / 1000) * 1000;
  const days = Math.max(1, Math.round((now - firstDay) / DAY));
  const start = end - 30 * MINUTE - days * DAY;
  return { start, end: start + 30 * MINUTE, timezone: 'UTC', recurrence: rng.chance(0.5) ? 'FREQ=DAILY;INTERVAL=1' : until('FREQ=DAILY;INTERVAL=1', now + 90 * DAY) };
}

export interface Begins {
  readonly host: Pick<PersonRecord, 'timezone'>;
  readonly now: number;
  readonly from: number;
}

/** A series that begins on or after `from` and goes on beyond now. Its next occurrence is at least 20 minutes away and none runs now. */
export const seriesTiming = (rng: Random, begins: Begins): Timing => ended(rng, goingOn(rng, begins), begins.now, rng.pick(endings));

/** A series with at least `MANY` occurrences to come: by turns without end, until a day, or with a number where the vendor's ceiling allows it. */
export function longSeries(rng: Random, { host, now, from }: Begins, turn: number): Timing {
  const ending = endings[turn % endings.length] ?? 'endless';
  return ended(rng, goingOn(rng, { host, now, from: ending === 'count' ? Math.max(from, now - 60 * DAY) : from }), now, ending, MANY);
}

const endings = ['endless', 'until', 'count'] as const;
const MANY = 18;

function goingOn(rng: Random, { host, now, from }: Begins): Timing {
  const timezone = zoneFor(rng, host);
  const length = rng.pick(lengths) * MINUTE;
  const rule = anyRule(rng);
  for (;;) {
    const start = atLocal(localDate(from, timezone), wallTime(rng), timezone);
    const timing = anchored({ start, end: start + length, timezone, recurrence: rule });
    const next = timing && slotAt(timing, now);
    if (next && next.start >= now + SOONEST) return timing;
  }
}

const days = ['MO', 'TU', 'WE', 'TH', 'FR'] as const;

function anyRule(rng: Random): string {
  const weekdays = rng.shuffle(days).slice(0, rng.int(1, 2)).sort((a, b) => days.indexOf(a) - days.indexOf(b));
  const rules = [
    'FREQ=DAILY',
    'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
    `FREQ=WEEKLY;BYDAY=${weekdays.join(',')}`,
    `FREQ=WEEKLY;BYDAY=${weekdays.join(',')}`,
    `FREQ=WEEKLY;INTERVAL=2;BYDAY=${weekdays.join(',')}`,
    `FREQ=MONTHLY;BYMONTHDAY=${rng.int(1, 28)}`,
    `FREQ=MONTHLY;BYDAY=${rng.pick([1, 2, 3, -1])}${rng.pick(days)}`,
  ];
  return normaliseRule(rng.pick(rules)) ?? 'FREQ=DAILY;INTERVAL=1';
}

const until = (rule: string, at: number): string => normaliseRule(`${rule};UNTIL=${compact(at)}`) ?? rule;

/** Gives most series an end that is some occurrences ahead: a last moment, or a number where the vendor's ceiling allows it. */
export function ended(rng: Random, timing: Timing, now: number, way: (typeof endings)[number], least = 0): Timing {
  const next = slotAt(timing, now)?.start ?? now;
  const long = slotsBetween(timing, next, next + 31 * least * DAY)[least - 1]?.start ?? next;
  const last = Math.max(next + rng.int(60, 300) * DAY, long + HOUR);
  if (way === 'endless' || timing.recurrence === undefined) return timing;
  if (way === 'until') return { ...timing, recurrence: until(timing.recurrence, last) };
  const count = slotsBetween(timing, timing.start, last).length;
  const recurrence = normaliseRule(`${timing.recurrence};COUNT=${count}`);
  return recurrence?.includes(`COUNT=${count};`) ? { ...timing, recurrence } : { ...timing, recurrence: until(timing.recurrence, last) };
}
