import { breakoutsOf } from '../breakouts.js';
import { interpretationOf, type Interpretation } from '../interpretation.js';
import type { MeetingRecord } from '../meeting-record.js';
import { answersInWords, questionsOf } from '../registration-form.js';
import { occurrencesIn, type Occurrence } from '../occurrences.js';

/**
 * How much of what was prepared for a deleted legacy meeting its replacement lacks: each breakout session, each place in one, each interpreter, the registration form,
 * each question of the organiser's own in it, each registrant with what was decided of them, and each answer of theirs,
 * of the series and of each occurrence to come that has its own.
 */
export function lostParts(legacy: MeetingRecord, replacement: MeetingRecord | undefined): number {
  const after = replacement?.createdAt ?? legacy.deleted?.at ?? 0;
  const own = [...legacy.exceptions].filter(([original, { start = original, breakouts, options, deleted }]) => (breakouts ?? options) && deleted !== true && start > after);
  const series = missing(wholeOf(legacy), replacement ? wholeOf(replacement) : []);
  return own.reduce((sum, [original, { start = original }]) => sum + missing(partsAt(legacy, start), replacement ? partsAt(replacement, start) : []), series);
}

const partsOf = (record: MeetingRecord, occurrence?: Occurrence): readonly string[] => [...sessionsIn(breakoutsOf(record, occurrence)), ...interpretersIn(interpretationOf(record, occurrence))];

const wholeOf = (record: MeetingRecord): readonly string[] => [...partsOf(record), ...registrationIn(record)];

const registrationIn = (record: MeetingRecord): readonly string[] => [
  ...(record.options['registration'] === undefined ? [] : ['registration form']),
  ...questionsOf(record).map(({ question, type }) => `question ${type} ${question}`),
  ...record.registrants.flatMap(({ email, status, customizedQuestions }) => {
    const answers = answersInWords(record, customizedQuestions).map((words) => `answer ${email.toLowerCase()} ${words}`);
    return [`registrant ${email.toLowerCase()} ${status}`, ...answers];
  }),
];

function partsAt(record: MeetingRecord, start: number): readonly string[] {
  const occurrence = occurrencesIn(record, start, start + 1).find((candidate) => candidate.start === start);
  return occurrence ? partsOf(record, occurrence) : [];
}

function sessionsIn(sessions: readonly { readonly name: string; readonly invitees: readonly string[] }[]): readonly string[] {
  return sessions.flatMap(({ name, invitees }) => [`session ${name}`, ...invitees.map((email) => `place ${name} ${email.toLowerCase()}`)]);
}

const interpretersIn = ({ interpreters }: Interpretation): readonly string[] => interpreters.map(({ languageCode1, languageCode2, email = '' }) => `interpreter ${languageCode1} ${languageCode2} ${email.toLowerCase()}`);

/** Two sessions may have one name: each must be there as often as before. */
function missing(wanted: readonly string[], present: readonly string[]): number {
  const left = [...present];
  return wanted.filter((part) => {
    const at = left.indexOf(part);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  }).length;
}
