import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenLedger } from '../../adapters/ledger/index.js';
import { openOwnLedger } from '../../adapters/ledger/own-ledger.js';
import { run } from '../../client/cli.js';
import { createScreen } from '../../client/io.js';
import { usualStopRules } from '../../domain/verdict.js';
import { ConfigFolder, RELINK } from '../support/config-files.js';
import { aHost, inMs } from '../support/ledger.js';
import { freshDatabase, type FreshDatabase } from '../support/postgres.js';
import { aFinding, aSpec } from '../support/specs.js';

/** What the command line does while the database is there and Temporal is not. */
let files: ConfigFolder;
let database: FreshDatabase;
let ledger: OpenLedger;
beforeAll(async () => {
  [files, database] = await Promise.all([ConfigFolder.create(), freshDatabase()]);
  await mkdir(join(files.path, '.relink'));
  ledger = await openOwnLedger({ databaseUrl: database.url, dataDir: join(files.path, '.relink'), poolSize: 2 });
  await ledger.migrate();
  await ledger.campaigns.save(aSpec('spring', { approval: { firstWrite: true, waves: false, firstDeletion: false }, stopRules: usualStopRules }));
  await ledger.inventory.finishHost({ campaign: 'spring', token: 'run', lane: 'ops-1', host: aHost, findings: [aFinding('1'), aFinding('2')], unreadable: [] });
  await ledger.plans.assignWaves('spring');
  process.env['DATABASE_URL'] = database.url;
});
afterAll(async () => {
  delete process.env['DATABASE_URL'];
  await ledger?.close();
  await Promise.all([database?.drop(), files?.remove()]);
});

async function relink(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const config = await files.put('relink.yaml', RELINK);
  const said = { out: '', err: '' };
  const screen = (which: 'out' | 'err') => createScreen({ write: (text: string | Uint8Array) => ((said[which] += String(text)), true) }, true);
  const code = await run([...args, '--config', config], { out: screen('out'), err: screen('err'), ask: null });
  return { code, ...said };
}
const WHY = ['--by', 'Robin Vael', '--reason', 'a quiet day'];
const UNTOLD = 'Temporal does not answer, so whoever waits sees it a minute later';

test('an approval is carried out, and says who sees it when', async () => {
  await ledger.gates.judge('spring');
  const { code, out, err } = await relink('approve', 'spring', ...WHY);
  expect([code, out]).toEqual([0, 'first-write is approved: spring goes on.\n']);
  expect(err).toContain(UNTOLD);
  expect(await ledger.gates.open('spring')).toEqual([]);
});

test('an exemption is carried out, and says who sees it when', async () => {
  const [item] = await ledger.items.select('spring', {});
  const { code, out, err } = await relink('exempt', 'spring', '--meeting', item?.meeting ?? '', '--until', inMs(86_400_000), '--yes', ...WHY);
  expect([code, out]).toEqual([0, expect.stringContaining('1 meeting left the queue')]);
  expect(err).toContain(UNTOLD);
});
