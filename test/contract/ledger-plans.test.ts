import { emptyCounts } from '../../domain/states.js';
import type { ItemRef } from '../../domain/ledger.js';
import { aHost, inMs, LedgerBench } from '../support/ledger.js';
import { aFinding } from '../support/specs.js';

const bench = LedgerBench.inThisFile();
const HOUR = 3_600_000;

describe('waves', () => {
  test('are filled soonest first, and the rest takes what is left', async () => {
    const { name, refs } = await bench.campaign(14, { waves: [1, 10, 'rest'] });
    const waves = await bench.ledger.plans.waves(name);
    expect(waves.map(({ wave, meetings, hosts }) => [wave, meetings, hosts])).toEqual([[1, 1, 1], [2, 10, 1], [3, 3, 1]]);
    const starts = await Promise.all([refs[0]!, refs[1]!, refs[11]!].map(async (ref) => (await bench.ledger.items.get(ref)).startsAt));
    expect(waves.map(({ soonest }) => soonest)).toEqual(starts);
  });

  test('of a share take that part of what waits, and are counted anew with the next plan', async () => {
    const { name } = await bench.campaign(14, { waves: [1, '20%', 'rest'] });
    expect((await bench.ledger.plans.waves(name)).map(({ wave, meetings }) => [wave, meetings])).toEqual([[1, 1], [2, 3], [3, 10]]);
    await bench.find(name, Array.from({ length: 6 }, (_, i) => aFinding(`${name}-more-${i}`)));
    expect((await bench.ledger.plans.assignWaves(name)).map(({ wave, meetings }) => [wave, meetings])).toEqual([[1, 1], [2, 4], [3, 15]]);
  });

  test('without a rest put what is left into one more wave, so that nothing is forgotten', async () => {
    const { name } = await bench.campaign(5, { waves: [1, 2] });
    expect((await bench.ledger.plans.waves(name)).map(({ wave, meetings }) => [wave, meetings])).toEqual([[1, 1], [2, 2], [3, 2]]);
  });

  test('leave a meeting that is about to start for the end', async () => {
    const { name } = await bench.campaign(2, { waves: [1, 'rest'], startGuardMs: HOUR / 2 });
    const finding = aFinding(`${name}-soon`, { startsAt: inMs(60_000) });
    await bench.find(name, [finding]);
    await bench.ledger.plans.assignWaves(name);
    expect((await bench.ledger.items.get(bench.ref(name, finding.identity))).wave).toBe(2);
  });

  test('assigned again leave what is claimed or begun where it is', async () => {
    const { name, refs } = await bench.campaign(4, { waves: [2, 'rest'] });
    await bench.claim(name, 't', 1);
    await bench.ledger.items.move(refs[1]!, 'running');
    await bench.ledger.plans.assignWaves(name);
    expect(await Promise.all(refs.map(async (ref) => (await bench.ledger.items.get(ref)).wave))).toEqual([1, 1, 1, 1]);
  });
});

describe('the status', () => {
  test('counts everything where it is', async () => {
    const { name, refs } = await bench.campaign(6, { waves: [2, 'rest'], identities: ['status-1', 'status-2'] });
    await bench.replaced(refs[0]!);
    await bench.told(refs[0]!);
    await bench.ledger.items.move(refs[1]!, 'running');
    await bench.ledger.items.move(refs[2]!, 'held', { failure: 'UndoFailed' });
    await bench.ledger.items.move(refs[3]!, 'failed', { failure: 'Forbidden' });
    await bench.ledger.pace.spendCreation('status-2', aHost.email, { identity: 5, host: 5, windowMs: HOUR });
    const status = await bench.ledger.plans.status(name, HOUR);
    expect(status).toEqual({
      campaign: name,
      phase: 'planning',
      order: 'go',
      elsewhere: 0,
      outages: [],
      counts: { ...emptyCounts(), found: 6, waiting: 2, running: 1, replaced: 1, held: 1, failed: 1 },
      reconciles: true,
      failures: { UndoFailed: 1, Forbidden: 1 },
      notices: { queued: 0, sent: 1, bounced: 0 },
      quota: [
        { identity: 'status-1', createsUsed: 0, quietUntil: null },
        { identity: 'status-2', createsUsed: 1, quietUntil: null },
      ],
      exposedStarts: 0,
      replacedLately: 1,
      deadline: (await bench.ledger.items.get(refs[1]!)).startsAt,
      remaining: 4,
      latestGraceEnd: (await bench.ledger.items.get(refs[0]!)).graceEndsAt,
      wave: { current: 1, last: 2 },
    });
    expect((await bench.ledger.plans.status(name, { 'status-1': HOUR })).quota.map(({ createsUsed }) => createsUsed)).toEqual([0, 0]);
    expect((await bench.ledger.plans.status(name, { 'status-2': HOUR })).quota.map(({ createsUsed }) => createsUsed)).toEqual([0, 1]);
  });

  test('tells whose steps get no further until somebody else acts, not what one more attempt brought through', async () => {
    const { name, refs } = await bench.campaign(4);
    const [, again, through, settled] = refs as [ItemRef, ItemRef, ItemRef, ItemRef];
    const note = (ref: ItemRef, state: 'started' | 'done' | 'failed', attempt: number) =>
      bench.ledger.items.recordStep(ref, { step: 'snapshot', state, attempt, trackingId: null, failure: state === 'failed' ? 'Unauthorised' : null, note: null });
    for (const ref of refs) await bench.ledger.items.move(ref, 'running');
    for (const ref of refs) for (const attempt of [1, 2, 3, 4]) for (const state of ['started', 'failed'] as const) await note(ref, state, attempt);
    await note(again, 'started', 5); // as long as it is not known to succeed
    for (const state of ['started', 'done'] as const) await note(through, state, 5);
    await bench.ledger.items.move(settled, 'failed', { failure: 'Forbidden' });
    expect((await bench.ledger.plans.status(name, HOUR)).outages).toEqual([{ identity: 'ops-1', failure: 'Unauthorised', meetings: 2 }]);
  });

  test('of an empty campaign is all zero', async () => {
    const { name } = await bench.campaign(0);
    expect(await bench.ledger.plans.status(name, HOUR)).toMatchObject({ counts: emptyCounts(), reconciles: true, remaining: 0, wave: null, latestGraceEnd: null });
  });

  test('says what work is left, per wave and lane', async () => {
    const { name, refs } = await bench.campaign(3, { waves: [2, 'rest'] });
    await bench.ledger.items.move(refs[0]!, 'running');
    expect(await bench.ledger.plans.load(name)).toEqual([
      { wave: 1, lane: 'ops-1', waiting: 1, running: 1, replaced: 0, retired: 0 },
      { wave: 2, lane: 'ops-1', waiting: 1, running: 0, replaced: 0, retired: 0 },
    ]);
  });

  test('has what waits meeting by meeting, in the order in which lanes take them', async () => {
    const { name, refs } = await bench.campaign(4, { waves: [1, 'rest'] });
    await bench.ledger.items.move(refs[2]!, 'running');
    const queue = await bench.ledger.plans.queue(name);
    expect(queue.map(({ meeting, wave, lane, meetings, from }) => [meeting, wave, lane, meetings, from])).toEqual([[refs[0]!.meeting, 1, 'ops-1', 1, null], [refs[1]!.meeting, 2, 'ops-1', 1, null], [refs[3]!.meeting, 2, 'ops-1', 1, null]]);
    expect(queue.map(({ startsAt }) => startsAt)).toEqual(await Promise.all([0, 1, 3].map(async (i) => (await bench.ledger.items.get(refs[i]!)).startsAt)));
    expect(new Set(queue.map(({ host }) => host))).toEqual(new Set((await bench.ledger.plans.hostLoad(name, ['waiting'])).map(({ host }) => host)));
  });

  test('of findings goes by verdict, grade and reason', async () => {
    const { name } = await bench.campaign(2);
    await bench.find(name, [aFinding(`${name}-x`, { judgement: { verdict: 'refused', evidence: 'series-start', proof: null, reason: 'Webinar' } })]);
    expect(await bench.ledger.plans.findings(name)).toEqual([
      { state: 'refused', evidence: 'series-start', reason: 'Webinar', count: 1 },
      { state: 'waiting', evidence: 'none', reason: null, count: 2 },
    ]);
  });
});
