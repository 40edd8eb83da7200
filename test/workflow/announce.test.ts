import { campaignId, laneId, RELINK_QUEUE, wake } from '../../workflows/messages.js';
import { ModelCampaign, until } from '../support/model-campaign.js';
import { startTestTemporal, type TestTemporal } from '../support/temporal.js';

let temporal: TestTemporal;
beforeAll(async () => void (temporal = await startTestTemporal('announce')));
afterAll(() => temporal?.stop());

const start = (name: string) => temporal.client.workflow.start('runCampaign', { workflowId: campaignId(name), taskQueue: RELINK_QUEUE, args: [{ campaign: name, inventory: 'take' }] });

describe('a campaign that tells organisers ahead', () => {
  test('begins nothing before they could object, and then everything, wave by wave', async () => {
    const model = ModelCampaign.named('ahead', [1, 3]);
    model.announceMs = 1_500;
    await temporal.withWorkers(model.activities, async () => {
      expect(await (await start('ahead')).result()).toEqual({ phase: 'finished' });
    });
    expect([model.announcements, model.early]).toEqual([1, 0]);
    expect(model.in('done')).toHaveLength(4);
  });

  test('goes on with everything else while the mail server is away, and tells them when it is back', async () => {
    const model = ModelCampaign.named('away', [2]);
    model.announceMs = 500;
    model.mailAway = 2;
    model.leftOrders = [3];
    await temporal.withWorkers(model.activities, async () => {
      const handle = await start('away');
      await until(() => model.carriedOut.includes(3));
      expect(model.announcements).toBe(0);
      expect(await handle.result()).toEqual({ phase: 'finished' });
    });
    expect([model.announcements, model.early]).toEqual([1, 0]);
  });

  test('tells nobody before the first write is approved', async () => {
    const model = ModelCampaign.named('asked', [2]);
    model.announceMs = 500;
    model.ask('first-write', 'all');
    await temporal.withWorkers(model.activities, async () => {
      const handle = await start('asked');
      await until(() => model.phases.at(-1) === 'awaiting-approval' && model.digests > 0);
      expect(model.announcements).toBe(0);
      model.approve();
      await handle.signal(wake);
      await until(() => model.announcements > 0);
      await temporal.client.workflow.getHandle(laneId('asked', 'ops-1')).signal(wake).catch(() => undefined); // it may not have begun
      expect(await handle.result()).toEqual({ phase: 'finished' });
    });
    expect([model.announcements, model.early]).toEqual([1, 0]);
  });
});
