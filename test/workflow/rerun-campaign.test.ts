import { campaignId, inventoryId, RELINK_QUEUE, rerunId, stop, type RunCampaignInput } from '../../workflows/messages.js';
import { aModelCampaign, until } from '../support/model-campaign.js';
import { startTestTemporal, type TestTemporal } from '../support/temporal.js';

let temporal: TestTemporal;
beforeAll(async () => void (temporal = await startTestTemporal('rerun')));
afterAll(() => temporal?.stop());

const start = (name: string, inventory: RunCampaignInput['inventory'] = 'take') =>
  temporal.client.workflow.start('runCampaign', { workflowId: campaignId(name), taskQueue: RELINK_QUEUE, args: [{ campaign: name, inventory }] });

describe('a campaign that is run again', () => {
  test('handles only the difference when it is run again, and a schedule leaves an open campaign alone', async () => {
    const { name, model } = aModelCampaign([2]);
    const rerun = (id: string) => temporal.client.workflow.start('rerunCampaign', { workflowId: `${rerunId(name)}-${id}`, taskQueue: RELINK_QUEUE, args: [{ campaign: name }] });
    await temporal.withWorkers(model.activities, async () => {
      const first = await start(name);
      expect(await (await rerun('1')).result()).toBe('already-running');
      expect(model.rechecked).toEqual([]);
      await first.result();
      const { deletions, inventories } = model;
      model.items.set(`${name}-late`, { state: 'waiting', wave: 1, claim: null });
      expect(await (await rerun('2')).result()).toBe('ran');
      expect(model.deletions).toBe(deletions + 1);
      expect(model.inventories).toBeGreaterThan(inventories);
      model.order = 'stop';
      model.items.set(`${name}-later`, { state: 'waiting', wave: 1, claim: null });
      const before = model.inventories;
      expect(await (await rerun('3')).result()).toBe('stopped');
      expect([model.inventories, model.deletions, model.order]).toEqual([before, deletions + 1, 'stop']);
    });
  });

  test('that begins while a plan takes its inventory takes one of its own after it', async () => {
    const { name, model } = aModelCampaign([2]);
    const { activities } = model;
    let isHeld = true;
    let asked = 0;
    const inventoryHosts: typeof activities.inventoryHosts = async (input) => {
      asked++;
      await until(() => !isHeld);
      return activities.inventoryHosts(input);
    };
    await temporal.withWorkers({ ...activities, inventoryHosts }, async () => {
      const { workflow } = temporal.client;
      const plan = await workflow.start('takeInventory', { workflowId: inventoryId(name), taskQueue: RELINK_QUEUE, args: [{ campaign: name, run: 'a plan' }] });
      await until(() => asked === 1);
      const handle = await workflow.start('rerunCampaign', { workflowId: `${rerunId(name)}-beside`, taskQueue: RELINK_QUEUE, args: [{ campaign: name }] });
      await until(() => model.phases.length > 0);
      isHeld = false;
      await plan.result();
      expect(await handle.result()).toBe('ran');
    });
    expect([asked, model.in('done').length]).toEqual([2, 2]);
  });

  test.each(['stop', 'pause'] as const)('that a schedule runs again begins nothing against the order %s that comes between its look at what was done and its inventory', async (order) => {
    const { name, model } = aModelCampaign([2]);
    const { activities } = model;
    let looks = 0;
    const progress = async () => {
      const before = await activities.progress({ campaign: name });
      if (looks++ === 0) model.order = order;
      return before;
    };
    await temporal.withWorkers({ ...activities, progress }, async () => {
      const handle = await temporal.client.workflow.start('rerunCampaign', { workflowId: `${rerunId(name)}-held`, taskQueue: RELINK_QUEUE, args: [{ campaign: name }] });
      await until(() => model.phases.at(-1) === { stop: 'stopped', pause: 'paused' }[order]);
      expect([model.order, model.began, model.inventories > 0]).toEqual([order, [], true]);
      if (order === 'pause') await temporal.client.workflow.getHandle(campaignId(name)).executeUpdate(stop);
      expect(await handle.result()).toBe('ran');
    });
  });
});
