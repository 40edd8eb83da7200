import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { openLedger, type OpenLedger } from '../../adapters/ledger/index.js';
import { loadCampaign, loadConfig } from '../../adapters/runtime/config/index.js';
import { startLocalStack, superviseProcess, type LocalStack, type SupervisedProcess } from '../../adapters/runtime/local-stack/index.js';
import { packageRoot } from '../../adapters/runtime/package-root.js';
import { ensureKeyring } from '../../adapters/seal/index.js';
import { cutOff } from '../../domain/advisory.js';
import type { StepName } from '../../domain/states.js';
import type { KeptMail } from '../../simulators/smtp/mailbox.js';
import { startSimulators } from '../../simulators/start-simulators.js';
import { campaignId, RELINK_QUEUE } from '../../workflows/messages.js';
import { query } from '../support/postgres.js';
import { NOTHING_WRONG } from '../support/rehearsal.js';

/**
 * A campaign on real parts whose worker is killed in the midst of every step, and whose Temporal server and Postgres are
 * killed once each. Needs `npm run build`.
 */
let folder: string;
let stack: LocalStack;
let simulators: Awaited<ReturnType<typeof startSimulators>>;
let worker: SupervisedProcess;
let ledger: OpenLedger;
const SCALE = 60;
/** Shorter than any step: it is to be seen while it lasts. */
const LOOK_MS = 10;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relink chaos '));
  simulators = await startSimulators({ meetings: 60, hosts: 12, seed: 5, faults: 'ordinary', scale: SCALE });
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
  await writeFile(join(folder, 'campaign.yaml'), 'name: chaos\nadvisory: cisco-sa-webex-june-2024\nidentities: [ops-1]\nscope: { horizon: 2y }\nstartGuard: 2m\ngrace: 3s\nnotices: { digestEvery: 2s }\nlimits: { maxConcurrent: 4 }\nwaves: [rest]\n');
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
});

afterAll(async () => {
  await worker?.stop(10_000);
  await ledger?.close();
  await stack?.stop();
  await simulators?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Attempts at that step that began. A database that is being restarted has no answer yet. */
async function begun(step: StepName): Promise<number> {
  const counted = await query(stack.databaseUrl, `select count(*)::integer as n from step_event where step = $1 and state = 'started'`, [step]).catch(() => []);
  return Number(counted[0]?.['n'] ?? 0);
}

/** Which steps the worker is killed in: those that come in every such campaign. The others want a cause, and have tests of their own. */
const killedIn: Readonly<Record<StepName, boolean>> = {
  announce: false,
  'reassign host': false,
  snapshot: true,
  'ask calendar': false,
  replace: true,
  'carry over': false,
  verify: true,
  'refresh room': false,
  'restore room': false,
  follow: false,
  notify: true,
  retire: true,
  'verify retired': true,
  'remove replacement': false,
  correct: false,
  recheck: false,
};
const killed = (Object.keys(killedIn) as StepName[]).filter((step) => killedIn[step]);

/** Until the step begins once more; a campaign that is over begins nothing. */
async function nextStart(step: StepName, isOver: () => Promise<boolean>): Promise<void> {
  const before = await begun(step);
  while ((await begun(step)) <= before) {
    if (await isOver()) throw new Error(`the campaign is over, and nothing came to the step ${step}`);
    await wait(LOOK_MS);
  }
}

test('a worker killed in the midst of every step, and a server and a database killed between, lose, repeat and hasten nothing', async () => {
  const connection = await Connection.connect({ address: stack.temporal.address });
  const client = new Client({ connection });
  const handle = await client.workflow.start('runCampaign', { workflowId: campaignId('chaos'), taskQueue: RELINK_QUEUE, args: [{ campaign: 'chaos', inventory: 'take' }] });
  const ended = async (): Promise<boolean> => (await handle.describe().catch(() => ({ status: { name: 'RUNNING' } }))).status.name !== 'RUNNING';
  for (const step of killed) {
    await nextStart(step, ended);
    worker.kill();
    if (step === 'replace') stack.kill('temporal');
    if (step === 'notify') stack.kill('postgres');
  }
  while (!(await ended())) await wait(200);
  expect(await handle.result()).toEqual({ phase: 'finished' });
  await connection.close();

  const { advisory } = (await ledger.campaigns.get('chaos')).spec;
  const ask = async (path: string): Promise<unknown> => (await fetch(`${simulators.control}/${path}`)).json();
  expect(await ask(`audit?cutoff=${cutOff(advisory)}`)).toEqual(NOTHING_WRONG);
  const status = await ledger.plans.status('chaos', 1000);
  expect(status).toMatchObject({ reconciles: true, failures: {}, exposedStarts: 0 });
  expect(status.counts.done).toBeGreaterThan(0);

  // A mail that was accepted but not noted goes out again as the very same message.
  const mails = (await ask('mails')) as readonly KeptMail[];
  const texts = new Map(mails.map(({ messageId, text }) => [messageId, text]));
  expect(mails.filter(({ messageId, text }) => texts.get(messageId) !== text)).toEqual([]);
});
