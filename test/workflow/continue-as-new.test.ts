import { campaignId, digestsId, inventoryId, laneId, pause, recheckId, RELINK_QUEUE, rerunId, resume, rollback } from '../../workflows/messages.js';
import { ModelCampaign, until } from '../support/model-campaign.js';
import { startTestTemporal, type TestTemporal } from '../support/temporal.js';

/** The server suggests it after so many events: a campaign of twelve meetings is then as long as one of thousands. */
const SUGGESTED_AT = 30;

let temporal: TestTemporal;
beforeAll(async () => void (temporal = await startTestTemporal('long', [`limit.historyCount.suggestContinueAsNew=${SUGGESTED_AT}`])));
jest.setTimeout(120_000);
afterAll(() => temporal?.stop());

const start = (campaign: string) =>
  temporal.client.workflow.start('runCampaign', { workflowId: campaignId(campaign), taskQueue: RELINK_QUEUE, args: [{ campaign, inventory: 'take' }] });

/** How many runs each workflow needed, by its id. Asked until the server's lists show that all have ended, which needs workers: digests may be asleep when their campaign ends. */
async function runs(): Promise<ReadonlyMap<string, number>> {
  for (;;) {
    const seen = new Map<string, number>();
    let open = 0;
    for await (const { workflowId, status } of temporal.client.workflow.list()) {
      seen.set(workflowId, (seen.get(workflowId) ?? 0) + 1);
      if (status.name === 'RUNNING') open++;
    }
    if (open === 0) return seen;
  }
}

test('a campaign, its inventory, lane, digests and sagas go on in new runs, and nothing is lost, done twice or too early', async () => {
  const model = new ModelCampaign([1, 3, 16]);
  model.handfuls = 12;
  model.ask('first-deletion', 'deletion');
  const seen = await temporal.withWorkers(model.activities, async () => {
    const handle = await start('long');
    await until(() => model.in('replaced').length > 8);
    await handle.executeUpdate(pause);
    await until(() => model.phases.at(-1) === 'paused' && model.blocked > 60); // whose deletion is blocked looks again, until its history is long
    await handle.executeUpdate(resume);
    await until(() => model.in('replaced').length === 20);
    expect(model.deletions).toBe(0);
    model.approve();
    expect(await handle.result()).toEqual({ phase: 'finished' });
    return runs();
  });
  expect(model.in('done')).toHaveLength(20);
  expect([model.replacements, model.deletions, model.inventories]).toEqual([20, 20, 12]);
  expect(model.began).toEqual(model.began.toSorted((a, b) => a - b));
  expect(model.mostAtOnce).toBeLessThanOrEqual(4);
  for (const id of [campaignId('long'), inventoryId('long'), digestsId('long')]) expect([id, (seen.get(id) ?? 0) > 1]).toEqual([id, true]);
  expect(seen.get(laneId('long', 'ops-1'))).toBeGreaterThan(3); // a lane for each wave is no new run
  expect([...seen].filter(([id, count]) => id.startsWith('meeting/') && count > 1).length).toBeGreaterThan(8);
});

test('a campaign whose last notices nobody takes waits for them in new runs', async () => {
  const name = 'unsent';
  const model = ModelCampaign.named(name, [1]);
  model.pendingNotices = 1;
  const seen = await temporal.withWorkers(model.activities, async () => {
    const handle = await start(name);
    await until(() => model.in('done').length === 1);
    const entered = model.phases.length;
    await until(() => model.phases.length > entered + 1); // each run enters its phase anew
    expect(model.phases.at(-1)).toBe('settling');
    model.pendingNotices = 0;
    expect(await handle.result()).toEqual({ phase: 'finished' });
    return runs();
  });
  for (const id of [campaignId(name), digestsId(name)]) expect([id, (seen.get(id) ?? 0) > 1]).toEqual([id, true]);
});

test('an inventory that looks up much that no listed host has goes on in new runs', async () => {
  const name = 'departed';
  const model = ModelCampaign.named(name, [1]);
  model.handfuls = 1;
  model.handles = 41;
  const seen = await temporal.withWorkers(model.activities, async () => {
    expect(await (await start(name)).result()).toEqual({ phase: 'finished' });
    return runs();
  });
  expect(model.handles).toBe(0);
  expect(seen.get(inventoryId(name))).toBeGreaterThan(1);
});

test('a saga that goes on in a new run is still put back on an order', async () => {
  const name = 'back';
  const model = ModelCampaign.named(name, [3]);
  model.graceMs = 1;
  model.ask('first-deletion', 'deletion');
  await temporal.withWorkers(model.activities, async () => {
    const handle = await start(name);
    await until(() => model.blocked > 12);
    model.order = 'rollback'; // as the ledger has it before the campaign is told
    await handle.executeUpdate(rollback, { args: [{ order: 7 }] });
    expect(await handle.result()).toEqual({ phase: 'stopped' });
  });
  expect(model.in('rolled-back')).toHaveLength(3);
  expect(model.deletions).toBe(0);
});

test('a look at what was done goes on where the last run ended', async () => {
  const name = 'again';
  const model = ModelCampaign.named(name, [1]);
  model.rechecks = 12;
  const seen = await temporal.withWorkers(model.activities, async () => {
    const args: [{ campaign: string }] = [{ campaign: name }];
    expect(await (await temporal.client.workflow.start('rerunCampaign', { workflowId: rerunId(name), taskQueue: RELINK_QUEUE, args })).result()).toBe('ran');
    return runs();
  });
  expect(model.rechecked).toEqual(['', ...Array.from({ length: 11 }, (_, i) => `${i + 1}`)]);
  expect(seen.get(recheckId(name))).toBeGreaterThan(1);
});
