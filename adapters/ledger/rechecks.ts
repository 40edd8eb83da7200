import { sql } from 'kysely';
import { drifts, type Drift, type RecheckBook } from '../../domain/recheck.js';
import { list, rows, type Store } from './database.js';

/** 2^31: what `hashtext` gives lies on both sides of zero. */
const HALF = 2_147_483_648;

/** Looks at what was done, in the log of steps. */
export function createRechecks({ db }: Store): RecheckBook {
  return {
    async sample({ campaign, lane, run, share, after, limit }) {
      const found = await rows<{ meeting: string }>(
        db,
        sql`select meeting from item where campaign = ${campaign} and lane = ${lane} and state = 'done' and meeting > ${after}
            and (wave = 1 or hashtext(meeting || ${run})::bigint + ${HALF} < ${Math.round(share * 2 * HALF)})
          order by meeting limit ${limit}`,
      );
      return found.map(({ meeting }) => meeting);
    },
    async drifted(campaign) {
      const found = await rows<{ drift: Drift | null; meetings: number; example: string }>(
        db,
        sql`with last as (
            select distinct on (meeting) meeting, failure from step_event
            where campaign = ${campaign} and step = 'recheck' and (state = 'done' or failure = any(${list(Object.keys(drifts))}))
            order by meeting, id desc)
          select failure as drift, count(*)::integer as meetings, min(meeting) as example from last group by failure order by failure`,
      );
      return {
        rechecked: found.reduce((sum, { meetings }) => sum + meetings, 0),
        drifted: found.flatMap(({ drift, meetings, example }) => (drift === null ? [] : [{ drift, meetings, example }])),
      };
    },
  };
}
