import { createCampaign } from '../../activities/campaign.js';
import type { ApprovalPolicy } from '../../domain/gates.js';
import { stopRuleNames, type StopRules } from '../../domain/verdict.js';
import { LedgerBench, unlimited, noSagas } from '../support/ledger.js';

const bench = LedgerBench.inThisFile();
const APPROVER = { by: 'secret-name', reason: 'secret-reason' };
const nothing: ApprovalPolicy = { firstWrite: false, waves: false, firstDeletion: false };

const noRules = Object.fromEntries(stopRuleNames.map((rule) => [rule, { hold: 'never', stop: 'never', atLeast: 1 }])) as unknown as StopRules;

const activities = () => createCampaign({ ledger: bench.ledger, sagas: noSagas, quotas: new Map([['ops-1', unlimited]]), identities: [] });
const claim = (campaign: string, wave: number) => activities().claimMeetings({ campaign, lane: 'ops-1', wave, limit: 50, claim: `${wave}-${Math.random()}` });
const gates = async (campaign: string) => (await activities().progress({ campaign })).gates?.map(({ gate }) => gate);
const pivotOrder = (ref: { readonly campaign: string; readonly meeting: string }) =>
  bench.ledger.items.atPivot(ref, async ({ order }) => ({ retired: false, order }));

const campaign = (approval: Partial<ApprovalPolicy>) => bench.campaign(9, { approval: { ...nothing, ...approval }, stopRules: noRules, waves: [2, 3, 'rest'] });

test('nothing is claimed before the first write is approved, and it is asked once: a later wave, or a rerun, does not ask again', async () => {
  const { name, refs } = await campaign({ firstWrite: true });
  expect(await claim(name, 1)).toMatchObject({ meetings: [], order: 'pause' });
  expect(await gates(name)).toEqual(['first-write']);
  await bench.ledger.gates.approve(name, undefined, APPROVER);
  expect((await claim(name, 1)).meetings).toHaveLength(2);
  for (const ref of refs.slice(0, 2)) await bench.replaced(ref);
  expect((await claim(name, 2)).meetings).toHaveLength(3);
  expect(await gates(name)).toEqual([]);
});

test('each wave but the first is claimed after its own approval; what is replaced may be deleted meanwhile', async () => {
  const { name, refs } = await campaign({ waves: true });
  expect((await claim(name, 1)).meetings).toHaveLength(2);
  expect(await gates(name)).toEqual([]);
  for (const ref of refs.slice(0, 2)) await bench.replaced(ref);
  for (const [wave, size, from] of [[2, 3, 2], [3, 4, 5]] as const) {
    expect(await claim(name, wave)).toMatchObject({ meetings: [], left: size, order: 'pause' });
    expect(await gates(name)).toEqual([`wave ${wave}`]);
    expect(await pivotOrder(refs[0]!)).toMatchObject({ order: 'go' });
    await bench.ledger.gates.approve(name, `wave ${wave}`, APPROVER);
    expect((await claim(name, wave)).meetings).toHaveLength(size);
    for (const ref of refs.slice(from, from + size)) await bench.replaced(ref);
  }
});

test('the second wave is asked for also when all of the first was given back, and waits with the last', async () => {
  const { name, refs } = await campaign({ waves: true });
  expect((await claim(name, 1)).meetings).toHaveLength(2);
  for (const ref of refs.slice(0, 2)) await bench.ledger.items.postpone(ref, new Date(Date.now() + 3_600_000).toISOString());
  expect(await claim(name, 2)).toMatchObject({ meetings: [], order: 'pause' });
  expect(await gates(name)).toEqual(['wave 2']);
});

test('what is taken up again of an earlier wave does not wait for the approval of the next', async () => {
  const { name, refs } = await campaign({ waves: true });
  expect((await claim(name, 1)).meetings).toHaveLength(2);
  await bench.replaced(refs[0]!);
  await bench.ledger.items.move(refs[1]!, 'running');
  await bench.ledger.items.move(refs[1]!, 'failed', { failure: 'VendorRefused', failedStep: 'replace' });
  expect(await claim(name, 2)).toMatchObject({ meetings: [], order: 'pause' });
  await bench.ledger.items.move(refs[1]!, 'waiting');
  const again = await claim(name, 2);
  expect(again.meetings.map(({ meeting }) => meeting)).toEqual([refs[1]!.meeting]);
  expect(again).toMatchObject({ left: 3, order: 'pause' });
});

test('no old meeting is deleted before the approval, which is asked for once there is one to delete; claims go on', async () => {
  const { name, refs } = await campaign({ firstDeletion: true });
  expect((await claim(name, 1)).meetings).toHaveLength(2);
  expect(await gates(name)).toEqual([]);
  await expect(bench.ledger.gates.approve(name, 'first-deletion', APPROVER)).rejects.toMatchObject({ type: 'InvalidInput' });
  for (const ref of refs.slice(0, 2)) await bench.replaced(ref);
  expect(await gates(name)).toEqual(['first-deletion']);
  expect(await pivotOrder(refs[0]!)).toMatchObject({ order: 'pause' });
  expect((await claim(name, 2)).meetings).toHaveLength(3);
  await bench.ledger.gates.approve(name, undefined, APPROVER);
  expect(await pivotOrder(refs[0]!)).toMatchObject({ order: 'go' });
});

test('a campaign without approvals is asked nothing', async () => {
  const { name, refs } = await campaign({});
  for (const wave of [1, 2]) expect((await claim(name, wave)).meetings.length).toBeGreaterThan(0);
  await bench.replaced(refs[0]!);
  expect(await gates(name)).toEqual([]);
  expect(await pivotOrder(refs[0]!)).toMatchObject({ order: 'go' });
});
