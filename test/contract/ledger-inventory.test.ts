import type { Finding, ItemRef } from '../../domain/ledger.js';
import { aHost, inMs, LedgerBench } from '../support/ledger.js';
import { query } from '../support/postgres.js';
import { aFinding, anIdentity } from '../support/specs.js';

const bench = LedgerBench.inThisFile();
const unaffected: Finding['judgement'] = { verdict: 'unaffected', evidence: 'snapshot', proof: 'id', reason: 'AlreadyStarted' };

const HOUR = 3_600_000;
const past = (hours: number): string => inMs(-hours * HOUR);
const setTime = (column: 'starts_at' | 'retired_at', { campaign, meeting }: ItemRef, at: string) =>
  query(bench.store.databaseUrl, `update item set ${column} = $3 where campaign = $1 and meeting = $2`, [campaign, meeting, at]);
/** As if the campaign had begun to write so many hours ago. */
async function begun(campaign: string, hours: number): Promise<void> {
  await bench.ledger.campaigns.begin(campaign);
  await query(bench.store.databaseUrl, 'update campaign_state set started_at = $2 where name = $1', [campaign, past(hours)]);
}
const exposedStarts = async (campaign: string) => (await bench.ledger.plans.status(campaign, 1000)).exposedStarts;

describe('an inventory', () => {
  test('gives the hosts of a lane once, whole, and leaves those out that are finished', async () => {
    const { name } = await bench.campaign(1);
    await bench.ledger.inventory.begin(name, 'again');
    const hosts = ['ops-1', 'ops-1', 'ops-1', 'ops-2'].map((lane, n) => ({ host: { ...aHost, email: `h${n}@example.org` }, lane }));
    await bench.ledger.inventory.addHosts(name, 'again', [...hosts, ...hosts]);
    const given = await bench.ledger.inventory.nextHosts(name, 'again', 'ops-1', 10);
    expect(given.map(({ email }) => email).toSorted()).toEqual(['h0@example.org', 'h1@example.org', 'h2@example.org']);
    expect(given[0]).toMatchObject({ displayName: aHost.displayName, sites: aHost.sites });
    expect(await bench.ledger.inventory.nextHosts(name, 'again', 'ops-1', 2)).toEqual(given.slice(0, 2));
    await bench.ledger.inventory.finishHost({ campaign: name, token: 'again', lane: 'ops-1', host: given[0]!, findings: [], unreadable: [] });
    expect(await bench.ledger.inventory.nextHosts(name, 'again', 'ops-1', 10)).toEqual(given.slice(1));
    expect(await bench.ledger.inventory.progress(name, 'again')).toEqual({ hosts: 4, finished: 1, meetings: 0 });
  });

  test('goes on where it was under the same token, and starts clean under another', async () => {
    const { name } = await bench.campaign(2);
    const done = { hosts: 1, finished: 1, meetings: 2 };
    await bench.ledger.inventory.begin(name, 'run');
    expect(await bench.ledger.inventory.progress(name, 'run')).toEqual(done);
    await bench.ledger.inventory.begin(name, 'later');
    expect(await bench.ledger.inventory.progress(name, 'later')).toEqual({ hosts: 0, finished: 0, meetings: 0 });
  });

  test('knows whether anybody of a lane could be listed in this run', async () => {
    const { name } = await bench.campaign(1);
    const { inventory } = bench.ledger;
    await inventory.begin(name, 'again');
    const [first, second] = [{ ...aHost, email: 'h1@example.org' }, { ...aHost, email: 'h2@example.org' }];
    await inventory.addHosts(name, 'again', [first, second].map((host) => ({ host, lane: 'ops-1' })));
    expect(await inventory.listedAny(name, 'again', 'ops-1')).toBe(false);
    await inventory.finishHost({ campaign: name, token: 'again', lane: 'ops-1', host: first, findings: [], unreadable: [{ identity: { ...anIdentity('x'), id: 'all of h1@example.org' }, fields: ['host'] }] });
    expect(await inventory.listedAny(name, 'again', 'ops-1')).toBe(false);
    await inventory.finishHost({ campaign: name, token: 'again', lane: 'ops-1', host: second, findings: [], unreadable: [] });
    expect([await inventory.someListed(name, 'again', 'ops-1'), await inventory.someListed(name, 'again', 'ops-2')]).toEqual([second, undefined]);
    expect([await inventory.listedAny(name, 'again', 'ops-1'), await inventory.listedAny(name, 'again', 'ops-2'), await inventory.listedAny(name, 'later', 'ops-1')]).toEqual([true, false, false]);
  });

  test('judges again what nobody works on, and nothing else', async () => {
    const { name, refs } = await bench.campaign(4);
    const [done, running, claimed, waiting] = refs as [ItemRef, ItemRef, ItemRef, ItemRef];
    await bench.replaced(done);
    await bench.ledger.items.move(done, 'retired');
    await bench.ledger.items.move(done, 'done');
    await bench.ledger.items.move(running, 'running');
    await bench.claim(name, 't', 1, { wave: 2 });
    await bench.find(name, refs.map((_, i) => aFinding(`${name}-${i}`, { judgement: unaffected })), { lane: 'ops-2' });
    expect(await Promise.all([done, running, claimed, waiting].map((ref) => bench.stateOf(ref)))).toEqual(['done', 'running', 'waiting', 'unaffected']);
    expect((await bench.ledger.items.get(waiting)).lane).toBe('ops-2');
    expect((await bench.ledger.items.get(claimed)).lane).toBe('ops-1');
  });

  test('takes up again what was gone and is planned anew under its old link, as if nothing had been done', async () => {
    const { name, refs } = await bench.campaign(2);
    const [deleted, over] = refs as [ItemRef, ItemRef];
    await begun(name, 2);
    await bench.replaced(deleted);
    await setTime('starts_at', over, past(1));
    for (const ref of refs) await bench.ledger.items.move(ref, 'gone', { failure: 'MeetingGone' });
    await bench.find(name, [0, 1].map((i) => aFinding(`${name}-${i}`, { judgement: unaffected })));
    expect(await Promise.all(refs.map((ref) => bench.stateOf(ref)))).toEqual(['gone', 'gone']);
    const startsAt = inMs(24 * HOUR);
    for (const _ of [1, 2]) await bench.find(name, [0, 1].map((i) => aFinding(`${name}-${i}`, { startsAt })));
    for (const ref of refs) expect(await bench.ledger.items.get(ref)).toMatchObject({ state: 'waiting', startsAt, failure: null, replacement: null, graceEndsAt: null });
    expect(await exposedStarts(name)).toBe(1);
    expect((await bench.claim(name, 'again', 2, { wave: 2 })).meetings).toHaveLength(2);
  });

  test('says by what the proof was found, also when a later one takes its place', async () => {
    const { name, refs } = await bench.campaign(1);
    const proofs = async () => (await bench.ledger.plans.rows(name)).map(({ evidence, proof }) => [evidence, proof]);
    expect(await proofs()).toEqual([['none', null]]);
    await bench.find(name, [aFinding(`${name}-0`, { judgement: { verdict: 'affected', evidence: 'calendar', proof: 'host+start', reason: null } })]);
    expect(await proofs()).toEqual([['calendar', 'host+start']]);
    await bench.ledger.items.move(refs[0]!, 'running');
    await bench.find(name, [aFinding(`${name}-0`)]);
    expect(await proofs()).toEqual([['calendar', 'host+start']]);
  });

  test('shows what it could not read as failed, alone, with the names of the fields', async () => {
    const { name } = await bench.campaign(2);
    const unreadable = [{ identity: anIdentity('broken'), fields: ['start', 'timezone'] }];
    await bench.ledger.inventory.finishHost({ campaign: name, token: 'run', lane: 'ops-1', host: aHost, findings: [], unreadable });
    const { counts, failures } = await bench.ledger.plans.status(name, 1000);
    expect([counts.found, counts.waiting, counts.failed]).toEqual([3, 2, 1]);
    expect(failures).toEqual({ VendorRefused: 1 });
    expect(await bench.ledger.plans.rows(name, { states: ['failed'] })).toMatchObject([{ note: 'start timezone' }]);
  });

  test('drops what stood for a host who could not be listed once they are, and nothing that was a meeting', async () => {
    const { name } = await bench.campaign(1);
    const all = { ...anIdentity('x'), id: 'all of secret.host@example.org' };
    const finish = (unreadable: readonly { identity: typeof all; fields: readonly string[] }[]) => bench.ledger.inventory.finishHost({ campaign: name, token: 'run', lane: 'ops-1', host: aHost, findings: [], unreadable });
    const failed = async () => (await bench.ledger.items.select(name, { states: ['failed'] })).length;
    await finish([{ identity: all, fields: ['host'] }, { identity: anIdentity('broken'), fields: ['start'] }]);
    expect(await failed()).toBe(2);
    await finish([{ identity: all, fields: ['host'] }]);
    expect(await failed()).toBe(2);
    await finish([]);
    expect(await failed()).toBe(1);
  });

  test('a meeting that was readable once is not failed by a list that shows it broken', async () => {
    const { name, refs } = await bench.campaign(1);
    const unreadable = [{ identity: anIdentity(`${name}-0`), fields: ['start'] }];
    await bench.ledger.inventory.finishHost({ campaign: name, token: 'run', lane: 'ops-1', host: aHost, findings: [], unreadable });
    expect(await bench.ledger.items.get(refs[0]!)).toMatchObject({ state: 'waiting', startsAt: expect.any(String) });
  });

  test('knows its own replacements in every campaign, also after the work on them is over', async () => {
    const { refs } = await bench.campaign(1);
    await bench.replaced(refs[0]!, 'mine');
    await bench.ledger.items.move(refs[0]!, 'waiting');
    expect(await bench.ledger.inventory.replacedAt(anIdentity('new-mine'))).not.toBeNull();
    expect(await bench.ledger.inventory.replacedAt(anIdentity('other'))).toBeNull();
  });

  test('knows which hosts and meetings are exempted, as long as the exemption lasts', async () => {
    const { name, refs } = await bench.campaign(1);
    await bench.ledger.exemptions.grant(name, [{ subject: { meeting: refs[0]!.meeting }, until: inMs(60_000), by: 'a', reason: 'r', seen: 0 }]);
    const identity = anIdentity(`${name}-0`);
    const exemptions = await bench.ledger.inventory.exemptions(name, inMs(0));
    expect([exemptions.covers(identity), exemptions.covers(anIdentity('other'))]).toEqual([true, false]);
    expect((await bench.ledger.inventory.exemptions(name, inMs(120_000))).covers(identity)).toBe(false);
  });
});

describe('what exists', () => {
  const existing = (campaign: string, token = 'run', vendor = 'webex') => bench.ledger.inventory.existing({ campaign, token, vendor });
  const id = (name: string): string => anIdentity(name).id;

  test('is all that the campaign found, whatever its state, by the vendor’s ids, with the sites', async () => {
    const { name, refs } = await bench.campaign(2);
    await bench.ledger.items.move(refs[0]!, 'gone', { failure: 'MeetingGone' });
    await bench.find(name, [aFinding(`${name}-x`, { judgement: unaffected, identity: { ...anIdentity(`${name}-x`), site: 'Other.example.org' } })]);
    const { ids, sites, ...rest } = await existing(name);
    expect(ids).toEqual(expect.arrayContaining([0, 1, 'x'].map((n) => id(`${name}-${n}`))));
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(sites).toEqual(['other.example.org', 'secret-site.example.org']);
    expect(rest).toEqual({ hosts: 1, incompleteHosts: 0 });
    expect((await existing(name, 'run', 'another')).ids).toEqual([]);
    expect((await existing(name, 'another run')).hosts).toBe(0);
  });

  test('is told without personal rooms, whose ids are names of people', async () => {
    const { name, refs } = await bench.campaign(1);
    await bench.find(name, [aFinding(`${name}-room`, { kind: 'room' })]);
    const { ids } = await existing(name);
    expect([ids.includes(id(`${name}-0`)), ids.includes(id(`${name}-room`))]).toEqual([true, false]);
    expect(await bench.ledger.items.get(refs[0]!)).toMatchObject({ kind: 'single' });
  });

  test('holds the replacements of every campaign, which no inventory finds again, as long as they stand', async () => {
    const [mine, other] = [await bench.campaign(1), await bench.campaign(1)];
    await bench.replaced(other.refs[0]!, `made-${other.name}`);
    const made = id(`new-made-${other.name}`);
    expect((await existing(mine.name)).ids).toContain(made);
    expect((await existing(mine.name)).ids).not.toContain(id(`${other.name}-0`));
    await bench.ledger.items.move(other.refs[0]!, 'waiting');
    expect((await existing(mine.name)).ids).not.toContain(made);
  });

  test('is not whole when the vendor refused a host’s list; a broken entry with an id of its own is named', async () => {
    const { name } = await bench.campaign(1);
    const finish = (idOf: string) =>
      bench.ledger.inventory.finishHost({ campaign: name, token: 'run', lane: 'ops-1', host: aHost, findings: [], unreadable: [{ identity: { ...anIdentity('any'), id: idOf }, fields: ['start'] }] });
    await finish('broken-but-named');
    expect(await existing(name)).toMatchObject({ hosts: 1, incompleteHosts: 0, ids: expect.arrayContaining(['broken-but-named']) });
    await finish(`all of ${aHost.email}`);
    const { ids, incompleteHosts } = await existing(name);
    expect(incompleteHosts).toBe(1);
    expect(ids.join(' ')).not.toContain('@');
  });
});

describe('a start on the old link', () => {
  test('is counted when a later inventory finds the next one, once', async () => {
    const { name, refs } = await bench.campaign(2);
    const [missed, early] = refs as [ItemRef, ItemRef];
    await begun(name, 2);
    await setTime('starts_at', early, past(3));
    await setTime('starts_at', missed, past(1));
    expect(await exposedStarts(name)).toBe(1);
    const next = inMs(7 * 24 * HOUR);
    for (const _ of [1, 2]) await bench.find(name, [0, 1].map((i) => aFinding(`${name}-${i}`, { startsAt: next })));
    expect(await exposedStarts(name)).toBe(1);
    expect(await bench.ledger.items.get(missed)).toMatchObject({ state: 'waiting', startsAt: next });
  });

  test('is counted although the meeting is in progress by now and leaves the campaign', async () => {
    const { name, refs } = await bench.campaign(1);
    await begun(name, 2);
    const startsAt = past(1);
    await setTime('starts_at', refs[0]!, startsAt);
    for (const _ of [1, 2]) await bench.find(name, [aFinding(`${name}-0`, { startsAt, judgement: unaffected })]);
    expect(await bench.stateOf(refs[0]!)).toBe('unaffected');
    expect(await exposedStarts(name)).toBe(1);
  });

  test('of a meeting under way is followed too, and counted when it went by', async () => {
    const { name, refs } = await bench.campaign(1);
    await begun(name, 2);
    await bench.replaced(refs[0]!);
    await setTime('starts_at', refs[0]!, past(1));
    const next = inMs(24 * HOUR);
    await bench.find(name, [aFinding(`${name}-0`, { startsAt: next })]);
    expect(await bench.ledger.items.get(refs[0]!)).toMatchObject({ state: 'replaced', startsAt: next });
    expect(await exposedStarts(name)).toBe(1);
  });

  test('is counted for a meeting that was over before its turn came, not for one that was deleted before it began', async () => {
    const { name, refs } = await bench.campaign(2);
    await begun(name, 2);
    await setTime('starts_at', refs[0]!, past(1));
    for (const ref of refs) await bench.ledger.items.move(ref, 'gone', { failure: 'MeetingGone' });
    expect(await exposedStarts(name)).toBe(1);
  });

  test('is not counted before the campaign writes, after the old link is deleted, or when the meeting is none of ours', async () => {
    const { name, refs } = await bench.campaign(3);
    const [before, retired, other] = refs as [ItemRef, ItemRef, ItemRef];
    await setTime('starts_at', before, past(4));
    expect(await exposedStarts(name)).toBe(0);
    await begun(name, 3);
    await bench.find(name, [aFinding(`${name}-2`, { judgement: unaffected })]);
    await setTime('starts_at', other, past(1));
    await bench.replaced(retired);
    await bench.ledger.items.move(retired, 'retired');
    await setTime('retired_at', retired, past(2));
    await setTime('starts_at', retired, past(1));
    expect(await exposedStarts(name)).toBe(0);
  });

  test('that the saga saw go by is counted beside them', async () => {
    const { name, refs } = await bench.campaign(1);
    await bench.ledger.items.countExposedStart(refs[0]!);
    expect(await exposedStarts(name)).toBe(1);
  });
});
