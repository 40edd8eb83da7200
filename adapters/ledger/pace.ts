import { sql, type RawBuilder } from 'kysely';
import type { PaceBook, Quota, Slot } from '../../domain/ledger.js';
import { afterSilence, creepOf, type AllowedPace, type Taught } from '../../domain/pace.js';
import { MINUTE_MS } from '../../domain/wall-clock.js';
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
    reserveRequest: (identity, requestsPerMinute, minuteMs = MINUTE_MS) => reserve(paceDb, identity, { requestsPerMinute, minuteMs }),
    async stands(identity, order) {
      const found = await row<{ stands: boolean }>(paceDb, sql`select quiet_until <= now() and throttled_by = ${order} as stands from identity where name = ${identity}`);
      return found?.stands ?? true;
    },
    async heldUp(identity) {
      const found = await row<{ throttled: boolean }>(
        paceDb,
        sql`select ${throttled} as throttled from identity where name = ${identity} and (${throttled} or (learned_requests is not null and quiet_until <= now())) and not ${hasTurn}`,
      );
      return { waitMs: found ? THROTTLED_LOOK_MS : 0, throttled: found?.throttled ?? false };
    },
    async quietMs(identity) {
      const found = await row<{ quiet: number }>(paceDb, sql`select greatest(0, extract(epoch from quiet_until - now()))::float8 as quiet from identity where name = ${identity}`);
      return Math.ceil((found?.quiet ?? 0) * 1000);
    },
    async quietFor(identity, ms, lesson) {
      await paceDb.transaction().execute(async (tx) => {
        await rows(tx, sql`insert into identity (name) values (${identity}) on conflict do nothing`);
        const learned = lesson ? afterSilence(await taught(tx, identity), lesson, lesson.agoMs) : null;
        await rows(tx, silenced(identity, ms, learned));
      });
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

/** Under the lock of the identity: of answers at once each sees what the one before has taught. */
async function taught(tx: Db, identity: string): Promise<Taught> {
  const found = await row<{ throttle: number | null; learned: number | null; age: number | null; quiet: number }>(
    tx,
    sql`select most_requests as throttle, learned_requests as learned, extract(epoch from clock_timestamp() - learned_at)::float8 * 1000 as age,
        extract(epoch from quiet_until - clock_timestamp())::float8 * 1000 as quiet
      from identity where name = ${identity} for update`,
  );
  const { throttle = null, learned = null, age = null, quiet = -Infinity } = found ?? {};
  return { throttle, quietMs: quiet, learned: learned === null || age === null ? null : { perMinute: learned, ageMs: age } };
}

/** What is learned counts from the end of the silence. So do turns: what was sent before it still fills the vendor's minute, and a burst would be refused again. */
const silenced = (identity: string, ms: number, learned: number | null) =>
  sql`update identity set quiet_until = greatest(quiet_until, until), next_slot = greatest(next_slot, until),
      learned_requests = coalesce(${learned}::float8, learned_requests), learned_at = case when ${learned}::float8 is null then learned_at else greatest(quiet_until, until) end
    from (select clock_timestamp() + ${seconds(ms)} as until) as silence where name = ${identity}`;

/** What silences of the vendor have left of the rate, and what has come back since. Null while nothing was learned. */
const learnedOf = (allowed: AllowedPace): RawBuilder<unknown> =>
  sql`identity.learned_requests + ${1000 * creepOf(allowed)}::float8 * greatest(0, extract(epoch from now() - identity.learned_at)::float8)`;

/**
 * GCRA: each request moves the theoretical arrival time by one interval; a request may be early by the burst.
 * The database's clock is the only one. A slot is taken unless its turn is too far away.
 */
async function reserve(db: Db, identity: string, allowed: AllowedPace): Promise<Slot> {
  const { requestsPerMinute } = allowed;
  const first = MINUTE_MS / requestsPerMinute; // whoever is slower has a row already
  const interval = sql`make_interval(secs => 60 / nullif(least(${requestsPerMinute}::float8, identity.most_requests, ${learnedOf(allowed)}), 0))`;
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
