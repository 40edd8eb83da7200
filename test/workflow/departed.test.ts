import { randomUUID } from 'node:crypto';
import type { LedgerActivities } from '../../domain/activities.js';
import { inventoryId, meetingId, RELINK_QUEUE } from '../../workflows/messages.js';
import { ModelCampaign } from '../support/model-campaign.js';
import { fails, ready, Script } from '../support/script.js';
import { startTestTemporal, type TestTemporal } from '../support/temporal.js';

let temporal: TestTemporal;
beforeAll(async () => void (temporal = await startTestTemporal('departed')));
afterAll(() => temporal?.stop());

type Settled = Parameters<LedgerActivities['settle']>[0];
/** Notes how the saga settled. */
const settled = () => jest.fn<undefined, [Settled]>();

/** The saga of a meeting whose host left. */
async function remediate(script: Script): Promise<unknown> {
  const meeting = randomUUID();
  return temporal.withWorkers(script.activities, async () => {
    const outcome: unknown = await temporal.client.workflow.execute('remediateMeeting', { workflowId: meetingId(meeting), taskQueue: RELINK_QUEUE, args: [{ campaign: 'c', meeting, lane: 'ops-1', departed: true }] });
    script.verify();
    return outcome;
  });
}

test('gives a meeting whose host left to another one before all else', async () => {
  const script = new Script({
    reassignHost: [fails('NetworkAmbiguous'), ready],
    snapshotLegacy: [ready],
    ensureReplacement: [{ complete: true }],
    verifyReplacement: [() => ({ graceEndsAt: new Date().toISOString(), urgent: false, lost: [] })],
    tellOrganiser: [undefined],
    retireLegacy: [{ outcome: 'retired' }],
    verifyRetired: [undefined],
  });
  expect(await remediate(script)).toBe('done');
  expect(script.calls.slice(0, 3)).toEqual(['reassignHost', 'reassignHost', 'snapshotLegacy']);
});

test('leaves a meeting alone that gets no other host, and says at which step', async () => {
  const settle = settled();
  expect(await remediate(new Script({ reassignHost: [{ status: 'given-back' }] }))).toBe('given-back');
  expect(await remediate(new Script({ reassignHost: [{ status: 'refused', reason: 'HostLeft' }], settle: [settle] }))).toBe('refused');
  expect(await remediate(new Script({ reassignHost: [fails('NotReassigned')], settle: [settle] }))).toBe('failed');
  expect(settle.mock.calls.map(([{ reason, failure, step }]) => [reason, failure, step])).toEqual([['HostLeft', undefined, undefined], [undefined, 'NotReassigned', 'reassign host']]);
});

test('puts all back but the host when a later step fails, and names that step', async () => {
  const settle = settled();
  const script = new Script({ reassignHost: [ready], snapshotLegacy: [fails('VendorRefused')], settle: [settle] });
  expect(await remediate(script)).toBe('failed');
  expect(settle.mock.calls[0]?.[0]).toMatchObject({ failure: 'VendorRefused', step: 'snapshot' });
});

test('an inventory looks up what no listed host has last, until nothing is left', async () => {
  const model = new ModelCampaign([1]);
  model.handles = 5;
  await temporal.withWorkers(model.activities, async () => {
    await temporal.client.workflow.execute('takeInventory', { workflowId: inventoryId('departed'), taskQueue: RELINK_QUEUE, args: [{ campaign: 'departed', run: 'r' }] });
  });
  expect([model.inventories, model.handles]).toEqual([2, 0]);
});
