import { randomUUID } from 'node:crypto';
import { ApplicationFailure, type SignalDefinition } from '@temporalio/common';
import type { LedgerActivities } from '../../domain/activities.js';
import { meetingId, releaseGrace, RELINK_QUEUE, rollBack, takeUpAgain, wake, type RemediateMeetingInput, type ToMeeting } from '../../workflows/messages.js';
import { blocked, fails, ready, Script, untilGrace } from '../support/script.js';
import { startTestTemporal, type TestTemporal } from '../support/temporal.js';

let temporal: TestTemporal;
beforeAll(async () => void (temporal = await startTestTemporal('saga')));
afterAll(() => temporal?.stop());

const FOREVER = 3_600_000;
type Settled = Parameters<LedgerActivities['settle']>[0];
/** Notes how the saga settled. */
const settled = () => jest.fn<undefined, [Settled]>();

async function remediate(script: Script, input: Partial<RemediateMeetingInput> = {}, meanwhile?: (id: string) => Promise<void>): Promise<unknown> {
  const meeting = randomUUID();
  const workflowId = meetingId(meeting);
  const args: [RemediateMeetingInput] = [{ campaign: 'c', meeting, lane: 'ops-1', ...input }];
  return temporal.withWorkers(script.activities, async () => {
    const handle = await temporal.client.workflow.start('remediateMeeting', { workflowId, taskQueue: RELINK_QUEUE, args });
    await meanwhile?.(workflowId);
    const outcome: unknown = await handle.result();
    script.verify();
    return outcome;
  });
}

/** As an operator's order reaches a meeting whose saga has ended. */
async function ordered(script: Script, resume: RemediateMeetingInput['resume'], signal: SignalDefinition<ToMeeting>): Promise<unknown> {
  const meeting = randomUUID();
  const args: [RemediateMeetingInput] = [{ campaign: 'c', meeting, lane: 'ops-1', resume }];
  return temporal.withWorkers(script.activities, async () => {
    const handle = await temporal.client.workflow.signalWithStart('remediateMeeting', { workflowId: meetingId(meeting), taskQueue: RELINK_QUEUE, args, signal });
    const outcome: unknown = await handle.result();
    script.verify();
    return outcome;
  });
}

/** Says something to the saga once the script has seen `activity`. */
const after = (script: Script, activity: string, signal: SignalDefinition<ToMeeting>) => async (workflowId: string) => {
  while (!script.calls.includes(activity)) await new Promise((resolve) => setTimeout(resolve, 20));
  await temporal.client.workflow.getHandle(workflowId).signal(signal);
};

const ACTIVITY_SCHEDULED = 10;
const ACTIVITY_CANCEL_REQUESTED = 15;
/** Resolves once the saga has called off the activity that runs. */
async function calledOff(workflowId: string): Promise<void> {
  const handle = temporal.client.workflow.getHandle(workflowId);
  while (!(await handle.fetchHistory()).events?.some(({ eventType }) => eventType === ACTIVITY_CANCEL_REQUESTED)) await new Promise((resolve) => setTimeout(resolve, 20));
}

const TIMER_STARTED = 17;
/** Resolves when `ready` holds and the saga does nothing but wait for a timer, or has ended. */
async function asleep(workflowId: string, ready: () => boolean): Promise<void> {
  const handle = temporal.client.workflow.getHandle(workflowId);
  for (;;) {
    const { events } = await handle.fetchHistory();
    const isOver = (await handle.describe()).status.name !== 'RUNNING';
    if (isOver || (ready() && events?.at(-1)?.eventType === TIMER_STARTED)) return;
  }
}

describe('the saga of one meeting', () => {
  test('makes, proves, tells, waits, and only then deletes and proves again', async () => {
    const script = new Script({ ...untilGrace(50), retireLegacy: [{ outcome: 'retired' }], verifyRetired: [undefined] });
    expect(await remediate(script)).toBe('done');
    expect(script.calls).toEqual(['snapshotLegacy', 'ensureReplacement', 'verifyReplacement', 'tellOrganiser', 'retireLegacy', 'verifyRetired']);
  });

  test('carries over what did not fit into the creation', async () => {
    const script = new Script({ ...untilGrace(1), ensureReplacement: [{ complete: false }], carryOver: [undefined], retireLegacy: [{ outcome: 'retired' }], verifyRetired: [undefined] });
    expect(await remediate(script)).toBe('done');
    expect(script.calls.slice(0, 4)).toEqual(['snapshotLegacy', 'ensureReplacement', 'carryOver', 'verifyReplacement']);
  });

  test('leaves a meeting that is gone or refused alone', async () => {
    const settle = settled();
    expect(await remediate(new Script({ snapshotLegacy: [{ status: 'gone' }], settle: [settle] }))).toBe('gone');
    expect(await remediate(new Script({ snapshotLegacy: [{ status: 'refused', reason: 'Webinar' }], settle: [settle] }))).toBe('refused');
    expect(settle.mock.calls.map(([input]) => [input.state, input.reason])).toEqual([['gone', undefined], ['refused', 'Webinar']]);
  });

  test('gives a meeting back that is in progress, or whose campaign was stopped before it began', async () => {
    expect(await remediate(new Script({ snapshotLegacy: [{ status: 'given-back' }] }))).toBe('given-back');
  });

  test('undoes in reverse order when a step fails for good', async () => {
    const settle = settled();
    const script = new Script({
      ...untilGrace(1),
      tellOrganiser: [fails('VendorRefused')],
      correctNotice: [undefined],
      removeReplacement: [undefined],
      settle: [settle],
    });
    expect(await remediate(script)).toBe('failed');
    expect(script.calls.slice(-3)).toEqual(['correctNotice', 'removeReplacement', 'settle']);
    expect(settle.mock.calls[0]?.[0]).toMatchObject({ state: 'failed', failure: 'VendorRefused', step: 'notify' });
  });

  test('undoes to the end when one undo fails, and says which is left', async () => {
    const settle = settled();
    const script = new Script({ ...untilGrace(1), tellOrganiser: [], verifyReplacement: [fails('VerificationFailed')], removeReplacement: [fails('Forbidden')], settle: [settle] });
    expect(await remediate(script)).toBe('held');
    expect(settle.mock.calls[0]?.[0]).toMatchObject({ state: 'held', failure: 'UndoFailed', step: 'replace' });
  });

  test('is held with the question to its organiser when the old meeting was deleted before it could be put back', async () => {
    const settle = settled();
    const script = new Script({ ...untilGrace(FOREVER), correctNotice: [undefined], removeReplacement: [fails('LegacyDeleted')], settle: [settle] });
    expect(await remediate(script, {}, after(script, 'tellOrganiser', rollBack))).toBe('held');
    expect(settle.mock.calls[0]?.[0]).toMatchObject({ state: 'held', failure: 'LegacyDeleted', step: 'replace' });
  });

  test('keeps trying what patience can solve', async () => {
    const script = new Script({
      ...untilGrace(1),
      ensureReplacement: [fails('RateLimited'), fails('QuotaExhausted'), fails('NetworkAmbiguous'), fails('VendorUnavailable'), { complete: true }],
      retireLegacy: [fails('RateLimited'), { outcome: 'retired' }],
      verifyRetired: [undefined],
    });
    expect(await remediate(script)).toBe('done');
  });

  test.each([
    ['whose organiser cannot be reached, and undoes nothing', { tellOrganiser: [fails('OrganiserUnreachable')] }],
    ['that was edited, and deletes nothing', { retireLegacy: [blocked('LegacyChanged')] }],
  ])('holds a meeting %s', async (_, answers) => expect(await remediate(new Script({ ...untilGrace(1), ...answers, settle: [undefined] }))).toBe('held'));

  test('asks again while the guard says not yet', async () => {
    const script = new Script({ ...untilGrace(1), retireLegacy: [blocked('Paused'), blocked('NotTold'), blocked('InProgress'), { outcome: 'retired' }], verifyRetired: [undefined] });
    expect(await remediate(script)).toBe('done');
  });

  test('is put back when the order to do so comes while the guard finds the campaign stopped', async () => {
    let found = (): void => undefined;
    const look = new Promise<void>((resolve) => (found = resolve));
    const script = new Script({ ...untilGrace(1), retireLegacy: [() => look.then(blocked('Stopped'))], correctNotice: [undefined], removeReplacement: [undefined], settle: [undefined] });
    const order = async (id: string) => {
      await after(script, 'retireLegacy', rollBack)(id);
      found();
    };
    expect(await remediate(script, {}, order)).toBe('rolled-back');
  });

  test('hears that the campaign goes on while the guard finds it stopped: whoever ended then would never hear of it', async () => {
    let found = (): void => undefined;
    const look = new Promise<void>((resolve) => (found = resolve));
    const script = new Script({ ...untilGrace(1), retireLegacy: [() => look.then(blocked('Stopped')), { outcome: 'retired' }], verifyRetired: [undefined] });
    const goOn = async (id: string) => {
      await after(script, 'retireLegacy', wake)(id);
      found();
    };
    expect(await remediate(script, {}, goOn)).toBe('done');
  });

  test('reads the old meeting anew when its turn came long after, as often as that is so, and gives it back when it is about to start', async () => {
    const stale = { complete: false, stale: true };
    expect(await remediate(new Script({ ...untilGrace(1), snapshotLegacy: [ready, ready, ready], ensureReplacement: [stale, stale, { complete: true }], retireLegacy: [{ outcome: 'retired' }], verifyRetired: [undefined] }))).toBe('done');
    expect(await remediate(new Script({ snapshotLegacy: [ready, { status: 'given-back' }], ensureReplacement: [stale] }))).toBe('given-back');
  });

  test('stays replaced when the campaign is stopped in grace, and goes on from there when told to', async () => {
    expect(await remediate(new Script({ ...untilGrace(1), retireLegacy: [blocked('Stopped')] }))).toBe('replaced');
    const again = new Script({ retireLegacy: [{ outcome: 'retired' }], verifyRetired: [undefined] });
    expect(await remediate(again, { resume: 'grace' })).toBe('done');
  });

  test('leaves a meeting as it is that was settled meanwhile', async () => {
    const script = new Script({ ...untilGrace(1), retireLegacy: [{ outcome: 'settled', state: 'held', failure: 'LegacyChanged' }] });
    expect(await remediate(script)).toBe('held');
  });

  test('ends grace early when released', async () => {
    const script = new Script({ ...untilGrace(FOREVER), retireLegacy: [jest.fn(() => ({ outcome: 'retired' }))], verifyRetired: [undefined] });
    expect(await remediate(script, {}, after(script, 'tellOrganiser', releaseGrace))).toBe('done');
  });

  test('does not do what another campaign orders about the same meeting', async () => {
    const script = new Script({ ...untilGrace(FOREVER), retireLegacy: [{ outcome: 'retired' }], verifyRetired: [undefined] });
    const orders = async (id: string) => {
      while (!script.calls.includes('tellOrganiser')) await new Promise((resolve) => setTimeout(resolve, 20));
      const handle = temporal.client.workflow.getHandle(id);
      for (const signal of [rollBack, takeUpAgain]) await handle.signal(signal, 'other');
      await handle.signal(releaseGrace, 'c');
    };
    expect(await remediate(script, {}, orders)).toBe('done');
  });

  test('sleeps when it was released while the campaign is paused, until the campaign goes on', async () => {
    let paused = true;
    const retired = () => (paused ? fails('InvalidInput') : { outcome: 'retired' });
    const script = new Script({ ...untilGrace(FOREVER), retireLegacy: [blocked('Paused', FOREVER), blocked('Paused', FOREVER), retired], verifyRetired: [undefined] });
    const goOn = async (workflowId: string): Promise<void> => {
      await after(script, 'tellOrganiser', releaseGrace)(workflowId);
      await asleep(workflowId, () => script.calls.filter((name) => name === 'retireLegacy').length === 2);
      paused = false;
      await temporal.client.workflow.getHandle(workflowId).signal(wake);
    };
    expect(await remediate(script, {}, goOn)).toBe('done');
  });

  test('is put back from grace on an order, with a correction', async () => {
    const script = new Script({ ...untilGrace(FOREVER), correctNotice: [undefined], removeReplacement: [undefined], settle: [undefined] });
    expect(await remediate(script, {}, after(script, 'tellOrganiser', rollBack))).toBe('rolled-back');
    expect(script.calls.slice(-3)).toEqual(['correctNotice', 'removeReplacement', 'settle']);
  });

  test.each([
    ['ends well', { complete: true }],
    ['fails', fails('VendorUnavailable')],
  ])('undoes a step only when it is over: one that %s after the order is not tried again', async (_, end) => {
    let answered = (): void => undefined;
    const answer = new Promise<void>((resolve) => (answered = resolve));
    const script = new Script({ snapshotLegacy: [ready], ensureReplacement: [() => answer.then(() => end)], removeReplacement: [undefined], settle: [undefined] });
    let history: readonly { readonly eventType?: unknown }[] = [];
    const order = async (id: string) => {
      await after(script, 'ensureReplacement', rollBack)(id);
      await calledOff(id);
      history = (await temporal.client.workflow.getHandle(id).fetchHistory()).events ?? [];
      answered();
    };
    expect(await remediate(script, {}, order)).toBe('rolled-back');
    expect(history.filter(({ eventType }) => eventType === ACTIVITY_SCHEDULED)).toHaveLength(2);
  });

  test('waits for no step that waits for hours', async () => {
    const script = new Script({ snapshotLegacy: [ready], ensureReplacement: [ApplicationFailure.create({ type: 'VendorUnavailable', nextRetryDelay: '1h' })], removeReplacement: [undefined], settle: [undefined] });
    const order = async (id: string) => {
      const handle = temporal.client.workflow.getHandle(id);
      while ((await handle.describe()).raw.pendingActivities?.[0]?.attempt !== 2) await new Promise((resolve) => setTimeout(resolve, 20));
      await handle.signal(rollBack);
    };
    expect(await remediate(script, {}, order)).toBe('rolled-back');
  });

  test('that is held while its saga sleeps in grace waits again at once when it is taken up again', async () => {
    const settle = settled();
    const script = new Script({ ...untilGrace(FOREVER), correctNotice: [undefined], removeReplacement: [undefined], settle: [settle] });
    expect(await remediate(script, {}, after(script, 'tellOrganiser', takeUpAgain))).toBe('waiting');
    expect(settle.mock.calls[0]?.[0]).toMatchObject({ state: 'waiting' });
  });

  test.each([
    [takeUpAgain, 'waiting'],
    [rollBack, 'rolled-back'],
  ] as const)('that is found held is put back when the order to do so ($name) comes meanwhile', async (signal, state) => {
    let found = (): void => undefined;
    const look = new Promise<void>((resolve) => (found = resolve));
    const held = { outcome: 'settled', state: 'held', failure: 'OrganiserUnreachable' };
    const script = new Script({ ...untilGrace(1), retireLegacy: [() => look.then(() => held)], correctNotice: [undefined], removeReplacement: [undefined], settle: [undefined] });
    const order = async (id: string) => {
      await after(script, 'retireLegacy', signal)(id);
      found();
    };
    expect(await remediate(script, {}, order)).toBe(state);
  });

  test('is put back when the guard finds the campaign rolling back, although no signal came', async () => {
    const script = new Script({ ...untilGrace(1), retireLegacy: [blocked('RollingBack')], correctNotice: [undefined], removeReplacement: [undefined], settle: [undefined] });
    expect(await remediate(script)).toBe('rolled-back');
  });

  test('goes forward when the order to roll back comes during the deletion', async () => {
    let deleted = (): void => undefined;
    const deletion = new Promise<void>((resolve) => (deleted = resolve));
    const script = new Script({ ...untilGrace(1), retireLegacy: [() => deletion.then(() => ({ outcome: 'retired' }))], verifyRetired: [undefined] });
    const order = async (id: string) => {
      await after(script, 'retireLegacy', rollBack)(id);
      deleted();
    };
    expect(await remediate(script, {}, order)).toBe('done');
  });

  test('is put back by a saga started for that purpose, when its own has ended', async () => {
    const script = () => new Script({ correctNotice: [undefined], removeReplacement: [undefined], settle: [undefined] });
    expect(await remediate(script(), { resume: 'roll-back' })).toBe('rolled-back');
    expect(await remediate(script(), { resume: 'start-afresh' })).toBe('waiting');
    expect(await ordered(script(), 'roll-back', rollBack)).toBe('rolled-back');
    expect(await ordered(script(), 'start-afresh', takeUpAgain)).toBe('waiting');
  });

  test('is held by a saga started for that purpose whose undo does not succeed', async () => {
    const settle = settled();
    const script = new Script({ correctNotice: [undefined], removeReplacement: [fails('Forbidden')], settle: [settle] });
    expect(await ordered(script, 'roll-back', rollBack)).toBe('held');
    expect(settle.mock.calls[0]?.[0]).toMatchObject({ state: 'held', failure: 'UndoFailed', step: 'replace' });
  });

  test('holds a meeting whose old link still answers, and never undoes after the pivot', async () => {
    const script = new Script({ ...untilGrace(1), retireLegacy: [{ outcome: 'retired' }], verifyRetired: [fails('StillResolves')], settle: [undefined] });
    expect(await remediate(script)).toBe('held');
  });
});
