import type { JsonObject, MeetingRecord } from './meeting-record.js';
import type { Occurrence } from './occurrences.js';

/** A place on a channel between two languages; without an address nobody has it yet. */
export interface Interpreter {
  readonly id: string;
  readonly languageCode1: string;
  readonly languageCode2: string;
  readonly email?: string;
  readonly displayName?: string;
}

export interface Interpretation {
  readonly enabled: boolean;
  readonly interpreters: readonly Interpreter[];
}

const none: Interpretation = { enabled: false, interpreters: [] };

const inOptions = (options: JsonObject): Interpretation => ({ ...none, ...(options['simultaneousInterpretation'] as Partial<Interpretation> | undefined) });

/** It is among the settings: of a whole series, or of one occurrence that has its own. */
export const interpretationOf = (record: MeetingRecord, occurrence?: Occurrence): Interpretation => inOptions(occurrence?.exception?.options ?? record.options);
