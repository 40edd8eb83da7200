import { sql } from 'kysely';
import type { ItemRef } from '../../domain/ledger.js';
import type { PivotFacts } from '../../domain/retire.js';
import { row, type Db } from './database.js';

/** What became of the notice about the replacement that the meeting has now. */
export async function toldIn(db: Db, { campaign, meeting }: ItemRef): Promise<PivotFacts['told']> {
  const notice = await row<{ state: string }>(
    db,
    sql`select notice.state from notice join item using (campaign, meeting)
      where campaign = ${campaign} and meeting = ${meeting} and notice.kind = 'replaced' and notice.replacement = item.replacement_key`,
  );
  switch (notice?.state) {
    case 'sent':
    case 'bounced':
      return notice.state;
    case 'queued':
    case 'assigned':
      return 'pending';
    default:
      return 'none';
  }
}
