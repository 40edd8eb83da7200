import { randomInt } from 'node:crypto';
import { RelinkFailure } from '../../../../domain/failures.js';
import type { Host, ListedMeeting, MeetingIdentity, MeetingRef, MeetingSnapshot, Occurrence, Window } from '../../../../domain/meeting.js';
import type { Unreadable } from '../../../../domain/ports.js';
import type { PersonalRooms } from '../../../../domain/rooms.js';
import type { HttpAnswer } from '../../../http/client.js';
import type { WebexClient } from '../client.js';
import { fieldsOf, unlessGone, unreadable } from '../errors.js';
import { PlannedInRoom, RefreshedRooms, Room } from './personal-room-schema.js';

/** Personal rooms by https://developer.webex.com/docs/api/v1/meeting-preferences: settings by host and site, ids by an administrator. */
export function createRooms(client: WebexClient): PersonalRooms {
  const rooms: PersonalRooms = {
    list: (host, meetings) => list(client, host, meetings),
    async read(ref) {
      const answer = await unlessGone(client.room(ref.hostEmail, ref.site || undefined));
      return answer === 'gone' ? 'gone' : toSnapshot(parsed(answer), ref);
    },
    planned: async (ref, window) => (await plannedIn(client, ref, window)).map(timesOf).sort((a, b) => (a.start < b.start ? -1 : 1)),
    propose: (legacy) => propose(legacy),
    async assign(ref, lastLook) {
      const asked = roomIdOf(ref);
      const answer = await client.refreshRooms({ siteUrl: ref.site, personalMeetingRoomIds: [{ email: ref.hostEmail, personalMeetingRoomId: asked }] }, lastLook);
      mustBeGiven(answer, asked);
      return { trackingId: answer.trackingId };
    },
    async resolves(legacy, window) {
      const room = await rooms.read(legacy);
      const planned = await plannedIn(client, legacy, window);
      const links = [...(room === 'gone' ? [] : [room.identity.link]), ...planned.map(({ webLink }) => webLink)];
      const numbers = [...(room === 'gone' ? [] : [room.identity.number]), ...planned.map(({ meetingNumber }) => meetingNumber)];
      const hasId = room !== 'gone' && room.identity.id === legacy.id;
      return [...(hasId ? ['id' as const] : []), ...(legacy.number !== '' && numbers.includes(legacy.number) ? ['number' as const] : []), ...(links.includes(legacy.link) ? ['link' as const] : [])];
    },
  };
  return rooms;
}

/** Distinguishes the ids of rooms from those of meetings. */
const PREFIX = 'meet/';
const roomIdOf = ({ id }: MeetingRef): string => id.slice(PREFIX.length);

/** The vendor shows a room's id nowhere but at the end of its link [INFER]. */
const idInLink = (link: string): string => decodeURIComponent(new URL(link).pathname.split('/').filter(Boolean).at(-1) ?? '');

function parsed(answer: HttpAnswer): Room {
  const room = Room.safeParse(answer.body);
  if (!room.success) throw unreadable(room.error, { answer });
  return room.data;
}

function toIdentity({ personalMeetingRoomLink: link, sipAddress, telephony }: Room, { hostEmail, site }: { readonly hostEmail: string; readonly site: string }): MeetingIdentity {
  const id = idInLink(link);
  return {
    vendor: 'webex',
    site: site || new URL(link).hostname,
    id: `${PREFIX}${id}`,
    hostEmail,
    number: telephony?.accessCode ?? '',
    link,
    // One that does not hold the id is the person's own, and stays.
    sipAddress: sipAddress?.toLowerCase().startsWith(`${id.toLowerCase()}@`) ? sipAddress : undefined,
    accessCode: telephony?.accessCode,
  };
}

/** A room has no time; nothing reads these. */
const NEVER = new Date(0).toISOString();

function toSnapshot(room: Room, ref: { readonly hostEmail: string; readonly site: string }): MeetingSnapshot {
  const { personalMeetingRoomLink: _link, sipAddress: _sip, dialInIpAddress: _ip, telephony: _phone, ...options } = room;
  return { identity: toIdentity(room, ref), kind: 'room', hostName: '', title: room.topic, timezone: 'UTC', start: NEVER, end: NEVER, occurrences: [], options, invitees: [], tags: [] };
}

/**
 * Nobody needs to have a room, and a site on which the vendor refuses to show one hides neither others nor meetings.
 * @throws RelinkFailure `Forbidden` when the identity may not see a room on any of the sites
 */
async function list(client: WebexClient, { email, sites }: Host, meetings: readonly ListedMeeting[]) {
  const found: ListedMeeting[] = [];
  const broken: Unreadable[] = [];
  const forbidden: RelinkFailure[] = [];
  const asked = sites.length > 0 ? sites : [''];
  for (const site of asked) {
    const answer = await unlessGone(client.room(email, site || undefined)).catch(refusalIn);
    if (answer === 'gone') continue;
    if (answer instanceof RelinkFailure && answer.type === 'Forbidden') forbidden.push(answer);
    const room = answer instanceof RelinkFailure ? undefined : Room.safeParse(answer.body);
    if (room?.success) found.push({ ...toListed(toIdentity(room.data, { hostEmail: email, site }), meetings), title: room.data.topic });
    else broken.push({ id: `room of ${email.toLowerCase()} on ${site}`, fields: room ? fieldsOf(room.error) : ['room'] });
  }
  if (forbidden[0] && forbidden.length === asked.length) throw forbidden[0];
  return { meetings: found, unreadable: broken };
}

/** An outage is none. */
function refusalIn(cause: unknown): RelinkFailure {
  if (cause instanceof RelinkFailure && (cause.type === 'VendorRefused' || cause.type === 'Forbidden')) return cause;
  throw cause;
}

/** Since when it exists the vendor does not say. */
function toListed(identity: MeetingIdentity, meetings: readonly ListedMeeting[]): ListedMeeting {
  const here = meetings.filter((meeting) => meeting.kind === 'personal-room' && meeting.identity.site === identity.site);
  const [next, ...more] = here.flatMap((meeting) => meeting.next ?? []).sort((a, b) => (a.start < b.start ? -1 : 1));
  return { identity, kind: 'room', firstStart: new Date().toISOString(), next, hasMore: more.length > 0, tags: [] };
}

/** Lists show what the host is invited to as well. */
async function plannedIn(client: WebexClient, { hostEmail, site }: MeetingRef, { from, to }: Window): Promise<readonly PlannedInRoom[]> {
  const items = await client.meetings({ hostEmail, siteUrl: site, meetingType: 'scheduledMeeting', scheduledType: 'personalRoomMeeting', from, to });
  return items.flatMap((item) => {
    const meeting = PlannedInRoom.safeParse(item);
    if (!meeting.success) throw unreadable(meeting.error);
    const { data } = meeting;
    const isTheirs = data.scheduledType === 'personalRoomMeeting' && data.hostEmail.toLowerCase() === hostEmail.toLowerCase() && data.siteUrl === site;
    return isTheirs && Date.parse(data.end) > Date.parse(from) ? [data] : [];
  });
}

const timesOf = ({ start, end }: PlannedInRoom): Occurrence => ({ start: new Date(start).toISOString(), end: new Date(end).toISOString() });

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
const drawn = (from: string, length: number): string => Array.from({ length }, () => from[randomInt(from.length)] ?? '').join('');

/** In the form that sites give themselves (`prABCD23670651`), longer: about 85 bits. What is put in the place of the old id makes the link [INFER]; it is read back before anybody is told. */
function propose(legacy: MeetingIdentity): MeetingIdentity {
  const id = `pr${drawn(LETTERS, 8)}${drawn('0123456789', 14)}`;
  const { vendor, site, hostEmail } = legacy;
  return { vendor, site, hostEmail, id: `${PREFIX}${id}`, number: '', link: new URL(id, legacy.link).href };
}

/** An answer that names another id, or none, leaves open what was done. */
function mustBeGiven(answer: HttpAnswer, asked: string): void {
  const { data } = RefreshedRooms.safeParse(answer.body);
  if (data?.personalMeetingRoomIds.some(({ personalMeetingRoomId }) => personalMeetingRoomId === asked)) return;
  throw new RelinkFailure('NetworkAmbiguous', 'the answer does not name the id that was asked for', { fields: ['personalMeetingRoomId'], trackingId: answer.trackingId });
}
