import { z } from 'zod';
import { VendorError, badRequest, notFound, type Handler } from '../http.js';
import type { JsonObject, MeetingRecord } from '../meeting-record.js';
import { currentOccurrence } from '../occurrences.js';
import { requireLicence } from '../webinars.js';
import { hostOf, type VendorContext } from './context.js';
import { parse } from './meeting-body.js';

const ReassignBody = z.strictObject({ hostEmail: z.string(), meetingIds: z.array(z.string()).min(1).max(100) });

/** `POST /meetings/reassignHost`: 204 when all meetings have the new host, else 207 with what became of each. The host before is mailed a cancellation. */
export const reassignHost =
  (context: VendorContext): Handler =>
  ({ body, headers }) => {
    const { hostEmail, meetingIds } = parse(ReassignBody, body);
    const { admin, store } = context;
    const named = headers['siteurl'];
    const site = typeof named === 'string' ? named : (admin.hostSites[0] ?? admin.attendeeSites[0] ?? '');
    if (!store.sites().has(site)) throw badRequest('siteUrl is not a site of the organisation.');
    const { host } = hostOf(context, hostEmail, site);
    const outcomes = meetingIds.map((id) => outcomeOf(id, () => {
      const record = transferable(context, id, site, host.email);
      store.reassign(record, host);
    }));
    const answer = { meetingId: meetingIds[0], mailsPeople: outcomes.some(({ httpStatus }) => httpStatus === '204') };
    if (outcomes.every(({ httpStatus }) => httpStatus === '204')) return { ...answer, status: 204 };
    return { ...answer, status: 207, body: { items: outcomes } };
  };

function outcomeOf(meetingId: string, give: () => void): JsonObject {
  try {
    give();
    return { meetingId, httpStatus: '204' };
  } catch (cause) {
    if (!(cause instanceof VendorError)) throw cause;
    return { meetingId, httpStatus: String(cause.status), message: cause.message, errors: cause.details.map((description) => ({ description })) };
  }
}

/** The limitations in the vendor's text, as far as meetings here can meet them. */
function transferable({ store, clock }: VendorContext, id: string, site: string, hostEmail: string): MeetingRecord {
  if (id.includes('_')) throw badRequest(`Meeting ID '${id}' is not the ID of a meeting series.`);
  const record = store.get(id);
  if (!record || record.siteUrl !== site) throw notFound();
  if (record.scheduledType === 'personalRoomMeeting') throw badRequest('Scheduled personal room meetings are not supported.');
  const current = currentOccurrence(record, clock.now());
  if (current && current.start <= clock.now()) throw new VendorError(403, 'Meeting is in progress.', ['An in-progress meeting cannot be assigned.']);
  requireLicence(store, { scheduledType: record.scheduledType, hostEmail }, record.options['sessionTypeId']);
  return record;
}
