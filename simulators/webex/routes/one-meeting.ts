import { DAY } from '../../support/clock.js';
import { VendorError, notFound, type Handler } from '../http.js';
import type { JsonObject, MeetingRecord } from '../meeting-record.js';
import { currentOccurrence, isHeld, occurrenceAt, occurrencesIn, originalStart, type Occurrence } from '../occurrences.js';
import { instanceId, instanceObject, occurrenceObject, seriesObject } from '../render.js';
import { booleanOf, meetingOf, viewOf, type VendorContext } from './context.js';

/** `GET /meetings/{meetingId}`: a series, one of its occurrences, or an instance that takes or took place. */
export const readMeeting =
  (context: VendorContext): Handler =>
  (request) => {
    const id = request.params['meetingId'] ?? '';
    const view = viewOf(context, request);
    const record = meetingOf(context, id, request.query.get('hostEmail'));
    const answer = { status: 200, meetingId: record.id };
    if (id.includes('_I_')) {
      const held = heldAs(record, id, view.now);
      if (!held) throw notFound();
      return { ...answer, body: alone(instanceObject(record, held, view)) };
    }
    if (id.includes('_') || booleanOf(request.query, 'current') === true) {
      const occurrence = id.includes('_') ? occurrenceAt(record, originalStart(id)) : currentOccurrence(record, view.now);
      if (!occurrence) throw notFound();
      return { ...answer, body: alone(occurrenceObject(record, occurrence, view)) };
    }
    return { ...answer, body: seriesObject(record, view) };
  };

/** The occurrence that was or is held as this instance. */
export const heldAs = (record: MeetingRecord, instance: string, now: number): Occurrence | undefined =>
  occurrencesIn(record, now - 180 * DAY, now).find((occurrence) => instanceId(record, occurrence) === instance);

/** Lists say a little more about a meeting than it says about itself. */
const alone = (item: JsonObject): JsonObject => Object.fromEntries(Object.entries(item).filter(([name]) => !/^(meetingSeriesId|scheduledMeetingId|isModified|has[A-Z].*)$/.test(name)));

/** `DELETE /meetings/{meetingId}`: a whole series, unless it is being held, or one occurrence. What is deleted cannot be recovered. */
export const deleteMeeting =
  (context: VendorContext): Handler =>
  ({ n, params, query }) => {
    const id = params['meetingId'] ?? '';
    const record = meetingOf(context, id, query.get('hostEmail'));
    if (id.includes('_I_')) throw new VendorError(400, `Meeting ID '${id}' is not allowed for this API.`);
    if (id.includes('_')) {
      const original = originalStart(id);
      if (original === null || !occurrenceAt(record, original)) throw notFound();
      context.store.removeOccurrence(record, original, 'api');
    } else {
      if (isHeld(record, context.clock.now())) throw new VendorError(403, 'Meeting is in progress.');
      context.store.remove(record, 'api', context.faults.listLagMs(n));
    }
    return { status: 204, meetingId: record.id, mailsPeople: booleanOf(query, 'sendEmail') ?? true };
  };
