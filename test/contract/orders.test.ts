import { createCampaign } from '../../activities/campaign.js';
import { carryOut, type OrderPosition, type SagaControl } from '../../activities/orders.js';
import { type OrderVerb, type WantedOrder, scheduleVerbs } from '../../domain/orders.js';
import type { ItemRef } from '../../domain/ledger.js';
import type { MeetingVerb } from '../../domain/selection.js';
import { aHost, LedgerBench, noSagas } from '../support/ledger.js';
import { query } from '../support/postgres.js';
import { aFinding, anIdentity } from '../support/specs.js';

let mockAttempt = 1;
/** A context of Temporal for each attempt: what it saved last is there for the next. */
const mockContext = { info: { heartbeatDetails: undefined as unknown } };
jest.mock('@temporalio/activity', () => ({
  activityInfo: () => ({ attempt: mockAttempt }),
  heartbeat: (details: unknown) => void (mockContext.info.heartbeatDetails = details),
  Context: { current: () => mockContext },
}));

const bench = LedgerBench.inThisFile();
const ROBIN = { by: 'Robin Vael', reason: 'the helpdesk is called' };

const wanted = (verb: OrderVerb, changes: Partial<WantedOrder> = {}): WantedOrder => ({ verb, scope: null, meetings: [], seen: 0, ...changes });
const give = (campaign: string, verb: OrderVerb, changes: Partial<WantedOrder> = {}) => bench.ledger.orders.give(campaign, wanted(verb, changes), ROBIN);
const toMeetings = (refs: readonly { readonly meeting: string }[]) => ({ scope: {}, meetings: refs.map(({ meeting }) => meeting) });

describe('an order', () => {
  test('stays with who, when and why, and what it is for; a campaign stands under the last', async () => {
    const { name, refs } = await bench.campaign(3);
    for (const verb of ['pause', 'resume', 'stop'] as const) await give(name, verb, { seen: await bench.ledger.orders.lastOrder(name, 0) });
    await bench.ledger.orders.give(name, wanted('rollback', { ...toMeetings(refs.slice(0, 2)), seen: await bench.ledger.orders.lastOrder(name, 0) }), { by: 'Ada', reason: null });
    const orders = await bench.ledger.orders.list(name);
    expect(orders).toMatchObject([{ verb: 'pause', ...ROBIN, scope: null }, { verb: 'resume' }, { verb: 'stop' }, { verb: 'rollback', by: 'Ada', reason: null, scope: {}, now: { waiting: 2 }, carriedOut: null }]);
    expect(orders.every(({ at }) => Math.abs(Date.parse(at) - Date.now()) < 60_000)).toBe(true);
    expect((await bench.ledger.campaigns.get(name)).order).toBe('stop'); // a rollback of a part ends nothing
  });

  test('is shown with the meetings that it is for, and with all when it is for the whole campaign', async () => {
    const { name, refs } = await bench.campaign(2);
    await give(name, 'pause');
    await give(name, 'rollback', { ...toMeetings(refs.slice(0, 1)), seen: 1_000_000 });
    const of = async (meeting: string) => (await bench.ledger.orders.list(name, meeting)).map(({ verb }) => verb);
    expect([await of(refs[0]!.meeting), await of(refs[1]!.meeting)]).toEqual([['pause', 'rollback'], ['pause']]);
  });

  test('says of which of its meetings a later one was given, in this campaign', async () => {
    const [{ name, refs }, other] = [await bench.campaign(3), await bench.campaign(1)];
    await give(name, 'rollback', { ...toMeetings(refs.slice(0, 2)), seen: 1_000_000 });
    await give(name, 'retry', { ...toMeetings(refs.slice(1, 2)), seen: 1_000_000 });
    await give(name, 'retry', { ...toMeetings(refs.slice(1)), seen: 1_000_000 });
    await query(bench.store.databaseUrl, `insert into operator_order_meeting (given, meeting) select $1, $2`, [(await give(other.name, 'pause')).id, refs[0]!.meeting]);
    expect((await bench.ledger.orders.list(name)).map(({ now, later }) => [now, later])).toEqual([[{ waiting: 2 }, { waiting: 1 }], [{ waiting: 1 }, { waiting: 1 }], [{ waiting: 2 }, {}]]);
  });

  test('is never changed and never deleted, by nobody', async () => {
    const { name } = await bench.campaign(1);
    await give(name, 'pause');
    for (const change of ['update operator_order set author = reason', 'delete from operator_order', `update operator_order set at = now()`]) {
      await expect(query(bench.store.databaseUrl, change)).rejects.toThrow('append-only');
    }
    expect(await bench.ledger.orders.list(name)).toHaveLength(1);
  });

  test('about the schedule of its reruns is noted, and overrules nothing that somebody orders meanwhile', async () => {
    const { name } = await bench.campaign(1);
    await give(name, 'pause');
    for (const verb of scheduleVerbs) await give(name, verb, { seen: 1_000_000 });
    await give(name, 'pause');
    expect((await bench.ledger.orders.list(name)).map(({ verb, by }) => `${verb} by ${by}`)).toEqual(['pause', ...scheduleVerbs, 'pause'].map((verb) => `${verb} by Robin Vael`));
    expect((await bench.ledger.campaigns.get(name)).order).toBe('pause');
  });

  test('of another row does not open in its place', async () => {
    const { name } = await bench.campaign(1);
    const first = await give(name, 'pause');
    await query(bench.store.databaseUrl, `insert into operator_order (campaign, verb, author) select campaign, 'stop', author from operator_order where id = ${first.id}`);
    await expect(bench.ledger.orders.list(name)).rejects.toMatchObject({ type: 'InvalidInput' });
  });

  test('to try again or to end grace is refused while nothing of the campaign is worked on', async () => {
    const { name, refs } = await bench.campaign(1);
    await give(name, 'stop');
    for (const verb of ['retry', 'release'] as const) await expect(give(name, verb, { ...toMeetings(refs), seen: 1_000_000 })).rejects.toThrow(`${name} is stopped`);
    expect(await bench.ledger.orders.list(name)).toHaveLength(1);
  });

  test('to pause, to go on or to stop is refused while the whole campaign is put back, so that nothing makes it go forward again', async () => {
    const { name, refs } = await bench.campaign(2);
    await give(name, 'rollback', toMeetings(refs.slice(0, 1)));
    await give(name, 'pause', { seen: 1_000_000 }); // a part is put back, and the campaign goes on
    await give(name, 'rollback', { meetings: refs.map(({ meeting }) => meeting), seen: 1_000_000 });
    for (const verb of ['pause', 'resume', 'stop'] as const) await expect(give(name, verb, { seen: 1_000_000 })).rejects.toThrow(new RegExp(`nothing to ${verb}; .relink throttle ${name} --requests 0`));
    expect((await bench.ledger.campaigns.get(name)).order).toBe('rollback');
    expect(await bench.ledger.orders.list(name)).toHaveLength(3);
  });

  test('to pause or to go on is refused when it is stopped: nobody would look after what a resume lets go on', async () => {
    const { name } = await bench.campaign(1);
    await give(name, 'stop');
    for (const verb of ['pause', 'resume'] as const) await expect(give(name, verb, { seen: 1_000_000 })).rejects.toThrow(new RegExp(`stopped, so there is nothing to ${verb}; .relink start ${name}`));
    await give(name, 'stop', { seen: 1_000_000 });
    expect((await bench.ledger.campaigns.get(name)).order).toBe('stop');
  });

  test('a start does not outweigh what was ordered after it', async () => {
    const { name } = await bench.campaign(1);
    const start = await give(name, 'start');
    await bench.ledger.campaigns.setOrder(name, 'go', start.id);
    await give(name, 'pause');
    await bench.ledger.campaigns.setOrder(name, 'go', start.id);
    expect((await bench.ledger.campaigns.get(name)).order).toBe('pause');
    await bench.ledger.campaigns.setOrder(name, 'go', await bench.ledger.orders.lastOrder(name, 0));
    expect((await bench.ledger.campaigns.get(name)).order).toBe('go');
  });
});

type Given = readonly [verb: OrderVerb, changes: (refs: readonly { readonly meeting: string }[]) => Partial<WantedOrder>];
const whole: Given[1] = () => ({});
const all: Given[1] = toMeetings;

describe('two opposite orders at the same time', () => {
  const pairs: readonly (readonly [Given, Given])[] = [
    [['pause', whole], ['resume', whole]],
    [['stop', whole], ['resume', whole]],
    [['rollback', whole], ['stop', whole]],
    [['retry', all], ['rollback', all]],
    [['release', all], ['pause', whole]],
  ];
  test.each(pairs.map((pair) => [`${pair[0][0]} and ${pair[1][0]}`, pair] as const))('%s: one wins, the other is refused and says what was ordered', async (_, pair) => {
    for (let round = 0; round < 4; round++) {
      const { name, refs } = await bench.campaign(2);
      const inOrder = round % 2 === 0 ? pair : pair.toReversed();
      const outcomes = await Promise.allSettled(inOrder.map(([verb, changes]) => give(name, verb, changes(refs))));
      const won = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.verb] : []));
      const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []));
      expect([won.length, refusals]).toEqual([1, [expect.stringMatching(/somebody ordered meanwhile: .*; so nothing was ordered|nothing of it is worked on|is stopped, so there is nothing to resume/)]]);
      expect((await bench.ledger.orders.list(name)).map(({ verb }) => verb)).toEqual(won);
      const standing = { pause: 'pause', resume: 'go', stop: 'stop', rollback: won[0] === 'rollback' && inOrder.some(([verb, changes]) => verb === 'rollback' && changes === whole) ? 'rollback' : 'go' };
      expect((await bench.ledger.campaigns.get(name)).order).toBe(standing[won[0] as keyof typeof standing] ?? 'go');
    }
  });

  test('are both obeyed when they say the same, or concern different meetings, or the second has seen the first', async () => {
    const { name, refs } = await bench.campaign(2);
    const same = await Promise.allSettled([give(name, 'pause'), give(name, 'pause')]);
    const apart = await Promise.allSettled([give(name, 'retry', { ...toMeetings(refs.slice(0, 1)), seen: await bench.ledger.orders.lastOrder(name, 0) }), give(name, 'rollback', { ...toMeetings(refs.slice(1)), seen: await bench.ledger.orders.lastOrder(name, 0) })]);
    const later = await Promise.allSettled([give(name, 'resume', { seen: await bench.ledger.orders.lastOrder(name, 0) })]);
    expect([...same, ...apart, ...later].map(({ status }) => status)).toEqual(Array(5).fill('fulfilled'));
  });

  test('of another campaign refuse nothing, and what was given while the operator still typed was not seen', async () => {
    const [{ name }, { name: other }] = [await bench.campaign(1), await bench.campaign(1)];
    const { id } = await give(name, 'pause');
    await expect(give(other, 'resume')).resolves.toMatchObject({ verb: 'resume' });
    expect([await bench.ledger.orders.lastOrder(name, 0), await bench.ledger.orders.lastOrder(name, 3_600_000)]).toEqual([id, 0]);
  });
});

/** What sagas and their campaign were told, in a list. */
function sagasOf(): SagaControl & { readonly told: string[] } {
  const told: string[] = [];
  return { ...noSagas, told, order: async ({ meeting, resume }) => void told.push(`${resume} ${meeting}`), goOn: async (campaign, begin) => void told.push(`${begin ? 'go on' : 'wake'} ${campaign}`) };
}

const nobody = { from: undefined, beat: () => undefined };

describe('an order to meetings is carried out', () => {
  const ordered = async (campaign: string, verb: MeetingVerb, refs: readonly { readonly meeting: string }[]) => (await give(campaign, verb, { ...toMeetings(refs), seen: 1_000_000 })).id;

  test('but for what stands for a host who could not be listed: nothing of the vendor can be tried again there', async () => {
    const { name } = await bench.campaign(1);
    const identity = { ...anIdentity('x'), id: 'all of secret.host@example.org' };
    await bench.ledger.inventory.finishHost({ campaign: name, token: 'run', lane: 'ops-1', host: aHost, findings: [], unreadable: [{ identity, fields: ['host'] }] });
    const ref = bench.ref(name, identity);
    const sagas = sagasOf();
    expect(await carryOut({ ledger: bench.ledger, sagas, ...nobody }, { campaign: name, order: await ordered(name, 'retry', [ref]) })).toEqual({ ordered: 0, refused: 1 });
    expect([await bench.stateOf(ref), sagas.told]).toEqual(['failed', []]);
  });

  test('for each as it is by then: what has moved on is left as it is, what is past its pivot is refused', async () => {
    const { name, refs } = await bench.campaign(3);
    for (const ref of refs) await bench.replaced(ref);
    await bench.ledger.items.move(refs[1]!, 'retired');
    const order = await ordered(name, 'rollback', refs);
    await bench.ledger.items.move(refs[2]!, 'rolled-back');
    const sagas = sagasOf();
    expect(await carryOut({ ledger: bench.ledger, sagas, ...nobody }, { campaign: name, order })).toEqual({ ordered: 1, refused: 1 });
    expect(sagas.told).toEqual([`roll-back ${refs[0]!.meeting}`]);
    expect(await bench.ledger.orders.list(name)).toMatchObject([{ now: { replaced: 1, retired: 1, 'rolled-back': 1 }, carriedOut: { ordered: 1, refused: 1 } }]);
  });

  test('to go on takes up what waits, and afresh what no saga is at any more', async () => {
    const { name, refs } = await bench.campaign(4);
    const [grace, lost, open, ended] = refs as [ItemRef, ItemRef, ItemRef, ItemRef];
    await bench.replaced(grace);
    for (const ref of [lost, open, ended]) await bench.ledger.items.move(ref, 'running');
    const sagas = sagasOf();
    const isOpen = async (meeting: string) => {
      if (meeting === ended.meeting) await bench.ledger.items.move(ended, 'failed', { failure: 'VendorRefused' });
      return meeting === open.meeting;
    };
    expect(await carryOut({ ledger: bench.ledger, sagas: { ...sagas, isOpen }, ...nobody }, { campaign: name, order: 'continue' })).toEqual({ ordered: 2, refused: 0 });
    expect(sagas.told.toSorted()).toEqual([`grace ${grace.meeting}`, `start-afresh ${lost.meeting}`]);
  });

  test('to try again what the vendor refused to delete: that alone, and not the new link', async () => {
    const { name, refs } = await bench.campaign(3);
    for (const ref of refs) await bench.replaced(ref);
    await bench.ledger.items.move(refs[0]!, 'held', { failure: 'Forbidden', failedStep: 'retire' });
    await bench.ledger.items.move(refs[1]!, 'held', { failure: 'LegacyChanged', failedStep: 'retire' });
    await bench.ledger.items.move(refs[2]!, 'retired');
    await bench.ledger.items.move(refs[2]!, 'held', { failure: 'Forbidden', failedStep: 'verify retired' });
    const sagas = sagasOf();
    await carryOut({ ledger: bench.ledger, sagas, ...nobody }, { campaign: name, order: await ordered(name, 'retry', refs) });
    expect(sagas.told.toSorted()).toEqual([`delete ${refs[0]!.meeting}`, `retired ${refs[2]!.meeting}`, `start-afresh ${refs[1]!.meeting}`].toSorted());
  });

  test('from where an attempt was cut off, once for each meeting, and the first report stands', async () => {
    const { name, refs } = await bench.campaign(20);
    for (const ref of refs) await bench.replaced(ref);
    const order = await ordered(name, 'release', refs);
    const positions: OrderPosition[] = [];
    const sagas = sagasOf();
    const context = { ledger: bench.ledger, sagas, beat: (position: OrderPosition) => void positions.push(position) };
    const cutOff = { ...sagas, order: async (input: Parameters<SagaControl['order']>[0]) => (sagas.told.length >= 8 ? Promise.reject(new Error('killed')) : sagas.order(input)) };
    await expect(carryOut({ ...context, sagas: cutOff, from: undefined }, { campaign: name, order })).rejects.toThrow('killed');
    expect(await bench.ledger.orders.left(name, 0)).toEqual([order]);
    expect(await carryOut({ ...context, from: positions.at(-1) }, { campaign: name, order })).toEqual({ ordered: 20, refused: 0 });
    expect([sagas.told.length, new Set(sagas.told).size]).toEqual([20, 20]);
    await bench.ledger.orders.carriedOut(order, { ordered: 0, refused: 0 });
    expect(await bench.ledger.orders.list(name)).toMatchObject([{ carriedOut: { ordered: 20 } }]);
    expect(await bench.ledger.orders.left(name, 0)).toEqual([]);
  });

  test('by the activity, whose bookmark an attempt on another worker finds', async () => {
    const { name, refs } = await bench.campaign(12);
    for (const ref of refs) await bench.replaced(ref);
    const order = await ordered(name, 'release', refs);
    const sagas = sagasOf();
    const dying = { ...sagas, order: (input: Parameters<SagaControl['order']>[0]) => (sagas.told.length >= 8 ? Promise.reject(new Error('killed')) : sagas.order(input)) };
    const activities = (control: SagaControl) => createCampaign({ ledger: bench.ledger, sagas: control, quotas: new Map(), identities: [] });
    await expect(activities(dying).orderMeetings({ campaign: name, order })).rejects.toThrow('killed');
    expect(await activities(sagas).orderMeetings({ campaign: name, order })).toEqual({ ordered: 12, refused: 0 });
    expect(new Set(sagas.told).size).toBe(sagas.told.length);
    mockContext.info.heartbeatDetails = undefined;
  });

  test('and only a while after it was given does anybody else take it for left behind', async () => {
    const { name, refs } = await bench.campaign(1);
    await bench.replaced(refs[0]!);
    const order = await ordered(name, 'release', refs);
    expect([await bench.ledger.orders.left(name, 0), await bench.ledger.orders.left(name, 60_000)]).toEqual([[order], []]);
  });
});

test('an order by an update of Temporal, which names nobody, leaves a line that says so, once for all its attempts', async () => {
  const { name } = await bench.campaign(1);
  const activities = createCampaign({ ledger: bench.ledger, sagas: sagasOf(), quotas: new Map(), identities: [] });
  for (mockAttempt of [1, 2]) await activities.giveOrder({ campaign: name, order: 'pause', verb: 'pause' });
  mockAttempt = 1;
  expect((await bench.ledger.campaigns.get(name)).order).toBe('pause');
  await activities.giveOrder({ campaign: name, order: 'go' }); // of a run that begins, by no operator
  expect(await bench.ledger.orders.list(name)).toMatchObject([{ verb: 'pause', by: 'somebody in the Temporal UI', reason: null }]);
});

test('a selection selects by state, class, host and wave, each of which narrows it; a host is known by a key that tells nothing', async () => {
  const { name, refs } = await bench.campaign(4, { waves: [2, 'rest'] });
  const other = { email: 'other.host@example.org', displayName: 'other', sites: aHost.sites };
  await bench.ledger.inventory.addHosts(name, 'run', [{ host: other, lane: 'ops-1' }]);
  const finding = aFinding(`${name}-other`);
  await bench.find(name, [{ ...finding, identity: { ...finding.identity, hostEmail: other.email } }], { host: other });
  await bench.ledger.items.move(refs[0]!, 'running');
  await bench.ledger.items.move(refs[0]!, 'failed', { failure: 'VendorRefused', failedStep: 'replace' });
  const keys = async (selection: Parameters<typeof bench.ledger.items.select>[1]) => (await bench.ledger.items.select(name, selection)).map(({ meeting }) => meeting);
  const hosts = [bench.ledger.orders.hostKey('Other.Host@example.org')];
  expect(hosts[0]).not.toMatch(/other|example/);
  expect(await keys({ hosts })).toEqual([bench.ref(name, finding.identity).meeting]);
  expect(await keys({ hosts, states: ['failed'] })).toEqual([]);
  expect(await keys({ wave: 1 })).toEqual(refs.slice(0, 2).map(({ meeting }) => meeting));
  expect(await bench.ledger.items.select(name, { failure: 'VendorRefused', wave: 1 })).toMatchObject([{ meeting: refs[0]!.meeting, state: 'failed', failure: 'VendorRefused', wave: 1, isPastPivot: false }]);
  expect(await keys({ failure: 'VendorRefused', wave: 2 })).toEqual([]);
});
