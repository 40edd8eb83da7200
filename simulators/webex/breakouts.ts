import type { BreakoutSession, MeetingRecord } from './meeting-record.js';
import type { Occurrence } from './occurrences.js';

/** Of a whole series, or of one occurrence, which has those of its series until it gets its own. */
export const breakoutsOf = (record: MeetingRecord, occurrence?: Occurrence): readonly BreakoutSession[] => occurrence?.exception?.breakouts ?? record.breakouts;
