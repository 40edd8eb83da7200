import { sql } from 'kysely';
import type { MeetingHandle } from '../../domain/departed.js';
import type { HandleBook } from '../../domain/ledger.js';
import type { MeetingIdentity } from '../../domain/meeting.js';
import { linkKey, numberKey } from '../../domain/traces.js';
import type { Keyring } from '../seal/index.js';
import { row, rows, type Db, type Store } from './database.js';
import { linesOf, write } from './inventory.js';
import { identityPlace } from './items.js';
import { hostKey } from './keys.js';
import { handleKey, handlePlace, openHandlesIn } from './open-handles.js';

const nameOf = ({ by, key }: MeetingHandle): string => `${by} ${key}`;

/** What may lead to meetings of hosts who left. */
export function createHandles({ db, keyring }: Store): HandleBook {
  return {
    async openHandles(campaign, token, handles) {
      const { owned, left } = await knownIn(db, keyring, campaign);
      const open = new Map([...handles.filter((handle) => !owned.has(nameOf(handle))), ...left].map((handle) => [nameOf(handle), handle]));
      await openHandlesIn(db, keyring, { campaign, token }, [...open.values()]);
      const counted = await row<{ count: number }>(db, sql`select count(*)::integer as count from inventory_handle where ${isOpen(campaign, token)}`);
      return counted?.count ?? 0;
    },
    async nextHandles(campaign, token, limit) {
      const found = await rows<{ handle: string; body: Buffer }>(db, sql`select handle, body from inventory_handle where ${isOpen(campaign, token)} order by is_link, handle limit ${limit}`);
      return found.map(({ handle, body }) => JSON.parse(keyring.open(body, handlePlace(campaign, handle))) as MeetingHandle);
    },
    finishHandle: ({ campaign, handle, lane, finding, unreadable, forGood }) =>
      db.transaction().execute(async (tx) => {
        const host = hostKey(keyring, (finding ?? unreadable)?.identity.hostEmail ?? '');
        await write(tx, { campaign, lane, host }, linesOf(keyring, { findings: finding ? [finding] : [], unreadable: unreadable ? [unreadable] : [], departed: true }));
        await rows(tx, sql`update inventory_handle set looked_up = true, closed = ${forGood} where campaign = ${campaign} and handle = ${handleKey(keyring, handle)}`);
      }),
    lists: async (campaign, hostEmail) => (await row(db, sql`select from inventory_host where campaign = ${campaign} and host = ${hostKey(keyring, hostEmail)}`)) !== undefined,
  };
}

const isOpen = (campaign: string, token: string) => sql`campaign = ${campaign} and token = ${token} and not looked_up and not closed`;

interface Known {
  readonly identity: Buffer;
  readonly meeting: string;
  readonly listed: boolean;
  /** Work has not begun: it may be judged again. */
  readonly idle: boolean;
}

/** The handles of meetings whose hosts are listed, and the ids of those whose hosts are not. */
async function knownIn(db: Db, keyring: Keyring, campaign: string): Promise<{ readonly owned: ReadonlySet<string>; readonly left: readonly MeetingHandle[] }> {
  const found = await rows<Known>(
    db,
    sql`select meeting, identity, inventory_host.host is not null as listed, state in ('unaffected', 'excluded', 'refused') or (state = 'waiting' and claim is null) as idle
      from item left join inventory_host using (campaign, host) where campaign = ${campaign} and kind <> 'room'`,
  );
  const owned = new Set<string>();
  const left: MeetingHandle[] = [];
  for (const { meeting, identity, listed, idle } of found) {
    const { id, number, link } = JSON.parse(keyring.open(identity, identityPlace(meeting))) as MeetingIdentity;
    if (!listed && idle) left.push({ by: 'id', key: id });
    if (listed) for (const name of [`id ${id}`, `number ${numberKey(number)}`, `link ${linkKey(link)}`]) owned.add(name);
  }
  return { owned, left };
}
