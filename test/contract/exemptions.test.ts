import { createInventory } from '../../activities/inventory.js';
import type { ExemptionGrant, ExemptionSubject } from '../../domain/exemptions.js';
import type { ItemRef } from '../../domain/ledger.js';
import type { ListedMeeting } from '../../domain/meeting.js';
import type { ConferencingVendor } from '../../domain/ports.js';
import { aHost, inMs, LedgerBench, unlimited } from '../support/ledger.js';
import { query } from '../support/postgres.js';
import { aFinding, anIdentity, noLists } from '../support/specs.js';

jest.mock('@temporalio/activity', () => ({ heartbeat: () => undefined }));

const bench = LedgerBench.inThisFile();
const DAY = 86_400_000;
const WHY = { by: 'secret-name', reason: 'secret-reason' };
const host: ExemptionSubject = { host: aHost.email };

async function grantOf(campaign: string, subject: ExemptionSubject, changes: Partial<ExemptionGrant> = {}): Promise<ExemptionGrant> {
  const { seen } = await bench.ledger.exemptions.preview(campaign, [subject]);
  return { subject, until: inMs(DAY), ...WHY, seen: seen[0]!, ...changes };
}
const exempt = async (campaign: string, subject: ExemptionSubject, changes: Partial<ExemptionGrant> = {}) => bench.ledger.exemptions.grant(campaign, [await grantOf(campaign, subject, changes)]);
async function remove(campaign: string, subject: ExemptionSubject) {
  const { seen } = await bench.ledger.exemptions.preview(campaign, [subject]);
  return bench.ledger.exemptions.remove(campaign, subject, seen[0]!, WHY);
}
const states = (refs: readonly ItemRef[]) => Promise.all(refs.map((ref) => bench.stateOf(ref)));
const standings = async (campaign: string) => (await bench.ledger.exemptions.list(campaign)).map(({ standing }) => standing);
/** As if all that was promised until a later time were over. */
const expire = (campaign: string) => query(bench.store.databaseUrl, `update exemption set expires_at = now() - interval '1 second' where campaign = $1`, [campaign]);

let reruns = 0;
/** The inventory of a rerun, in which the vendor lists these meetings of the one host. */
async function rerun(campaign: string, refs: readonly ItemRef[]): Promise<void> {
  const { ledger } = bench;
  const run = `rerun ${++reruns}`;
  await ledger.inventory.begin(campaign, run);
  await ledger.inventory.addHosts(campaign, run, [{ host: aHost, lane: 'ops-1' }]);
  const start = inMs(7 * DAY);
  const meetings = refs.map((_, i): ListedMeeting => ({ identity: anIdentity(`${campaign}-${i}`), kind: 'single', firstStart: start, next: { start, end: start }, hasMore: false, tags: [] }));
  const vendor = { listMeetings: () => Promise.resolve({ meetings, unreadable: [] }) } as unknown as ConferencingVendor;
  await createInventory({ ledger, vendor, lists: noLists(), identity: 'ops-1', quota: unlimited, listLagMs: 0 }).inventoryMeetings({ campaign, run, lane: 'ops-1' });
  await ledger.plans.assignWaves(campaign);
}

describe('an exemption of a host', () => {
  test('takes what waits out of the queue at once, and leaves alone what is claimed, runs or is replaced', async () => {
    const { name, refs } = await bench.campaign(5);
    const [replaced, running, claimed] = refs as [ItemRef, ItemRef, ItemRef];
    await bench.replaced(replaced);
    await bench.ledger.items.move(running, 'running');
    await bench.claim(name, 'mine', 1, { wave: 2 });
    expect(await bench.ledger.exemptions.preview(name, [host])).toEqual({ seen: [0], inForce: 0, leave: 2, underWay: 3, return: 0, settled: 0 });
    expect(await exempt(name, host)).toEqual({ exempted: 1, unchanged: 0, left: 2, underWay: 3 });
    expect(await states(refs)).toEqual(['replaced', 'running', 'waiting', 'excluded', 'excluded']);
    expect(await bench.ledger.plans.rows(name, { states: ['excluded'] })).toMatchObject([{ reason: 'Exempted' }, { reason: 'Exempted' }]);
    await bench.ledger.items.move(claimed, 'running'); // whoever claimed it goes on
    expect((await bench.ledger.plans.status(name, 1000)).reconciles).toBe(true);
  });

  test('reaches what was at work when it comes back to wait, before anybody claims it', async () => {
    const { name, refs } = await bench.campaign(2);
    for (const ref of refs) await bench.ledger.items.move(ref, 'running');
    await exempt(name, host);
    await bench.ledger.items.move(refs[0]!, 'failed', { failure: 'VendorRefused', failedStep: 'replace' });
    await bench.ledger.items.move(refs[0]!, 'waiting');
    await bench.ledger.items.postpone(refs[1]!, inMs(-1000));
    for (const wave of [1, 2]) expect(await bench.claim(name, `w${wave}`, 5, { wave })).toMatchObject({ meetings: [], left: 0 });
    expect(await states(refs)).toEqual(['excluded', 'excluded']);
  });

  test('counts the start on the old link that went by while the meeting waited', async () => {
    const { name, refs } = await bench.campaign(2);
    await bench.ledger.campaigns.begin(name);
    await query(bench.store.databaseUrl, `update campaign_state set started_at = now() - interval '2 hours' where name = $1`, [name]);
    await query(bench.store.databaseUrl, `update item set starts_at = now() - interval '1 hour' where campaign = $1 and meeting = $2`, [name, refs[0]!.meeting]);
    await exempt(name, host);
    expect((await bench.ledger.plans.status(name, 1000)).exposedStarts).toBe(1);
  });

  test('is of one campaign, and of a host whatever the letters of the address', async () => {
    const [mine, other] = [await bench.campaign(1), await bench.campaign(1)];
    expect(await exempt(mine.name, { host: aHost.email.toUpperCase() })).toMatchObject({ left: 1 });
    expect(await bench.stateOf(other.refs[0]!)).toBe('waiting');
    expect((await bench.claim(other.name, 'theirs', 5)).meetings).toHaveLength(1);
  });
});

test('an exemption of a meeting is for that one alone', async () => {
  const { name, refs } = await bench.campaign(3);
  expect(await exempt(name, { meeting: refs[1]!.meeting })).toMatchObject({ left: 1, underWay: 0 });
  expect(await states(refs)).toEqual(['waiting', 'excluded', 'waiting']);
});

describe('a meeting comes back as a late arrival of the next rerun', () => {
  test('when its exemption has expired, and not before', async () => {
    const { name, refs } = await bench.campaign(2);
    await exempt(name, host);
    await rerun(name, refs);
    expect(await states(refs)).toEqual(['excluded', 'excluded']);
    await expire(name);
    expect(await states(refs)).toEqual(['excluded', 'excluded']);
    expect(await standings(name)).toEqual(['expired']);
    await rerun(name, refs);
    expect(await states(refs)).toEqual(['waiting', 'waiting']);
    expect((await bench.claim(name, 'late', 5)).meetings).toHaveLength(1);
  });

  test('when it was taken back, unless another exemption covers it', async () => {
    const { name, refs } = await bench.campaign(3);
    await exempt(name, { meeting: refs[0]!.meeting });
    await exempt(name, host);
    expect(await bench.ledger.exemptions.preview(name, [host])).toMatchObject({ inForce: 1, leave: 0, return: 2, settled: 1 });
    expect(await remove(name, host)).toMatchObject({ kind: 'host', standing: 'removed', ...WHY, removed: WHY });
    await rerun(name, refs);
    expect(await states(refs)).toEqual(['excluded', 'waiting', 'waiting']);
  });
});

describe('the list', () => {
  test('keeps every line and every removal, with who, when and why; the last one about a host speaks', async () => {
    const { name, refs } = await bench.campaign(2);
    const until = inMs(2 * DAY);
    await exempt(name, host);
    await exempt(name, host, { until, by: 'secret-other', reason: 'secret-longer' });
    await remove(name, host);
    await exempt(name, { meeting: refs[0]!.meeting });
    const list = await bench.ledger.exemptions.list(name);
    expect(list.map(({ standing }) => standing)).toEqual(['renewed', 'removed', 'in force']);
    expect(list[1]).toMatchObject({ kind: 'host', until, by: 'secret-other', reason: 'secret-longer', at: expect.any(String), removed: { ...WHY, at: expect.any(String) } });
    expect(list[2]).toMatchObject({ kind: 'meeting', key: refs[0]!.meeting, meetings: 1, removed: null });
    expect([...(await bench.ledger.exemptions.addresses(name)).values()]).toEqual([aHost.email, aHost.email]);
  });

  test('of a meeting names those of its host too', async () => {
    const { name, refs } = await bench.campaign(2);
    await exempt(name, { meeting: refs[0]!.meeting });
    await exempt(name, { host: 'secret.other@example.org' });
    await exempt(name, host);
    const kinds = async (ref: ItemRef) => (await bench.ledger.exemptions.list(name, ref.meeting)).map(({ kind }) => kind);
    expect(await kinds(refs[0]!)).toEqual(['meeting', 'host']);
    expect(await kinds(refs[1]!)).toEqual(['host']);
    const [first, , third] = await bench.ledger.exemptions.list(name);
    expect(await bench.ledger.exemptions.covering(name)).toEqual(new Map([[refs[0]!.meeting, first!.id], [refs[1]!.meeting, third!.id]]));
  });

  test('does not grow when the same file is imported again', async () => {
    const { name } = await bench.campaign(1);
    const until = inMs(DAY);
    const file = async () => Promise.all([host, { host: 'secret.other@example.org' }].map((subject) => grantOf(name, subject, { until })));
    expect(await bench.ledger.exemptions.grant(name, await file())).toMatchObject({ exempted: 2, unchanged: 0, left: 1 });
    expect(await bench.ledger.exemptions.grant(name, await file())).toMatchObject({ exempted: 0, unchanged: 2, left: 0 });
    expect(await standings(name)).toEqual(['in force', 'in force']);
  });
});

describe('of two operators at once', () => {
  const refusal = { type: 'InvalidInput', message: expect.stringMatching(/meanwhile, so nothing was changed/) as string };

  test('who exempt and take back the same thing one wins, and the other is refused', async () => {
    for (let i = 0; i < 10; i++) {
      const { name } = await bench.campaign(1);
      await exempt(name, host);
      const grant = await grantOf(name, host, { until: inMs(2 * DAY) });
      const orders = [() => bench.ledger.exemptions.grant(name, [grant]), () => bench.ledger.exemptions.remove(name, host, grant.seen, WHY)];
      const results = i % 2 === 0 ? await Promise.allSettled(orders.map((give) => give())) : (await Promise.allSettled(orders.toReversed().map((give) => give()))).toReversed();
      const [granted, removed] = results.map(({ status }) => status === 'fulfilled');
      expect(granted).not.toBe(removed);
      expect(results.find((result) => result.status === 'rejected')).toMatchObject({ reason: refusal });
      expect(await standings(name)).toEqual(granted ? ['renewed', 'in force'] : ['removed']);
    }
  });

  test('a file is taken as a whole or not at all', async () => {
    const { name, refs } = await bench.campaign(1);
    const file = [await grantOf(name, { host: 'secret.other@example.org' }), await grantOf(name, host)];
    await exempt(name, host);
    await remove(name, host);
    await expect(bench.ledger.exemptions.grant(name, file)).rejects.toMatchObject(refusal);
    expect(await standings(name)).toEqual(['removed']);
    expect(await states(refs)).toEqual(['excluded']);
  });
});

test('what is not exempt, or not any more, cannot be taken back', async () => {
  const { name } = await bench.campaign(1);
  await expect(remove(name, host)).rejects.toMatchObject({ type: 'InvalidInput', message: expect.stringContaining('no exemption of this host is in force') as string });
  await exempt(name, host);
  await expire(name);
  await expect(remove(name, host)).rejects.toMatchObject({ type: 'InvalidInput' });
  await expect(exempt('unknown', host)).rejects.toMatchObject({ type: 'InvalidInput', message: expect.stringContaining('no campaign') as string });
});

test('an exemption outlasts an inventory that had begun before it', async () => {
  const { name, refs } = await bench.campaign(1);
  await exempt(name, host);
  await bench.find(name, [aFinding(`${name}-0`)]); // judged by what was in force when it began
  expect(await states(refs)).toEqual(['waiting']);
  await bench.ledger.plans.assignWaves(name);
  expect((await bench.claim(name, 'now', 5)).meetings).toEqual([]);
  expect(await states(refs)).toEqual(['excluded']);
});
