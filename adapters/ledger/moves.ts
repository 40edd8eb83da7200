import { sql } from 'kysely';
import { RelinkFailure } from '../../domain/failures.js';
import type { ItemRef, MoveFacts } from '../../domain/ledger.js';
import { isLegal, settledStates, type State } from '../../domain/states.js';
import { row, rows, type Db } from './database.js';
import { storedFidelity } from './fidelity.js';

/** Where a meeting can be once its old link is deleted: whatever an order or a mistake says, there is no way back. */
const pastPivot: readonly State[] = ['retired', 'done', 'held'];

/** What an item is that no work has begun on, or that begins afresh. */
export const untouched = sql`claim = null, replacement = null, replacement_key = null, verified_at = null, grace_ends_at = null, retired_at = null, fidelity = null`;

/** The one way to another state. Runs in the caller's transaction. */
export async function moveIn(db: Db, { campaign, meeting }: ItemRef, to: State, facts: MoveFacts = {}): Promise<void> {
  const item = await row<{ state: State; retired: boolean }>(db, sql`select state, retired_at is not null as retired from item where campaign = ${campaign} and meeting = ${meeting} for update`);
  if (!item) throw new RelinkFailure('InvalidInput', `the campaign ${campaign} has no such meeting`);
  if (item.state === to && to !== 'held') return;
  if (!isLegal(item.state, to)) throw new RelinkFailure('InvalidInput', `a meeting cannot go from ${item.state} to ${to}`);
  if (item.retired && !pastPivot.includes(to)) throw new RelinkFailure('InvalidInput', `a meeting whose old link is deleted cannot go to ${to}`);
  const { failure = null, failedStep = null, note = null, reason = null, verifiedAt = null, graceEndsAt = null, fidelity } = facts;
  const settled = (settledStates as readonly State[]).includes(to);
  await rows(
    db,
    sql`update item set state = ${to}, failure = ${failure}, failed_step = ${failedStep}, note = ${note}, reason = coalesce(${reason}, reason),
      verified_at = coalesce(${verifiedAt}::timestamptz, verified_at), grace_ends_at = coalesce(${graceEndsAt}::timestamptz, grace_ends_at),
      fidelity = coalesce(${storedFidelity(fidelity)}::jsonb, fidelity),
      retired_at = case when ${to}::text = 'retired' then coalesce(retired_at, clock_timestamp()) else retired_at end,
      settled_at = case when ${settled}::boolean then now() else null end
    where campaign = ${campaign} and meeting = ${meeting}`,
  );
  if (to === 'waiting') await rows(db, sql`update item set ${untouched}, not_before = null, wave = coalesce(wave, 1) where campaign = ${campaign} and meeting = ${meeting}`);
}
