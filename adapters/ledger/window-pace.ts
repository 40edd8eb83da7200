import { sql } from 'kysely';
import type { WindowPaceBook } from '../../domain/ledger.js';
import { row, type Store } from './database.js';
import { BURST, PATIENCE_MS, seconds, THROTTLED_LOOK_MS } from './turns.js';

/** Near enough to be waited for, at the rate that holds now. */
const hasTurn = (perMinute: number) => sql`(pace.rate <> ${perMinute} or pace.next_slot <= now() + ${seconds(PATIENCE_MS)})`;

export function createWindowPace({ paceDb }: Store): WindowPaceBook {
  return {
    async reserve({ campaign, identity, perMinute }) {
      const interval = seconds(60_000 / perMinute);
      const burst = seconds(Math.min(BURST.mostMs, (BURST.requests * 60_000) / perMinute));
      const taken = await row<{ wait: number }>(
        paceDb,
        sql`insert into window_pace as pace (campaign, identity, rate, next_slot) values (${campaign}, ${identity}, ${perMinute}, now() + ${interval})
          on conflict (campaign, identity) do update set rate = excluded.rate, next_slot = case when pace.rate = excluded.rate then greatest(pace.next_slot, now() - ${burst}) else now() end + ${interval}
            where ${hasTurn(perMinute)}
          returning extract(epoch from next_slot - ${interval} - now())::float8 as wait`,
      );
      return taken ? { taken: true, waitMs: Math.max(0, Math.ceil(taken.wait * 1000)) } : { taken: false, waitMs: THROTTLED_LOOK_MS };
    },
    async waitMs({ campaign, identity, perMinute }) {
      const far = await row(paceDb, sql`select rate from window_pace as pace where campaign = ${campaign} and identity = ${identity} and not ${hasTurn(perMinute)}`);
      return far ? THROTTLED_LOOK_MS : 0;
    },
  };
}
