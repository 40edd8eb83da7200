import { sql, type RawBuilder } from 'kysely';
import type { PaceBook, Quota } from '../../domain/ledger.js';
import { hostKey } from './keys.js';
import { row, rows, type Db, type Store } from './database.js';

/** A caller sits and waits for at most this long; what takes longer is Temporal's to wait for. Milliseconds. */
const PATIENCE_MS = 10_000;
/**
 * Requests that may go out at once to make up for a pause: a few, and no more than a second's worth. More would cost more than
 * it gains, because a vendor that counts them within its minute answers with a silence for the whole identity.
 */
const BURST = { requests: 5, mostMs: 1_000 };

const seconds = (ms: number): RawBuilder<unknown> => sql`make_interval(secs => ${ms / 1000})`;

export function createPace({ paceDb, keyring }: Store): PaceBook {
  return {
    /**
     * GCRA: each request moves the theoretical arrival time by one interval; a request may be early by the burst.
     * The database's clock is the only one. A slot is taken unless its turn is too far away.
     */
    async reserveRequest(identity, requestsPerMinute) {
      const intervalMs = 60_000 / requestsPerMinute;
      const interval = seconds(intervalMs);
      const burst = seconds(Math.min(BURST.mostMs, BURST.requests * intervalMs));
      const slot = await row<{ wait: number; taken: boolean }>(
        paceDb,
        sql`with taken as (
            insert into identity (name, next_slot) values (${identity}, now() - ${burst} + ${interval})
            on conflict (name) do update set next_slot = greatest(identity.next_slot, now() - ${burst}) + ${interval}
              where identity.quiet_until <= now() and identity.next_slot <= now() + ${seconds(PATIENCE_MS)}
            returning next_slot)
          select true as taken, extract(epoch from next_slot - ${interval} - now())::float8 as wait from taken
          union all
          select false, extract(epoch from greatest(quiet_until, next_slot - ${seconds(PATIENCE_MS)}) - now())::float8
            from identity where name = ${identity} and not exists (select from taken)`,
      );
      if (!slot) return { taken: false, waitMs: 1 }; // made and hushed by another worker at this very moment
      return { taken: slot.taken, waitMs: Math.max(slot.taken ? 0 : 1, Math.ceil(slot.wait * 1000)) };
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
    async creationAnswered(spend) {
      await rows(paceDb, sql`update quota_spend set at = clock_timestamp() where id = ${spend}`);
    },
  };
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
