import { sql } from 'kysely';
import type { ForecastBook } from '../../domain/outlook.js';
import { row, rows, type Store } from './database.js';

/** How an end moves is seen well enough by one note in so long. */
const APART = sql`interval '5 minutes'`;
/** What is told of the past is so old at least. */
const EARLIER = sql`interval '1 hour'`;

export function createForecasts({ db }: Store): ForecastBook {
  return {
    async plan(campaign, endsAt) {
      await rows(db, sql`insert into forecast (campaign, ends_at, planned) values (${campaign}, ${endsAt}, true)`);
    },
    async note(campaign, endsAt) {
      await rows(
        db,
        sql`insert into forecast (campaign, ends_at) select ${campaign}, ${endsAt}::timestamptz
          where not exists (select from forecast where campaign = ${campaign} and not planned and at > now() - ${APART})`,
      );
    },
    async foreseen(campaign) {
      const planned = await row<{ at: Date; ends_at: Date }>(db, sql`select at, ends_at from forecast where campaign = ${campaign} and planned order by at desc limit 1`);
      const earlier = await row<{ at: Date; ends_at: Date }>(
        db,
        sql`select at, ends_at from forecast where campaign = ${campaign} and not planned and at <= now() - ${EARLIER} and at >= ${planned?.at ?? new Date(0)} order by at desc limit 1`,
      );
      return { planned: planned?.ends_at.toISOString() ?? null, earlier: earlier ? { at: earlier.at.toISOString(), endsAt: earlier.ends_at.toISOString() } : null };
    },
  };
}
