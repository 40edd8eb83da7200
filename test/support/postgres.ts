import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openLedger, type OpenLedger } from '../../adapters/ledger/index.js';
import { startPostgres } from '../../adapters/runtime/local-stack/postgres-server.js';
import { ensureKeyring, type Keyring } from '../../adapters/seal/index.js';

export interface FreshDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** An empty database: on the server that `RELINK_TEST_DATABASE` names, else on a Postgres of its own. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const server = process.env['RELINK_TEST_DATABASE'];
  return server ? databaseOn(server) : databaseOfItsOwn();
}

async function databaseOn(server: string): Promise<FreshDatabase> {
  const name = `relink_test_${randomBytes(6).toString('hex')}`;
  await query(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: async () => void (await query(server, `drop database ${name} with (force)`)) };
}

async function databaseOfItsOwn(): Promise<FreshDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'relink-ledger-'));
  const quiet = () => undefined;
  const { databaseUrl, process: server } = await startPostgres({ dataDir: folder, log: quiet, onPart: quiet, onPid: quiet });
  return {
    url: databaseUrl,
    async drop() {
      await server.stop(10_000);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** One statement on a connection of its own, past the ledger. */
export async function query(url: string, text: string, values: readonly unknown[] = []): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

export interface TestLedger {
  readonly ledger: OpenLedger;
  readonly keyring: Keyring;
  readonly databaseUrl: string;
  stop(): Promise<void>;
}

/** A migrated ledger on a fresh database, with a keyring of its own. */
export async function startTestLedger(poolSize = 20): Promise<TestLedger> {
  const database = await freshDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'relink-keyring-'));
  const keyring = await ensureKeyring(join(folder, 'keyring.json'));
  const ledger = openLedger({ databaseUrl: database.url, keyring, poolSize });
  await ledger.migrate();
  return {
    ledger,
    keyring,
    databaseUrl: database.url,
    async stop() {
      await ledger.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
