import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { openLedger } from '../../adapters/ledger/index.js';
import type { Keyring } from '../../adapters/seal/index.js';
import { packageRoot } from '../../adapters/runtime/package-root.js';
import { explain } from '../../client/errors.js';

const text = (file: string): string => readFileSync(join(packageRoot(), file), 'utf8');

/** The most that a ledger takes which this program opens: what its pools may hold together. */
async function most(program: string): Promise<number> {
  const poolSize = Number(/POOL_SIZE = (\d+)/.exec(text(program))?.[1]);
  const { Pool } = pg;
  let connections = 0;
  const pools = jest.spyOn(pg, 'Pool').mockImplementation((options) => {
    connections += options?.max ?? NaN;
    return new Pool(options);
  });
  await openLedger({ databaseUrl: 'postgres://relink@127.0.0.1:1/relink', keyring: {} as Keyring, poolSize }).close();
  pools.mockRestore();
  return connections;
}

test('a database without a free connection is explained with what each process takes at most; docs/deploy.md says the same', async () => {
  const [worker, command] = [await most('worker/main.ts'), await most('client/session.ts')];
  expect(explain({ code: '53300' }).message).toContain(`each worker takes up to ${worker}, each command up to ${command}`);
  expect(text('docs/deploy.md')).toContain(`${worker} connections for each worker, ${command} for each command`);
});
