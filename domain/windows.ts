import type { Instant } from './meeting.js';
import { afterWallMinutes, DAY, MINUTE_MS, WEEK, wallMinute } from './wall-clock.js';

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
  /** Requests a minute of each identity, above 0; or 0, a freeze: nothing, whatever else is open. Absent: as many as else allowed. */
  readonly rate?: number | undefined;
  /** Of a freeze: the days from the first to the last on which its hours begin, like `2026-12-24`. Absent: every week. */
  readonly dates?: { readonly first: string; readonly last: string } | undefined;
}

/** When a campaign may work, and how fast. Without hours that are open: always, but for freezes. */
export interface Windows {
  /** Claims, creations and deletions. */
  readonly writes: readonly WeeklyWindow[];
  /** Mails. No rate but 0. */
  readonly notices: readonly WeeklyWindow[];
}

/** How it is with the windows of one kind at a moment. */
export interface WindowStanding {
  readonly of: keyof Windows;
  /** Requests a minute of each identity; 0: closed; `null`: as many as else allowed. */
  readonly rate: number | null;
  /** The one that says so; `null` outside of all. */
  readonly window: string | null;
  /** When another rate begins; `null`: never. */
  readonly until: Instant | null;
}

/** Windows whose hour is skipped this week open in one of the next. Milliseconds. */
const FARTHEST_MS = 15 * DAY * MINUTE_MS;
/** A week like any other, to tell windows by that never open. */
const SOME_WEEK = Date.UTC(2026, 0, 5);

/** Pure. Requests a minute that windows leave at a moment, 0 when they are closed, `Infinity` when they say nothing. `at` in milliseconds since the epoch. */
export const rateAt = (windows: readonly WeeklyWindow[], at: number): number => ruling(windows, at).rate;

/** Pure. `now` in milliseconds since the epoch. */
export const isOpen = (windows: readonly WeeklyWindow[], now: number): boolean => rateAt(windows, now) > 0;

/** Pure. The first moment after `now` at which another rate begins, to the minute; `null` when none does within two weeks, dated freezes not counted. */
export function nextChange(windows: readonly WeeklyWindow[], now: number): number | null {
  if (windows.length === 0) return null;
  const rate = rateAt(windows, now);
  const dated = windows.map(({ dates }) => (dates ? Date.parse(dates.last) : 0));
  const farthest = Math.max(now, ...dated) + FARTHEST_MS;
  for (let at = nextBorder(windows, now); at <= farthest; at = nextBorder(windows, at)) if (rateAt(windows, at) !== rate) return at;
  return null;
}

/** Pure. From `now` on the first moment at which they are open, to the minute; `null` when they never are. */
export function nextOpening(windows: readonly WeeklyWindow[], now: number): Instant | null {
  const at = isOpen(windows, now) ? now : nextChange(windows, now);
  return at === null ? null : new Date(at).toISOString();
}

/** The same in milliseconds. */
export const openFrom = (windows: readonly WeeklyWindow[], now: number): number => (isOpen(windows, now) ? now : (nextChange(windows, now) ?? now + FARTHEST_MS));

/** When it opens, of what is closed now; `null` when it is open. */
export const closedUntil = (windows: readonly WeeklyWindow[] = [], now: number): Instant | null => (isOpen(windows, now) ? null : new Date(openFrom(windows, now)).toISOString());

/** Whether nothing would ever happen. Freezes with dates are over one day. */
export const neverOpen = (windows: readonly WeeklyWindow[]): boolean =>
  nextOpening(windows.filter(({ dates }) => dates === undefined), SOME_WEEK) === null;

/** Of both kinds, those that have windows. */
export function windowStandings({ writes = [], notices = [] }: Partial<Windows> = {}, now: number): readonly WindowStanding[] {
  return ([['writes', writes], ['notices', notices]] as const).flatMap(([of, windows]) => (windows.length === 0 ? [] : [standing(of, windows, now)]));
}

function standing(of: keyof Windows, windows: readonly WeeklyWindow[], now: number): WindowStanding {
  const { rate, window } = ruling(windows, now);
  const until = nextChange(windows, now);
  return { of, rate: rate === Infinity ? null : rate, window: window === null ? null : windowText(window), until: until === null ? null : new Date(until).toISOString() };
}

interface Ruling {
  readonly rate: number;
  readonly window: WeeklyWindow | null;
}

const OPEN: Ruling = { rate: Infinity, window: null };

/** The lowest rate of those whose hours it is; outside of all hours nothing, unless there are none but of freezes. */
function ruling(windows: readonly WeeklyWindow[], at: number): Ruling {
  const now = windows.filter((window) => covers(window, wallMinute(window.zone, at))).map((window): Ruling => ({ rate: window.rate ?? Infinity, window }));
  const hasHours = windows.some(({ rate }) => rate !== 0);
  if (now.length === 0) return hasHours ? { rate: 0, window: null } : OPEN;
  return now.reduce((least, each) => (each.rate < least.rate ? each : least));
}

/** Days since 1970-01-01, a Thursday. */
const weekdayOf = (day: number): Weekday | undefined => weekdays[(day + 3) % 7];
const dayOf = (date: string): number => Date.parse(date) / (DAY * MINUTE_MS);
const beginsOn = ({ days, dates }: WeeklyWindow, day: number): boolean =>
  days.some((each) => each === weekdayOf(day)) && (dates === undefined || (day >= dayOf(dates.first) && day <= dayOf(dates.last)));
const lengthOf = ({ from, to }: WeeklyWindow): number => (to > from ? to - from : to - from + DAY);

/** `wall`: as the clock of the zone shows it. */
function covers(window: WeeklyWindow, wall: number): boolean {
  const today = Math.floor(wall / DAY);
  return [today - 1, today].some((day) => beginsOn(window, day) && wall >= day * DAY + window.from && wall < day * DAY + window.from + lengthOf(window));
}

/** The next moment at which hours may begin or end. */
const nextBorder = (windows: readonly WeeklyWindow[], at: number): number =>
  Math.min(...windows.map((window) => afterWallMinutes(window.zone, at, minutesToBorder(window, wallMinute(window.zone, at)))));

function minutesToBorder(window: WeeklyWindow, wall: number): number {
  const today = Math.floor(wall / DAY);
  const days = Array.from({ length: 9 }, (_, i) => today - 1 + i).filter((day) => beginsOn(window, day));
  const borders = days.flatMap((day) => [day * DAY + window.from, day * DAY + window.from + lengthOf(window)]);
  return Math.min(WEEK, ...borders.filter((border) => border > wall).map((border) => border - wall));
}

const clock = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** `sat, sun 00:00-24:00 Europe/Amsterdam` */
export const windowText = ({ days, from, to, zone, dates }: WeeklyWindow): string =>
  `${days.length === weekdays.length ? 'every day' : days.join(', ')} ${clock(from)}-${clock(to)} ${zone}${dates ? `, ${dates.first} to ${dates.last}` : ''}`;
