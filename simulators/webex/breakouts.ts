import type { BreakoutSession, MeetingRecord } from './meeting-record.js';
import type { Occurrence } from './occurrences.js';

/** Whether a whole series, or one occurrence of it, may have any: by its settings. */
export const hasBreakouts = (record: MeetingRecord, occurrence?: Occurrence): boolean => (occurrence?.exception?.options ?? record.options)['enabledBreakoutSessions'] === true;

/** Of a whole series, or of one occurrence, which has those of its series until it gets its own, or has them switched off. */
export const breakoutsOf = (record: MeetingRecord, occurrence?: Occurrence): readonly BreakoutSession[] => (hasBreakouts(record, occurrence) ? (occurrence?.exception?.breakouts ?? record.breakouts) : []);
