import { sql } from 'kysely';
import type { Ledger } from '../../domain/ledger.js';
import type { Keyring } from '../seal/index.js';
import { createAnnouncements } from './announcements.js';
import { createCampaigns } from './campaigns.js';
import { createCredentials } from './credentials.js';
import { connect, migrate, row, rows, type Db, type Store } from './database.js';
import { createExemptions } from './exemptions.js';
import { createForecasts } from './forecasts.js';
import { createFollowed } from './followed.js';
import { createGates } from './gates.js';
import { createHandles } from './handles.js';
import { createInventory } from './inventory.js';
import { createItems } from './items.js';
import { createNotices } from './notices.js';
import { createOrders } from './orders.js';
import { createPace } from './pace.js';
import { createPlanDocuments } from './plan-documents.js';
import { createPlans } from './plans.js';
import { createRechecks } from './rechecks.js';
import { createRehearsals } from './rehearsals.js';
import { isKeyringOf } from './sealed-cells.js';
import { createThrottles } from './throttles.js';
import { createWindowPace } from './window-pace.js';

export { meetingKey } from './keys.js';

export interface LedgerOptions {
  readonly databaseUrl: string;
  readonly keyring: Keyring;
  /** Connections, besides half as many for deletions, which hold one until the vendor has answered, and a few for the pace and for renewals of tokens. */
  readonly poolSize: number;
}

export interface OpenLedger extends Ledger {
  /** Brings the tables up to date. Safe when several processes do it at once. */
  migrate(): Promise<void>;
  /** @throws when the database does not answer. */
  ping(): Promise<void>;
  /** How far the clock of this machine is ahead of the database's, by which steps are dated; negative: behind. Milliseconds. */
  clockAheadMs(): Promise<number>;
  /** Whether what it holds opens with the keyring that it was opened with; also when it holds nothing yet. */
  isOwn(): Promise<boolean>;
  close(): Promise<void>;
}

const PACE_CONNECTIONS = 8;
/** So many identities of one process renew their tokens at once. */
const RENEWAL_CONNECTIONS = 4;
/** Deletions and renewals queue for a connection behind others that wait for the vendor. */
const VENDOR_TIMEOUT_MS = 60_000;

/** Connects lazily: a wrong address shows at the first question. */
export function openLedger({ databaseUrl, keyring, poolSize }: LedgerOptions): OpenLedger {
  const store: Store = {
    db: connect(databaseUrl, poolSize),
    pivotDb: connect(databaseUrl, Math.ceil(poolSize / 2), VENDOR_TIMEOUT_MS),
    paceDb: connect(databaseUrl, PACE_CONNECTIONS),
    renewalDb: connect(databaseUrl, RENEWAL_CONNECTIONS, VENDOR_TIMEOUT_MS),
    keyring,
  };
  const campaigns = createCampaigns(store);
  const items = createItems(store, campaigns);
  return {
    announcements: createAnnouncements(store, campaigns),
    campaigns,
    credentials: createCredentials(store),
    items,
    exemptions: createExemptions(store),
    forecasts: createForecasts(store),
    followed: createFollowed(store),
    gates: createGates(store, campaigns),
    inventory: { ...createInventory(store), ...createHandles(store) },
    notices: createNotices(store, (ref) => items.readSnapshot(ref)),
    orders: createOrders(store),
    pace: createPace(store),
    planDocuments: createPlanDocuments(store),
    plans: createPlans(store, campaigns),
    rechecks: createRechecks(store),
    rehearsals: createRehearsals(store),
    throttles: createThrottles(store, campaigns),
    windowPace: createWindowPace(store),
    migrate: () => migrate(store.db),
    ping: async () => void (await rows(store.db, sql`select 1`)),
    clockAheadMs: () => clockAhead(store.db),
    isOwn: () => isKeyringOf(store.db, store.keyring),
    close: async () => void (await Promise.all([store.db, store.pivotDb, store.paceDb, store.renewalDb].map((db) => db.destroy()))),
  };
}

async function clockAhead(db: Db): Promise<number> {
  const asked = Date.now();
  const { now = new Date() } = (await row<{ now: Date }>(db, sql`select clock_timestamp() as now`)) ?? {};
  return (asked + Date.now()) / 2 - now.getTime();
}
