import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger, type OpenLedger } from '../../adapters/ledger/index.js';
import { startPostgres } from '../../adapters/runtime/local-stack/postgres-server.js';
import { ensureKeyring, type Keyring } from '../../adapters/seal/index.js';

export interface TestLedger {
  readonly ledger: OpenLedger;
  readonly keyring: Keyring;
  readonly databaseUrl: string;
  stop(): Promise<void>;
}

/** A ledger on a Postgres of its own. */
export async function startTestLedger(): Promise<TestLedger> {
  const folder = await mkdtemp(join(tmpdir(), 'relink-ledger-'));
  const quiet = () => undefined;
  const { databaseUrl, process } = await startPostgres({ dataDir: folder, log: quiet, onPart: quiet, onPid: quiet });
  const keyring = await ensureKeyring(join(folder, 'keyring.json'));
  const ledger = openLedger({ databaseUrl, keyring, poolSize: 30 });
  await ledger.migrate();
  return {
    ledger,
    keyring,
    databaseUrl,
    async stop() {
      await ledger.close();
      await process.stop(10_000);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
