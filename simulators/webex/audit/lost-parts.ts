import { breakoutsOf } from '../breakouts.js';
import type { MeetingRecord } from '../meeting-record.js';
import { occurrencesIn } from '../occurrences.js';

/**
 * How much of what was prepared for a deleted legacy meeting its replacement lacks: each breakout session, and each place in one,
 * of the series and of each occurrence to come that has its own.
 */
export function lostParts(legacy: MeetingRecord, replacement: MeetingRecord | undefined): number {
  const after = replacement?.createdAt ?? legacy.deleted?.at ?? 0;
  const own = [...legacy.exceptions].filter(([original, { start = original, breakouts, deleted }]) => breakouts && deleted !== true && start > after);
  const series = missing(partsOf(legacy), replacement ? partsOf(replacement) : []);
  return own.reduce((sum, [original, { start = original }]) => sum + missing(partsAt(legacy, start), replacement ? partsAt(replacement, start) : []), series);
}

const partsOf = (record: MeetingRecord): readonly string[] => sessionsIn(breakoutsOf(record));

function partsAt(record: MeetingRecord, start: number): readonly string[] {
  const occurrence = occurrencesIn(record, start, start + 1).find((candidate) => candidate.start === start);
  return occurrence ? sessionsIn(breakoutsOf(record, occurrence)) : [];
}

function sessionsIn(sessions: readonly { readonly name: string; readonly invitees: readonly string[] }[]): readonly string[] {
  return sessions.flatMap(({ name, invitees }) => [`session ${name}`, ...invitees.map((email) => `place ${name} ${email.toLowerCase()}`)]);
}

/** Two sessions may have one name: each must be there as often as before. */
function missing(wanted: readonly string[], present: readonly string[]): number {
  const left = [...present];
  return wanted.filter((part) => {
    const at = left.indexOf(part);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  }).length;
}
