import { ApplicationFailure } from '@temporalio/common';
import { WithStartWorkflowOperation, WorkflowFailedError } from '@temporalio/client';
import { campaignId, digestsId, laneId, meetingId, pause, RELINK_QUEUE, resume, retry, rollback, stop, wake, type RunCampaignInput } from '../../workflows/messages.js';
import { createSagaControl } from '../../worker/sagas.js';
import { aModelCampaign, until, type ModelCampaign } from '../support/model-campaign.js';
import { startTestTemporal, type TestTemporal } from '../support/temporal.js';

let temporal: TestTemporal;
beforeAll(async () => void (temporal = await startTestTemporal('campaign')));
afterAll(() => temporal?.stop());

const start = (name: string, inventory: RunCampaignInput['inventory'] = 'take') =>
  temporal.client.workflow.start('runCampaign', { workflowId: campaignId(name), taskQueue: RELINK_QUEUE, args: [{ campaign: name, inventory }] });

describe('a campaign', () => {
  test('takes waves in order, each settled before the next begins, never more at once than its window holds', async () => {
    const { name, model } = aModelCampaign([1, 3, 9]);
    await temporal.withWorkers(model.activities, async () => {
      expect(await (await start(name)).result()).toEqual({ phase: 'finished' });
    });
    expect(model.in('done')).toHaveLength(13);
    expect(model.began).toEqual(model.began.toSorted((a, b) => a - b));
    expect(model.mostAtOnce).toBeLessThanOrEqual(4);
    expect(model.phases[0]).toBe('planning');
    expect(model.phases.at(-1)).toBe('finished');
    expect(model.digests).toBeGreaterThan(0);
  });

  test('has no more under way than an operator’s throttle allows, and as many as its file allows once that is taken off', async () => {
    const { name, model } = aModelCampaign([16]);
    model.maxConcurrent = 1;
    await temporal.withWorkers(model.activities, async () => {
      const handle = await start(name);
      await until(() => model.began.length >= 5);
      expect(model.mostAtOnce).toBe(1);
      model.maxConcurrent = null;
      await temporal.client.workflow.getHandle(laneId(name, 'ops-1')).signal(wake);
      expect(await handle.result()).toEqual({ phase: 'finished' });
    });
    expect(model.in('done')).toHaveLength(16);
    expect(model.mostAtOnce).toBeLessThanOrEqual(4);
  });

  test('deletes nothing while it is paused, and finishes after it was resumed', async () => {
    const { name, model } = aModelCampaign([6]);
    model.deletionsWait = true; // until the pause is in force, however late that is
    await temporal.withWorkers(model.activities, async () => {
      const handle = await start(name);
      await until(() => model.in('replaced').length > 0);
      await handle.executeUpdate(pause);
      model.deletionsWait = false;
      const { blocked } = model;
      await until(() => model.phases.at(-1) === 'paused' && model.blocked > blocked);
      expect(model.deletions).toBe(0);
      await handle.executeUpdate(resume);
      expect(await handle.result()).toEqual({ phase: 'finished' });
    });
    expect(model.in('done')).toHaveLength(6);
  });

  test('wakes what sleeps until its windows open when an edited file opens them sooner, and only then', async () => {
    const { name, model } = aModelCampaign([2]);
    const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
    model.deletionsWait = true;
    await temporal.withWorkers(model.activities, async () => {
      const handle = await start(name);
      for (const closedUntil of [inMs(3_600_000), inMs(-1)]) {
        model.looksWhileClosed = 0;
        model.closedUntil = closedUntil;
        await until(() => model.looksWhileClosed > 0 && model.blocked > 0);
        model.closedUntil = null;
        await handle.signal(wake);
        await until(() => model.carriedOut.length === 2);
      }
      model.deletionsWait = false;
      expect(await handle.result()).toEqual({ phase: 'finished' });
    });
    expect(model.carriedOut).toEqual(['continue', 'continue']);
  });

  test('leaves what is in grace as it is when it is stopped, and takes no new work', async () => {
    const { name, model } = aModelCampaign([1, 40]);
    model.deletionsWait = true; // until the stop is in force, however late that is
    await temporal.withWorkers(model.activities, async () => {
      const handle = await start(name);
      await until(() => model.in('replaced').length > 0);
      await handle.executeUpdate(stop);
      model.deletionsWait = false;
      expect(await handle.result()).toEqual({ phase: 'stopped' });
    });
    expect(model.deletions).toBe(0);
    expect(model.in('waiting').length).toBeGreaterThan(0);
  });

  test('that waits for its last notices hears an order to go on: what is in grace goes on too, and so do its digests', async () => {
    const { name, model } = aModelCampaign([1, 9]);
    model.graceMs = 1_500;
    model.pendingNotices = 1;
    await temporal.withWorkers(model.reaching(name, createSagaControl(temporal.client)), async () => {
      const handle = await start(name);
      await until(() => model.in('replaced').length > 0);
      await handle.executeUpdate(stop);
      await until(() => model.phases.at(-1) === 'settling' && model.in('running').length === 0);
      const { digests } = model;
      await until(() => model.digests > digests + 1); // which were told to finish
      await handle.executeUpdate(resume);
      await until(() => model.in('waiting', 'running').length === 0);
      model.pendingNotices = 0;
      const before = model.digests;
      await until(() => model.digests > before + 1); // one that still finishes would be the last
      expect(await handle.result()).toEqual({ phase: 'finished' });
    });
    expect(model.in('done')).toHaveLength(10);
  });

  test('goes on with the others when somebody terminates the saga of one, although that one can free its place no more', async () => {
    const { name, model } = aModelCampaign([3]);
    model.maxConcurrent = 1;
    const { activities } = model;
    const [stuck = ''] = model.items.keys();
    const forever = new Promise<never>(() => undefined);
    const ensureReplacement: typeof activities.ensureReplacement = (ref) => (ref.meeting === stuck ? forever : activities.ensureReplacement(ref));
    await temporal.withWorkers({ ...activities, ensureReplacement }, async () => {
      const handle = await start(name);
      await until(() => model.in('running').length === 1);
      await temporal.client.workflow.getHandle(meetingId(stuck)).terminate('by mistake');
      model.maxConcurrent = 2; // the ledger still counts it
      await until(() => model.in('done').length === 2);
      await handle.terminate();
    });
  });

  test('begins its digests again when somebody has terminated them, at work and at the end', async () => {
    const { name, model } = aModelCampaign([2]);
    model.deletionsWait = true;
    model.pendingNotices = 1;
    const terminate = async () => {
      await temporal.client.workflow.getHandle(digestsId(name)).terminate('by mistake');
      const { digests } = model;
      await until(() => model.digests > digests + 1); // one round may have been under way
    };
    await temporal.withWorkers(model.activities, async () => {
      const handle = await start(name);
      await until(() => model.in('replaced').length === 2 && model.digests > 0);
      await terminate();
      model.deletionsWait = false;
      await until(() => model.in('done').length === 2 && model.phases.at(-1) === 'settling');
      await terminate();
      model.pendingNotices = 0;
      expect(await handle.result()).toEqual({ phase: 'finished' });
    });
  });

  test('puts back on an order, by the guard alone, and ends stopped', async () => {
    const { name, model } = aModelCampaign([4]);
    const { activities } = model;
    let isTold = false;
    const retireLegacy: typeof activities.retireLegacy = async (ref) => {
      await until(() => isTold);
      return activities.retireLegacy(ref);
    };
    await temporal.withWorkers({ ...activities, retireLegacy }, async () => {
      const handle = await start(name);
      await until(() => model.in('replaced').length === 4);
      model.order = 'rollback'; // as the ledger has it before the campaign is told
      expect(await handle.executeUpdate(rollback, { args: [{ order: 7 }] })).toEqual({ ordered: 4, refused: 0 });
      isTold = true;
      expect(await handle.result()).toEqual({ phase: 'stopped' });
    });
    expect(model.in('rolled-back')).toHaveLength(4);
    expect(model.deletions).toBe(0);
  });

  test('carries out an order to meetings that nobody could tell it of', async () => {
    const { name, model } = aModelCampaign([4]);
    model.graceMs = 1_500;
    model.leftOrders = [3];
    await temporal.withWorkers(model.activities, async () => {
      expect(await (await start(name)).result()).toEqual({ phase: 'finished' });
    });
    expect(model.carriedOut).toEqual(['continue', 3]);
  });

  test('that is over but for an order that nobody could tell it of looks again once that is carried out', async () => {
    const { name, model } = aModelCampaign([2]);
    for (const item of model.in('waiting')) item.state = 'failed';
    model.leftOrders = [3];
    const orderMeetings: ModelCampaign['activities']['orderMeetings'] = async (given) => {
      for (const item of model.in('failed')) item.state = 'waiting';
      return model.activities.orderMeetings(given);
    };
    await temporal.withWorkers({ ...model.activities, orderMeetings }, async () => {
      expect(await (await start(name, 'none')).result()).toEqual({ phase: 'finished' });
    });
    expect([model.carriedOut, model.in('done').length]).toEqual([[3], 2]);
  });

  test('that ended over a held meeting goes on when its retry has put it back to wait', async () => {
    const { name, model } = aModelCampaign([2]);
    const [meeting = ''] = model.items.keys();
    model.items.get(meeting)!.state = 'held';
    const sagas = createSagaControl(temporal.client);
    const ended = () => model.phases.at(-1) === 'finished';
    const activities: ModelCampaign['activities'] = {
      ...model.activities,
      orderMeetings: async (given) => {
        if (given.order !== 'continue') await sagas.order({ campaign: name, meeting, lane: 'ops-1', resume: 'start-afresh', release: false });
        return model.activities.orderMeetings(given);
      },
      removeReplacement: () => until(ended),
      settle: async (outcome) => {
        await model.activities.settle(outcome);
        await sagas.goOn(name, true);
      },
    };
    await temporal.withWorkers(activities, async () => {
      expect(await (await start(name)).result()).toEqual({ phase: 'finished' });
      expect([model.in('held').length, model.in('done').length]).toEqual([1, 1]);
      model.phases.splice(0);
      await temporal.client.workflow.executeUpdateWithStart(retry, {
        args: [{ order: 7 }],
        startWorkflowOperation: new WithStartWorkflowOperation('runCampaign', { workflowId: campaignId(name), taskQueue: RELINK_QUEUE, args: [{ campaign: name, inventory: 'none' }], workflowIdConflictPolicy: 'USE_EXISTING' }),
      });
      await until(() => model.in('done').length === 2 && ended());
    });
  });

  test('writes nothing when more meetings are affected than its ceiling allows', async () => {
    const { name, model } = aModelCampaign([4]);
    const activities = { ...model.activities, openCampaign: async () => Promise.reject(ApplicationFailure.nonRetryable('4 meetings', 'InvalidInput')) };
    await temporal.withWorkers(activities, async () => {
      await expect((await start(name)).result()).rejects.toBeInstanceOf(WorkflowFailedError);
    });
    expect(model.in('waiting')).toHaveLength(4);
  });

  test('is held by a stop rule within concurrency and threshold, waits for an approval through a worker’s restart, and goes on after it', async () => {
    const { name, model } = aModelCampaign([40]);
    model.failureLimits = { hold: 5, stop: 'never', atLeast: 1 };
    model.refuses = () => true;
    await temporal.withWorkers(model.activities, async () => {
      await start(name);
      await until(() => model.phases.at(-1) === 'awaiting-approval');
      await until(() => model.in('running').length === 0);
    });
    expect(model.began.length).toBeGreaterThanOrEqual(5);
    expect(model.began.length).toBeLessThanOrEqual(5 + 4);
    await temporal.withWorkers(model.activities, async () => {
      const handle = temporal.client.workflow.getHandle(campaignId(name));
      await handle.executeUpdate(resume); // an order to go on does not approve
      await until(() => model.phases.at(-1) === 'awaiting-approval');
      expect(model.in('waiting').length).toBe(40 - model.began.length);
      model.refuses = () => false;
      model.approve();
      await handle.signal(wake);
      expect(await handle.result()).toEqual({ phase: 'finished' });
    });
    expect(model.in('done', 'failed')).toHaveLength(40);
    expect(model.in('failed').length).toBeLessThanOrEqual(5 + 4);
  });

  test('waits for an approval before a wave, and before the first deletion, and goes on with each', async () => {
    const { name, model } = aModelCampaign([2, 3]);
    model.ask('wave 2', 'creation');
    await temporal.withWorkers(model.activities, async () => {
      const handle = await start(name);
      await until(() => model.phases.at(-1) === 'awaiting-approval');
      expect([model.began.length, model.in('waiting').length]).toEqual([2, 3]);
      model.approve();
      model.ask('first-deletion', 'deletion');
      await handle.signal(wake);
      await temporal.client.workflow.getHandle(laneId(name, 'ops-1')).signal(wake).catch(() => undefined); // the next lane may not have begun
      await until(() => model.in('waiting', 'running').length === 0 && model.phases.at(-1) === 'awaiting-approval');
      const deleted = model.deletions;
      model.approve();
      await handle.signal(wake);
      expect(await handle.result()).toEqual({ phase: 'finished' });
      expect(deleted).toBeLessThanOrEqual(2);
    });
    expect(model.in('done')).toHaveLength(5);
    expect(model.phases.filter((phase) => phase === 'awaiting-approval')).toHaveLength(2);
  });

  test('is stopped by a stop rule within concurrency and threshold, and deletes nothing more', async () => {
    const { name, model } = aModelCampaign([40]);
    model.failureLimits = { hold: 'never', stop: '50%', atLeast: 6 };
    model.refuses = () => true;
    await temporal.withWorkers(model.activities, async () => {
      expect(await (await start(name)).result()).toEqual({ phase: 'stopped' });
    });
    expect(model.began.length).toBeLessThanOrEqual(6 + 4);
    expect(model.deletions).toBe(0);
  });
});
