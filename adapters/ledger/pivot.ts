import { sql } from 'kysely';
import type { CampaignOrder } from '../../domain/campaign.js';
import { RelinkFailure } from '../../domain/failures.js';
import type { ItemBook, ItemRef } from '../../domain/ledger.js';
import type { PivotFacts } from '../../domain/retire.js';
import type { State } from '../../domain/states.js';
import { isOpen } from './gates.js';
import { instant, row, rows, type Db, type Store } from './database.js';
import { moveIn } from './moves.js';
import { toldIn } from './told.js';

interface PivotRow {
  readonly order: CampaignOrder;
  readonly state: State;
  readonly verified_at: Date | null;
  readonly grace_ends_at: Date | null;
  readonly has_replacement: boolean;
  readonly fingerprint: string | null;
}

/** Facts and deletion under one roof: see docs/decisions/0002-pivot-under-lock.md. */
export function createPivot({ pivotDb }: Store): Pick<ItemBook, 'atPivot'> {
  return {
    atPivot: (ref, act) =>
      pivotDb.transaction().execute(async (tx) => {
        await rows(tx, sql`select name from campaign where name = ${ref.campaign} for share`);
        await rows(tx, sql`select meeting from item where campaign = ${ref.campaign} and meeting = ${ref.meeting} for update`);
        const result = await act(await factsIn(tx, ref));
        if (result.retired) await moveIn(tx, ref, 'retired');
        return result;
      }),
  };
}

/** An order to put this meeting back is out that was given since the work on it began. What was begun after it makes another replacement. */
const isTakenBack = sql`exists (select from operator_order given join operator_order_meeting named on named.given = given.id
  where given.campaign = item.campaign and given.verb = 'rollback' and named.meeting = item.meeting and given.at > coalesce((select max(begun.at) from step_event begun
    where begun.campaign = item.campaign and begun.meeting = item.meeting and begun.step = 'snapshot' and begun.state = 'started'), item.verified_at, '-infinity'))`;

/** Read after the locks: what was committed while we waited for them counts. */
async function factsIn(tx: Db, ref: ItemRef): Promise<PivotFacts> {
  const found = await row<PivotRow>(
    tx,
    sql`select case when ${isTakenBack} then 'rollback'
        when standing = 'go' and exists (select from gate where gate.campaign = name and holds = 'deletion' and ${isOpen}) then 'pause' else standing end as "order", state, verified_at, grace_ends_at, replacement is not null as has_replacement, fingerprint
      from item join campaign_state on name = item.campaign left join snapshot using (campaign, meeting)
      where item.campaign = ${ref.campaign} and item.meeting = ${ref.meeting}`,
  );
  if (!found) throw new RelinkFailure('InvalidInput', `the campaign ${ref.campaign} has no such meeting`);
  const { order, state, fingerprint } = found;
  return {
    order,
    state,
    fingerprint,
    verifiedAt: instant(found.verified_at),
    graceEndsAt: instant(found.grace_ends_at),
    hasReplacement: found.has_replacement,
    told: await toldIn(tx, ref),
  };
}
