import type { KeptMail } from '../../smtp/mailbox.js';
import { currentId, roomLink, type RoomRecord } from '../rooms.js';

interface RoomAudit {
  readonly rooms: readonly RoomRecord[];
  readonly mails: readonly KeptMail[];
  /** Milliseconds since the epoch. */
  readonly cutoff: number;
  /** Addresses of hosts that the campaign was to leave alone. */
  readonly exclude: ReadonlySet<string>;
}

/** Rooms that still have an id from before the cut-off. */
export const roomsLeft = ({ rooms, cutoff, exclude }: RoomAudit): number =>
  rooms.filter((room) => !exclude.has(room.hostEmail.toLowerCase()) && isOld(room, currentId(room).id, cutoff)).length;

/** An id that was left and taken again is as old as it was. */
const isOld = ({ ids }: RoomRecord, id: string, cutoff: number): boolean => ids.some((known) => known.id === id && known.createdAt < cutoff);

/** Rooms that have another id by the campaign, whose owner was never mailed the link that they have now. */
export const roomsUntold = ({ rooms, mails }: Pick<RoomAudit, 'rooms' | 'mails'>): number => rooms.filter((room) => isReplaced(room) && !wasTold(room, mails)).length;

const isReplaced = (room: RoomRecord): boolean => currentId(room).by === 'api' && currentId(room).id !== room.ids[0]?.id;

function wasTold(room: RoomRecord, mails: readonly KeptMail[]): boolean {
  const link = roomLink(room, currentId(room));
  return mails.some(({ to, text }) => to.some((address) => address.toLowerCase() === room.hostEmail.toLowerCase()) && text.split(/\s+/).includes(link));
}
