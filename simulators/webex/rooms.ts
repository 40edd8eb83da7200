import { randomInt } from 'node:crypto';
import { SECOND, type Clock } from '../support/clock.js';
import type { JsonObject, Origin } from './meeting-record.js';
import type { PersonRecord } from './people.js';

/** "It may take up to 30 minutes to see the updated personal room ID": the vendor's text for the refresh. Simulated seconds. */
const CACHE_S = 30 * 60;

/** An id that a room has or had, with what goes with it. */
export interface RoomId {
  /** The last part of the link. */
  readonly id: string;
  readonly accessCode: string;
  readonly by: Origin;
  readonly createdAt: number;
  readonly tick: number;
  /** Everybody sees the id before until then. */
  readonly visibleAt: number;
}

/** The personal room of one host on one site. */
export interface RoomRecord {
  readonly hostEmail: string;
  readonly personId: string;
  readonly siteUrl: string;
  /** Settings by the vendor's own names, as they are sent back. */
  options: JsonObject;
  /** Oldest first; never empty. */
  readonly ids: RoomId[];
}

export type NewRoom = Pick<RoomRecord, 'siteUrl' | 'options'> & { readonly host: PersonRecord; readonly id: string; readonly accessCode: string; readonly createdAt: number };

/** All personal rooms. On one site an id belongs to one room at a time; who leaves it leaves it to anybody. */
export class Rooms {
  private readonly records: RoomRecord[] = [];
  constructor(
    private readonly clock: Clock,
    private readonly cacheS = CACHE_S,
  ) {}

  add({ host, siteUrl, options, id, accessCode, createdAt }: NewRoom): RoomRecord {
    const first: RoomId = { id, accessCode, by: 'seed', createdAt, tick: this.clock.tick(), visibleAt: createdAt };
    const room = { hostEmail: host.email, personId: host.id, siteUrl, options, ids: [first] };
    this.records.push(room);
    return room;
  }

  all(): readonly RoomRecord[] {
    return this.records;
  }

  of({ email }: Pick<PersonRecord, 'email'>, siteUrl: string): RoomRecord | undefined {
    return this.records.find((room) => room.siteUrl === siteUrl && room.hostEmail.toLowerCase() === email.toLowerCase());
  }

  /** Whose room has this id now. Ids differ by more than upper and lower case. */
  holder(siteUrl: string, id: string): RoomRecord | undefined {
    return this.records.find((room) => room.siteUrl === siteUrl && currentId(room).id.toLowerCase() === id.toLowerCase());
  }

  /** Another id and another access code; the same id again changes nothing. `lag`: from 0 to 1, how much of the longest cache time passes first. */
  rename(room: RoomRecord, id: string, by: Origin, lag: number): void {
    if (currentId(room).id === id) return;
    const now = this.clock.now();
    room.ids.push({ id, accessCode: freshAccessCode(), by, createdAt: now, tick: this.clock.tick(), visibleAt: now + this.clock.inReal(this.cacheS * SECOND) * lag });
  }

  /** As the site makes them: unlike any other, and not to be guessed. */
  freshId(siteUrl: string): string {
    const made = `pr${Array.from({ length: 4 }, () => String.fromCharCode(randomInt(65, 91))).join('')}${randomInt(10_000_000, 100_000_000)}`;
    return this.holder(siteUrl, made) ? this.freshId(siteUrl) : made;
  }
}

const freshAccessCode = (): string => `2${randomInt(10 ** 9, 10 ** 10)}`;

export function currentId({ ids }: RoomRecord): RoomId {
  const last = ids.at(-1);
  if (!last) throw new Error('a room has an id');
  return last;
}

/** What the cache lets people see at `now`. */
export const shownId = (room: RoomRecord, now: number): RoomId => room.ids.findLast(({ visibleAt }) => visibleAt <= now) ?? room.ids[0] ?? currentId(room);

export const roomLink = ({ siteUrl }: Pick<RoomRecord, 'siteUrl'>, { id }: Pick<RoomId, 'id'>): string => `https://${siteUrl}/meet/${id}`;
