import { sql } from 'kysely';
import type { Existing, InventoryBook } from '../../domain/ledger.js';
import { isVendorId, type MeetingIdentity } from '../../domain/meeting.js';
import { row, rows, type Store } from './database.js';
import { identityPlace, replacementPlace } from './items.js';

/** Opens the sealed identities, of which only ids and sites leave. Ids of personal rooms are names of people, so they stay. */
export async function existing({ db, keyring }: Store, { campaign, token, vendor }: Parameters<InventoryBook['existing']>[0]): Promise<Existing> {
  const open = (sealed: Buffer, place: string): MeetingIdentity => JSON.parse(keyring.open(sealed, place)) as MeetingIdentity;
  const [found, made, run] = await Promise.all([
    rows<{ meeting: string; identity: Buffer }>(db, sql`select meeting, identity from item where campaign = ${campaign} and kind <> 'room'`),
    rows<{ campaign: string; meeting: string; replacement: Buffer }>(db, sql`select campaign, meeting, replacement from item where replacement is not null and kind <> 'room'`),
    row<{ hosts: number; incomplete: number }>(
      db,
      sql`select count(meetings)::integer as hosts, count(*) filter (where incomplete)::integer as incomplete from inventory_host where campaign = ${campaign} and token = ${token}`,
    ),
  ]);
  const identities = [...found.map(({ meeting, identity }) => open(identity, identityPlace(meeting))), ...made.map((item) => open(item.replacement, replacementPlace(item)))];
  const named = identities.filter((identity) => identity.vendor === vendor && isVendorId(identity.id));
  return {
    ids: [...new Set(named.map(({ id }) => id))].sort(),
    sites: [...new Set(named.map(({ site }) => site.toLowerCase()))].sort(),
    hosts: run?.hosts ?? 0,
    incompleteHosts: run?.incomplete ?? 0,
  };
}
