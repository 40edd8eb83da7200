import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openLedger, type OpenLedger } from '../../adapters/ledger/index.js';
import { openOwnLedger } from '../../adapters/ledger/own-ledger.js';
import { InputError } from '../../adapters/runtime/config/index.js';
import { packageRoot } from '../../adapters/runtime/package-root.js';
import { ensureKeyring, keyringFile } from '../../adapters/seal/index.js';
import { run } from '../../client/cli.js';
import { createScreen } from '../../client/io.js';
import { ownChecks } from '../../client/steer/checks.js';
import { CAMPAIGN, ConfigFolder, RELINK } from '../support/config-files.js';
import { startTestLedger, type TestLedger } from '../support/postgres.js';
import { aSpec } from '../support/specs.js';

/** A ledger with its keyring, and the data folder of a machine that has another one or none. */
let store: TestLedger;
let files: ConfigFolder;
let dataDir: string;
const opened: OpenLedger[] = [];
beforeEach(async () => {
  [store, files] = await Promise.all([startTestLedger(2), ConfigFolder.create()]);
  dataDir = join(files.path, '.relink');
  await mkdir(dataDir, { mode: 0o700 });
  process.env['DATABASE_URL'] = store.databaseUrl;
});
afterEach(async () => {
  delete process.env['DATABASE_URL'];
  await Promise.all(opened.splice(0).map((ledger) => ledger.close()));
  await Promise.all([store.stop(), files.remove()]);
});

async function withAnother(): Promise<OpenLedger> {
  const ledger = openLedger({ databaseUrl: store.databaseUrl, keyring: await ensureKeyring(keyringFile(dataDir)), poolSize: 2 });
  opened.push(ledger);
  return ledger;
}
const isThere = (): Promise<boolean> => access(keyringFile(dataDir)).then(() => true, () => false);

/** The command line in that folder. */
async function relink(...args: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  const config = await files.put('relink.yaml', RELINK);
  let said = '';
  const screen = createScreen({ write: (text: string | Uint8Array) => ((said += String(text)), true) }, true);
  return { code: await run([...args, '--config', config], { out: screen, err: screen, ask: null }), said };
}

test('who cannot open a campaign does not write in its place', async () => {
  await store.ledger.campaigns.save(aSpec('spring'));
  const stranger = await withAnother();
  await expect(stranger.campaigns.save(aSpec('spring', { graceMs: 1 }))).rejects.toMatchObject({ type: 'InvalidInput' });
  expect((await store.ledger.campaigns.get('spring')).spec).toEqual(aSpec('spring'));
  await store.ledger.campaigns.save(aSpec('spring', { graceMs: 5 }));
  expect((await store.ledger.campaigns.get('spring')).spec.graceMs).toBe(5);
});

test('a keyring is the ledger’s when it opens one campaign, or tokens where there is none; on an empty ledger any is', async () => {
  const stranger = await withAnother();
  expect([await stranger.isOwn(), await store.ledger.isOwn()]).toEqual([true, true]);
  const app = { clientId: 'client', clientSecret: 'secret', refreshToken: 'refresh' };
  await store.ledger.credentials.save('ops-1', app, { accessToken: 'access', accessLifeMs: 1000, refreshToken: 'next' });
  expect([await stranger.isOwn(), await store.ledger.isOwn()]).toEqual([false, true]);
  await store.ledger.campaigns.save(aSpec('spring'));
  await store.ledger.campaigns.save(aSpec('a-larger-one', { scope: { hosts: Array.from({ length: 100 }, (_, i) => `h${i}@example.org`), sites: 'all', horizonMs: 1 } }));
  expect([await stranger.isOwn(), await store.ledger.isOwn()]).toEqual([false, true]);
});

test('a keyring is made for a ledger that holds nothing, and for no other', async () => {
  await store.ledger.campaigns.save(aSpec('spring'));
  const open = () => openOwnLedger({ databaseUrl: store.databaseUrl, dataDir, poolSize: 2 });
  await expect(open()).rejects.toThrow(InputError);
  await expect(open()).rejects.toThrow(`${keyringFile(dataDir)}: does not exist, and this ledger has a keyring; copy the one that its workers use`);
  expect(await isThere()).toBe(false);

  const empty = await startTestLedger(2);
  opened.push(await openOwnLedger({ databaseUrl: empty.databaseUrl, dataDir, poolSize: 2 }));
  expect(await isThere()).toBe(true);
  await Promise.all(opened.splice(0).map((ledger) => ledger.close()));
  await empty.stop();
});

test.each([['no'], ['another']])('a command from a folder with %s keyring is wrong use and changes nothing, neither in the ledger nor in the folder', async (which) => {
  await store.ledger.campaigns.save(aSpec('spring'));
  if (which === 'another') await withAnother();
  const campaign = await files.put('campaign.yaml', CAMPAIGN);
  for (const args of [['plan', campaign], ['start', campaign, '--yes'], ['status', 'spring'], ['pause', 'spring']]) {
    const { code, said } = await relink(...args);
    expect([code, said]).toEqual([2, expect.stringMatching(/keyring\.json: (does not exist, and this ledger has a keyring|is not the keyring of this ledger); copy the one/)]);
  }
  expect((await store.ledger.campaigns.get('spring')).spec).toEqual(aSpec('spring'));
  expect(await isThere()).toBe(which === 'another');
});

test('a worker with another keyring does not begin to poll', async () => {
  await store.ledger.campaigns.save(aSpec('spring'));
  await withAnother();
  const config = await files.put('relink.yaml', RELINK);
  const worker = spawn(process.execPath, [join(packageRoot(), 'dist/worker/main.js'), '--config', config], { env: { ...process.env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: [string[], string[]] = [[], []];
  worker.stdout.on('data', (chunk: Buffer) => said[0].push(chunk.toString()));
  worker.stderr.on('data', (chunk: Buffer) => said[1].push(chunk.toString()));
  const [code] = (await once(worker, 'close')) as [number | null];
  expect([code, said[0].join('')]).toEqual([2, '']);
  expect(said[1].join('')).toContain('is not the keyring of this ledger');
});

test('the doctor holds the keyring against the ledger, and makes none', async () => {
  const config = await files.relink(RELINK);
  const line = async () => (await Promise.all(ownChecks(config))).find(({ check }) => check === 'keyring');
  expect(await line()).toMatchObject({ ok: true, detail: expect.stringContaining('is made at first use') as string });
  await store.ledger.campaigns.save(aSpec('spring'));
  expect(await line()).toMatchObject({ ok: false, detail: expect.stringContaining('does not exist, and this ledger has a keyring') as string, remedy: expect.stringContaining('copy the one') as string });
  expect(await isThere()).toBe(false);
  await withAnother();
  expect(await line()).toMatchObject({ ok: false, detail: expect.stringContaining('is not the keyring of this ledger') as string });
  process.env['DATABASE_URL'] = 'postgres://127.0.0.1:1/none';
  expect(await line()).toMatchObject({ ok: true });
});
