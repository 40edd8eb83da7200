import { exclusionReasons, unaffectedReasons, type Verdict } from './judge.js';
import { refusalReasons, type Instant, type MeetingKind } from './meeting.js';
import type { State } from './states.js';

/** One meeting of a plan as a stranger may know it. */
export interface ShapedMeeting {
  readonly kind: MeetingKind;
  readonly finding: Verdict;
  /** Why it is left alone; a word of a closed list. */
  readonly reason: string | null;
  /** From the moment at which the shape was taken, to the minute; null when nothing is planned. Milliseconds. */
  readonly startsInMs: number | null;
}

/** What is left of a plan when everything is taken out that names a person or leads to a meeting. A host is a place in the list, the busiest first. */
export interface Shape {
  readonly hosts: readonly (readonly ShapedMeeting[])[];
}

/** One meeting of a plan, with whose it is. Of the host only that two lines are about the same one is used. */
export interface ShapeLine {
  readonly host: string;
  readonly kind: MeetingKind;
  readonly state: State;
  readonly reason: string | null;
  readonly startsAt: Instant | null;
}

/** A shape in figures. Kinds and the busiest host are of the meetings that are to be replaced. */
export interface ShapeFigures {
  readonly meetings: number;
  /** Looked at and left alone. */
  readonly others: number;
  readonly hosts: number;
  readonly kinds: Readonly<Partial<Record<MeetingKind, number>>>;
  /** Meetings of the host who has most of them. */
  readonly most: number;
}

const MINUTE_MS = 60_000;
const reasons: ReadonlySet<string> = new Set([...Object.keys(refusalReasons), ...Object.keys(exclusionReasons), ...unaffectedReasons]);
const findingOf: Readonly<Partial<Record<State, Verdict>>> = { waiting: 'affected', unaffected: 'unaffected', excluded: 'excluded', refused: 'refused' };

/** Pure. Copies nothing but kinds, words of closed lists and distances in time. `now` in milliseconds since the epoch. */
export function shapeOf(lines: readonly ShapeLine[], now: number): Shape {
  const hosts = new Map<string, ShapedMeeting[]>();
  for (const { host, kind, state, reason, startsAt } of lines) {
    const finding = findingOf[state];
    if (!finding) continue;
    const shaped = { kind, finding, reason: reason !== null && reasons.has(reason) ? reason : null, startsInMs: startsAt === null ? null : toMinute(Date.parse(startsAt) - now) };
    const known = hosts.get(host);
    if (known) known.push(shaped);
    else hosts.set(host, [shaped]);
  }
  return { hosts: [...hosts.values()].map((meetings) => meetings.toSorted(bySooner)).sort((a, b) => b.length - a.length) };
}

const toMinute = (ms: number): number => Math.round(ms / MINUTE_MS) * MINUTE_MS;
/** So that the order of the plan tells nothing. */
const bySooner = (a: ShapedMeeting, b: ShapedMeeting): number => (a.startsInMs ?? Infinity) - (b.startsInMs ?? Infinity) || (a.kind < b.kind ? -1 : 1);

export function figuresOf({ hosts }: Shape): ShapeFigures {
  const kinds: Partial<Record<MeetingKind, number>> = {};
  const affected = hosts.map((meetings) => meetings.filter(({ finding }) => finding === 'affected'));
  for (const { kind } of affected.flat()) kinds[kind] = (kinds[kind] ?? 0) + 1;
  const meetings = affected.flat().length;
  return { meetings, others: hosts.flat().length - meetings, hosts: hosts.length, kinds, most: affected.reduce((most, { length }) => Math.max(most, length), 0) };
}

/**
 * Pure. A share of the hosts, spread evenly from the busiest to the least busy, and one more for each kind with each finding that they
 * would leave out. @param share above 0, at most 1
 */
export function sampleOf({ hosts }: Shape, share: number): Shape {
  const isPicked = (i: number): boolean => Math.ceil((i + 1) * share) > Math.ceil(i * share);
  const sample = new Set(hosts.filter((_, i) => isPicked(i)));
  const sorts = (meetings: readonly ShapedMeeting[]): readonly string[] => meetings.map(({ kind, finding }) => `${kind} ${finding}`);
  const seen = new Set([...sample].flatMap(sorts));
  for (const host of hosts) {
    if (sorts(host).every((sort) => seen.has(sort))) continue;
    sample.add(host);
    for (const sort of sorts(host)) seen.add(sort);
  }
  return { hosts: hosts.filter((host) => sample.has(host)) };
}
