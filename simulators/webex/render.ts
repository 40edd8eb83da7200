import { hash } from '../support/random.js';
import { stamp } from '../support/zone.js';
import type { Exception, JsonObject, MeetingRecord, StoredInvitee } from './meeting-record.js';
import { currentOccurrence, isHeld, type Occurrence } from './occurrences.js';
import { displayName, type PersonRecord } from './people.js';

/** How the caller sees things. */
export interface View {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Zone of the times in the answer. */
  readonly timezone: string;
  /** Tags are shown to the client that set them. */
  readonly client: string;
}

function common(record: MeetingRecord, view: View, own?: Exception): JsonObject {
  const agenda = own?.agenda ?? record.plan.agenda;
  const { attendeePrivileges, ...options } = own?.options ?? record.options;
  return {
    password: own?.password ?? record.password,
    phoneAndVideoSystemPassword: record.numericPassword,
    ...(agenda ? { agenda } : {}),
    timezone: view.timezone,
    hostUserId: record.hostUserId,
    hostDisplayName: record.hostName,
    hostEmail: record.hostEmail,
    hostKey: record.hostKey,
    siteUrl: record.siteUrl,
    dialInIpAddress: '192.0.2.68',
    scheduledType: record.scheduledType,
    ...options,
    ...(record.scheduledType === 'webinar' ? {} : { attendeePrivileges }),
    ...(record.tags.client === view.client && record.tags.tags.length > 0 ? { integrationTags: record.tags.tags } : {}),
    ...(options['enabledBreakoutSessions'] === true
      ? { links: [{ rel: 'breakoutSessions', href: `/v1/meetings/${record.id}/breakoutSessions`, method: 'GET' }] }
      : {}),
  };
}

function reach(record: MeetingRecord, { number, link }: { number: string; link: string }): JsonObject {
  return {
    meetingNumber: number,
    webLink: link,
    sipAddress: record.scheduledType === 'personalRoomMeeting' ? `${link.split('/').at(-1)}@${record.siteUrl}` : `${number}@${record.siteUrl}`,
    telephony: telephony(record, number),
    ...(record.options['registration'] === undefined ? {} : { registerLink: link.replace('j.php?MTID=m', 'j.php?RGID=r') }),
  };
}

const telephony = (record: MeetingRecord, accessCode: string): JsonObject => ({
  accessCode,
  callInNumbers: [{ label: 'Example Toll', callInNumber: '+1-202-555-0100', tollType: 'toll' }],
  links: [{ rel: 'globalCallinNumbers', href: `/api/v1/meetings/${record.id}/globalCallinNumbers`, method: 'GET' }],
});

/** A whole series; with `current`, its times are those of the running or next occurrence. */
export function seriesObject(record: MeetingRecord, view: View, current = false): JsonObject {
  const next = currentOccurrence(record, view.now);
  const { start, end } = (current ? next : undefined) ?? record.plan;
  return {
    id: record.id,
    title: record.plan.title,
    meetingType: 'meetingSeries',
    state: isHeld(record, view.now) ? 'inProgress' : next ? 'active' : 'expired',
    start: stamp(start, view.timezone),
    end: stamp(end, view.timezone),
    ...(record.plan.recurrence === undefined ? {} : { recurrence: record.plan.recurrence }),
    ...common(record, view),
    ...reach(record, record),
  };
}

/** Lists say of no meeting where to register, nor what its organiser asks there. */
export function unregistered({ registerLink: _link, registration, ...item }: JsonObject): JsonObject {
  if (registration === undefined) return item;
  const { customizedQuestions: _own, ...form } = registration as JsonObject;
  return { ...item, registration: form };
}

export const seriesItem = (record: MeetingRecord, view: View, current: boolean): JsonObject => ({ ...unregistered(seriesObject(record, view, current)), meetingSeriesId: record.id });

export function occurrenceObject(record: MeetingRecord, occurrence: Occurrence, view: View): JsonObject {
  const state = occurrence.end <= view.now ? 'ended' : occurrence.start <= view.now ? 'ready' : 'scheduled';
  return {
    id: occurrence.id,
    meetingSeriesId: record.id,
    title: occurrence.exception?.title ?? record.plan.title,
    meetingType: 'scheduledMeeting',
    state,
    isModified: occurrence.exception !== undefined,
    start: stamp(occurrence.start, view.timezone),
    end: stamp(occurrence.end, view.timezone),
    ...common(record, view, occurrence.exception),
    ...reach(record, occurrence.exception ?? record),
  };
}

export const instanceId = (record: MeetingRecord, occurrence: Occurrence): string => `${record.id}_I_${hash(occurrence.id)}${hash('instance', occurrence.id)}`;

/** A meeting that takes or took place. */
export function instanceObject(record: MeetingRecord, occurrence: Occurrence, view: View): JsonObject {
  const running = occurrence.end > view.now;
  const { dialInIpAddress: _ip, phoneAndVideoSystemPassword: _code, scheduledType: _type, ...rest } = common(record, view, occurrence.exception);
  const { number, link } = occurrence.exception ?? record;
  return {
    ...unregistered(rest),
    id: instanceId(record, occurrence),
    meetingSeriesId: record.id,
    scheduledMeetingId: occurrence.id,
    title: occurrence.exception?.title ?? record.plan.title,
    meetingType: 'meeting',
    scheduledType: record.scheduledType === 'webinar' ? 'webinar' : 'meeting',
    state: running ? 'inProgress' : 'ended',
    start: stamp(occurrence.start, view.timezone),
    end: stamp(occurrence.end, view.timezone),
    webLink: link,
    telephony: telephony(record, number),
    ...(running ? { meetingNumber: number } : { hasChat: false, hasRecording: false, hasTranscription: false, hasPolls: false, hasQA: false }),
  };
}

export const inviteeObject = (invitee: StoredInvitee, meetingId: string): JsonObject => ({ ...invitee, meetingId });

export function personObject(person: PersonRecord, orgId: string): JsonObject {
  const created = new Date(person.created).toISOString();
  return {
    id: person.id,
    emails: [person.email],
    phoneNumbers: [],
    displayName: displayName(person),
    nickName: person.firstName,
    firstName: person.firstName,
    lastName: person.lastName,
    orgId,
    roles: [],
    licenses: person.hostSites.map((site) => Buffer.from(`ciscospark://us/LICENSE/${hash(site)}:MC_${site}`).toString('base64url')),
    created,
    lastModified: created,
    timezone: person.timezone,
    siteUrls: [...person.hostSites, ...person.attendeeSites.map((site) => `${site}#attendee`)],
    sipAddresses: [],
    status: 'unknown',
    invitePending: 'false',
    loginEnabled: String(person.loginEnabled),
    type: 'person',
  };
}
