import { randomBytes } from 'node:crypto';
import { interpretationOf, type Interpretation, type Interpreter } from '../interpretation.js';
import { VendorError, badRequest, type Handler } from '../http.js';
import type { JsonObject, MeetingRecord } from '../meeting-record.js';
import { currentOccurrence, type Occurrence } from '../occurrences.js';
import { displayName } from '../people.js';
import type { Store } from '../store.js';
import { prepared, type VendorContext } from './context.js';
import { NewInterpreterBody, parse, type InterpretationBody, type InterpreterBody } from './meeting-body.js';

/**
 * Interpreters with ids, as they are kept. Accounts keep their own name.
 * @throws VendorError 400 when an address comes twice
 */
export function newInterpretation(store: Store, { enabled, interpreters }: InterpretationBody): Interpretation {
  return { enabled, interpreters: interpreters.reduce<readonly Interpreter[]>((known, asked) => [...known, newInterpreter(store, known, asked)], []) };
}

function newInterpreter({ people }: Store, known: readonly Interpreter[], { languageCode1, languageCode2, email, displayName: asked }: InterpreterBody): Interpreter {
  const id = randomBytes(32).toString('base64url');
  if (email === undefined) return { id, languageCode1, languageCode2 };
  if (known.some((other) => other.email?.toLowerCase() === email.toLowerCase())) throw badRequest('The same email cannot be assigned to more than one interpreter.');
  const account = people.get(email.toLowerCase());
  return { id, languageCode1, languageCode2, email, displayName: account ? displayName(account) : (asked ?? email) };
}

/** `GET /meetings/{meetingId}/interpreters`: the latest first. */
export const listInterpreters =
  (context: VendorContext): Handler =>
  ({ params, query }) => {
    const { record, occurrence } = prepared(context, params['meetingId'] ?? '', query.get('hostEmail'));
    return { status: 200, body: { items: interpretationOf(record, occurrence).interpreters.map((interpreter) => ({ ...interpreter })).toReversed() }, meetingId: record.id };
  };

/** `POST /meetings/{meetingId}/interpreters`: one more, of a series or of one occurrence. */
export const addInterpreter =
  (context: VendorContext): Handler =>
  ({ params, body }) => {
    const { hostEmail, sendEmail, ...asked } = parse(NewInterpreterBody, body);
    const { record, occurrence } = prepared(context, params['meetingId'] ?? '', hostEmail);
    const now = context.clock.now();
    const { start } = occurrence ?? currentOccurrence(record, now) ?? record.plan;
    if (start <= now) throw new VendorError(403, 'Meeting is in progress.');
    const current = interpretationOf(record, occurrence);
    if (!current.enabled) throw badRequest('Simultaneous interpretation is not enabled for this meeting.');
    const added = newInterpreter(context.store, current.interpreters, asked);
    setInterpretation(context.store, record, occurrence, { enabled: true, interpreters: [...current.interpreters, added] });
    return { status: 200, body: { ...added }, meetingId: record.id, mailsPeople: sendEmail };
  };

function setInterpretation(store: Store, record: MeetingRecord, occurrence: Occurrence | undefined, simultaneousInterpretation: Interpretation): void {
  const options: JsonObject = { ...(occurrence?.exception?.options ?? record.options), simultaneousInterpretation: { ...simultaneousInterpretation, interpreters: simultaneousInterpretation.interpreters.map((each) => ({ ...each })) } };
  if (occurrence) store.editOccurrence(record, occurrence.original, { options }, 'api');
  else record.options = options;
}
