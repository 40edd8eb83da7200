import { DAY, YEAR } from '../../support/clock.js';
import { isAlive, type MeetingRecord, type Plan } from '../meeting-record.js';
import { isEndless, slotsBetween } from '../recurrence.js';

/** Replacements by the legacy meeting they stand for, and those that stand for none. */
export interface Matching {
  readonly replacements: ReadonlyMap<MeetingRecord, readonly MeetingRecord[]>;
  readonly unmatched: readonly MeetingRecord[];
}

/** Enough to see that two endless series are one. */
const ENDLESS_HORIZON = 370 * DAY;

/**
 * Finds for each meeting created through the API which older meeting it stands for: same host, title, zone and length, and the
 * same occurrences from its first one on, of which none was left out. Tags do not count, nor what anybody else wrote down.
 */
export function match(records: readonly MeetingRecord[]): Matching {
  const older = new Map<string, MeetingRecord[]>();
  for (const record of records) {
    if (record.origin === 'api' || record.kind === 'external') continue;
    for (const key of new Set(record.versions.map((plan) => keyOf(record, plan)))) older.set(key, [...(older.get(key) ?? []), record]);
  }
  const replacements = new Map<MeetingRecord, MeetingRecord[]>();
  const unmatched: MeetingRecord[] = [];
  for (const made of records.filter(({ origin }) => origin === 'api')) {
    const legacy = fewestFirst(older.get(keyOf(made, first(made))) ?? [], replacements).find((candidate) => standsFor(made, candidate));
    if (legacy) replacements.set(legacy, [...(replacements.get(legacy) ?? []), made]);
    else unmatched.push(made);
  }
  return { replacements, unmatched };
}

const first = ({ versions, plan }: MeetingRecord): Plan => versions[0] ?? plan;
const keyOf = ({ hostEmail }: MeetingRecord, plan: Plan): string => [hostEmail.toLowerCase(), plan.title, plan.timezone, plan.end - plan.start].join('\u0000');

/** Twins share their replacements evenly. */
const fewestFirst = (legacies: readonly MeetingRecord[], replacements: ReadonlyMap<MeetingRecord, readonly MeetingRecord[]>): readonly MeetingRecord[] => {
  const live = (record: MeetingRecord): number => (replacements.get(record) ?? []).filter(isAlive).length;
  return legacies.length < 2 ? legacies : [...legacies].sort((a, b) => live(a) - live(b));
};

const standsFor = (made: MeetingRecord, legacy: MeetingRecord): boolean =>
  legacy.createdTick < made.createdTick && legacy.versions.some((plan) => keyOf(legacy, plan) === keyOf(made, first(made)) && continues(first(made), plan, made.createdAt));

/** Whether `made` is the rest of `plan` as it was to be held from `createdAt` on. */
function continues(made: Plan, plan: Plan, createdAt: number): boolean {
  if (isEndless(made) !== isEndless(plan)) return false;
  const horizon = made.start + (isEndless(made) ? ENDLESS_HORIZON : 10 * YEAR);
  const ours = slotsBetween(made, made.start, horizon);
  const theirs = slotsBetween(plan, Math.min(createdAt, made.start), horizon);
  const skipped = theirs.filter(({ start }) => start < made.start && start > createdAt);
  const rest = theirs.filter(({ start }) => start >= made.start);
  return skipped.length === 0 && rest.length === ours.length && rest.every(({ start }, i) => start === ours[i]?.start);
}
