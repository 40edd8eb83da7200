import { sql } from 'kysely';
import type { ExemptionReach } from '../../domain/exemptions.js';
import type { ExclusionReason } from '../../domain/judge.js';
import type { Instant } from '../../domain/meeting.js';
import { list, row, rows, type Db } from './database.js';

const EXEMPTED: ExclusionReason = 'Exempted';

/** Rows of `exemption` that hold at `at`, or now. The newest line of a host or meeting speaks, unless it was taken back or is over. */
export const inForce = (campaign: string, at: Instant | null = null) => sql`exemption.campaign = ${campaign} and expires_at > coalesce(${at}::timestamptz, now())
  and not exists (select from exemption later where later.campaign = exemption.campaign and later.key = exemption.key and later.id > exemption.id)
  and not exists (select from exemption_removal where exemption_removal.exemption = exemption.id)`;

/** A common table of keys, read once per statement, so that each row is a look into a set. */
export const exemptKeys = (campaign: string) => sql`exempt as materialized (select key from exemption where ${inForce(campaign)})`;

/**
 * What waits and is exempt leaves the queue, with the start that went by on its old link counted. Before every claim too: an
 * exemption may have found a meeting at work that came back to wait since. @param wait for rows that somebody else holds
 */
export async function leaveAlone(tx: Db, campaign: string, { wait }: { readonly wait: boolean }): Promise<number> {
  const left = await rows(
    tx,
    sql`with ${exemptKeys(campaign)},
      concerned as (
        select meeting from item where campaign = ${campaign} and state = 'waiting' and claim is null and exists (select from exempt)
          and (meeting in (select key from exempt) or host in (select key from exempt))
        order by meeting for update ${wait ? sql`` : sql`skip locked`})
      update item set state = 'excluded', reason = ${EXEMPTED}, settled_at = now(),
        exposed = exposed + case when item.starts_at between started_at and now() then 1 else 0 end
      from concerned, campaign_state
      where item.campaign = ${campaign} and item.meeting = concerned.meeting and campaign_state.name = ${campaign} returning item.meeting`,
  );
  return left.length;
}

/** @param keys of hosts and meetings */
export async function reachOf(db: Db, campaign: string, keys: readonly string[]): Promise<ExemptionReach> {
  const found = await row<ExemptionReach & { readonly all: number }>(
    db,
    sql`select count(*)::integer as "all", count(*) filter (where state = 'waiting' and claim is null)::integer as leave,
        count(*) filter (where state in ('running', 'replaced', 'retired') or (state = 'waiting' and claim is not null))::integer as "underWay",
        count(*) filter (where state = 'excluded' and item.reason = ${EXEMPTED} and not exists (
          select from exemption where ${inForce(campaign)} and exemption.key in (item.meeting, item.host) and exemption.key <> all(${list(keys)})))::integer as "return"
      from item where campaign = ${campaign} and (meeting = any(${list(keys)}) or host = any(${list(keys)}))`,
  );
  const { all, ...reach } = found ?? { all: 0, leave: 0, underWay: 0, return: 0 };
  return { leave: reach.leave, underWay: reach.underWay, return: reach.return, settled: all - reach.leave - reach.underWay - reach.return };
}
