import { isAlive, type MeetingRecord, type Version } from '../meeting-record.js';
import { couldBecomeRest, isRest } from './remaining.js';

/** A meeting created through the API that stands for an older one. */
export interface Replacement {
  readonly record: MeetingRecord;
  /** Tick from which on it did. */
  readonly since: number;
}

export interface Matching {
  /** By the legacy meeting they stand for. */
  readonly replacements: ReadonlyMap<MeetingRecord, readonly Replacement[]>;
  /** By the legacy meeting they would stand for, had their occurrences been changed as those of the legacy meeting are. */
  readonly unfinished: ReadonlyMap<MeetingRecord, readonly MeetingRecord[]>;
  readonly unmatched: readonly MeetingRecord[];
}

/**
 * Finds for each meeting created through the API which older meeting it stands for: same host, title and length, both webinars or neither, and the
 * same occurrences from its creation on, each with start, end and title. Tags do not count, nor what anybody else wrote down.
 */
export function match(records: readonly MeetingRecord[]): Matching {
  const older = byKey(records);
  const found = new Found();
  for (const made of records.filter(({ origin }) => origin === 'api')) {
    const keys = new Set(left(made).map((at) => keyOf(made, made.versions[at])));
    const legacies = found.fewestFirst([...new Set([...keys].flatMap((key) => older.get(key) ?? []))].filter(({ createdTick }) => createdTick < made.createdTick));
    found.place(made, legacies);
  }
  return found;
}

class Found implements Matching {
  readonly replacements = new Map<MeetingRecord, readonly Replacement[]>();
  readonly unfinished = new Map<MeetingRecord, readonly MeetingRecord[]>();
  readonly unmatched: MeetingRecord[] = [];

  place(made: MeetingRecord, legacies: readonly MeetingRecord[]): void {
    for (const legacy of legacies) {
      const since = standsSince(made, legacy);
      if (since !== undefined) return void this.replacements.set(legacy, [...(this.replacements.get(legacy) ?? []), { record: made, since }]);
    }
    const legacy = legacies.find((candidate) => isUnfinished(made, candidate));
    if (legacy) this.unfinished.set(legacy, [...(this.unfinished.get(legacy) ?? []), made]);
    else this.unmatched.push(made);
  }

  /** Twins share their replacements evenly. */
  fewestFirst(legacies: readonly MeetingRecord[]): readonly MeetingRecord[] {
    const live = (legacy: MeetingRecord): number => [...(this.replacements.get(legacy) ?? []).map(({ record }) => record), ...(this.unfinished.get(legacy) ?? [])].filter(isAlive).length;
    return legacies.length < 2 ? legacies : [...legacies].sort((a, b) => live(a) - live(b));
  }
}

function byKey(records: readonly MeetingRecord[]): ReadonlyMap<string, readonly MeetingRecord[]> {
  const older = new Map<string, MeetingRecord[]>();
  for (const record of records) {
    if (record.origin === 'api' || record.kind === 'external') continue;
    for (const key of new Set(genuine(record, 0).map((version) => keyOf(record, version)))) older.set(key, [...(older.get(key) ?? []), record]);
  }
  return older;
}

/** What the organiser planned at `tick` or since: a campaign cannot edit a legacy meeting until it looks like the replacement. */
function genuine({ versions }: MeetingRecord, tick: number): readonly Version[] {
  const planned = versions.filter(({ by }) => by !== 'api');
  return planned.filter((_, at) => (planned[at + 1]?.tick ?? Infinity) > tick);
}

/** The versions in which the campaign left what it made: the last, and each that the organiser edited since. By index. */
const left = ({ versions }: MeetingRecord): readonly number[] => [...versions.keys()].filter((at) => versions[at + 1]?.by !== 'api');

function keyOf({ hostEmail, scheduledType }: MeetingRecord, version: Version | undefined): string {
  return version ? [hostEmail.toLowerCase(), scheduledType, version.plan.title, version.plan.end - version.plan.start].join('\u0000') : '';
}

const sameKey = (made: MeetingRecord, ours: Version | undefined, legacy: MeetingRecord, theirs: Version): ours is Version => ours !== undefined && keyOf(made, ours) === keyOf(legacy, theirs);

/** Since when it was, without a break, what the legacy meeting was or had been. */
function standsSince(made: MeetingRecord, legacy: MeetingRecord): number | undefined {
  const equals = (ours: Version | undefined): boolean => genuine(legacy, made.createdTick).some((theirs) => sameKey(made, ours, legacy, theirs) && isRest(ours, theirs, made.createdAt));
  const at = left(made).find((index) => equals(made.versions[index]));
  if (at === undefined) return undefined;
  let first = at;
  while (first > 0 && equals(made.versions[first - 1])) first -= 1;
  return made.versions[first]?.tick;
}

const isUnfinished = (made: MeetingRecord, legacy: MeetingRecord): boolean =>
  genuine(legacy, made.createdTick).some((theirs) => left(made).some((at) => sameKey(made, made.versions[at], legacy, theirs) && couldBecomeRest(made.versions[at], theirs, made.createdAt)));
