import { randomUUID } from 'node:crypto';
import type { LedgerActivities } from '../../domain/activities.js';
import { meetingId, RELINK_QUEUE, wake, type RemediateMeetingInput } from '../../workflows/messages.js';
import { fails, Script } from '../support/script.js';
import { startTestTemporal, type TestTemporal } from '../support/temporal.js';

let temporal: TestTemporal;
beforeAll(async () => void (temporal = await startTestTemporal('edits')));
afterAll(() => temporal?.stop());

const soon = (ms = 1) => new Date(Date.now() + ms).toISOString();
const blocked = (blocker: string) => () => ({ outcome: 'blocked', blocker, recheckAt: soon() });
const followed = (urgent: boolean) => () => ({ outcome: 'followed', graceEndsAt: soon(), urgent });
const settled = () => jest.fn<undefined, [Parameters<LedgerActivities['settle']>[0]]>();

async function remediate(script: Script, resume: RemediateMeetingInput['resume'] = 'grace'): Promise<unknown> {
  const meeting = randomUUID();
  const args: [RemediateMeetingInput] = [{ campaign: 'c', meeting, lane: 'ops-1', resume }];
  return temporal.withWorkers(script.activities, async () => {
    const handle = await temporal.client.workflow.signalWithStart('remediateMeeting', { workflowId: meetingId(meeting), taskQueue: RELINK_QUEUE, args, signal: wake });
    const outcome: unknown = await handle.result();
    script.verify();
    return outcome;
  });
}

describe('in grace', () => {
  test('an edit that was carried into the new meeting is told, and the old one is deleted after that', async () => {
    const script = new Script({ retireLegacy: [followed(false), blocked('NotTold'), { outcome: 'retired' }], verifyRetired: [undefined] });
    expect(await remediate(script)).toBe('done');
  });

  test('one of a meeting that starts soon is told at once', async () => {
    const tell = jest.fn<undefined, [{ readonly urgent: boolean }]>();
    const script = new Script({ retireLegacy: [followed(true), { outcome: 'retired' }], tellOrganiser: [tell], verifyRetired: [undefined] });
    expect(await remediate(script)).toBe('done');
    expect(script.calls).toEqual(['retireLegacy', 'tellOrganiser', 'retireLegacy', 'verifyRetired']);
    expect(tell.mock.calls[0]?.[0].urgent).toBe(true);
  });

  test('a meeting whose organiser cannot be told of it is held', async () => {
    expect(await remediate(new Script({ retireLegacy: [followed(true)], tellOrganiser: [fails('OrganiserUnreachable')], settle: [undefined] }))).toBe('held');
  });

  test('a meeting of which a list had left out a part is put back, and waits to be copied afresh', async () => {
    const settle = settled();
    const script = new Script({ retireLegacy: [{ outcome: 'afresh' }], correctNotice: [undefined], removeReplacement: [undefined], settle: [settle] });
    expect(await remediate(script)).toBe('waiting');
    expect([script.calls, settle.mock.calls[0]?.[0].state]).toEqual([['retireLegacy', 'correctNotice', 'removeReplacement', 'settle'], 'waiting']);
  });

  test('one whose organiser deleted it is held until they are asked, and nothing is undone', async () => {
    const settle = settled();
    expect(await remediate(new Script({ retireLegacy: [blocked('LegacyDeleted')], settle: [settle] }))).toBe('held');
    expect(settle.mock.calls[0]?.[0]).toMatchObject({ state: 'held', failure: 'LegacyDeleted' });
  });
});

describe('the answer of an organiser who deleted the old meeting', () => {
  test('yes: the old one is proven dead and the new one there, as after a deletion of ours', async () => {
    const settle = settled();
    const script = new Script({ settle: [settle], verifyRetired: [undefined] });
    expect(await remediate(script, 'keep')).toBe('done');
    expect([settle.mock.calls[0]?.[0].state, script.calls]).toEqual(['retired', ['settle', 'verifyRetired']]);
  });

  test.each([undefined, fails('OrganiserUnreachable')])('no: the new one goes too, and they are told at once, if they can be', async (telling) => {
    const settle = settled();
    const script = new Script({ letReplacementGo: [undefined], tellOrganiser: [telling], settle: [settle] });
    expect(await remediate(script, 'let-go')).toBe('gone');
    expect(script.calls).toEqual(['letReplacementGo', 'tellOrganiser', 'settle']);
    expect(settle.mock.calls[0]?.[0]).toMatchObject({ state: 'gone', failure: 'MeetingGone' });
  });

  test.each([
    ['LegacyChanged', 'LegacyChanged'],
    ['Forbidden', 'LegacyDeleted'],
  ] as const)('no, which ends in %s: it is held as %s, and the new one is left', async (failure, heldAs) => {
    const settle = settled();
    const script = new Script({ letReplacementGo: [fails(failure)], settle: [settle] });
    expect(await remediate(script, 'let-go')).toBe('held');
    expect([script.calls, settle.mock.calls[0]?.[0]]).toEqual([['letReplacementGo', 'settle'], expect.objectContaining({ state: 'held', failure: heldAs, step: 'remove replacement' })]);
  });
});

test.each(['VendorRefused', 'Forbidden'] as const)('a meeting whose deletion ends in %s is held: nobody loses the new link that they have passed on', async (failure) => {
  const settle = settled();
  const script = new Script({ retireLegacy: [fails(failure)], settle: [settle] });
  expect(await remediate(script)).toBe('held');
  expect([script.calls, settle.mock.calls[0]?.[0]]).toEqual([['retireLegacy', 'settle'], expect.objectContaining({ state: 'held', failure, step: 'retire' })]);
});

test('what the vendor refused to delete is deleted again on an order, and nothing is made anew', async () => {
  const settle = settled();
  const script = new Script({ settle: [settle], retireLegacy: [{ outcome: 'retired' }], verifyRetired: [undefined] });
  expect(await remediate(script, 'delete')).toBe('done');
  expect([script.calls, settle.mock.calls[0]?.[0].state]).toEqual([['settle', 'retireLegacy', 'verifyRetired'], 'replaced']);
});
