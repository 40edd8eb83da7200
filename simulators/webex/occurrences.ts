import { compact } from '../support/clock.js';
import type { Exception, MeetingRecord, Version } from './meeting-record.js';
import { slotAt, slotsBetween, type Slot } from './recurrence.js';

/** One scheduled meeting of a series. A meeting that does not recur is a series of one. */
export interface Occurrence extends Slot {
  /** `<series>_20240902T070000Z`, by the start that the rule gave it. */
  readonly id: string;
  /** The start that the rule gave it. */
  readonly original: number;
  readonly exception?: Exception | undefined;
}

/** When a meeting is held, now or as it once was. */
export type Schedule = Pick<MeetingRecord, 'id'> & Pick<Version, 'plan' | 'exceptions'>;

export const occurrenceId = ({ id }: Pick<MeetingRecord, 'id'>, original: number): string => `${id}_${compact(original)}`;

function occurrence(record: Schedule, slot: Slot): Occurrence | undefined {
  const exception = record.exceptions.get(slot.start);
  if (exception?.deleted === true) return undefined;
  return { id: occurrenceId(record, slot.start), original: slot.start, start: exception?.start ?? slot.start, end: exception?.end ?? slot.end, exception };
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly version: number;
  readonly occurrences: readonly Occurrence[];
}
/** Paging asks for the same range again and again. */
const lastRange = new WeakMap<MeetingRecord, Range>();

/** Occurrences that overlap [from, to), ascending by start. */
export function occurrencesIn(record: MeetingRecord, from: number, to: number): readonly Occurrence[] {
  const version = record.versions.length;
  const known = lastRange.get(record);
  if (known && known.from === from && known.to === to && known.version === version) return known.occurrences;
  const occurrences = heldBetween(record, from, to);
  lastRange.set(record, { from, to, version, occurrences });
  return occurrences;
}

/** As `occurrencesIn`, of a meeting as it is or once was. */
export function heldBetween(schedule: Schedule, from: number, to: number): readonly Occurrence[] {
  const length = schedule.plan.end - schedule.plan.start;
  const regular = slotsBetween(schedule.plan, from - length, to).filter(({ start }) => !schedule.exceptions.has(start));
  return [...regular.flatMap((slot) => occurrence(schedule, slot) ?? []), ...modified(schedule)]
    .filter(({ start, end }) => end > from && start < to)
    .sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Occurrences that were changed one by one, wherever they are. */
function modified(record: Schedule): readonly Occurrence[] {
  const length = record.plan.end - record.plan.start;
  return [...record.exceptions.keys()].flatMap((start) => occurrence(record, { start, end: start + length }) ?? []);
}

/** As `occurrencesIn`, but only those that were changed one by one. */
export const modifiedIn = (record: MeetingRecord, from: number, to: number): readonly Occurrence[] => modified(record).filter(({ start, end }) => end > from && start < to);

/** The occurrence that runs at `at`, or else the next one. */
export function currentOccurrence(record: MeetingRecord, at: number): Occurrence | undefined {
  let slot = slotAt(record.plan, at);
  while (slot && record.exceptions.has(slot.start)) slot = record.plan.recurrence === undefined ? undefined : slotAt(record.plan, slot.end);
  const regular = slot && occurrence(record, slot);
  return [...(regular ? [regular] : []), ...modified(record).filter(({ end }) => end > at)].sort((a, b) => a.start - b.start)[0];
}

/** Whether it is being held: as planned, beyond that, or ahead of it. */
export function isHeld(record: MeetingRecord, at: number): boolean {
  const current = currentOccurrence(record, at);
  return (current !== undefined && current.start <= at) || (record.heldUntil ?? 0) > at;
}

/** The start that the rule gave to the occurrence of this id, `null` when it is no id of an occurrence. */
export function originalStart(id: string): number | null {
  const found = /^[^_]+_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(id);
  if (!found) return null;
  const [year, month, day, hour, minute, second] = found.slice(1);
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** The occurrence that the rule puts at `original`, wherever it was moved to. */
export function occurrenceAt(record: MeetingRecord, original: number | null): Occurrence | undefined {
  const slot = original === null ? undefined : slotsBetween(record.plan, original, original + 1)[0];
  return slot && occurrence(record, slot);
}

/** Whether an occurrence begins after `at`. */
export function hasFutureStart(record: MeetingRecord, at: number): boolean {
  const current = currentOccurrence(record, at);
  if (!current) return false;
  return current.start > at || currentOccurrence(record, current.end) !== undefined;
}
