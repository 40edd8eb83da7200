import { sql } from 'kysely';
import { RelinkFailure } from '../../domain/failures.js';
import { planChanges, type PlanDocument, type PlanDocumentBook, type PlanLine } from '../../domain/plan-documents.js';
import { instant, row, rows, type Db, type Store } from './database.js';

type LineRow = Omit<PlanLine, 'startsAt'> & { readonly starts_at: Date | null };

/** Nobody has begun these. */
const open = sql`state in ('waiting', 'unaffected', 'excluded', 'refused')`;
const columns = sql`meeting, state, wave, kind, lane, evidence, reason, departed, starts_at`;

export function createPlanDocuments({ db }: Store): PlanDocumentBook {
  return {
    keep: (campaign) =>
      db.transaction().execute(async (tx) => {
        await rows(tx, sql`select pg_advisory_xact_lock(hashtextextended(${`plans ${campaign}`}, 0))`);
        const last = await lastOf(tx, campaign);
        return last && (await isAsNow(tx, campaign, last.number)) ? last : write(tx, campaign, (last?.number ?? 0) + 1);
      }),
    mustExist: (campaign, number) => mustExist(db, campaign, number),
    lines: (campaign, number) => linesOf(db, campaign, number),
    async changes(campaign, older, newer) {
      return planChanges(await linesOf(db, campaign, older), await linesOf(db, campaign, newer));
    },
  };
}

interface DocumentRow {
  readonly number: number;
  readonly kept_at: Date;
}
const toDocument = ({ number, kept_at }: DocumentRow): PlanDocument => ({ number, keptAt: kept_at.toISOString() });

async function lastOf(tx: Db, campaign: string): Promise<PlanDocument | undefined> {
  const found = await row<DocumentRow>(tx, sql`select number, kept_at from plan where campaign = ${campaign} order by number desc limit 1`);
  return found && toDocument(found);
}

async function isAsNow(tx: Db, campaign: string, number: number): Promise<boolean> {
  const kept = sql`select ${columns} from plan_line where campaign = ${campaign} and number = ${number}`;
  const now = sql`select ${columns} from item where campaign = ${campaign} and ${open}`;
  return (await row(tx, sql`(${kept} except ${now}) union all (${now} except ${kept}) limit 1`)) === undefined;
}

async function write(tx: Db, campaign: string, number: number): Promise<PlanDocument> {
  const made = await row<DocumentRow>(tx, sql`insert into plan (campaign, number) values (${campaign}, ${number}) returning number, kept_at`);
  await rows(tx, sql`insert into plan_line (campaign, number, ${columns}) select campaign, ${number}::integer, ${columns} from item where campaign = ${campaign} and ${open}`);
  if (!made) throw new RelinkFailure('InvalidInput', 'the plan was not written');
  return toDocument(made);
}

async function mustExist(db: Db, campaign: string, number: number): Promise<void> {
  if (!(await row(db, sql`select number from plan where campaign = ${campaign} and number = ${number}`))) {
    const last = await lastOf(db, campaign);
    throw new RelinkFailure('InvalidInput', `${campaign} has no plan ${number}; ${last ? `its last is ${last.number}` : '`relink plan` makes the first'}`);
  }
}

async function linesOf(db: Db, campaign: string, number: number): Promise<readonly PlanLine[]> {
  await mustExist(db, campaign, number);
  const found = await rows<LineRow>(db, sql`select ${columns} from plan_line where campaign = ${campaign} and number = ${number} order by meeting`);
  return found.map(({ starts_at, ...line }) => ({ ...line, startsAt: instant(starts_at) }));
}
