import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { breakoutsOf, hasBreakouts } from '../breakouts.js';
import { VendorError, badRequest, type Handler } from '../http.js';
import type { BreakoutSession, JsonObject, MeetingRecord } from '../meeting-record.js';
import { isHeld, type Occurrence } from '../occurrences.js';
import { seated } from '../webinars.js';
import { prepared, type VendorContext } from './context.js';
import { BreakoutBody, parse } from './meeting-body.js';

const UpdateBody = z.object({ hostEmail: z.string().optional(), sendEmail: z.boolean().default(true), items: z.array(BreakoutBody).default([]) });

/** By the vendor's document. */
const MOST = 100;

/**
 * Breakout sessions with ids, as they are kept.
 * @throws VendorError 400 when there are too many, one person is in two of them, or the meeting is interpreted
 */
export function newBreakouts(asked: readonly BreakoutBody[], options: JsonObject): readonly BreakoutSession[] {
  const people = asked.flatMap(({ invitees }) => invitees.map((email) => email.toLowerCase()));
  const interpretation = options['simultaneousInterpretation'] as { readonly enabled?: boolean } | undefined;
  if (asked.length > MOST) throw badRequest(`There can be at most ${MOST} breakout sessions.`);
  if (new Set(people).size < people.length) throw badRequest('One invitee cannot be assigned to more than one breakout session.');
  if (asked.length > 0 && interpretation?.enabled === true) throw badRequest('Breakout session is not supported for a meeting with simultaneous interpretation.');
  return asked.map(({ name, invitees }) => ({ id: randomBytes(16).toString('hex'), name, invitees }));
}

/** `GET /meetings/{meetingId}/breakoutSessions`: the host is named in a header. While a meeting is held, what its host has opened: nothing. */
export const listBreakouts =
  (context: VendorContext): Handler =>
  ({ params, headers }) => {
    const { record, occurrence } = prepared(context, params['meetingId'] ?? '', headers['hostemail']);
    const items = isOpen(record, occurrence, context.clock.now()) ? [] : breakoutsOf(record, occurrence);
    return { status: 200, body: { items: items.map((session) => ({ ...session })) }, meetingId: record.id };
  };

/** `PUT /meetings/{meetingId}/breakoutSessions`: all of them anew, of a series or of one occurrence. */
export const putBreakouts =
  (context: VendorContext): Handler =>
  ({ params, body }) => {
    const { hostEmail, sendEmail, items } = parse(UpdateBody, body);
    const { record, occurrence } = prepared(context, params['meetingId'] ?? '', hostEmail);
    if (isOpen(record, occurrence, context.clock.now())) throw new VendorError(403, 'Meeting is in progress.');
    if (!hasBreakouts(record, occurrence)) throw badRequest('Breakout sessions are not enabled for this meeting.');
    const breakouts = newBreakouts(items, occurrence?.exception?.options ?? record.options);
    if (occurrence) context.store.editOccurrence(record, occurrence.original, { breakouts }, 'api');
    else record.breakouts = breakouts;
    if (!occurrence && record.scheduledType === 'webinar') context.store.seat(record, seated([...record.invitees.values()], breakouts));
    return { status: 200, body: { items: breakouts.map((session) => ({ ...session })) }, meetingId: record.id, mailsPeople: sendEmail };
  };

const isOpen = (record: MeetingRecord, occurrence: Occurrence | undefined, now: number): boolean => (occurrence ? occurrence.start <= now && now < occurrence.end : isHeld(record, now));
