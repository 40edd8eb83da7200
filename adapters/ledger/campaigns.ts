import { sql } from 'kysely';
import type { CampaignOrder, CampaignPhase, CampaignSpec } from '../../domain/campaign.js';
import { RelinkFailure } from '../../domain/failures.js';
import type { CampaignBook, CampaignRecord } from '../../domain/ledger.js';
import type { Keyring } from '../seal/index.js';
import { instant, row, rows, type Db, type Store } from './database.js';

interface CampaignRow {
  /** Transaction that wrote the row. */
  readonly version: string;
  /** Null when it is the version asked with. */
  readonly spec: Buffer | null;
  readonly order: CampaignOrder;
  readonly phase: CampaignPhase;
  readonly started_at: Date | null;
}

interface Opened {
  readonly version: string;
  readonly spec: CampaignSpec;
}

export const unknownCampaign = (name: string): RelinkFailure => new RelinkFailure('InvalidInput', `there is no campaign ${name}; give its file to plan or start once`);

const place = (name: string): string => `campaign.spec.${name}`;

export function createCampaigns({ db, keyring }: Store): CampaignBook {
  /** A spec may hold inventories and calendars of a hundred thousand lines, and every step asks for it: fetched and opened once per version. */
  const opened = new Map<string, Opened>();
  const specOf = (name: string, { version, spec: sealed }: CampaignRow, known: Opened | undefined): CampaignSpec => {
    if (sealed === null && known) return known.spec;
    const spec = JSON.parse(keyring.open(sealed ?? Buffer.alloc(0), place(name))) as CampaignSpec;
    opened.set(name, { version, spec });
    return spec;
  };
  return {
    async save(spec) {
      const sealed = keyring.seal(JSON.stringify(spec), place(spec.name));
      await db.transaction().execute(async (tx) => {
        const made = await row(tx, sql`insert into campaign (name, spec) values (${spec.name}, ${sealed}) on conflict do nothing returning name`);
        if (!made) await takeOver(tx, keyring, spec.name, sealed);
        await rows(tx, sql`insert into campaign_state (name) values (${spec.name}) on conflict do nothing`);
      });
    },
    async get(name): Promise<CampaignRecord> {
      const known = opened.get(name);
      const found = await row<CampaignRow>(db, sql`
        select campaign.xmin::text as version, case when campaign.xmin::text = ${known?.version ?? ''} then null else spec end as spec, standing as "order", phase, started_at
        from campaign join campaign_state using (name) where name = ${name}`);
      if (!found) throw unknownCampaign(name);
      return { spec: specOf(name, found, known), order: found.order, phase: found.phase, startedAt: instant(found.started_at) };
    },
    async setPhase(name, phase) {
      await rows(db, sql`update campaign_state set phase = ${phase} where name = ${name}`);
    },
    async begin(name) {
      await rows(db, sql`update campaign_state set started_at = coalesce(started_at, now()) where name = ${name}`);
    },
    async setOrder(name, order, after) {
      await db.transaction().execute(async (tx) => {
        await rows(tx, sql`select name from campaign_state where name = ${name} for update`);
        await rows(tx, sql`update campaign_state set "order" = ${order} where name = ${name} and not ${isOverruled(name, after)}`);
      });
      await deletionsOver(db, name);
    },
  };
}

/** Whoever cannot open what is there must not write in its place: the workers, who can, could not open that. */
async function takeOver(tx: Db, keyring: Keyring, name: string, sealed: Buffer): Promise<void> {
  const known = await row<{ spec: Buffer }>(tx, sql`select spec from campaign where name = ${name} for no key update`);
  if (known) keyring.open(known.spec, place(name));
  await rows(tx, sql`update campaign set spec = ${sealed} where name = ${name}`);
}

/** An operator has held or ended the campaign since then. */
const isOverruled = (campaign: string, after: number | undefined) => sql`exists (
  select from operator_order where campaign = ${campaign} and id > ${after ?? null}::integer and (verb in ('pause', 'stop') or (verb = 'rollback' and scope is null)))`;

/** An order is out: no further deletion begins. Those that began under the one before hold the gate until the vendor has answered. */
export const deletionsOver = (db: Db, campaign: string): Promise<unknown> =>
  db.transaction().execute((tx) => rows(tx, sql`select name from campaign where name = ${campaign} for update`));
