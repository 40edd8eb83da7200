import { z } from 'zod';
import { VendorError, badRequest, notFound } from '../http.js';
import { inviteesOf } from '../invitee-lists.js';
import type { JsonObject, MeetingRecord } from '../meeting-record.js';
import { occurrenceAt, type Occurrence } from '../occurrences.js';
import { edited } from '../options.js';
import type { VendorContext } from '../routes/context.js';
import { uniqueInvitees } from '../routes/create-meeting.js';
import { newBreakouts } from '../routes/breakout-sessions.js';
import { BreakoutBody, InviteeBody, parse } from '../routes/meeting-body.js';
import type { Store } from '../store.js';
import { canonicalMeeting } from './canonical-meeting.js';
import { instantText } from './organisers.js';

const OccurrenceBody = z.strictObject({
  title: z.string().min(1).optional(),
  start: instantText.optional(),
  end: instantText.optional(),
  agenda: z.string().optional(),
  invitees: z.strictObject({ add: z.array(z.union([z.string(), InviteeBody])).optional(), remove: z.array(z.string()).optional() }).optional(),
  settings: z.record(z.string(), z.json()).optional(),
  breakouts: z.array(BreakoutBody).optional(),
});

/** An organiser changes one occurrence with the vendor's own clients; it may go where the API would not let it. */
export function editOccurrence({ store }: VendorContext, id: string, original: string, body: unknown): JsonObject {
  const { record, occurrence } = occurrenceOf(store, id, original);
  const { invitees, settings = {}, breakouts, start, end, ...words } = parse(OccurrenceBody, body);
  const begins = start ?? occurrence.start;
  const ends = end ?? begins + (occurrence.end - occurrence.start);
  if (ends <= begins) throw new VendorError(400, 'end must be after start.');
  const times = start === undefined && end === undefined ? {} : { start: begins, end: ends };
  const named = Object.fromEntries(Object.entries(words).filter(([, word]) => word !== undefined));
  const options = edited(occurrence.exception?.options ?? record.options, breakouts ? { ...settings, enabledBreakoutSessions: true } : settings);
  store.editOccurrence(record, occurrence.original, { ...times, ...named, ...(options ? { options } : {}), ...(breakouts ? { breakouts: newBreakouts(breakouts, options ?? record.options) } : {}) }, 'control');
  if (invitees) changeInvitees(store, record, occurrence.original, invitees);
  return canonicalMeeting(record);
}

/** An organiser deletes one occurrence. */
export function removeOccurrence({ store }: VendorContext, id: string, original: string): void {
  const { record, occurrence } = occurrenceOf(store, id, original);
  store.removeOccurrence(record, occurrence.original, 'control');
}

function changeInvitees(store: Store, record: MeetingRecord, original: number, { add = [], remove = [] }: { add?: (string | InviteeBody)[] | undefined; remove?: string[] | undefined }): void {
  const occurrence = occurrenceAt(record, original);
  if (!occurrence) throw notFound();
  const invited = inviteesOf(record, occurrence);
  const fresh = add.map((one) => (typeof one === 'string' ? { email: one } : one)).filter(({ email }) => !invited.has(email.toLowerCase()));
  store.changeInvitees(record, occurrence, { add: uniqueInvitees(store, fresh, record), remove }, 'control');
}

/** @param original ISO instant of the start that the rule gave it */
function occurrenceOf(store: Store, id: string, original: string): { record: MeetingRecord; occurrence: Occurrence } {
  const record = store.get(id);
  const occurrence = record && occurrenceAt(record, Date.parse(original));
  if (!record || !occurrence) throw notFound();
  if (record.plan.recurrence === undefined) throw badRequest('The meeting does not recur.');
  return { record, occurrence };
}
