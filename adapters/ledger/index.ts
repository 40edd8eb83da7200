import { sql } from 'kysely';
import type { Ledger } from '../../domain/ledger.js';
import type { Keyring } from '../seal/index.js';
import { createCampaigns } from './campaigns.js';
import { connect, migrate, rows, type Store } from './database.js';
import { createInventory } from './inventory.js';
import { createItems } from './items.js';
import { createNotices } from './notices.js';
import { createPace } from './pace.js';
import { createPlans } from './plans.js';

export { meetingKey } from './keys.js';

export interface LedgerOptions {
  readonly databaseUrl: string;
  readonly keyring: Keyring;
  /** Connections, besides a few for the pace. A deletion at the vendor holds one for as long as it takes. */
  readonly poolSize: number;
}

export interface OpenLedger extends Ledger {
  /** Brings the tables up to date. Safe when several processes do it at once. */
  migrate(): Promise<void>;
  /** @throws when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

const PACE_CONNECTIONS = 8;

/** Connects lazily: a wrong address shows at the first question. */
export function openLedger({ databaseUrl, keyring, poolSize }: LedgerOptions): OpenLedger {
  const store: Store = { db: connect(databaseUrl, poolSize), paceDb: connect(databaseUrl, PACE_CONNECTIONS), keyring };
  const campaigns = createCampaigns(store);
  const items = createItems(store);
  return {
    campaigns,
    items,
    inventory: createInventory(store),
    notices: createNotices(store, (ref) => items.readSnapshot(ref)),
    pace: createPace(store),
    plans: createPlans(store, campaigns),
    migrate: () => migrate(store.db),
    ping: async () => void (await rows(store.db, sql`select 1`)),
    close: async () => void (await Promise.all([store.db.destroy(), store.paceDb.destroy()])),
  };
}
