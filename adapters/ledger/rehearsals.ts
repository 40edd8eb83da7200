import { sql } from 'kysely';
import { RelinkFailure } from '../../domain/failures.js';
import type { RehearsalBook, Rehearsed } from '../../domain/rehearsal.js';
import { shapeOf, type ShapeLine } from '../../domain/shape.js';
import { instant, row, rows, type Store } from './database.js';

type LineRow = Omit<ShapeLine, 'startsAt'> & { readonly starts_at: Date | null };
type RehearsalRow = Omit<Rehearsed, 'at'> & { readonly at: Date };

const columns = sql`plan, passed, faults, share, shape, settings, at`;
const toRehearsed = ({ at, ...rehearsed }: RehearsalRow): Rehearsed => ({ ...rehearsed, at: at.toISOString() });

export function createRehearsals({ db }: Store): RehearsalBook {
  return {
    async shape(campaign, now) {
      const last = await row<{ number: number }>(db, sql`select number from plan where campaign = ${campaign} order by number desc limit 1`);
      if (!last) throw new RelinkFailure('InvalidInput', `${campaign} has no plan yet; \`relink plan\` makes the first`);
      const found = await rows<LineRow>(
        db,
        sql`select item.host, plan_line.kind, plan_line.state, plan_line.reason, plan_line.starts_at from plan_line join item using (campaign, meeting)
          where plan_line.campaign = ${campaign} and number = ${last.number}`,
      );
      return { plan: last.number, shape: shapeOf(found.map(({ starts_at, ...line }) => ({ ...line, startsAt: instant(starts_at) })), now) };
    },
    async record(campaign, { plan, passed, faults, share, shape, settings }) {
      const made = await row<RehearsalRow>(
        db,
        sql`insert into rehearsal (campaign, plan, passed, faults, share, shape, settings)
          values (${campaign}, ${plan}, ${passed}, ${faults}, ${share}, ${JSON.stringify(shape)}::jsonb, ${settings}) returning ${columns}`,
      );
      if (!made) throw new RelinkFailure('InvalidInput', 'the rehearsal was not written');
      return toRehearsed(made);
    },
    list: async (campaign) => (await rows<RehearsalRow>(db, sql`select ${columns} from rehearsal where campaign = ${campaign} order by id desc`)).map(toRehearsed),
  };
}
