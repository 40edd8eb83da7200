import type { Clock } from '../../support/clock.js';
import { isZone } from '../../support/zone.js';
import type { Faults } from '../faults.js';
import { VendorError, badRequest, notFound, type VendorRequest } from '../http.js';
import type { MeetingRecord } from '../meeting-record.js';
import { occurrenceAt, originalStart, type Occurrence } from '../occurrences.js';
import { isHost, type PersonRecord } from '../people.js';
import type { View } from '../render.js';
import type { Rooms } from '../rooms.js';
import type { Store } from '../store.js';

/** What routes work on. */
export interface VendorContext {
  readonly clock: Clock;
  readonly store: Store;
  readonly rooms: Rooms;
  readonly faults: Faults;
  /** The administrator to whom every token belongs. */
  readonly admin: PersonRecord;
  readonly orgId: string;
}

export function viewOf({ clock }: VendorContext, request: VendorRequest): View {
  const timezone = request.headers['timezone'];
  if (timezone !== undefined && (typeof timezone !== 'string' || !isZone(timezone))) throw badRequest('The timezone header is not a known time zone.');
  return { now: clock.now(), timezone: timezone ?? 'UTC', client: request.identity };
}

/** The person for whom an administrator acts; without `hostEmail`, the administrator. */
export function actor(context: VendorContext, hostEmail: string | null | undefined): PersonRecord {
  if (hostEmail === null || hostEmail === undefined) return context.admin;
  const person = context.store.people.get(hostEmail.toLowerCase());
  if (!person?.loginEnabled) throw new VendorError(404, 'The requested resource could not be found.', ['The user is not found.']);
  return person;
}

/** Whose meeting `id` (of a series, occurrence or instance) is. Only its host, or an administrator naming the host, may see it. */
export function meetingOf(context: VendorContext, id: string, hostEmail: string | null | undefined): MeetingRecord {
  const record = context.store.get(seriesIdOf(id));
  if (!record) throw notFound();
  if (hostEmail === null || hostEmail === undefined) {
    if (record.hostEmail.toLowerCase() === context.admin.email.toLowerCase()) return record;
    throw new VendorError(403, 'The server understood the request, but refused to fulfill it because the access token is missing required scopes or the user is missing required roles or licenses.');
  }
  if (actor(context, hostEmail).email.toLowerCase() !== record.hostEmail.toLowerCase()) throw notFound();
  return record;
}

/** A series, or one occurrence of it, for which something is prepared. A meeting that does not recur is its only occurrence. */
export function prepared(context: VendorContext, id: string, hostEmail: string | readonly string[] | null | undefined): { readonly record: MeetingRecord; readonly occurrence: Occurrence | undefined } {
  const record = meetingOf(context, id, typeof hostEmail === 'string' ? hostEmail : undefined);
  if (record.scheduledType === 'personalRoomMeeting' || id.includes('_I_')) throw new VendorError(400, `Meeting ID '${id}' is not supported for this API.`);
  if (!id.includes('_')) return { record, occurrence: undefined };
  const occurrence = occurrenceAt(record, originalStart(id));
  if (!occurrence) throw notFound();
  return { record, occurrence: record.plan.recurrence === undefined ? undefined : occurrence };
}

export function hostOf(context: VendorContext, hostEmail: string | undefined, siteUrl: string | undefined): { host: PersonRecord; site: string } {
  const host = actor(context, hostEmail);
  const site = siteUrl ?? host.hostSites[0];
  if (!isHost(host) || site === undefined || !host.hostSites.includes(site)) throw new VendorError(403, 'The user has no host account on this site.');
  return { host, site };
}

export const seriesIdOf = (id: string): string => id.split('_')[0] ?? id;

export function booleanOf(query: URLSearchParams, name: string): boolean | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  if (value !== 'true' && value !== 'false') throw badRequest(`${name} must be true or false.`);
  return value === 'true';
}
