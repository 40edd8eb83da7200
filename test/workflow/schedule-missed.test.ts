import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { bootstrapNamespace } from '../../adapters/runtime/local-stack/bootstrap.js';
import { startTemporal, type TemporalPart } from '../../adapters/runtime/local-stack/temporal-server.js';
import { timesOf } from '../../client/commands/schedule.js';
import { campaignStart, failureOf, isUnderWay } from '../../client/steer/campaign-run.js';
import { createSchedule } from '../../client/steer/schedules.js';
import { campaignId, scheduleId } from '../../workflows/messages.js';

const EVERY_MS = 1_000;
const MISSED = 7;
const quiet = () => undefined;
let folder: string;
let server: TemporalPart;

const start = async (): Promise<TemporalPart> => startTemporal({ dataDir: folder, log: quiet, onPart: quiet, onPid: quiet });
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'relink-schedule-'))), 60_000);
afterAll(async () => {
  await server?.process.stop(5_000);
  await rm(folder, { recursive: true, force: true });
});

async function withClient<T>(use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: server.address });
  try {
    await bootstrapNamespace({ connection, namespace: 'test' });
    return await use(new Client({ connection, namespace: 'test' }));
  } finally {
    await connection.close();
  }
}

const infoOf = async (client: Client) => (await client.schedule.getHandle(scheduleId('c')).describe()).info;

/** Asks until it is so; the test's own time-out is the limit. */
async function until<T>(ask: () => Promise<T>, good: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('a schedule that was missed seven times and more, because the service was down, starts one rerun, not seven', async () => {
  server = await start();
  // No worker runs: the first rerun stays open, as that of a campaign does that takes days.
  await withClient((client) => createSchedule(client, 'c', { ...timesOf({ every: 10_000 }), intervals: [{ every: EVERY_MS }], catchUpMs: 10_000 }));
  const before = await withClient((client) => until(() => infoOf(client), ({ numActionsTaken }) => numActionsTaken === 1));
  expect(await withClient((client) => until(() => isUnderWay(client, 'c'), (isSo) => isSo))).toBe(true); // so that it can be held up before it begins
  expect(await withClient((client) => isUnderWay(client, 'd'))).toBe(false);
  await withClient((client) => client.workflow.getHandle(before.recentActions[0]!.action.workflow.workflowId).terminate('the outage'));
  await server.process.stop(5_000);
  const down = Date.now();
  await until(async () => Date.now(), (now) => now - down > MISSED * EVERY_MS);
  server = await start();
  const after = await withClient((client) => until(() => infoOf(client), ({ numActionsSkippedOverlap }) => numActionsSkippedOverlap - before.numActionsSkippedOverlap >= MISSED));
  expect(after.numActionsTaken).toBeLessThanOrEqual(before.numActionsTaken + 1);
  const runs = await withClient((client) => until(async () => { const open = []; for await (const run of client.workflow.list({ query: 'ExecutionStatus="Running"' })) open.push(run); return open; }, (open) => open.length === 1)); // lists show for a moment what has just ended
  expect(runs.map(({ type }) => type)).toEqual(['rerunCampaign']);
}, 90_000);

test('a rerun that failed before it began the campaign is what is told of the campaign, until that is begun anew', async () => {
  server ??= await start();
  await withClient(async (client) => {
    await createSchedule(client, 'd', timesOf({ every: 86_400_000 }));
    const told = () => failureOf(client, 'd');
    expect(await told()).toBeNull();
    const schedule = client.schedule.getHandle(scheduleId('d'));
    await schedule.trigger();
    const { recentActions } = await until(async () => (await schedule.describe()).info, ({ numActionsTaken }) => numActionsTaken === 1);
    expect(await told()).toBeNull(); // it runs
    await client.workflow.getHandle(recentActions[0]!.action.workflow.workflowId).terminate('the vendor forbids it');
    expect(await told()).toBe('the vendor forbids it');
    await client.workflow.start('runCampaign', campaignStart('d', 'take'));
    expect(await told()).toBeNull();
    await client.workflow.getHandle(campaignId('d')).terminate('the ceiling');
    expect(await told()).toBe('the ceiling');
  });
}, 60_000);

test('a run that was missed is made up for within one interval, or what --catch-up says', () => {
  expect(timesOf({ every: 86_400_000 }).catchUpMs).toBe(86_400_000);
  expect(timesOf({ every: 86_400_000, catchUp: 3_600_000 }).catchUpMs).toBe(3_600_000);
  expect(timesOf({ cron: '0 3 * * 1', zone: 'Europe/Amsterdam', jitter: 600_000 })).toEqual({ cronExpressions: ['0 3 * * 1'], timezone: 'Europe/Amsterdam', jitter: 600_000, catchUpMs: 86_400_000 });
});

test.each([[{}], [{ every: 10_000, cron: '0 3 * * *' }], [{ every: 10_000, zone: 'Europe/Amsterdam' }]])('times that do not say when are refused (%j)', (when) => {
  expect(() => timesOf(when)).toThrow(/--cron/);
});
