import { sql } from 'kysely';
import type { ItemRef } from '../../domain/ledger.js';
import type { PivotFacts } from '../../domain/retire.js';
import { row, rows, type Db } from './database.js';

/** What became of the notices about the replacement that the meeting has now, and about edits that it followed. Taken back by a correction, it counts as never given. */
export async function toldIn(db: Db, { campaign, meeting }: ItemRef): Promise<PivotFacts['told']> {
  const notices = await rows<{ kind: string; state: string }>(
    db,
    sql`select notice.kind, notice.state from notice join item using (campaign, meeting)
      where campaign = ${campaign} and meeting = ${meeting} and notice.kind in ('replaced', 'changed') and notice.replacement = item.replacement_key
        and not exists (select from notice correction where correction.campaign = ${campaign} and correction.meeting = ${meeting}
          and correction.kind = 'correction' and correction.replacement = item.replacement_key and correction.state <> 'dropped')`,
  );
  const states = new Set(notices.map(({ state }) => state));
  if (!notices.some(({ kind }) => kind === 'replaced')) return 'none';
  if (states.has('bounced')) return 'bounced';
  if (states.has('queued') || states.has('assigned')) return 'pending';
  return [...states].every((state) => state === 'sent') ? 'sent' : 'none';
}

export const isKnownIn = async (db: Db, { campaign, meeting }: ItemRef): Promise<boolean> =>
  (await row(
    db,
    sql`select from notice join item using (campaign, meeting)
      where campaign = ${campaign} and meeting = ${meeting} and notice.kind = 'replaced' and notice.replacement = item.replacement_key and notice.state = 'sent'`,
  )) !== undefined;
