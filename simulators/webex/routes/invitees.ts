import { z } from 'zod';
import { VendorError, badRequest, notFound, type Handler } from '../http.js';
import type { MeetingRecord, StoredInvitee } from '../meeting-record.js';
import { page, pageSize } from '../paging.js';
import { inviteeObject } from '../render.js';
import { booleanOf, meetingOf, seriesIdOf, type VendorContext } from './context.js';
import { asInvitee, conflict, uniqueInvitees } from './create-meeting.js';
import { InviteeBody, parse } from './meeting-body.js';

const OneInvitee = InviteeBody.extend({ meetingId: z.string(), hostEmail: z.string().optional() });
const ManyInvitees = z.object({ meetingId: z.string(), hostEmail: z.string().optional(), items: z.array(InviteeBody).min(1).max(100) });

/** `GET /meetingInvitees`: ascending by address. */
export const listInvitees =
  (context: VendorContext): Handler =>
  (request) => {
    const meetingId = request.query.get('meetingId');
    if (!meetingId) throw badRequest('meetingId is required.');
    const record = invitable(context, meetingId, request.query.get('hostEmail'));
    const panelist = booleanOf(request.query, 'panelist');
    const listed = [...record.invitees]
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
    const record = wholeSeries(context, meetingId, hostEmail);
    if (record.invitees.has(invitee.email.toLowerCase())) throw conflict('User is already a meeting invitee.');
    const [stored] = context.store.invite(record, [asInvitee(context.store, invitee, record.siteUrl)]) as [StoredInvitee];
    return { status: 200, body: inviteeObject(stored, meetingId), meetingId: record.id, mailsPeople: invitee.sendEmail ?? true };
  };

/** `POST /meetingInvitees/bulkInsert`: all of at most 100, or none when one of them is invited already. */
export const addInvitees =
  (context: VendorContext): Handler =>
  ({ body }) => {
    const { meetingId, hostEmail, items } = parse(ManyInvitees, body);
    const record = wholeSeries(context, meetingId, hostEmail);
    const invitees = uniqueInvitees(context.store, items, record.siteUrl);
    if (invitees.some(({ email }) => record.invitees.has(email.toLowerCase()))) throw conflict('Some users in the list have been invited.');
    const stored = context.store.invite(record, invitees);
    return {
      status: 200,
      body: { items: stored.map((invitee) => inviteeObject(invitee, meetingId)) },
      meetingId: record.id,
      mailsPeople: items.some(({ sendEmail }) => sendEmail ?? true),
    };
  };

/** `DELETE /meetingInvitees/{meetingInviteeId}` */
export const removeInvitee =
  (context: VendorContext): Handler =>
  ({ params, query }) => {
    const id = params['meetingInviteeId'] ?? '';
    const record = meetingOf(context, id, query.get('hostEmail'));
    const invitee = [...record.invitees.values()].find((candidate) => candidate.id === id);
    if (!invitee) throw notFound();
    context.store.uninvite(record, invitee.email);
    return { status: 204, meetingId: record.id, mailsPeople: booleanOf(query, 'sendEmail') ?? true };
  };

function invitable(context: VendorContext, meetingId: string, hostEmail: string | null | undefined): MeetingRecord {
  const record = meetingOf(context, meetingId, hostEmail);
  if (record.scheduledType === 'personalRoomMeeting') throw new VendorError(400, 'Invitees of a personal room meeting are not supported.');
  return record;
}

/** Invitees of one occurrence only are not simulated. */
function wholeSeries(context: VendorContext, meetingId: string, hostEmail: string | undefined): MeetingRecord {
  if (meetingId !== seriesIdOf(meetingId)) throw badRequest('Invitees can be added to a whole series only.');
  return invitable(context, meetingId, hostEmail);
}
