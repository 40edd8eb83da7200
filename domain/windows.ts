import type { Instant } from './meeting.js';

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/** Hours by the clock on the wall of a zone, on the days on which they begin: `22:00-06:00` on `fri` ends on Saturday. */
export interface WeeklyWindow {
  readonly days: readonly Weekday[];
  /** Minutes after midnight, 0 to 1439. */
  readonly from: number;
  /** Minutes after midnight, 0 to 1440; not after `from`: of the next day. */
  readonly to: number;
  /** IANA name. */
  readonly zone: string;
}

/** When a campaign may work. Without a window: always. */
export interface Windows {
  /** Claims, creations and deletions. */
  readonly writes: readonly WeeklyWindow[];
  /** Mails. */
  readonly notices: readonly WeeklyWindow[];
}

/** Absent: open. */
export interface ClosedWindows {
  readonly writes?: Instant;
  readonly notices?: Instant;
}

const MINUTE_MS = 60_000;
const DAY = 1440;
const WEEK = 7 * DAY;
/** Clocks are put forward or back by two hours at most (Antarctica/Troll): so near an opening, and so soon after a closing, each minute is looked at. */
const LEAP = 125;
/** Windows whose hour is skipped this week open in one of the next. Milliseconds. */
const FARTHEST_MS = 15 * DAY * MINUTE_MS;

/** Pure. `now` in milliseconds since the epoch. */
export const isOpen = (windows: readonly WeeklyWindow[], now: number): boolean => windows.length === 0 || windows.some((window) => distances(window, now).toOpening === 0);

/** Pure. From `now` on the first moment at which one is open, to the minute; `null` when none opens within two weeks. */
export function nextOpening(windows: readonly WeeklyWindow[], now: number): Instant | null {
  if (windows.length === 0) return new Date(now).toISOString();
  for (let at = now; at <= now + FARTHEST_MS; ) {
    const near = windows.map((window) => distances(window, at));
    const minutes = Math.min(...near.map(({ toOpening }) => toOpening));
    if (minutes === 0) return new Date(at).toISOString();
    const mayOpenAgain = near.some(({ sinceClosing }) => sinceClosing < LEAP);
    at = (Math.floor(at / MINUTE_MS) + (mayOpenAgain ? 1 : Math.max(1, minutes - LEAP))) * MINUTE_MS;
  }
  return null;
}

/** When it opens, of what is closed now; `null` when it is open. */
export const closedUntil = (windows: readonly WeeklyWindow[] = [], now: number): Instant | null =>
  isOpen(windows, now) ? null : (nextOpening(windows, now) ?? new Date(now + FARTHEST_MS).toISOString());

export function closedWindows({ writes = [], notices = [] }: Partial<Windows> = {}, now: number): ClosedWindows | undefined {
  const [forWrites, forNotices] = [closedUntil(writes, now), closedUntil(notices, now)];
  if (forWrites === null && forNotices === null) return undefined;
  return { ...(forWrites === null ? {} : { writes: forWrites }), ...(forNotices === null ? {} : { notices: forNotices }) };
}

/** A sentence for each that is closed. */
export const closedTexts = ({ writes, notices }: ClosedWindows = {}): readonly string[] => [
  ...(writes === undefined ? [] : [`Outside its windows: nothing is begun or deleted before ${writes}.`]),
  ...(notices === undefined ? [] : [`Outside its windows for notices: nobody is mailed before ${notices}.`]),
];

interface Distances {
  /** Minutes by the clock on the wall until the window begins; 0 while it is open. */
  readonly toOpening: number;
  /** The same since it ended: when clocks are put back it begins once more. */
  readonly sinceClosing: number;
}

function distances({ days, from, to, zone }: WeeklyWindow, now: number): Distances {
  const minute = minuteOfWeek(now, zone);
  const length = to > from ? to - from : to - from + DAY;
  const sinceBegin = days.map((day) => (minute - (weekdays.indexOf(day) * DAY + from) + WEEK) % WEEK);
  const isOpenNow = sinceBegin.some((minutes) => minutes < length);
  return { toOpening: isOpenNow ? 0 : Math.min(...sinceBegin.map((minutes) => WEEK - minutes)), sinceClosing: Math.min(...sinceBegin.map((minutes) => minutes - length)) };
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone) ?? new Intl.DateTimeFormat('en', { timeZone: zone, weekday: 'short', hour: 'numeric', minute: 'numeric', hourCycle: 'h23' });
  clocks.set(zone, known);
  return known;
}

/** Minutes since Monday, 00:00, by the clock on the wall. */
function minuteOfWeek(at: number, zone: string): number {
  const parts = clockOf(zone).formatToParts(at);
  const part = (type: 'weekday' | 'hour' | 'minute'): string => parts.find((each) => each.type === type)?.value ?? '';
  return weekdays.indexOf(part('weekday').toLowerCase() as Weekday) * DAY + Number(part('hour')) * 60 + Number(part('minute'));
}
