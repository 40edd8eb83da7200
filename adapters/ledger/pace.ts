import { sql, type RawBuilder } from 'kysely';
import type { PaceBook, Quota, Slot } from '../../domain/ledger.js';
import { hostKey } from './keys.js';
import { row, rows, type Db, type Store } from './database.js';
import { BURST, PATIENCE_MS, seconds, THROTTLED_LOOK_MS } from './turns.js';

/** Whether the next turn of a row of `identity` is near enough to wait for. Never of one that is frozen. */
const hasTurn = sql`(identity.next_slot <= now() + ${seconds(PATIENCE_MS)} and coalesce(identity.most_requests, 1) > 0)`;
/** Not while the vendor asks for silence: that is waited for in one go. */
const throttled = sql`(identity.most_requests is not null and identity.quiet_until <= now())`;

const toSlot = ({ wait, ...slot }: { readonly wait: number; readonly taken: boolean; readonly order: number; readonly throttled: boolean }): Slot => ({
  ...slot,
  waitMs: Math.max(slot.taken ? 0 : 1, Math.ceil(wait * 1000)),
});

export function createPace({ paceDb, keyring }: Store): PaceBook {
  return {
    reserveRequest: (identity, requestsPerMinute) => reserve(paceDb, identity, requestsPerMinute),
    async stands(identity, order) {
      const found = await row<{ stands: boolean }>(paceDb, sql`select quiet_until <= now() and throttled_by = ${order} as stands from identity where name = ${identity}`);
      return found?.stands ?? true;
    },
    async throttledMs(identity) {
      const found = await row(paceDb, sql`select name from identity where name = ${identity} and ${throttled} and not ${hasTurn}`);
      return found ? THROTTLED_LOOK_MS : 0;
    },
    async quietMs(identity) {
      const found = await row<{ quiet: number }>(paceDb, sql`select greatest(0, extract(epoch from quiet_until - now()))::float8 as quiet from identity where name = ${identity}`);
      return Math.ceil((found?.quiet ?? 0) * 1000);
    },
    async quietFor(identity, ms) {
      await rows(
        paceDb,
        sql`insert into identity (name, quiet_until) values (${identity}, now() + ${seconds(ms)})
          on conflict (name) do update set quiet_until = greatest(identity.quiet_until, excluded.quiet_until)`,
      );
    },
    spendCreation: (identity, hostEmail, quota) =>
      paceDb.transaction().execute(async (tx) => {
        const host = hostKey(keyring, hostEmail);
        for (const counted of [`quota ${identity}`, `quota of host ${host}`]) await rows(tx, sql`select pg_advisory_xact_lock(hashtextextended(${counted}, 0))`);
        const waitMs = await fullFor(tx, identity, host, quota);
        if (waitMs > 0) return { allowed: false, waitMs };
        const spent = await row<{ id: string }>(tx, sql`insert into quota_spend (identity, host) values (${identity}, ${host}) returning id::text as id`);
        await rows(tx, sql`delete from quota_spend where identity = ${identity} and at < now() - 2 * ${seconds(quota.windowMs)}`);
        return { allowed: true, spend: spent?.id ?? '' };
      }),
    async returnCreation(spend) {
      await rows(paceDb, sql`delete from quota_spend where id = ${spend}`);
    },
    async creationAnswered(spend) {
      await rows(paceDb, sql`update quota_spend set at = clock_timestamp() where id = ${spend}`);
    },
  };
}

/**
 * GCRA: each request moves the theoretical arrival time by one interval; a request may be early by the burst.
 * The database's clock is the only one. A slot is taken unless its turn is too far away.
 */
async function reserve(db: Db, identity: string, requestsPerMinute: number): Promise<Slot> {
  const first = 60_000 / requestsPerMinute; // whoever is throttled has a row already
  const interval = sql`make_interval(secs => 60 / nullif(least(${requestsPerMinute}::float8, identity.most_requests), 0))`;
  const burst = sql`least(${seconds(BURST.mostMs)}, ${BURST.requests} * ${interval})`;
  const slot = await row<{ wait: number; taken: boolean; order: number; throttled: boolean }>(
    db,
    sql`with taken as (
        insert into identity (name, next_slot) values (${identity}, now() - ${seconds(Math.min(BURST.mostMs, BURST.requests * first))} + ${seconds(first)})
        on conflict (name) do update set next_slot = greatest(identity.next_slot, now() - ${burst}) + ${interval}
          where identity.quiet_until <= now() and ${hasTurn}
        returning extract(epoch from next_slot - ${interval} - now())::float8 as wait, throttled_by)
      select true as taken, wait, throttled_by as order, false as throttled from taken
      union all
      select false, extract(epoch from least(case when ${throttled} then ${seconds(THROTTLED_LOOK_MS)} end, case when quiet_until > now() or most_requests is distinct from 0 then greatest(quiet_until, next_slot - ${seconds(PATIENCE_MS)}) - now() end))::float8, throttled_by, ${throttled}
        from identity where name = ${identity} and not exists (select from taken)`,
  );
  return slot ? toSlot(slot) : { taken: false, waitMs: 1, order: 0, throttled: false }; // made and hushed by another worker at this very moment
}

/** Milliseconds until a creation is allowed again; 0 when it is now. A host counts with all its creations, whichever identity made them. */
async function fullFor(tx: Db, identity: string, host: string, quota: Quota): Promise<number> {
  const window = seconds(quota.windowMs);
  const frees = (limit: number, whose: RawBuilder<unknown>) =>
    row<{ wait: number }>(
      tx,
      sql`select extract(epoch from at + ${window} - clock_timestamp())::float8 as wait from quota_spend
        where ${whose} and at > clock_timestamp() - ${window} order by at desc offset ${limit - 1} limit 1`,
    );
  const waits = [await frees(quota.identity, sql`identity = ${identity}`), await frees(quota.host, sql`host = ${host}`)].map((found) => found?.wait ?? 0);
  return Math.ceil(Math.max(...waits) * 1000);
}
