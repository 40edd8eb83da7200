import { Kysely, Migrator, PostgresDialect, sql, type RawBuilder, type Transaction } from 'kysely';
import pg from 'pg';
import type { Keyring } from '../seal/index.js';
import { first } from './migrations/0001-first.js';
import { claimsAndHosts } from './migrations/0002-claims-and-hosts.js';
import { proofs } from './migrations/0003-proofs.js';
import { credentials } from './migrations/0004-credentials.js';
import { exempt } from './migrations/0005-exempt.js';
import { throttle } from './migrations/0006-throttle.js';
import { gates } from './migrations/0007-gates.js';
import { plans } from './migrations/0011-plans.js';
import { fidelity } from './migrations/0012-fidelity.js';
import { rehearsals } from './migrations/0013-rehearsals.js';
import { orders } from './migrations/0015-orders.js';
import { announcements } from './migrations/0017-announcements.js';
import { departed } from './migrations/0018-departed.js';
import { windowsAndForecasts } from './migrations/0020-windows-and-forecasts.js';
import { edits } from './migrations/0021-edits.js';
import { codes } from './migrations/0023-codes.js';
import { learnedPace } from './migrations/0024-learned-pace.js';

/** The SQL of the books is written as SQL, so the query builder needs no types of the tables. */
export type Db = Kysely<unknown>;
export type Tx = Transaction<unknown>;

/** What every book works with. */
export interface Store {
  readonly db: Db;
  /**
   * A pivot holds a connection while the vendor is called, a delivery while the mail server is. The call needs the log and the pace,
   * and perhaps a renewed token, which holds one too: four pools, or they would wait for each other.
   */
  readonly pivotDb: Db;
  readonly paceDb: Db;
  readonly renewalDb: Db;
  readonly keyring: Keyring;
}

/** Also the longest wait for a connection of the pool that is free. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Far beyond any call to a vendor: frees the locks of a worker whose machine is gone, which would hold up a pause for hours. */
const ABANDONED_MS = 300_000;

export function connect(databaseUrl: string, max: number, connectTimeoutMs = CONNECT_TIMEOUT_MS): Db {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max,
    connectionTimeoutMillis: connectTimeoutMs,
    idle_in_transaction_session_timeout: ABANDONED_MS,
    keepAlive: true,
    application_name: 'relink',
  });
  // An idle connection that the server closes must not end the process: the next query opens another.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
}

/** Safe when several processes start at once: Kysely's migrator holds an advisory lock. */
export async function migrate(db: Db): Promise<void> {
  const migrations = {
    '0001-first': first,
    '0002-claims-and-hosts': claimsAndHosts,
    '0003-proofs': proofs,
    '0004-credentials': credentials,
    '0005-exempt': exempt,
    '0006-throttle': throttle,
    '0007-gates': gates,
    '0011-plans': plans,
    '0012-fidelity': fidelity,
    '0013-rehearsals': rehearsals,
    '0015-orders': orders,
    '0017-announcements': announcements,
    '0018-departed': departed,
    '0020-windows-and-forecasts': windowsAndForecasts,
    '0021-edits': edits,
    '0023-codes': codes,
    '0024-learned-pace': learnedPace,
  };
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error instanceof Error ? error : new Error('the ledger could not be migrated');
}

/** Rows of one statement. Timestamps come as `Date`, bytea as `Buffer`. */
export async function rows<Row>(db: Db, query: RawBuilder<unknown>): Promise<readonly Row[]> {
  return (await (query as RawBuilder<Row>).execute(db)).rows;
}

export async function row<Row>(db: Db, query: RawBuilder<unknown>): Promise<Row | undefined> {
  return (await rows<Row>(db, query))[0];
}

export const instant = (date: Date | null): string | null => date?.toISOString() ?? null;

/** A list as a Postgres array; `null` means no restriction. */
export const list = (values: readonly string[] | undefined): RawBuilder<unknown> => (values === undefined ? sql`null::text[]` : sql`${[...values]}::text[]`);
