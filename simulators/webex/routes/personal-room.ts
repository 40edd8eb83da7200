import { z } from 'zod';
import { random } from '../../support/random.js';
import { VendorError, badRequest, type Handler } from '../http.js';
import type { JsonObject } from '../meeting-record.js';
import type { PersonRecord } from '../people.js';
import { roomLink, shownId, type RoomRecord } from '../rooms.js';
import { actor, type VendorContext } from './context.js';
import { parse } from './meeting-body.js';

const notFoundRoom = (): VendorError => new VendorError(404, 'The requested resource could not be found.', ['The personal room is not found.']);

/** Of the person named, on the site named or the one they prefer. */
function roomOf(context: VendorContext, query: URLSearchParams): RoomRecord {
  const person = actor(context, query.get('userEmail'));
  const room = context.rooms.of(person, query.get('siteUrl') ?? person.hostSites[0] ?? '');
  if (!room) throw notFoundRoom();
  return room;
}

export function roomObject(room: RoomRecord, now: number): JsonObject {
  const shown = shownId(room, now);
  return {
    ...room.options,
    personalMeetingRoomLink: roomLink(room, shown),
    sipAddress: `${shown.id}@${room.siteUrl}`,
    dialInIpAddress: '192.0.2.68',
    telephony: {
      accessCode: shown.accessCode,
      callInNumbers: [{ label: 'Example Toll', callInNumber: '+1-202-555-0100', tollType: 'toll' }],
      links: { rel: 'globalCallinNumbers', href: `/api/v1/meetings/${shown.accessCode}/globalCallinNumbers`, method: 'GET' },
    },
  };
}

/** `GET /meetingPreferences/personalMeetingRoom` */
export const readRoom =
  (context: VendorContext): Handler =>
  ({ query }) => ({ status: 200, body: roomObject(roomOf(context, query), context.clock.now()) });

/** The rules for a PIN in the vendor's text. */
const isPin = (pin: string): boolean => /^\d{4}$/.test(pin) && !/^(\d)\1+$/.test(pin) && !'0123456789'.includes(pin) && !'9876543210'.includes(pin);

const OptionsBody = z.strictObject({
  topic: z.string().min(1).max(128),
  hostPin: z.string().refine(isPin, 'must be four digits, neither in sequence nor repeated'),
  enabledAutoLock: z.boolean(),
  autoLockMinutes: z.literal([0, 5, 10, 15, 20]),
  enabledNotifyHost: z.boolean(),
  supportCoHost: z.boolean(),
  supportAnyoneAsCoHost: z.boolean().optional(),
  allowFirstUserToBeCoHost: z.boolean().optional(),
  allowAuthenticatedDevices: z.boolean().optional(),
  coHosts: z.array(z.strictObject({ email: z.string(), displayName: z.string() })),
});

/** `PUT /meetingPreferences/personalMeetingRoom`: the link is read-only. */
export const changeRoom =
  (context: VendorContext): Handler =>
  ({ query, body }) => {
    const room = roomOf(context, query);
    const { supportAnyoneAsCoHost, allowFirstUserToBeCoHost, allowAuthenticatedDevices, ...required } = parse(OptionsBody, body);
    const optional = Object.entries({ supportAnyoneAsCoHost, allowFirstUserToBeCoHost, allowAuthenticatedDevices }).filter(([, value]) => value !== undefined);
    room.options = { ...room.options, ...required, ...Object.fromEntries(optional) };
    return { status: 200, body: roomObject(room, context.clock.now()) };
  };

const RefreshBody = z.strictObject({
  siteUrl: z.string(),
  personalMeetingRoomIds: z
    .array(z.strictObject({ email: z.string().optional(), personId: z.string().optional(), systemGenerated: z.boolean().optional(), personalMeetingRoomId: z.string().optional() }))
    .min(1)
    .max(100),
});
type Item = z.infer<typeof RefreshBody>['personalMeetingRoomIds'][number];

/** `POST /admin/meetingPreferences/personalMeetingRoom/refreshId`: all or nothing. */
export const refreshRooms =
  (context: VendorContext): Handler =>
  ({ body, n }) => {
    const { siteUrl, personalMeetingRoomIds: items } = parse(RefreshBody, body);
    mustBeUniform(items);
    const wanted = items.map((item) => ({ room: roomNamed(context, siteUrl, item), id: item.personalMeetingRoomId ?? context.rooms.freshId(siteUrl) }));
    mustBeFree(context, wanted);
    wanted.forEach(({ room, id }, i) => context.rooms.rename(room, id, 'api', random('room', n, i).next()));
    for (const { room } of wanted) context.store.followRoom(room);
    const answered = wanted.map(({ room, id }) => ({ email: room.hostEmail, personId: room.personId, personalMeetingRoomId: id }));
    return { status: 200, body: { siteUrl, personalMeetingRoomIds: answered } };
  };

/** Either all are generated or all are given, either all are named by address or all by id. */
function mustBeUniform(items: readonly Item[]): void {
  const all = (test: (item: Item) => boolean): boolean => items.every(test);
  const generated = all(({ systemGenerated, personalMeetingRoomId }) => systemGenerated === true && personalMeetingRoomId === undefined);
  const given = all(({ systemGenerated, personalMeetingRoomId }) => systemGenerated !== true && personalMeetingRoomId !== undefined);
  if (!generated && !given) throw badRequest('Either all items have personalMeetingRoomId, or all have systemGenerated which equals true.');
  const byEmail = all(({ email, personId }) => email !== undefined && personId === undefined);
  const byId = all(({ email, personId }) => email === undefined && personId !== undefined);
  if (!byEmail && !byId) throw badRequest('The items either all have personId or all have email.');
}

function roomNamed(context: VendorContext, siteUrl: string, { email, personId }: Item): RoomRecord {
  const person: PersonRecord | undefined = email === undefined ? [...context.store.people.values()].find(({ id }) => id === personId) : actor(context, email);
  const room = person && context.rooms.of(person, siteUrl);
  if (!room) throw notFoundRoom();
  return room;
}

function mustBeFree({ rooms }: VendorContext, wanted: readonly { readonly room: RoomRecord; readonly id: string }[]): void {
  if (wanted.some(({ id }) => !/^[A-Za-z0-9._-]{1,64}$/.test(id))) throw badRequest('personalMeetingRoomId is not valid.');
  const taken = wanted.some(({ room, id }) => ![undefined, room].includes(rooms.holder(room.siteUrl, id)));
  const twice = new Set(wanted.map(({ room }) => room)).size < wanted.length || new Set(wanted.map(({ id }) => id.toLowerCase())).size < wanted.length;
  if (taken || twice) throw badRequest('Personal meeting room ID is being used by someone else.');
}
