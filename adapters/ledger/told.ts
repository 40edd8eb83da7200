import { sql } from 'kysely';
import type { ItemRef } from '../../domain/ledger.js';
import type { PivotFacts } from '../../domain/retire.js';
import { row, type Db } from './database.js';

/** What became of the notice about the replacement that the meeting has now. Taken back by a correction, it counts as never given. */
export async function toldIn(db: Db, { campaign, meeting }: ItemRef): Promise<PivotFacts['told']> {
  const notice = await row<{ state: string }>(
    db,
    sql`select notice.state from notice join item using (campaign, meeting)
      where campaign = ${campaign} and meeting = ${meeting} and notice.kind = 'replaced' and notice.replacement = item.replacement_key
        and not exists (select from notice correction where correction.campaign = ${campaign} and correction.meeting = ${meeting}
          and correction.kind = 'correction' and correction.replacement = item.replacement_key and correction.state <> 'dropped')`,
  );
  const state = notice?.state;
  if (state === 'sent' || state === 'bounced') return state;
  return state === 'queued' || state === 'assigned' ? 'pending' : 'none';
}
