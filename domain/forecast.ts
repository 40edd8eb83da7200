import { laneFor } from './lanes.js';
import type { Instant } from './meeting.js';
import { QuotaWindows, type CreationLimits } from './quota-windows.js';
import { openFrom, type WeeklyWindow } from './windows.js';
import { afterEachOf, afterRequests, closedBetween } from './work-hours.js';

/** What one identity may do, and what it has done. */
export interface LanePace extends CreationLimits {
  readonly identity: string;
  readonly requestsPerMinute: number;
  /** The vendor asked this identity for silence until then. */
  readonly quietUntil: Instant | null;
}

/** Meetings of one wave that one lane has yet to replace; of one host, when `host` says of whom. */
export interface LaneLoad {
  readonly wave: number;
  readonly lane: string;
  readonly host?: string | undefined;
  readonly meetings: number;
  /** They are left alone until then, because their organiser is told ahead. */
  readonly from?: Instant | null | undefined;
}

/** One meeting that waits. */
export interface QueuedMeeting extends LaneLoad {
  readonly meeting: string;
  readonly startsAt: Instant | null;
}

/** How long the same work would take with another number of identities. */
export interface WithIdentities {
  readonly identities: number;
  readonly replacedAt: Instant;
}

export interface WaveForecast {
  readonly wave: number;
  readonly beginsAt: Instant;
  /** When its last meeting has a replacement. */
  readonly replacedAt: Instant;
}

export interface Forecast {
  readonly requests: number;
  readonly waves: readonly WaveForecast[];
  /** When the last meeting of all has a replacement; now when there is nothing to do. */
  readonly replacedAt: Instant;
  /** What decides how long it takes while windows are open. */
  readonly limitedBy: 'requests' | 'creations';
  /** How much of the time until then windows of the campaign are closed. Milliseconds. */
  readonly closedMs: number;
}

/** Requests of one remediation from snapshot to the proof that the old link is dead, as `npm run bench` measures them: 8 for a single meeting, 15 for a series, where hosts have a few of them. */
export const REQUESTS_PER_MEETING = 11;

/** What first attempts may use, when `reserve` percent are kept for repeats. */
export const freshLimits = <T extends Readonly<Record<string, number>>>(limits: T, reserve: number): T =>
  Object.fromEntries(Object.entries(limits).map(([name, limit]) => [name, limit - Math.floor((limit * reserve) / 100)])) as T;

/**
 * When the work could be done if the vendor's limits alone decided: waves one after the other, lanes side by side. The first creations
 * come as fast as requests allow, each further one when one is a window old. Faults and meetings that must first be over make it later. `now` in milliseconds since the epoch; `hours`: the campaign's windows for writes, at whose rates it goes.
 */
export function forecast(now: number, load: readonly LaneLoad[], lanes: readonly LanePace[], hours: readonly WeeklyWindow[] = [], perMeeting = REQUESTS_PER_MEETING): Forecast {
  const courses = new Map(lanes.map((lane) => [lane.identity, new Course(lane, hours, perMeeting, now)]));
  const { waves, clock } = waveByWave(now, load, courses, hours);
  const requests = load.reduce((sum, { meetings }) => sum + meetings, 0) * perMeeting;
  return { requests, waves, replacedAt: iso(clock), limitedBy: [...courses.values()].some(({ waited }) => waited) ? 'creations' : 'requests', closedMs: Math.round(closedBetween(hours, now, clock)) };
}

/** The same meeting by meeting: when each of the queue has a replacement, `null` when its lane is none of these. Of a wave the queue is in the order in which lanes take. */
export function turnsOf(now: number, queue: readonly QueuedMeeting[], lanes: readonly LanePace[], hours: readonly WeeklyWindow[] = []): readonly (number | null)[] {
  const courses = new Map(lanes.map((lane) => [lane.identity, new QueueCourse(lane, hours, REQUESTS_PER_MEETING, now)]));
  waveByWave(now, queue, courses, hours);
  return queue.map((meeting) => courses.get(meeting.lane)?.turns.get(meeting) ?? null);
}

/** Most of what is compared: beyond that nobody asks a vendor for more. */
const MOST_IDENTITIES = 10;
const DAY_MS = 86_400_000;

/**
 * What more or fewer identities like these would make of it: one, those there are, twice as many, and as many as are through within a day, if that
 * takes no more than ten. Hosts are divided by the rule of lanes.
 */
export function byIdentities(now: number, load: readonly LaneLoad[], lanes: readonly LanePace[], hours: readonly WeeklyWindow[] = []): readonly WithIdentities[] {
  const own = lanes.length;
  const endWith = (count: number): WithIdentities => {
    const among = count === own ? { load, lanes } : divided(load, lanes, count);
    return { identities: count, replacedAt: forecast(now, among.load, among.lanes, hours).replacedAt };
  };
  const compared = [...new Set([1, own, 2 * own])].map(endWith);
  const isQuick = ({ replacedAt }: WithIdentities): boolean => Date.parse(replacedAt) - now <= DAY_MS;
  for (let count = 2 * own + 1; count <= MOST_IDENTITIES && !compared.some(isQuick); count++) {
    const more = endWith(count);
    if (isQuick(more)) compared.push(more);
  }
  return compared;
}

function divided(load: readonly LaneLoad[], lanes: readonly LanePace[], count: number): { readonly load: readonly LaneLoad[]; readonly lanes: readonly LanePace[] } {
  const copies = Math.ceil(count / lanes.length);
  const like = (lane: LanePace) => Array.from({ length: copies }, (_, i) => (i === 0 ? lane : { ...lane, identity: `${lane.identity} ${i}`, createsUsed: 0, quietUntil: null }));
  const among = lanes.flatMap(like).slice(0, count);
  const names = among.map(({ identity }) => identity);
  return { load: load.map((line) => ({ ...line, lane: laneFor(line.host ?? '', names) })), lanes: among };
}

function waveByWave(now: number, load: readonly LaneLoad[], courses: ReadonlyMap<string, Course>, hours: readonly WeeklyWindow[]): { readonly waves: readonly WaveForecast[]; readonly clock: number } {
  let clock = now;
  const waves = [...new Set(load.map(({ wave }) => wave))].sort((a, b) => a - b).map((wave) => {
    const own = load.filter((each) => each.wave === wave);
    const begins = openFrom(hours, Math.max(clock, own.reduce((least, line) => Math.min(least, fromOf(line)), Infinity)));
    for (const [lane, course] of courses) clock = Math.max(clock, course.replaceInTurn(begins, own.filter((each) => each.lane === lane)));
    return { wave, beginsAt: iso(begins), replacedAt: iso(clock) };
  });
  return { waves, clock };
}

interface Line {
  readonly load: LaneLoad;
  readonly host: string;
  meetings: number;
}

/** So that shares that add up to a whole meeting do. */
const ROUNDING = 1e-6;

/** One lane on its way through its quota windows, which follow each other and so stand for the one that rolls. */
class Course {
  /** Whether it ever waited for a window to be over. */
  waited = false;
  protected readonly windows: QuotaWindows;

  constructor(
    protected readonly pace: LanePace,
    protected readonly hours: readonly WeeklyWindow[],
    protected readonly perMeeting: number,
    from: number,
  ) {
    this.windows = new QuotaWindows(pace, from);
  }

  /** Those that are left alone for longer after the others. @returns when the last of them has a replacement, at the earliest `begins`. */
  replaceInTurn(begins: number, load: readonly LaneLoad[]): number {
    const groups = new Map<number, LaneLoad[]>();
    for (const line of load) {
      const group = groups.get(fromOf(line));
      if (group) group.push(line);
      else groups.set(fromOf(line), [line]);
    }
    return [...groups].sort(([a], [b]) => a - b).reduce((clock, [from, group]) => this.replace(Math.max(clock, from), group), begins);
  }

  private replace(begins: number, load: readonly LaneLoad[]): number {
    const left = load.filter(({ meetings }) => meetings > 0).map((line) => ({ load: line, host: line.host ?? '', meetings: line.meetings }));
    if (left.length === 0) return begins;
    let clock = openFrom(this.hours, Math.max(begins, quietEnd(this.pace)));
    for (;;) {
      while (this.windows.end <= clock) this.windows.next();
      clock = this.work(clock, left);
      if (left.every(({ meetings }) => meetings === 0)) return clock;
      this.windows.next();
      if (this.windows.from > clock) this.waited = true;
      clock = openFrom(this.hours, Math.max(clock, this.windows.from));
    }
  }

  /** All that this window lets. @returns when that is done */
  protected work(clock: number, left: readonly Line[]): number {
    const before = left.map(({ meetings }) => meetings);
    const asked = afterRequests(this.hours, this.pace.requestsPerMinute, clock, this.take(left) * this.perMeeting);
    const courses = left.map((line, i) => ({ ...line, taken: (before[i] ?? 0) - line.meetings, of: before[i] ?? 0 })).filter(({ taken }) => taken > 0);
    const reached = placesOf(courses).map(({ host, place }) => ({ host, at: this.freed(host, clock + place * (asked - clock)) }));
    for (const { host, at } of reached) this.windows.reached(host, at);
    return reached.reduce((latest, { at }) => Math.max(latest, at), asked);
  }

  /** When the last creation of this host could be, that requests allow `at` some time. */
  protected freed(host: string, at: number): number {
    const opens = this.windows.opens(host);
    return opens <= at ? at : openFrom(this.hours, opens);
  }

  /**
   * As many as this window lets. The ledger takes meetings by their start, whoever holds them, so hosts get shares by what they
   * have left; what a full host cannot take, the others do. @returns how many.
   */
  private take(left: readonly Line[]): number {
    const before = this.windows.used;
    for (;;) {
      const open = left.filter((line) => this.roomOf(line) > 0);
      const room = this.pace.createsLimit - this.windows.used;
      if (open.length === 0 || room <= 0) return this.windows.used - before;
      const share = Math.min(1, room / open.reduce((sum, { meetings }) => sum + meetings, 0));
      let due = ROUNDING;
      for (const line of open) {
        due += share * line.meetings;
        this.create(line, Math.min(Math.floor(due), this.roomOf(line)));
        due %= 1;
      }
    }
  }

  protected roomOf({ host, meetings }: Line): number {
    return Math.min(meetings, this.windows.room(host));
  }

  protected create(line: Line, count: number): void {
    line.meetings -= count;
    this.windows.create(line.host, count);
  }
}

/** A lane of which each meeting is known: it takes them in their order, and leaves out those of hosts that are full. */
class QueueCourse extends Course {
  readonly turns = new Map<LaneLoad, number>();

  protected override work(clock: number, left: readonly Line[]): number {
    const taken: { readonly line: Line; readonly opens: number }[] = [];
    for (const line of left) {
      if (this.windows.used >= this.pace.createsLimit) break;
      if (this.roomOf(line) === 0) continue;
      this.create(line, 1);
      taken.push({ line, opens: this.freed(line.host, 0) });
    }
    const asked = afterEachOf(this.hours, this.pace.requestsPerMinute, clock, this.perMeeting, taken.length);
    return taken.reduce((latest, { line, opens }, i) => {
      const turn = Math.max(opens, asked[i] ?? clock);
      this.turns.set(line.load, turn);
      this.windows.reached(line.host, turn);
      return Math.max(latest, turn);
    }, clock);
  }
}

/** Where in the work of a window, from 0 to 1, each host has its last turn: they take turns by what they had left, so whoever is full early is so early. */
function placesOf(lines: readonly { readonly host: string; readonly taken: number; readonly of: number }[]): readonly { readonly host: string; readonly place: number }[] {
  const sorted = lines.map((line) => ({ ...line, share: line.taken / line.of })).sort((a, b) => a.share - b.share);
  let made = 0;
  let open = sorted.reduce((sum, { of }) => sum + of, 0);
  const turns = sorted.map(({ host, share, taken, of }) => {
    const turn = made + share * open;
    made += taken;
    open -= of;
    return { host, turn };
  });
  const last = turns.at(-1)?.turn ?? 0;
  return turns.map(({ host, turn }) => ({ host, place: last === 0 ? 0 : turn / last }));
}

const fromOf = ({ from }: LaneLoad): number => (from ? Date.parse(from) : 0);
const quietEnd = ({ quietUntil }: LanePace): number => (quietUntil === null ? 0 : Date.parse(quietUntil));
const iso = (ms: number): Instant => new Date(Math.round(ms)).toISOString();
