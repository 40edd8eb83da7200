import { VendorError, badRequest, notFound, type Handler } from '../http.js';
import type { Exception, JsonObject, MeetingRecord } from '../meeting-record.js';
import { currentOccurrence, isHeld, occurrenceAt, originalStart, type Occurrence } from '../occurrences.js';
import { asSuiteReads, edited } from '../options.js';
import { anchored, normaliseRule, recurringInterval, type Slot } from '../recurrence.js';
import { occurrenceObject, seriesItem } from '../render.js';
import type { Store } from '../store.js';
import { requireFitting } from '../webinars.js';
import { meetingOf, viewOf, type VendorContext } from './context.js';
import { parse, PatchBody, requireStrong, requireTimes, timeOf } from './meeting-body.js';

/** `PATCH /meetings/{meetingId}`: a whole series, or one occurrence, which thereby becomes an exception with a number and link of its own. */
export const patchMeeting =
  (context: VendorContext): Handler =>
  (request) => {
    const id = request.params['meetingId'] ?? '';
    const asked = parse(PatchBody, request.body);
    const record = meetingOf(context, id, asked.hostEmail);
    const isSuite = context.store.suites.has(record.siteUrl);
    const body = withCodes(context.store, record, isSuite ? (asSuiteReads(asked as JsonObject) as PatchBody) : asked);
    const asSeen = viewOf(context, request);
    const view = { ...asSeen, timezone: asked.timezone ?? asSeen.timezone };
    requireEditable(record, id);
    requireStrong(body.password);
    requireStrong(body.panelistPassword);
    requireFitting(record, body as JsonObject, { ...record.options, ...(body as JsonObject) });
    requireNobodyRegistered(record, body);
    const occurrence = occurrenceOf(record, id);
    if (occurrence) patchOccurrence(context.store, record, occurrence, body, view.now);
    else patchSeries(context.store, record, body, { now: view.now, client: request.identity });
    const changed = occurrence && occurrenceAt(record, occurrence.original);
    return { status: 200, body: changed ? occurrenceObject(record, changed, view) : seriesItem(record, view, false), meetingId: record.id, mailsPeople: body.sendEmail };
  };

/** Codes that are named go through the rules of the site, as in a creation; `null` takes them all away. */
function withCodes({ codes }: Store, { siteUrl, hostEmail }: MeetingRecord, body: PatchBody): PatchBody {
  const { trackingCodes } = body;
  return trackingCodes === undefined || trackingCodes === null ? body : { ...body, trackingCodes: codes.given(siteUrl, hostEmail, trackingCodes) };
}

/** That a connector's meeting is refused is documented, with which status is not. */
function requireEditable({ kind, scheduledType }: MeetingRecord, id: string): void {
  if (id.includes('_I_')) throw new VendorError(400, `Meeting ID '${id}' is not allowed for this API.`);
  if (scheduledType === 'personalRoomMeeting') throw new VendorError(400, `Meeting ID '${id}' is not supported for this API.`);
  if (kind === 'connector') throw new VendorError(403, 'Updating a meeting that was created via a calendar connector is not allowed.');
}

/** By the vendor's document: whoever registered could do so without signing in. */
function requireNobodyRegistered({ registrants, options }: MeetingRecord, { requireAttendeeLogin }: PatchBody): void {
  const changes = requireAttendeeLogin !== undefined && requireAttendeeLogin !== (options['requireAttendeeLogin'] ?? false);
  if (changes && registrants.length > 0) throw badRequest('requireAttendeeLogin cannot be set if someone has already registered for the webinar.');
}

/** Nothing for a whole series. A meeting that does not recur is its only occurrence. */
function occurrenceOf(record: MeetingRecord, id: string): Occurrence | undefined {
  if (!id.includes('_')) return undefined;
  const occurrence = occurrenceAt(record, originalStart(id));
  if (!occurrence) throw notFound();
  return record.plan.recurrence === undefined ? undefined : occurrence;
}

function patchSeries(store: Store, record: MeetingRecord, body: PatchBody, { now, client }: { now: number; client: string }): void {
  if (isHeld(record, now)) throw new VendorError(403, 'Meeting is in progress.');
  if (!currentOccurrence(record, now)) throw badRequest('The meeting has ended.');
  const { plan } = record;
  const recurrence = body.recurrence === undefined ? plan.recurrence : body.recurrence === null ? undefined : normaliseRule(body.recurrence);
  const times = timesOf(body, plan, now);
  const timing = recurrence === null ? null : anchored({ ...times, timezone: body.timezone ?? plan.timezone, recurrence });
  if (!timing) throw badRequest('recurrence is not a valid rule.');
  record.options = edited(record.options, body as JsonObject) ?? record.options;
  record.password = body.password ?? record.password;
  if (body.integrationTags !== undefined) record.tags = { client, tags: body.integrationTags ?? [] };
  store.edit(record, { ...timing, title: body.title ?? plan.title, agenda: body.agenda === undefined ? plan.agenda : (body.agenda ?? '') }, 'api');
}

function patchOccurrence(store: Store, record: MeetingRecord, occurrence: Occurrence, body: PatchBody, now: number): void {
  if (body.integrationTags !== undefined || body.recurrence !== undefined) throw badRequest('integrationTags and recurrence apply to a meeting series only.');
  if (occurrence.end <= now) throw badRequest('The meeting has ended.');
  if (occurrence.start <= now) throw new VendorError(400, 'Meeting is in progress.');
  const times = timesOf(body, occurrence, now);
  const interval = recurringInterval(record.plan, occurrence.original);
  const crosses = times.start < interval.from || times.start >= interval.to;
  if (body.start !== undefined && crosses) throw new VendorError(400, 'meeting.err.two_meeting_schedule_at_same_day');
  const change = changeOf(body, times, occurrence.exception?.options ?? record.options);
  if (Object.keys(change).length > 0) store.editOccurrence(record, occurrence.original, change, 'api');
}

/** Even a value that it had before makes an occurrence an exception. */
function changeOf(body: PatchBody, times: Slot, current: JsonObject): Partial<Exception> {
  const options = edited(current, body as JsonObject);
  return {
    ...(body.start === undefined && body.end === undefined ? {} : times),
    ...(body.timezone === undefined ? {} : { timezone: body.timezone }),
    ...(body.title === undefined ? {} : { title: body.title }),
    ...(body.agenda === undefined ? {} : { agenda: body.agenda ?? '' }),
    ...(body.password === undefined ? {} : { password: body.password }),
    ...(options === undefined ? {} : { options }),
  };
}

/** Times are read in the zone of the request, UTC without one: the developer guide says so of updates. What is not named stays. */
function timesOf({ start, end, timezone = 'UTC' }: PatchBody, before: Slot, now: number): Slot {
  if (start === undefined && end === undefined) return { start: before.start, end: before.end };
  const times = { start: start === undefined ? before.start : timeOf('start', start, timezone), end: end === undefined ? before.end : timeOf('end', end, timezone) };
  requireTimes(times, now);
  return times;
}
