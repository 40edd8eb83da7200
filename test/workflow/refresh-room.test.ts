import { randomUUID } from 'node:crypto';
import type { SignalDefinition } from '@temporalio/common';
import type { LedgerActivities } from '../../domain/activities.js';
import { meetingId, releaseGrace, RELINK_QUEUE, rollBack, type RemediateMeetingInput, type ToMeeting } from '../../workflows/messages.js';
import { fails, Script } from '../support/script.js';
import { startTestTemporal, type TestTemporal } from '../support/temporal.js';

let temporal: TestTemporal;
beforeAll(async () => void (temporal = await startTestTemporal('room')));
afterAll(() => temporal?.stop());

const soon = (ms: number) => new Date(Date.now() + ms).toISOString();
const FOREVER = 3_600_000;
const settled = () => jest.fn<undefined, [Parameters<LedgerActivities['settle']>[0]]>();

const untilGrace = (graceMs: number) => ({
  snapshotRoom: [{ status: 'ready', startsAt: null }],
  refreshRoom: [undefined],
  verifyRoom: [() => ({ graceEndsAt: soon(graceMs) })],
  tellOrganiser: [undefined],
});

async function refresh(script: Script, input: Partial<RemediateMeetingInput> = {}, say?: { readonly after: string; readonly signal: SignalDefinition<ToMeeting> }): Promise<unknown> {
  const meeting = randomUUID();
  const args: [RemediateMeetingInput] = [{ campaign: 'c', meeting, lane: 'ops-1', room: true, ...input }];
  return temporal.withWorkers(script.activities, async () => {
    const handle = await temporal.client.workflow.start('remediateMeeting', { workflowId: meetingId(meeting), taskQueue: RELINK_QUEUE, args });
    while (say && !script.calls.includes(say.after)) await new Promise((resolve) => setTimeout(resolve, 20));
    if (say) await handle.signal(say.signal);
    const outcome: unknown = await handle.result();
    script.verify();
    return outcome;
  });
}

test('a room gets another id, that is proven, its owner is told at once, and after grace the old id is given up and proven dead', async () => {
  const told = jest.fn<undefined, [{ urgent: boolean }]>();
  const script = new Script({ ...untilGrace(50), tellOrganiser: [told], retireRoom: [{ outcome: 'retired' }], verifyRoomRetired: [undefined] });
  expect(await refresh(script)).toBe('done');
  expect(script.calls).toEqual(['snapshotRoom', 'refreshRoom', 'verifyRoom', 'tellOrganiser', 'retireRoom', 'verifyRoomRetired']);
  expect(told.mock.calls[0]?.[0]).toMatchObject({ urgent: true });
});

test('a room that did not get what was asked for gets its old id back', async () => {
  const settle = settled();
  const script = new Script({ ...untilGrace(1), verifyRoom: [fails('NotYetVisible'), fails('VerificationFailed')], tellOrganiser: [], restoreRoom: [undefined], settle: [settle] });
  expect(await refresh(script)).toBe('failed');
  expect(script.calls.slice(-2)).toEqual(['restoreRoom', 'settle']);
  expect(settle.mock.calls[0]?.[0]).toMatchObject({ state: 'failed', failure: 'VerificationFailed', step: 'verify' });
});

test('an old id that somebody else took leaves the room to a human, and says which undo is left', async () => {
  const settle = settled();
  const script = new Script({ ...untilGrace(FOREVER), correctNotice: [undefined], restoreRoom: [fails('VendorRefused')], settle: [settle] });
  expect(await refresh(script, {}, { after: 'tellOrganiser', signal: rollBack })).toBe('held');
  expect(settle.mock.calls[0]?.[0]).toMatchObject({ state: 'held', failure: 'UndoFailed', step: 'refresh room' });
});

test('an order in grace puts the room back, and so does one that comes when the saga has ended there', async () => {
  const undo = { correctNotice: [undefined], restoreRoom: [undefined], settle: [undefined] };
  expect(await refresh(new Script({ ...untilGrace(FOREVER), ...undo }), {}, { after: 'tellOrganiser', signal: rollBack })).toBe('rolled-back');
  expect(await refresh(new Script(undo), { resume: 'roll-back' })).toBe('rolled-back');
});

test('grace ends early when released; a room whose owner chose another id meanwhile is held', async () => {
  const choice = { outcome: 'blocked', blocker: 'ReplacementGone', recheckAt: soon(1) };
  const script = new Script({ ...untilGrace(FOREVER), retireRoom: [choice], settle: [undefined] });
  expect(await refresh(script, {}, { after: 'tellOrganiser', signal: releaseGrace })).toBe('held');
});

test('a room in use waits, and one that has another id already is left alone', async () => {
  expect(await refresh(new Script({ snapshotRoom: [{ status: 'given-back' }] }))).toBe('given-back');
  expect(await refresh(new Script({ snapshotRoom: [{ status: 'gone' }], settle: [undefined] }))).toBe('gone');
});
