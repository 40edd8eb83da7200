import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { openLedger, type OpenLedger } from '../../adapters/ledger/index.js';
import { loadCampaign, loadConfig } from '../../adapters/runtime/config/index.js';
import { startLocalStack, superviseProcess, type LocalStack, type SupervisedProcess } from '../../adapters/runtime/local-stack/index.js';
import { packageRoot } from '../../adapters/runtime/package-root.js';
import { ensureKeyring } from '../../adapters/seal/index.js';
import { cutOff } from '../../domain/advisory.js';
import { startSimulators } from '../../simulators/start-simulators.js';
import { campaignId, RELINK_QUEUE } from '../../workflows/messages.js';

/** A whole campaign on real parts: Temporal, Postgres, SMTP, HTTP, and the worker as its own process. Needs `npm run build`. */
let folder: string;
let stack: LocalStack;
let simulators: Awaited<ReturnType<typeof startSimulators>>;
let worker: SupervisedProcess;
let ledger: OpenLedger;
const SCALE = 60;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relink e2e '));
  simulators = await startSimulators({ meetings: 60, hosts: 12, seed: 5, faults: 'ordinary', scale: SCALE } as never);
  await writeFile(join(folder, 'token'), simulators.webex.token);
  await writeFile(join(folder, 'smtp'), simulators.smtp.url);
  await writeFile(
    join(folder, 'relink.yaml'),
    `data: ./data
identities:
  - { name: ops-1, vendor: webex, baseUrl: "${simulators.webex.url}", token: { file: token }, requestsPerMinute: ${280 * SCALE}, quotaWindow: ${86_400 / SCALE}s, listLag: 2s }
mail: { smtp: { url: { file: smtp } }, from: Meetings <meetings@example.org> }
`,
  );
  await writeFile(join(folder, 'campaign.yaml'), 'name: e2e\nadvisory: cisco-sa-webex-june-2024\nidentities: [ops-1]\nscope: { horizon: 2y }\nstartGuard: 2m\ngrace: 5s\nnotices: { digestEvery: 2s }\n');
  const config = await loadConfig(join(folder, 'relink.yaml'));
  stack = await startLocalStack({ dataDir: config.dataDir });
  ledger = openLedger({ databaseUrl: stack.databaseUrl, keyring: await ensureKeyring(join(config.dataDir, 'keyring.json')), poolSize: 5 });
  await ledger.migrate();
  await ledger.campaigns.save(await loadCampaign(join(folder, 'campaign.yaml'), config, new Date()));
  worker = superviseProcess({
    name: 'worker',
    command: process.execPath,
    args: [join(packageRoot(), 'dist/worker/main.js'), '--config', join(folder, 'relink.yaml')],
    env: { ...process.env, TEMPORAL_ADDRESS: stack.temporal.address, DATABASE_URL: stack.databaseUrl },
    restart: true,
    onLine: (line) => void (process.env['RELINK_DEBUG'] && process.stderr.write(`${line}\n`)),
  });
}, 120_000);

afterAll(async () => {
  await worker?.stop(10_000);
  await ledger?.close();
  await stack?.stop();
  await simulators?.stop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

test('a campaign ends with every supported meeting done, and the vendor’s own audit finds nothing', async () => {
  const connection = await Connection.connect({ address: stack.temporal.address });
  const client = new Client({ connection });
  const outcome = await client.workflow.execute('runCampaign', { workflowId: campaignId('e2e'), taskQueue: RELINK_QUEUE, args: [{ campaign: 'e2e', inventory: 'take' }] });
  await connection.close();
  const status = await ledger.plans.status('e2e', 1000);
  if (process.env['RELINK_DEBUG']) process.stderr.write(`${JSON.stringify(status)}\n`);
  const { advisory } = (await ledger.campaigns.get('e2e')).spec;
  const audit: unknown = await (await fetch(`${simulators.control}/audit?cutoff=${cutOff(advisory)}`)).json();
  expect(audit).toEqual({ legacyLeft: 0, duplicates: 0, orphans: 0, deletedBeforeTold: 0, deletedBeforeReplaced: 0, quotaOverspent: 0, lostInvitees: 0 });
  expect(outcome).toEqual({ phase: 'finished' });
  expect(status).toMatchObject({ reconciles: true, failures: {}, exposedStarts: 0 });
  expect(status.counts.done).toBeGreaterThan(0);
}, 100_000);
