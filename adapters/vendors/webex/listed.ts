import type { ListedMeeting, Occurrence as Planned, Window } from '../../../domain/meeting.js';
import { withChanges } from './changed-occurrences.js';
import { kindOf, occurrencesOf, refusalOf, toIdentity } from './map.js';
import { originalStart } from './occurrence-id.js';
import type { Meeting, Occurrence } from './schema.js';

/** What other lists say of it: occurrences that were changed one by one, and the one that is held next. */
interface Beside {
  readonly changed?: readonly Occurrence[] | undefined;
  readonly next?: Planned | undefined;
}

/** What a list tells of a meeting. */
export function toListed(meeting: Meeting, window: Window, { changed = [], next: shown }: Beside = {}): ListedMeeting {
  const computed = occurrencesOf(meeting, window);
  const refusal = refusalOf(meeting) ?? (computed ? undefined : 'UnknownRecurrence');
  const occurrences = computed && withChanges(computed, meeting, changed, window);
  const firstStart = new Date(meeting.start).toISOString();
  // A server that does not know what was asked for shows the first one, which may be over or elsewhere.
  const isMoved = shown?.start === firstStart && changed.some(({ id }) => originalStart(id, meeting.id) === firstStart);
  const isNext = shown !== undefined && !isMoved && shown.end > window.from && shown.start < window.to;
  const next = isNext ? shown : occurrences ? occurrences[0] : { start: window.from, end: window.to };
  return { identity: toIdentity(meeting), kind: kindOf(meeting), firstStart, next, hasMore: (occurrences?.length ?? 2) > 1, refusal, tags: meeting.integrationTags, title: meeting.title, timezone: meeting.timezone };
}
