import { z } from 'zod';
import { VendorError, badRequest, notFound, type Handler } from '../http.js';
import { inviteesOf, meetingIdOf } from '../invitee-lists.js';
import type { MeetingRecord, StoredInvitee } from '../meeting-record.js';
import { occurrenceAt, originalStart, type Occurrence } from '../occurrences.js';
import { page, pageSize } from '../paging.js';
import { inviteeObject } from '../render.js';
import { booleanOf, meetingOf, type VendorContext } from './context.js';
import { asInvitee, conflict, uniqueInvitees } from './create-meeting.js';
import type { NewInvitee } from '../store.js';
import { InviteeBody, parse } from './meeting-body.js';
import { heldAs } from './one-meeting.js';

const OneInvitee = InviteeBody.extend({ meetingId: z.string(), hostEmail: z.string().optional() });
const ManyInvitees = z.object({ meetingId: z.string(), hostEmail: z.string().optional(), items: z.array(InviteeBody).min(1).max(100) });

/** `GET /meetingInvitees`: ascending by address; of a series, of one occurrence, or of what took place. */
export const listInvitees =
  (context: VendorContext): Handler =>
  (request) => {
    const meetingId = request.query.get('meetingId');
    if (!meetingId) throw badRequest('meetingId is required.');
    const { record, occurrence } = meant(context, meetingId, request.query.get('hostEmail'));
    const panelist = booleanOf(request.query, 'panelist');
    const listed = [...inviteesOf(record, occurrence)]
      .filter(([, invitee]) => panelist === undefined || invitee.panelist === panelist)
      .map(([key, invitee]) => ({ key, item: () => inviteeObject(invitee, meetingId) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    return { ...page(request, listed, pageSize(request.query, 10, 100)), meetingId: record.id };
  };

/** `POST /meetingInvitees` */
export const addInvitee =
  (context: VendorContext): Handler =>
  ({ body }) => {
    const { meetingId, hostEmail, ...invitee } = parse(OneInvitee, body);
    const { record, occurrence } = planned(context, meetingId, hostEmail);
    if (inviteesOf(record, occurrence).has(invitee.email.toLowerCase())) throw conflict('User is already a meeting invitee.');
    const [stored] = invite(context, { record, occurrence }, [asInvitee(context.store, invitee, record)]) as [StoredInvitee];
    return { status: 200, body: inviteeObject(stored, meetingId), meetingId: record.id, mailsPeople: invitee.sendEmail ?? true };
  };

/** `POST /meetingInvitees/bulkInsert`: all of at most 100, or none when one of them is invited already. */
export const addInvitees =
  (context: VendorContext): Handler =>
  ({ body }) => {
    const { meetingId, hostEmail, items } = parse(ManyInvitees, body);
    const { record, occurrence } = planned(context, meetingId, hostEmail);
    const invitees = uniqueInvitees(context.store, items, record);
    const known = inviteesOf(record, occurrence);
    if (invitees.some(({ email }) => known.has(email.toLowerCase()))) throw conflict('Some users in the list have been invited.');
    const stored = invite(context, { record, occurrence }, invitees);
    return {
      status: 200,
      body: { items: stored.map((invitee) => inviteeObject(invitee, meetingId)) },
      meetingId: record.id,
      mailsPeople: items.some(({ sendEmail }) => sendEmail ?? true),
    };
  };

/** `DELETE /meetingInvitees/{meetingInviteeId}`: from a series or from one occurrence, as the id says. */
export const removeInvitee =
  (context: VendorContext): Handler =>
  ({ params, query }) => {
    const id = params['meetingInviteeId'] ?? '';
    const { record, occurrence } = planned(context, meetingIdOf(id), query.get('hostEmail'));
    const invitee = [...inviteesOf(record, occurrence).values()].find((candidate) => candidate.id === id);
    if (!invitee) throw notFound();
    if (occurrence) context.store.changeInvitees(record, occurrence, { remove: [invitee.email] }, 'api');
    else context.store.uninvite(record, invitee.email);
    return { status: 204, meetingId: record.id, mailsPeople: booleanOf(query, 'sendEmail') ?? true };
  };

/** A series, or one occurrence of it. */
interface Meant {
  readonly record: MeetingRecord;
  readonly occurrence: Occurrence | undefined;
}

/** What is planned, or what took place. */
function meant(context: VendorContext, meetingId: string, hostEmail: string | null | undefined): Meant {
  const record = meetingOf(context, meetingId, hostEmail);
  if (record.scheduledType === 'personalRoomMeeting') throw new VendorError(400, 'Invitees of a personal room meeting are not supported.');
  if (!meetingId.includes('_')) return { record, occurrence: undefined };
  const occurrence = meetingId.includes('_I_') ? heldAs(record, meetingId, context.clock.now()) : occurrenceAt(record, originalStart(meetingId));
  if (!occurrence) throw notFound();
  return { record, occurrence };
}

/** Invitees of what takes or took place cannot be changed. The one occurrence of a meeting that does not recur is that meeting. */
function planned(context: VendorContext, meetingId: string, hostEmail: string | null | undefined): Meant {
  if (meetingId.includes('_I_')) throw new VendorError(400, `Meeting ID '${meetingId}' is not allowed for this API.`);
  const { record, occurrence } = meant(context, meetingId, hostEmail);
  return { record, occurrence: record.plan.recurrence === undefined ? undefined : occurrence };
}

const invite = ({ store }: VendorContext, { record, occurrence }: Meant, invitees: readonly NewInvitee[]): readonly StoredInvitee[] =>
  occurrence ? store.changeInvitees(record, occurrence, { add: invitees }, 'api') : store.invite(record, invitees);
