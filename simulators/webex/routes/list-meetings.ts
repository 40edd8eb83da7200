import { DAY } from '../../support/clock.js';
import { readTime } from '../../support/zone.js';
import { badRequest, notFound, type Answer, type Handler, type VendorRequest } from '../http.js';
import { concerns } from '../invitee-lists.js';
import type { MeetingRecord } from '../meeting-record.js';
import { currentOccurrence, modifiedIn, occurrenceAt, occurrencesIn, type Occurrence } from '../occurrences.js';
import { page, pageSize, type Listed } from '../paging.js';
import { instanceObject, occurrenceObject, seriesItem, unregistered, type View } from '../render.js';
import { actor, booleanOf, viewOf, type VendorContext } from './context.js';

/** What is over is kept that long. */
const KEPT = 180 * DAY;
const meetingTypes = ['meetingSeries', 'scheduledMeeting', 'meeting'] as const;
type MeetingType = (typeof meetingTypes)[number];

/** `GET /meetings`: what a person hosts or is invited to, be it one occurrence. */
export const listMeetings =
  (context: VendorContext): Handler =>
  (request) => {
    const view = viewOf(context, request);
    const { query } = request;
    const handles = ['meetingNumber', 'webLink', 'roomId'].filter((name) => query.has(name));
    if (handles.length > 1) throw badRequest('meetingNumber, webLink and roomId are mutually exclusive.');
    if (query.has('meetingNumber') || query.has('webLink')) return byHandle(context, request, view);
    const items = filtered(listed(context, request, view), query);
    return page(request, context.store.listsInterpretation ? items : items.map(uninterpreted), pageSize(query, 10, 100));
  };

/** The vendor's text promises who interprets for look-ups by number or link alone. */
const uninterpreted = ({ key, item }: Listed): Listed => ({
  key,
  item: () => {
    const { simultaneousInterpretation: _left, ...rest } = item();
    return rest;
  },
});

/**
 * Looked up by number or link. That an unknown number gives an empty list and an unknown link a 404 is not documented:
 * both answers were seen, so both occur here.
 */
function byHandle(context: VendorContext, { query }: VendorRequest, view: View): Answer {
  const [number, link] = [query.get('meetingNumber'), query.get('webLink')];
  const person = actor(context, query.get('hostEmail'));
  const record = number !== null ? context.store.withNumber(number.replace(/\D/g, '')) : context.store.withLink(link ?? '');
  const found = record && record.visibleAt <= view.now ? behind(record, number?.replace(/\D/g, '') ?? link ?? '') : undefined;
  if (!record || !found || !concerns(record, person.email, found.occurrence)) {
    if (number === null) throw notFound();
    return { status: 200, body: { items: [] } };
  }
  const occurrence = found.occurrence ?? (booleanOf(query, 'current') === false ? undefined : currentOccurrence(record, view.now));
  return { status: 200, body: { items: [occurrence ? unregistered(occurrenceObject(record, occurrence, view)) : seriesItem(record, view, false)] }, meetingId: record.id };
}

/** The series or the changed occurrence to which a number or link leads. Those of an occurrence that is no more lead nowhere. */
export function behind(record: MeetingRecord, handle: string): { readonly occurrence?: Occurrence } | undefined {
  if (record.number === handle || record.link === handle) return {};
  const original = [...record.exceptions].find(([, own]) => own.number === handle || own.link === handle)?.[0];
  const occurrence = original === undefined ? undefined : occurrenceAt(record, original);
  return occurrence && { occurrence };
}

function listed(context: VendorContext, request: VendorRequest, view: View): readonly Listed[] {
  const { query } = request;
  const series = query.get('meetingSeriesId');
  const type = typeOf(query, series !== null);
  const range = rangeOf(query, type, view.now);
  const records = (series === null ? candidates(context, request, type) : ofSeries(context, request, series)).filter(({ visibleAt }) => visibleAt <= view.now);
  const person = wholeOrganisation(query, type) ? null : actor(context, query.get('hostEmail'));
  const concerned = (record: MeetingRecord, occurrence?: Occurrence): boolean => person === null || concerns(record, person.email, occurrence);
  if (type === 'meetingSeries') return records.filter((record) => concerned(record)).flatMap((record) => asSeries(record, query, range, view));
  const from = Math.max(range.from, view.now - KEPT);
  // Most series have no end: those that were never changed are not worth an expansion.
  const expand = type === 'scheduledMeeting' && booleanOf(query, 'isModified') === true ? modifiedIn : occurrencesIn;
  // Only a changed occurrence can have invitees of its own.
  const occurrences = records.flatMap((record) => {
    const byRule = concerned(record);
    return expand(record, from, range.to).flatMap((occurrence) => ((occurrence.exception ? concerned(record, occurrence) : byRule) ? [{ record, occurrence }] : []));
  });
  return occurrences
    .flatMap(({ record, occurrence }) => {
      const key = `${String(occurrence.start).padStart(15, '0')} ${occurrence.id}`;
      if (type === 'scheduledMeeting') return [{ key, item: () => unregistered(occurrenceObject(record, occurrence, view)) }];
      return occurrence.start <= view.now ? [{ key, item: () => instanceObject(record, occurrence, view) }] : [];
    })
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

function typeOf(query: URLSearchParams, ofOneSeries: boolean): MeetingType {
  const asked = query.get('meetingType') ?? (ofOneSeries ? 'scheduledMeeting' : 'meetingSeries');
  const type = meetingTypes.find((known) => known === asked);
  if (!type) throw badRequest('meetingType must be meetingSeries, scheduledMeeting or meeting.');
  return type;
}

/** Seven days, when nothing is said: forward for what is planned, back for what was held. */
function rangeOf(query: URLSearchParams, type: MeetingType, now: number): { from: number; to: number } {
  const [from, to] = ['from', 'to'].map((name) => {
    const text = query.get(name);
    if (text === null) return undefined;
    const time = readTime(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00` : text, 'UTC');
    if (!time) throw badRequest(`${name} is not an ISO 8601 time.`);
    return time.ms;
  });
  const week = 7 * DAY;
  const begin = from ?? (to === undefined ? (type === 'meeting' ? now - week : now) : to - week);
  const end = to ?? (from === undefined && type === 'meeting' ? now : begin + week);
  if (begin > end) throw badRequest('from cannot be after to.');
  return { from: begin, to: end };
}

/** Only instances can be listed for a whole organisation. */
const wholeOrganisation = (query: URLSearchParams, type: MeetingType): boolean => type === 'meeting' && !query.has('hostEmail') && !query.has('meetingSeriesId');

/** Whose meetings are meant. */
function candidates(context: VendorContext, { query, identity }: VendorRequest, type: MeetingType): readonly MeetingRecord[] {
  const { store } = context;
  const hostEmail = query.get('hostEmail');
  const all = wholeOrganisation(query, type) ? store.all().filter(({ deleted }) => !deleted) : store.listed(actor(context, hostEmail).email);
  const tag = query.get('integrationTag');
  const [siteUrl, roomId] = [query.get('siteUrl'), query.get('roomId')];
  return all.filter(
    (record) =>
      (tag === null || (record.tags.client === identity && record.tags.tags.includes(tag))) &&
      (siteUrl === null || record.siteUrl === siteUrl) &&
      (roomId === null || record.options['roomId'] === roomId) &&
      isOfType(record, type, query) &&
      (type !== 'meetingSeries' || record.scheduledType !== 'personalRoomMeeting'),
  );
}

function ofSeries(context: VendorContext, { query }: VendorRequest, series: string): readonly MeetingRecord[] {
  const record = context.store.get(series);
  const person = actor(context, query.get('hostEmail'));
  if (!record || !context.store.of(person.email).includes(record)) throw notFound();
  if (record.scheduledType === 'personalRoomMeeting') throw badRequest('meetingSeriesId of a personal room meeting is not supported.');
  return [record];
}

/** A series that overlaps the range, even if it began years ago. */
function asSeries(record: MeetingRecord, query: URLSearchParams, range: { from: number; to: number }, view: View): readonly Listed[] {
  const first = currentOccurrence(record, Math.max(range.from, view.now - KEPT));
  if (!first || first.start >= range.to) return [];
  return [{ key: String(record.seq).padStart(9, '0'), item: () => seriesItem(record, view, booleanOf(query, 'current') ?? true) }];
}

function filtered(items: readonly Listed[], query: URLSearchParams): readonly Listed[] {
  const state = query.get('state');
  const modified = booleanOf(query, 'isModified');
  if (state === null && modified === undefined) return items;
  return items.filter(({ item }) => {
    const shown = item();
    return (state === null || shown['state'] === state) && (modified === undefined || shown['meetingType'] !== 'scheduledMeeting' || shown['isModified'] === modified);
  });
}

/** Instances in a personal room count as meetings. */
function isOfType(record: MeetingRecord, type: MeetingType, query: URLSearchParams): boolean {
  const wanted = query.get('scheduledType');
  return wanted === null || wanted === (type === 'meeting' && record.scheduledType === 'personalRoomMeeting' ? 'meeting' : record.scheduledType);
}
