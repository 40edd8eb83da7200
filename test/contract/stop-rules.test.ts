import { createCampaign } from '../../activities/campaign.js';
import type { ItemRef } from '../../domain/ledger.js';
import type { FailureType } from '../../domain/failures.js';
import { ADOPTED_NOTE, DUPLICATE_NOTE, KEPT_BACK_NOTE, stopRuleNames, usualStopRules, type StopLimits, type StopRule, type StopRules } from '../../domain/verdict.js';
import { LedgerBench, unlimited, noSagas } from '../support/ledger.js';

const bench = LedgerBench.inThisFile();
const CONCURRENT = 4;
const APPROVER = { by: 'secret-name', reason: 'secret-reason' };

const never: StopLimits = { hold: 'never', stop: 'never', atLeast: 1 };
const only = (rule: StopRule, limits: Partial<StopLimits>): StopRules => ({
  ...(Object.fromEntries(stopRuleNames.map((each) => [each, never])) as Record<StopRule, StopLimits>),
  [rule]: { ...never, ...limits },
});

const step = (ref: ItemRef, state: 'started' | 'done' | 'failed', failure: FailureType | null = null, note: string | null = null) =>
  bench.ledger.items.recordStep(ref, { step: 'replace', state, attempt: 1, trackingId: null, failure, note });

/** A saga that gave up before anything was made. */
async function fails(ref: ItemRef, failure: FailureType): Promise<void> {
  await bench.ledger.items.move(ref, 'running');
  await bench.ledger.items.move(ref, 'failed', { failure, failedStep: 'replace' });
}

async function isHeld(ref: ItemRef, failure: FailureType): Promise<void> {
  await bench.replaced(ref);
  await bench.ledger.items.move(ref, 'held', { failure, failedStep: 'retire' });
}

/** What the world does to a meeting so that each rule has its cause. */
const causes: Readonly<Record<StopRule, (ref: ItemRef) => Promise<void>>> = {
  failures: (ref) => fails(ref, 'VendorRefused'),
  unverified: (ref) => fails(ref, 'VerificationFailed'),
  bounced: (ref) => isHeld(ref, 'OrganiserUnreachable'),
  reverted: (ref) => isHeld(ref, 'LegacyChanged'),
  async duplicates(ref) {
    await step(ref, 'failed', 'NetworkAmbiguous', DUPLICATE_NOTE);
    await bench.replaced(ref);
  },
  async quotaBurn(ref) {
    await bench.ledger.items.move(ref, 'running');
    await step(ref, 'started');
    await step(ref, 'failed', 'RateLimited');
  },
  async exposedStarts(ref) {
    await bench.replaced(ref);
    await bench.ledger.items.countExposedStart(ref);
  },
};

const activities = () => createCampaign({ ledger: bench.ledger, sagas: noSagas, quotas: new Map([['ops-1', unlimited]]), identities: [] });
const ruleFor = (stopRules: StopRules) => ({ stopRules, waves: ['rest'] }) as const;

/** A lane at work: never more than `CONCURRENT` between claim and outcome. @returns meetings that were begun */
async function drain(campaign: string, happen: (ref: ItemRef) => Promise<void>): Promise<number> {
  const lane = activities();
  const underWay: ItemRef[] = [];
  let begun = 0;
  for (let turn = 0; ; turn++) {
    const claim = { campaign, lane: 'ops-1', wave: 1, limit: CONCURRENT - underWay.length, claim: `t${turn}-${Math.random()}` };
    const { meetings } = await lane.claimMeetings(claim);
    begun += meetings.length;
    underWay.push(...meetings.map(({ meeting }) => ({ campaign, meeting })));
    const next = underWay.shift();
    if (!next) return begun;
    await happen(next);
  }
}

describe.each(stopRuleNames)('the stop rule %s', (rule) => {
  test('holds within concurrency and threshold, names itself, and after the approval fires for new causes alone', async () => {
    const { name } = await bench.campaign(60, ruleFor(only(rule, { hold: 5 })));
    await bench.ledger.campaigns.begin(name);
    const begun = await drain(name, causes[rule]);
    expect(begun).toBeGreaterThanOrEqual(5);
    expect(begun).toBeLessThanOrEqual(CONCURRENT + 5);
    const [gate, ...others] = await bench.ledger.gates.open(name);
    expect(others).toEqual([]);
    expect(gate).toMatchObject({ gate: `rule ${rule}`, answer: 'hold', holds: 'all', cause: { rule, count: 5, limit: 5 } });
    expect((await bench.ledger.campaigns.get(name)).order).toBe('pause');

    await bench.ledger.gates.approve(name, undefined, APPROVER);
    expect((await bench.ledger.campaigns.get(name)).order).toBe('go');
    expect(await bench.ledger.gates.judge(name)).toEqual([]);
    const more = await drain(name, causes[rule]);
    expect(more).toBeGreaterThanOrEqual(5);
    expect(more).toBeLessThanOrEqual(CONCURRENT + 5);
    expect(await bench.ledger.gates.open(name)).toMatchObject([{ gate: `rule ${rule}`, cause: { count: 5 } }]);
  });

  test('stops within concurrency and threshold by a share, and a start is held until it is approved', async () => {
    const { name } = await bench.campaign(60, ruleFor(only(rule, { stop: '50%', atLeast: 6 })));
    await bench.ledger.campaigns.begin(name);
    expect(await drain(name, causes[rule])).toBeLessThanOrEqual(CONCURRENT + 6);
    expect((await bench.ledger.campaigns.get(name)).order).toBe('stop');
    await bench.ledger.campaigns.setOrder(name, 'go');
    expect((await bench.ledger.campaigns.get(name)).order).toBe('pause');
    expect(await bench.ledger.gates.approve(name, `rule ${rule}`, APPROVER)).toMatchObject({ answer: 'stop', ...APPROVER });
    expect((await bench.ledger.campaigns.get(name)).order).toBe('go');
  });
});

test('a creation that was kept back was never sent, or not taken, so it burns no quota', async () => {
  const { name, refs } = await bench.campaign(8, ruleFor(only('quotaBurn', { hold: '10%' })));
  const ends = [['Throttled', null], ['Throttled', KEPT_BACK_NOTE], ['VendorUnavailable', KEPT_BACK_NOTE], ['Unauthorised', `status 401 ${KEPT_BACK_NOTE}`]] as const;
  for (const [i, ref] of refs.slice(1).entries()) {
    await bench.ledger.items.move(ref, 'running');
    await step(ref, 'started');
    const [failure, note] = ends[i % ends.length]!;
    await step(ref, 'failed', failure, note);
  }
  expect(await bench.ledger.gates.judge(name)).toEqual([]);
  await causes.quotaBurn(refs[0]!);
  expect(await bench.ledger.gates.judge(name)).toMatchObject([{ cause: { rule: 'quotaBurn', count: 1, of: 1 } }]);
});

test('a creation whose answer was lost burns no quota once what it made is the replacement', async () => {
  const { name, refs } = await bench.campaign(8, ruleFor(only('quotaBurn', { hold: 1 })));
  for (const ref of refs.slice(1)) {
    await bench.ledger.items.move(ref, 'running');
    await step(ref, 'started');
    await step(ref, 'failed', 'NetworkAmbiguous');
    await step(ref, 'done', null, ADOPTED_NOTE);
    await step(ref, 'done', null, ADOPTED_NOTE); // its worker died before it could save what it had found
  }
  expect(await bench.ledger.gates.judge(name)).toEqual([]);
  await causes.quotaBurn(refs[0]!);
  expect(await bench.ledger.gates.judge(name)).toMatchObject([{ cause: { rule: 'quotaBurn', count: 1, of: 8 } }]);
});

test('between two waves one creation that failed is no half of all creations, one meeting that failed is the whole first wave', async () => {
  const usual = await bench.campaign(4, { stopRules: usualStopRules, waves: [1, 'rest'] });
  const [first] = usual.refs;
  await step(first!, 'started');
  await step(first!, 'failed', 'VendorUnavailable');
  await step(first!, 'started');
  await step(first!, 'done');
  await bench.replaced(first!);
  expect(await bench.ledger.gates.judge(usual.name)).toEqual([]);
  const failing = await bench.campaign(4, { stopRules: usualStopRules, waves: [1, 'rest'] });
  await causes.failures(failing.refs[0]!);
  expect(await bench.ledger.gates.judge(failing.name)).toMatchObject([{ gate: 'rule failures' }]);
});

describe('a campaign', () => {
  test('without a cause is never held, wave after wave, by rules that forgive nothing', async () => {
    const strict = Object.fromEntries(stopRuleNames.map((rule) => [rule, { hold: 1, stop: '1%', atLeast: 1 } as const])) as unknown as StopRules;
    const { name, refs } = await bench.campaign(12, { stopRules: strict, waves: [1, 3, 'rest'] });
    await bench.ledger.campaigns.begin(name);
    const ends = [(ref: ItemRef) => bench.replaced(ref), (ref: ItemRef) => bench.ledger.items.move(ref, 'gone', { failure: 'MeetingGone' }), (ref: ItemRef) => bench.ledger.items.move(ref, 'rolled-back')];
    for (const [i, ref] of refs.entries()) {
      await ends[i % ends.length]!(ref);
      const { gates, order } = await activities().progress({ campaign: name });
      expect({ gates, order }).toEqual({ gates: [], order: 'go' });
    }
  });

  test('whose first wave failed is held before the second, however few were tried', async () => {
    const { name, refs } = await bench.campaign(12, { stopRules: usualStopRules, waves: [1, 10, 'rest'] });
    await causes.failures(refs[0]!);
    expect(await activities().claimMeetings({ campaign: name, lane: 'ops-1', wave: 2, limit: 4, claim: 'second' })).toMatchObject({ meetings: [], left: 10, order: 'pause' });
    expect(await bench.ledger.gates.open(name)).toMatchObject([{ gate: 'rule failures', cause: { count: 1, of: 1 } }]);
  });

  test('that is held deletes nothing, and a pause by an operator outlasts the approval', async () => {
    const { name, refs } = await bench.campaign(8, ruleFor(only('failures', { hold: 1 })));
    await bench.replaced(refs[1]!);
    await causes.failures(refs[0]!);
    await bench.ledger.gates.judge(name);
    expect(await bench.ledger.items.atPivot(refs[1]!, async ({ order }) => ({ retired: false, order }))).toMatchObject({ order: 'pause' });
    await bench.ledger.campaigns.setOrder(name, 'pause');
    await bench.ledger.gates.approve(name, undefined, APPROVER);
    expect((await bench.ledger.campaigns.get(name)).order).toBe('pause');
    await bench.ledger.campaigns.setOrder(name, 'go');
    expect((await bench.ledger.campaigns.get(name)).order).toBe('go');
  });

  test('that everything has ended for is not held: nothing is left to be kept from harm', async () => {
    const { name, refs } = await bench.campaign(2, ruleFor(only('failures', { hold: 1 })));
    for (const ref of refs) await causes.failures(ref);
    expect(await bench.ledger.gates.judge(name)).toEqual([]);
  });

  test('is not held for what only the inventory could not read', async () => {
    const { name } = await bench.campaign(2, ruleFor(only('failures', { hold: 1 })));
    const identity = { vendor: 'webex', site: '', id: 'secret-id-broken', hostEmail: 'secret.host@example.org', number: '', link: '' };
    await bench.ledger.inventory.finishHost({ campaign: name, token: 'run', lane: 'ops-1', host: { email: 'secret.host@example.org', displayName: '', sites: [] }, findings: [], unreadable: [{ identity, fields: ['start'] }] });
    expect(await bench.ledger.gates.judge(name)).toEqual([]);
  });
});

describe('an approval', () => {
  const held = async () => {
    const { name, refs } = await bench.campaign(8, ruleFor(only('failures', { hold: 1 })));
    await causes.failures(refs[0]!);
    const [gate] = await bench.ledger.gates.judge(name);
    return { name, gate: gate! };
  };

  test('needs an open gate, and is kept: who, when, why', async () => {
    const { name, gate } = await held();
    await expect(bench.ledger.gates.approve(name, 'wave 2', APPROVER)).rejects.toMatchObject({ type: 'InvalidInput', message: expect.stringContaining("'wave 2'") as string });
    await bench.ledger.gates.approve(name, 'rule failures', APPROVER);
    await expect(bench.ledger.gates.approve(name, undefined, APPROVER)).rejects.toMatchObject({ type: 'InvalidInput' });
    expect(await bench.ledger.gates.approvals(name)).toEqual([{ ...gate, ...APPROVER, approvedAt: expect.any(String) as string }]);
  });

  test('given twice at once counts once, and the second is refused', async () => {
    const { name } = await held();
    const both = await Promise.allSettled([1, 2].map(() => bench.ledger.gates.approve(name, undefined, APPROVER)));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await bench.ledger.gates.approvals(name)).toHaveLength(1);
  });

  test('and a stop at the same time have one winner and one clear refusal', async () => {
    for (let i = 0; i < 12; i++) {
      const { name, gate } = await held();
      const approve = () => bench.ledger.gates.approve(name, undefined, APPROVER);
      const stop = () => bench.ledger.orders.give(name, { verb: 'stop', scope: null, meetings: [], seen: 0, unlessApproved: gate.id }, APPROVER);
      const results = i % 2 === 0 ? await Promise.allSettled([approve(), stop()]) : (await Promise.allSettled([stop(), approve()])).reverse();
      const [approved, stopped] = results.map(({ status }) => status === 'fulfilled');
      expect(approved).not.toBe(stopped);
      expect((await bench.ledger.campaigns.get(name)).order).toBe(approved ? 'go' : 'stop');
      const refusal = results.find((result) => result.status === 'rejected') as PromiseRejectedResult;
      expect((refusal.reason as Error).message).toMatch(approved ? /approved meanwhile/ : /was stopped/);
    }
  });
});
