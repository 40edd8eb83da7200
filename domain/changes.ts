import { canonical } from './canonical.js';
import type { Invitee, MeetingSnapshot, OccurrenceChange } from './meeting.js';
import { keysOfParts } from './parts.js';

/**
 * What of the changes of single occurrences is not over at `now`, in milliseconds since the epoch. One that was moved ahead and
 * is over before the rule would have held it counts as deleted until then.
 */
export function changesLeft({ start, end, changes = [] }: Pick<MeetingSnapshot, 'start' | 'end' | 'changes'>, now: number): readonly OccurrenceChange[] {
  const length = Date.parse(end) - Date.parse(start);
  return changes.flatMap(({ original, held }) => {
    if (held && Date.parse(held.end) > now) return [{ original, held }];
    return Date.parse(original) + length > now ? [{ original }] : [];
  });
}

/** Whether two readings of one series, the later one at `now`, show the same changes of single occurrences. */
export const sameChanges = (before: MeetingSnapshot, later: MeetingSnapshot, now: number): boolean =>
  changesLeft(before, now).map(keyOfChange).join('\n') === changesLeft(later, now).map(keyOfChange).join('\n');

/** Equal text means equal change; no description and an empty one are the same. */
export const keyOfChange = ({ original, held }: OccurrenceChange): string =>
  canonical([original, held && { start: held.start, end: held.end, title: held.title, agenda: held.agenda ?? '', people: keysOf(held.invitees), options: held.options ?? {}, parts: held.parts && keysOfParts(held.parts) }]);

/** Who and in which role, as two readings of one meeting must agree. The vendor overrides display names, so they are no difference. */
export const keyOfInvitee = ({ email, coHost, panelist }: Invitee): string => `${email.toLowerCase()} ${coHost} ${panelist}`;

export const keysOf = (invitees: readonly Invitee[]): readonly string[] => [...new Set(invitees.map(keyOfInvitee))].sort();
