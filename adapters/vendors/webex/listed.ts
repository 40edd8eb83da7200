import type { ListedMeeting, Window } from '../../../domain/meeting.js';
import { withChanges } from './changed-occurrences.js';
import { kindOf, occurrencesOf, refusalOf, toIdentity } from './map.js';
import type { Meeting, Occurrence } from './schema.js';

/** What a list tells of a meeting. @param changed its occurrences that were changed one by one, as far as lists show them */
export function toListed(meeting: Meeting, window: Window, changed: readonly Occurrence[] = []): ListedMeeting {
  const computed = occurrencesOf(meeting, window);
  const refusal = refusalOf(meeting) ?? (computed ? undefined : 'UnknownRecurrence');
  const occurrences = computed && withChanges(computed, meeting, changed, window);
  const next = occurrences ? occurrences[0] : { start: window.from, end: window.to };
  return { identity: toIdentity(meeting), kind: kindOf(meeting), firstStart: new Date(meeting.start).toISOString(), next, hasMore: (occurrences?.length ?? 2) > 1, refusal, tags: meeting.integrationTags, title: meeting.title, timezone: meeting.timezone };
}
