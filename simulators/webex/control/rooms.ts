import { z } from 'zod';
import { badRequest, notFound } from '../http.js';
import type { JsonObject } from '../meeting-record.js';
import { currentId, roomLink, type Rooms } from '../rooms.js';
import type { VendorContext } from '../routes/context.js';
import { parse } from '../routes/meeting-body.js';
import { compare, instant } from './canonical-meeting.js';

/** All rooms as they are, caches aside, sorted. */
export const livingRooms = (rooms: Rooms): readonly JsonObject[] =>
  rooms
    .all()
    .map((room) => {
      const now = currentId(room);
      const { id, accessCode, createdAt } = now;
      return { hostEmail: room.hostEmail, siteUrl: room.siteUrl, id, link: roomLink(room, now), accessCode, created: instant(createdAt), options: room.options };
    })
    .sort((a, b) => compare(`${a.hostEmail} ${a.siteUrl}`, `${b.hostEmail} ${b.siteUrl}`));

const RenameBody = z.strictObject({ id: z.string().min(1), siteUrl: z.string().optional() });

/** An owner picks an id with the vendor's own clients, as sites may allow. Seen at once. */
export function renameRoom({ store, rooms }: VendorContext, email: string, body: unknown): JsonObject {
  const { id, siteUrl } = parse(RenameBody, body);
  const person = store.people.get(email.toLowerCase());
  const room = person && rooms.of(person, siteUrl ?? person.hostSites[0] ?? '');
  if (!room) throw notFound();
  if (![undefined, room].includes(rooms.holder(room.siteUrl, id))) throw badRequest('Personal meeting room ID is being used by someone else.');
  rooms.rename(room, id, 'control', 0);
  store.followRoom(room);
  return { id };
}
