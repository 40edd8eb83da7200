export const MINUTE_MS = 60_000;
/** Minutes. */
export const DAY = 1440;
/** Minutes. */
export const WEEK = 7 * DAY;

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone) ?? new Intl.DateTimeFormat('en', { timeZone: zone, year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', hourCycle: 'h23' });
  clocks.set(zone, known);
  return known;
}

/** Minutes from 1970-01-01, 00:00, to what the clock on the wall of a zone shows. `at` in milliseconds since the epoch. */
export function wallMinute(zone: string, at: number): number {
  const parts = clockOf(zone).formatToParts(at);
  const part = (type: 'year' | 'month' | 'day' | 'hour' | 'minute'): number => Number(parts.find((each) => each.type === type)?.value ?? 0);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute')) / MINUTE_MS;
}

/**
 * The moment at which so many minutes have gone by on the wall clock of a zone, or the first at which it was put forward or back, if that
 * is sooner: then it shows another time, which may come once more. At most a week ahead, in which a clock is changed once at most.
 */
export function afterWallMinutes(zone: string, at: number, minutes: number): number {
  const now = Math.floor(at / MINUTE_MS);
  const offset = wallMinute(zone, at) - now;
  const isOther = (minute: number): boolean => wallMinute(zone, minute * MINUTE_MS) - minute !== offset;
  let [same, other] = [now, now + Math.min(WEEK, minutes)];
  if (!isOther(other)) return other * MINUTE_MS;
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2);
    if (isOther(middle)) other = middle;
    else same = middle;
  }
  return other * MINUTE_MS;
}
