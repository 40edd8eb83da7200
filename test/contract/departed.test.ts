import { createDeparted } from '../../activities/departed.js';
import { HostLists } from '../../activities/host-lists.js';
import { createInventory } from '../../activities/inventory.js';
import { createRemediation } from '../../activities/remediation.js';
import type { VendorContext } from '../../activities/context.js';
import { createVendor } from '../../adapters/vendors/index.js';
import { RelinkFailure } from '../../domain/failures.js';
import type { CampaignSpec } from '../../domain/campaign.js';
import type { ItemRow } from '../../domain/ledger.js';
import type { Trace } from '../../domain/traces.js';
import { linkKey } from '../../domain/traces.js';
import { LossyLine } from '../support/lossy-line.js';
import { aName, inMs, LedgerBench, unlimited } from '../support/ledger.js';
import { takeInventory } from '../support/take-inventory.js';
import { aSpec } from '../support/specs.js';
import { hostsOf, inDays, legacy, start, stopAll, type Client, type Fields } from './simulator-client.js';

let mockAttempt = 1;
jest.mock('@temporalio/activity', () => ({ activityInfo: () => ({ attempt: mockAttempt, workflowExecution: { runId: 'r' }, activityId: 'a' }), heartbeat: () => undefined, Context: { current: () => ({ info: {} }) } }));

const bench = LedgerBench.inThisFile();
const YEAR = 365 * 86_400_000;
let client: Client;
let line: LossyLine;
let [gone, heir, other] = ['', '', ''];
beforeEach(async () => {
  mockAttempt = 1;
  client = await start({ meetings: 0, hosts: 4, rpm: 10 ** 6 });
  [gone = '', heir = '', other = ''] = await hostsOf(client);
  line = await LossyLine.open(client.simulators.webex.url.replace(/\/v1$/, ''));
});
afterEach(async () => {
  await line.close();
  await stopAll();
});

/** A campaign at this vendor, and its activities as one worker has them. */
function campaignOf(changes: Partial<CampaignSpec> = {}) {
  const name = aName();
  const pacer = { beforeRequest: async () => undefined, quietFor: async () => undefined };
  const vendor = createVendor('webex', { baseUrl: line.baseUrl, token: async () => client.simulators.webex.token, pacer, timeoutMs: 60_000 });
  const context: VendorContext = { ledger: bench.ledger, vendor, lists: new HostLists(vendor), identity: 'ops-1', quota: unlimited, listLagMs: 0 };
  const activities = { ...createInventory(context), ...createDeparted(context), ...createRemediation(context) };
  let runs = 0;
  return {
    name,
    activities,
    async inventory(more: Partial<CampaignSpec> = {}): Promise<readonly ItemRow[]> {
      const run = `run-${++runs}`;
      const { advisory, scope } = aSpec(name);
      await bench.ledger.campaigns.save(aSpec(name, { advisory, scope: { ...scope, horizonMs: YEAR }, startGuardMs: 60_000, ...changes, ...more }));
      return takeInventory(bench.ledger, activities, { campaign: name, run });
    },
  };
}

const trace = (by: Trace['by'], key: string): Trace => ({ by, key, created: '2024-01-10T08:00:00.000Z' });
const named = ({ meetingNumber }: Fields): Partial<CampaignSpec> => ({ evidence: { unknown: 'affected', snapshots: [], calendar: [trace('number', String(meetingNumber))] } });
const inherits = (to = heir) => ({ departed: { find: true, to } });
const lines = (rows: readonly ItemRow[]) => rows.map(({ kind, state, reason, evidence, proof, departed }) => [kind, state, reason, evidence, proof, departed]);
const calls = async (path: string) => (await client.control<{ path: string; status: number; method: string }[]>('GET', 'calls?since=0')).filter((call) => call.path.includes(path));
const leave = (email = gone) => client.control('POST', `people/${email}/leave`);

describe('meetings of a host who left', () => {
  test('are found by number, link and id, and refused by name while the campaign names nobody', async () => {
    const [byNumber, byLink, byId] = [await legacy(client, gone), await legacy(client, gone, { title: 'Plim', start: inDays(4), end: inDays(4, 11) }), await legacy(client, gone, { recurrence: 'FREQ=WEEKLY;COUNT=5', start: inDays(5), end: inDays(5, 11) })];
    await leave();
    const evidence = { unknown: 'affected', snapshots: [{ takenAt: '2024-05-20T00:00:00.000Z', ids: [byId.id] }], calendar: [trace('number', String(byNumber['meetingNumber']))], invitations: [trace('link', linkKey(byLink.webLink))] } as const;
    const rows = await campaignOf({ evidence }).inventory();
    expect(lines(rows)).toEqual([
      ['single', 'refused', 'HostLeft', 'calendar', 'number', true],
      ['single', 'refused', 'HostLeft', 'invitation', 'link', true],
      ['series', 'refused', 'HostLeft', 'snapshot', 'id', true],
    ]);
  });

  test('are not asked for twice when two handles name one, nor told of when two proofs do: the earlier counts', async () => {
    const meeting = await legacy(client, gone);
    await leave();
    const [number, link] = [trace('number', String(meeting['meetingNumber'])), trace('link', linkKey(meeting.webLink))];
    const evidence = { unknown: 'review', snapshots: [], calendar: [{ ...number, created: '2024-09-01T00:00:00.000Z' }], invitations: [link] } as const;
    expect(lines(await campaignOf({ evidence }).inventory())).toEqual([['single', 'refused', 'HostLeft', 'invitation', 'link', true]]);
  });

  test('are to be replaced where the campaign names a new host, and counted in the plan', async () => {
    const meeting = await legacy(client, gone);
    await leave();
    const campaign = campaignOf({ ...named(meeting), ...inherits() });
    expect(lines(await campaign.inventory())).toEqual([['single', 'waiting', null, 'calendar', 'number', true]]);
    expect(await bench.ledger.plans.departed(campaign.name)).toBe(1);
    expect((await bench.claim(campaign.name, 'c1', 5)).meetings).toMatchObject([{ departed: true }]);
  });

  test('are found again without any evidence when the host leaves between two inventories, and belong to them again when they come back', async () => {
    const meeting = await legacy(client, gone);
    const campaign = campaignOf();
    expect(lines(await campaign.inventory())).toEqual([['single', 'waiting', null, 'none', null, false]]);
    await leave();
    expect(lines(await campaign.inventory())).toEqual([['single', 'refused', 'HostLeft', 'none', null, true]]);
    await client.post('/meetings/reassignHost', { hostEmail: heir, meetingIds: [meeting.id] }, {}, { siteUrl: 'example.webex.com' });
    expect(lines(await campaign.inventory())).toEqual([['single', 'waiting', null, 'none', null, false]]);
  });

  test.each<[string, (id: string) => Promise<unknown>, readonly unknown[]]>([
    ['given to somebody else', (id) => client.post('/meetings/reassignHost', { hostEmail: heir, meetingIds: [id] }, {}, { siteUrl: 'example.webex.com' }), ['single', 'waiting', null, 'none', null, false]],
    ['left by their host', () => leave(), ['single', 'refused', 'HostLeft', 'none', null, true]],
  ])('are not lost when they are %s between the inventory and their turn: the next inventory has them', async (_, change, found) => {
    const meeting = await legacy(client, gone);
    const campaign = campaignOf();
    await campaign.inventory();
    const [first] = (await bench.claim(campaign.name, 'c1', 5)).meetings;
    const ref = { campaign: campaign.name, meeting: first?.meeting ?? '' };
    await change(meeting.id);
    expect(await campaign.activities.snapshotLegacy(ref)).toEqual({ status: 'refused', reason: 'HostLeft' });
    await bench.ledger.items.move(ref, 'refused', { reason: 'HostLeft' });
    expect(lines(await campaign.inventory())).toEqual([found]);
  });

  test('are found without any evidence when somebody who is listed is invited to them, and what others have planned is not asked about', async () => {
    await legacy(client, gone, { invitees: [{ email: heir }, { email: other }] });
    await legacy(client, heir, { title: 'Plim', invitees: [{ email: other }] });
    await leave();
    const found = lines(await campaignOf().inventory());
    expect(found).toHaveLength(2);
    expect(found).toEqual(expect.arrayContaining([['single', 'refused', 'HostLeft', 'none', null, true], ['single', 'waiting', null, 'none', null, false]]));
    expect(await calls('/admin/meetings')).toHaveLength(1);
  });

  test('are left alone by an exemption of that host, and by a scope of others', async () => {
    const meeting = await legacy(client, gone);
    await leave();
    const campaign = campaignOf({ ...named(meeting), ...inherits() });
    await campaign.inventory();
    await bench.ledger.exemptions.grant(campaign.name, [{ subject: { host: gone }, until: inMs(86_400_000), by: 'Robin', reason: 'none', seen: 0 }]);
    expect(lines(await campaign.inventory())[0]?.slice(1, 3)).toEqual(['excluded', 'Exempted']);
    expect(lines(await campaignOf({ ...named(meeting), scope: { hosts: [heir], sites: 'all', horizonMs: YEAR } }).inventory())[0]?.[2]).toBe('HostOutOfScope');
  });
});

describe('what is looked up', () => {
  test('is what no listed host has: nothing is asked about their meetings', async () => {
    const meeting = await legacy(client, heir);
    const evidence = { unknown: 'affected', snapshots: [{ takenAt: '2024-05-20T00:00:00.000Z', ids: [meeting.id] }], calendar: [trace('number', String(meeting['meetingNumber'])), trace('link', linkKey(meeting.webLink))] } as const;
    expect(lines(await campaignOf({ evidence }).inventory())).toEqual([['single', 'waiting', null, 'calendar', 'number', false]]);
    expect(await calls('/admin/meetings')).toEqual([]);
  });

  test('leads to nothing for what is over, deleted, unknown or elsewhere, and that is not asked again', async () => {
    const over = await legacy(client, gone, { start: inDays(-5), end: inDays(-5, 11) });
    const deleted = await legacy(client, gone, { title: 'Plim' });
    await client.control('POST', `meetings/${deleted.id}/delete`);
    await leave();
    const calendar = [trace('number', String(over['meetingNumber'])), trace('number', '23450000001'), trace('link', linkKey(deleted.webLink)), trace('link', 'meet.example.org/abc'), trace('host+start', `${gone} ${inDays(3)}`)];
    const campaign = campaignOf({ evidence: { unknown: 'affected', snapshots: [{ takenAt: '2024-05-20T00:00:00.000Z', ids: [deleted.id] }], calendar } });
    expect(await campaign.inventory()).toEqual([]);
    expect(await calls('/admin/meetings')).toHaveLength(4);
    expect(await campaign.inventory()).toEqual([]);
    expect(await calls('/admin/meetings')).toHaveLength(4);
  });

  test('leads to nothing new when its host is listed, be it by the number of one changed occurrence', async () => {
    const series = await legacy(client, heir, { recurrence: 'FREQ=WEEKLY;COUNT=5' });
    const at = new Date(Date.parse(inDays(3)) + 7 * 86_400_000).toISOString();
    await client.control('POST', `meetings/${series.id}/occurrences/${at}/edit`, { title: 'Plim' });
    const [changed] = (await client.all('/meetings', { hostEmail: heir, meetingSeriesId: series.id, meetingType: 'scheduledMeeting', isModified: 'true', from: inDays(0), to: inDays(99) })).items;
    expect(lines(await campaignOf(named(changed ?? {})).inventory())).toEqual([['series', 'waiting', null, 'none', null, false]]);
    expect(await calls('/admin/meetings')).toHaveLength(2);
  });

  test('is nothing at all where the campaign says so', async () => {
    const meeting = await legacy(client, gone);
    await leave();
    expect(await campaignOf({ ...named(meeting), departed: { find: false } }).inventory()).toEqual([]);
    expect(await calls('/admin/meetings')).toEqual([]);
  });
});

test('a campaign that names a new host who is not listed says so before anything is looked up', async () => {
  await leave(other);
  const campaign = campaignOf(inherits(other));
  const failure: unknown = await campaign.inventory().catch((cause: unknown) => cause);
  expect(failure).toMatchObject({ type: 'InvalidInput', message: expect.stringContaining('`departed` in the campaign file') as unknown });
  expect((failure as RelinkFailure).message).not.toContain(other);
});

describe('a meeting that is given to its new host', () => {
  /** Found, claimed and about to be given. */
  async function claimed(more: Fields = {}, changes: Partial<CampaignSpec> = {}) {
    const meeting = await legacy(client, gone, more);
    await leave();
    const campaign = campaignOf({ ...named(meeting), ...inherits(), ...changes });
    await campaign.inventory();
    const [first] = (await bench.claim(campaign.name, 'c1', 5)).meetings;
    if (!first) throw new Error('nothing was claimed');
    const ref = { campaign: campaign.name, meeting: first.meeting };
    const give = () => campaign.activities.reassignHost(ref).catch((cause: unknown) => (cause instanceof RelinkFailure ? cause.type : cause));
    return { ...campaign, meeting, ref, give };
  }
  const log = async (ref: Parameters<typeof bench.ledger.items.stepEvents>[0]) => (await bench.ledger.items.stepEvents(ref)).map(({ step, state, failure, note }) => [step, state, failure ?? note]);
  const ownerOf = async ({ id }: { readonly id: string }) => (await client.get(`/admin/meetings/${id}`)).body['hostEmail'];

  test('is theirs from then on, in the ledger too, and is read and replaced as any meeting of theirs', async () => {
    const { meeting, ref, give, activities, name } = await claimed({ invitees: [{ email: 'anna@guest.example.org' }], agenda: 'Plim' });
    expect(await give()).toMatchObject({ status: 'ready' });
    expect(await ownerOf(meeting)).toBe(heir);
    expect(await log(ref)).toEqual([['reassign host', 'started', null], ['reassign host', 'done', null]]);
    expect(await bench.ledger.items.get(ref)).toMatchObject({ departed: true, legacy: { hostEmail: heir } });
    expect(await activities.snapshotLegacy(ref)).toMatchObject({ status: 'ready' });
    await activities.ensureReplacement(ref);
    await bench.ledger.campaigns.setOrder(name, 'go');
    await activities.verifyReplacement(ref);
    expect((await bench.ledger.items.get(ref)).replacement).toMatchObject({ hostEmail: heir });
    await bench.ledger.notices.queue(ref, 'replaced', []);
    const [digest = ''] = await bench.ledger.notices.assign(name);
    expect(await bench.ledger.notices.open(digest)).toMatchObject({ to: { email: heir }, entries: [{ inherited: true }] });
  });

  test('is given once although the answer was lost: who has it is read before anything is repeated', async () => {
    const { meeting, ref, give } = await claimed();
    line.loseNext(/POST .*reassignHost/);
    expect(await give()).toBe('NetworkAmbiguous');
    expect(await ownerOf(meeting)).toBe(heir);
    mockAttempt = 2;
    expect(await give()).toMatchObject({ status: 'ready' });
    expect((await calls('reassignHost')).map(({ status }) => status)).toEqual([204]);
    expect(await log(ref)).toEqual([['reassign host', 'started', null], ['reassign host', 'failed', 'NetworkAmbiguous'], ['reassign host', 'done', 'seen']]);
    expect(await bench.ledger.items.get(ref)).toMatchObject({ legacy: { hostEmail: heir } });
  });

  test('stays where it is when the vendor says no to it alone, and that has a name', async () => {
    const { meeting, ref, give } = await claimed({ webinar: {} });
    await client.control('POST', `people/${heir}/licence`, { webinars: false });
    expect(await give()).toBe('NotReassigned');
    expect((await calls('reassignHost')).map(({ status }) => status)).toEqual([207]);
    expect(await ownerOf(meeting)).toBe(gone);
    expect((await log(ref)).at(-1)).toEqual(['reassign host', 'failed', 'NotReassigned']);
    await client.control('POST', `people/${heir}/licence`, { webinars: true });
    expect(await give()).toMatchObject({ status: 'ready' });
  });

  test('is not given when it is about to start, when the campaign was stopped, or when nobody is named any more', async () => {
    const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();
    const first = await claimed({ start: inMinutes(5), end: inMinutes(65) }, { startGuardMs: 600_000 });
    expect(await first.give()).toEqual({ status: 'given-back' });
    const second = await claimedOnceMore();
    await bench.ledger.campaigns.setOrder(second.name, 'stop');
    expect(await second.give()).toEqual({ status: 'given-back' });
    await bench.ledger.campaigns.setOrder(second.name, 'pause');
    expect(await second.give()).toBe('CampaignPaused');
    await bench.ledger.campaigns.setOrder(second.name, 'go');
    await bench.ledger.campaigns.save(aSpec(second.name));
    expect(await second.give()).toEqual({ status: 'refused', reason: 'HostLeft' });
    expect(await calls('reassignHost')).toEqual([]);
  });

  /** Of another host, since the first has left. */
  async function claimedOnceMore() {
    [gone, other] = [other, gone];
    return claimed({ title: 'Plim', start: inDays(6), end: inDays(6, 11) });
  }

  test('stays with whoever is listed and has it already, because an administrator was quicker', async () => {
    const { meeting, ref, give } = await claimed();
    await client.post('/meetings/reassignHost', { hostEmail: other, meetingIds: [meeting.id] }, {}, { siteUrl: 'example.webex.com' });
    expect(await give()).toMatchObject({ status: 'ready' });
    expect(await calls('reassignHost')).toHaveLength(1);
    expect(await bench.ledger.items.get(ref)).toMatchObject({ legacy: { hostEmail: other } });
  });

  test('that is gone ends quietly', async () => {
    const { meeting, give } = await claimed();
    await client.control('POST', `meetings/${meeting.id}/delete`);
    expect(await give()).toEqual({ status: 'gone' });
  });

  test('that a calendar connector owns is seen to be one only then: it is refused as ever, with its new host and otherwise untouched', async () => {
    const { meeting, ref, give, activities } = await claimed({ agenda: '-- Do not delete or change any of the following text. --' });
    expect(await give()).toMatchObject({ status: 'ready' });
    expect(await activities.snapshotLegacy(ref)).toEqual({ status: 'refused', reason: 'CalendarManaged' });
    expect((await client.get(`/meetings/${meeting.id}`, { hostEmail: heir })).body).toMatchObject({ webLink: meeting.webLink });
  });

  test('is not waited for by an announcement: whoever left can be told nothing', async () => {
    const { name } = await claimed({}, { notices: { language: 'en', urgentWithinMs: 1, digestEveryMs: 1, announceMs: 3_600_000 } });
    await bench.ledger.campaigns.begin(name);
    expect(await bench.ledger.announcements.assign(name)).toEqual([]);
    expect(await bench.ledger.announcements.standing(name)).toMatchObject({ toTell: { meetings: 0 }, tooSoon: 0 });
  });
});
