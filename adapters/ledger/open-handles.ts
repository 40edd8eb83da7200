import { sql } from 'kysely';
import type { MeetingHandle } from '../../domain/departed.js';
import type { MeetingIdentity } from '../../domain/meeting.js';
import type { Keyring } from '../seal/index.js';
import { list, rows, type Db } from './database.js';
import { hostKey } from './keys.js';

export const handleKey = (keyring: Keyring, { by, key }: MeetingHandle): string => keyring.index('handle', by, key);
export const handlePlace = (campaign: string, handle: string): string => `inventory_handle.body.${campaign}.${handle}`;

/** What was looked up in an earlier run is looked up again in this one, unless it led nowhere. */
export async function openHandlesIn(db: Db, keyring: Keyring, { campaign, token }: { readonly campaign: string; readonly token: string }, handles: readonly MeetingHandle[]): Promise<void> {
  if (handles.length === 0) return;
  const lines = handles.map((handle) => {
    const key = handleKey(keyring, handle);
    return { handle: key, is_link: handle.by === 'link', body: keyring.seal(JSON.stringify(handle), handlePlace(campaign, key)).toString('base64') };
  });
  await rows(
    db,
    sql`insert into inventory_handle (campaign, handle, token, is_link, body)
      select ${campaign}, handle, ${token}, is_link, decode(body, 'base64') from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (handle text, is_link boolean, body text) order by handle
      on conflict (campaign, handle) do update set token = excluded.token, looked_up = false where inventory_handle.token <> excluded.token and not inventory_handle.closed`,
  );
}

/** Of meetings that somebody was invited to, those whose host is not listed. */
export async function ofNobodyListed(db: Db, keyring: Keyring, campaign: string, guest: readonly Pick<MeetingIdentity, 'id' | 'hostEmail'>[]): Promise<readonly MeetingHandle[]> {
  if (guest.length === 0) return [];
  const hosts = guest.map(({ hostEmail }) => hostKey(keyring, hostEmail));
  const listed = new Set((await rows<{ host: string }>(db, sql`select host from inventory_host where campaign = ${campaign} and host = any(${list(hosts)})`)).map(({ host }) => host));
  return guest.flatMap(({ id }, i): readonly MeetingHandle[] => (listed.has(hosts[i] ?? '') ? [] : [{ by: 'id', key: id }]));
}
