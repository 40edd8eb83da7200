import type { ItemRef } from '../../domain/ledger.js';
import { aHost, aName, inMs, LedgerBench, unlimited } from '../support/ledger.js';
import { aFinding, aSpec } from '../support/specs.js';

const bench = LedgerBench.inThisFile();
const all = { waves: ['rest'] } as const;
const keys = (found: { meetings: readonly { meeting: string }[] }) => found.meetings.map(({ meeting }) => meeting);

describe('claims', () => {
  test('are taken soonest first, wave by wave', async () => {
    const { name, refs } = await bench.campaign(25, { waves: [20, 'rest'] });
    const inOrder = refs.map(({ meeting }) => meeting);
    expect(keys(await bench.claim(name, 't1', 15))).toEqual(inOrder.slice(0, 15));
    expect(await bench.claim(name, 't2', 15)).toMatchObject({ left: 0, waitUntil: null, order: 'go' });
    expect(keys(await bench.claim(name, 't3', 15, { wave: 2 }))).toEqual(inOrder.slice(20));
  });

  test('never give one meeting to two claimers', async () => {
    const { name } = await bench.campaign(60, all);
    const claims = await Promise.all(Array.from({ length: 20 }, (_, i) => bench.claim(name, `t${i}`, 3)));
    const meetings = claims.flatMap(keys);
    expect(new Set(meetings).size).toBe(meetings.length);
    expect(meetings.length).toBeGreaterThan(0);
  });

  test('asked for again by the same token give the same meetings, also at the same moment', async () => {
    const { name } = await bench.campaign(30, all);
    const answers = await Promise.all(Array.from({ length: 6 }, () => bench.claim(name, 'same', 4)));
    for (const answer of answers) expect(keys(answer)).toEqual(keys(answers[0]!));
    expect((await bench.claim(name, 'other', 0)).left).toBe(26);
  });

  test('whose answer was lost are given again although the campaign was paused since', async () => {
    const { name } = await bench.campaign(3, all);
    const first = await bench.claim(name, 'lost', 2);
    await bench.ledger.campaigns.setOrder(name, 'pause');
    expect(await bench.claim(name, 'lost', 2)).toEqual({ ...first, order: 'pause' });
    expect(keys(await bench.claim(name, 'new', 2))).toEqual([]);
  });

  test('take no more once their meetings are under way', async () => {
    const { name, refs } = await bench.campaign(4, all);
    await bench.claim(name, 't', 2);
    await bench.ledger.items.move(refs[0]!, 'running');
    expect(keys(await bench.claim(name, 't', 2))).toEqual([refs[1]!.meeting]);
    await bench.ledger.items.move(refs[1]!, 'running');
    expect(await bench.claim(name, 't', 2)).toMatchObject({ meetings: [], left: 2 });
  });

  test.each(['pause', 'stop', 'rollback'] as const)('are not given under the order %s', async (order) => {
    const { name } = await bench.campaign(2, all);
    await bench.ledger.campaigns.setOrder(name, order);
    expect(await bench.claim(name, 't', 5)).toMatchObject({ meetings: [], order, left: 2 });
  });

  test('given back are due again when they said', async () => {
    const { name, refs } = await bench.campaign(1, all);
    await bench.claim(name, 't', 1);
    const due = inMs(60_000);
    await bench.ledger.items.unclaim(refs[0]!, due);
    expect(await bench.claim(name, 't2', 1)).toMatchObject({ meetings: [], left: 1, waitUntil: due });
    await bench.ledger.items.unclaim(refs[0]!, inMs(-1));
    expect(keys(await bench.claim(name, 't3', 1))).toHaveLength(1);
  });

  test.each(['waiting', 'running'] as const)('put off while %s wait in the last wave, so that no other wave waits for them', async (state) => {
    const { name, refs } = await bench.campaign(3, { waves: [1, 1, 'rest'] });
    await bench.claim(name, 't', 1);
    if (state === 'running') await bench.ledger.items.move(refs[0]!, 'running');
    const due = inMs(60_000);
    await bench.ledger.items.postpone(refs[0]!, due);
    expect(await bench.ledger.items.get(refs[0]!)).toMatchObject({ state: 'waiting', wave: 3 });
    expect(await bench.claim(name, 't1', 5)).toMatchObject({ meetings: [], left: 0, waitUntil: null });
    expect(await bench.claim(name, 't3', 5, { wave: 3 })).toMatchObject({ meetings: refs.slice(1).map(({ meeting }) => ({ meeting })), waitUntil: due });
  });

  test('of a lane that starts afresh are free again, but for what runs', async () => {
    const { name, refs } = await bench.campaign(3, all);
    await bench.claim(name, 't', 3);
    await bench.ledger.items.move(refs[0]!, 'running');
    await bench.ledger.items.releaseClaims(name, 'other-lane');
    expect(keys(await bench.claim(name, 't2', 3))).toEqual([]);
    await bench.ledger.items.releaseClaims(name, 'ops-1');
    expect(keys(await bench.claim(name, 't3', 3))).toEqual(refs.slice(1).map(({ meeting }) => meeting));
  });

  test('leave a meeting alone that another campaign has replaced, also when it holds it, ask for it again in a minute, and say how many there are', async () => {
    const { name: first, refs } = await bench.campaign(1);
    const name = aName();
    await bench.ledger.campaigns.save(aSpec(name));
    await bench.find(name, [aFinding(`${first}-0`)]);
    await bench.ledger.plans.assignWaves(name);
    const elsewhere = async () => (await bench.ledger.plans.status(name, 1000)).elsewhere;
    expect([(await bench.claim(name, 't0', 0)).waitUntil, await elsewhere()]).toEqual([null, 0]);
    await bench.replaced(refs[0]!);
    const asked = Date.now();
    const refused = await bench.claim(name, 't', 1);
    expect(refused).toMatchObject({ meetings: [], left: 1 });
    const againAfter = Date.parse(refused.waitUntil!) - 60_000;
    expect([againAfter >= asked - 1, againAfter <= Date.now() + 1]).toEqual([true, true]);
    expect(await elsewhere()).toBe(1);
    await bench.ledger.items.move(refs[0]!, 'held', { failure: 'LegacyChanged' });
    expect(keys(await bench.claim(name, 't1', 1))).toEqual([]);
    await bench.ledger.items.clearReplacement(refs[0]!);
    expect(await elsewhere()).toBe(0);
    await bench.ledger.items.move(refs[0]!, 'rolled-back');
    expect(keys(await bench.claim(name, 't2', 1))).toEqual([refs[0]!.meeting]);
  });
});

describe('claims and creation quotas', () => {
  const busy = { email: 'busy@example.org', displayName: 'b', sites: [] };
  /** One meeting of the usual host and one of another, later. */
  async function twoHosts(): Promise<{ name: string; mine: ItemRef; other: ItemRef }> {
    const { name, refs } = await bench.campaign(1, all);
    const finding = aFinding(`${name}-busy`);
    await bench.find(name, [finding], { host: busy });
    await bench.ledger.plans.assignWaves(name);
    return { name, mine: refs[0]!, other: bench.ref(name, finding.identity) };
  }

  test('pass over a host that has used up its own, whichever identity spent it', async () => {
    const { name, mine, other } = await twoHosts();
    const quota = { identity: 1000, host: 2, windowMs: 3_600_000 };
    for (const identity of ['ops-1', 'ops-2']) await bench.ledger.pace.spendCreation(identity, busy.email, quota);
    const found = await bench.claim(name, 't', 5, { quota });
    expect(keys(found)).toEqual([mine.meeting]);
    expect(found.left).toBe(1);
    expect(Date.parse(found.waitUntil!) - Date.now()).toBeGreaterThan(3_000_000);
    expect(keys(await bench.claim(name, 't2', 5))).toEqual([other.meeting]);
  });

  test('leave the reserve alone, which a repeat may use', async () => {
    const { name } = await twoHosts();
    const quota = { identity: 3, host: 1000, windowMs: 3_600_000, fresh: { identity: 2, host: 1000 } };
    const identity = `${name}-reserved`;
    for (let n = 0; n < 2; n++) expect(await bench.ledger.pace.spendCreation(identity, aHost.email, { ...quota, ...quota.fresh })).toMatchObject({ allowed: true });
    expect(await bench.ledger.pace.spendCreation(identity, aHost.email, { ...quota, ...quota.fresh })).toMatchObject({ allowed: false });
    expect(await bench.ledger.pace.spendCreation(identity, aHost.email, quota)).toMatchObject({ allowed: true });
    await bench.ledger.pace.spendCreation('ops-1', aHost.email, unlimited);
    expect(await bench.claim(name, 't', 5, { quota: { ...quota, identity: 1000, fresh: { identity: 1, host: 1000 } } })).toMatchObject({ meetings: [], left: 2 });
  });

  test('give nothing while the identity has used up its own, and say until when', async () => {
    const { name } = await twoHosts();
    await bench.ledger.pace.spendCreation('ops-1', aHost.email, unlimited);
    const found = await bench.claim(name, 't', 5, { quota: { identity: 1, host: 1000, windowMs: 3_600_000 } });
    expect(found).toMatchObject({ meetings: [], left: 2 });
    expect(Date.parse(found.waitUntil!)).toBeGreaterThan(Date.now());
  });
});
