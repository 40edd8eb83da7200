import { badRequest, notFound, type Handler } from '../http.js';
import type { JsonObject, MeetingRecord } from '../meeting-record.js';
import { currentOccurrence, occurrenceAt, originalStart, type Occurrence } from '../occurrences.js';
import { instanceObject, occurrenceObject, seriesItem, type View } from '../render.js';
import { booleanOf, seriesIdOf, viewOf, type VendorContext } from './context.js';
import { behind } from './list-meetings.js';
import { heldAs } from './one-meeting.js';

/** "The following sensitive attributes are hidden": the vendor's text. Beside them `telephony.accessCode`, and a link that would give the rest away. */
const hidden = ['agenda', 'hostKey', 'password', 'phoneAndVideoSystemPassword', 'panelistPassword', 'phoneAndVideoSystemPanelistPassword', 'webLink', 'registerLink', 'sipAddress', 'dialInIpAddress', 'registration'];

function shown(item: JsonObject): JsonObject {
  const { accessCode: _code, ...telephony } = item['telephony'] as JsonObject;
  return { ...Object.fromEntries(Object.entries(item).filter(([name]) => !hidden.includes(name))), telephony };
}

const object = (record: MeetingRecord, occurrence: Occurrence | undefined, view: View): JsonObject => shown(occurrence ? occurrenceObject(record, occurrence, view) : seriesItem(record, view, false));

/** What stands on a site of the organisation, whether its host is still there or not. */
const ours = ({ store }: VendorContext, record: MeetingRecord | undefined): MeetingRecord | undefined => (record && store.sites().has(record.siteUrl) ? record : undefined);

/** `GET /admin/meetings`: by number or link, whoever hosts it. As with `GET /meetings` an unknown number gives an empty list, an unknown link a 404. */
export const adminListMeetings =
  (context: VendorContext): Handler =>
  (request) => {
    const { query } = request;
    const view = viewOf(context, request);
    const [number, link] = [query.get('meetingNumber')?.replace(/\D/g, ''), query.get('webLink') ?? undefined];
    if ((number === undefined) === (link === undefined)) throw badRequest('One of meetingNumber and webLink is required; they are mutually exclusive.');
    const record = ours(context, number === undefined ? context.store.withLink(link ?? '') : context.store.withNumber(number));
    const found = record && behind(record, number ?? link ?? '');
    if (!record || !found) {
      if (number === undefined) throw notFound();
      return { status: 200, body: { items: [] } };
    }
    const occurrence = found.occurrence ?? (booleanOf(query, 'current') === false ? undefined : currentOccurrence(record, view.now));
    return { status: 200, body: { items: [object(record, occurrence, view)] }, meetingId: record.id };
  };

/** `GET /admin/meetings/{meetingId}`: a series, one of its occurrences, or an instance. */
export const adminReadMeeting =
  (context: VendorContext): Handler =>
  (request) => {
    const id = request.params['meetingId'] ?? '';
    const view = viewOf(context, request);
    const record = ours(context, context.store.get(seriesIdOf(id)));
    if (!record) throw notFound();
    const answer = { status: 200, meetingId: record.id };
    if (id.includes('_I_')) {
      const held = heldAs(record, id, view.now);
      if (!held) throw notFound();
      return { ...answer, body: shown(instanceObject(record, held, view)) };
    }
    const wantsOccurrence = id.includes('_') || booleanOf(request.query, 'current') === true;
    const occurrence = id.includes('_') ? occurrenceAt(record, originalStart(id)) : currentOccurrence(record, view.now);
    if (wantsOccurrence && !occurrence) throw notFound();
    return { ...answer, body: object(record, wantsOccurrence ? occurrence : undefined, view) };
  };
