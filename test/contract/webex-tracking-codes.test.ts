import { compare, type ComparedField } from '../../domain/compare.js';
import type { MeetingSnapshot, ReplacementPolicy } from '../../domain/meeting.js';
import { readMeeting } from '../support/whole-job.js';
import { items, policy, REF, snapshotOf, subject, aMeeting } from '../support/webex-answers.js';
import { ScriptedVendor } from '../support/scripted-vendor.js';
import { hostsOf, legacy as plan, start, stopAll, type Client, type Fields } from './simulator-client.js';

const SITE = 'example.webex.com';
const orDefault: ReplacementPolicy = { ...policy, trackingCodes: 'site-default' };

/** Each test a site of its own: what a site asks is remembered for an hour. */
let client: Client;
let hostEmail = '';
beforeEach(async () => {
  client = await start({ rpm: 10 ** 6, hosts: 3 });
  [hostEmail = ''] = await hostsOf(client);
});
afterEach(stopAll);

const webexOf = ({ simulators }: Client) => subject(simulators.webex.url, { token: simulators.webex.token }).webex;
const siteHas = (...codes: readonly Fields[]) => client.control('POST', `sites/${SITE}/codes`, { codes });
const options = (standard: string | null, ...values: readonly string[]) => values.map((value) => ({ value, defaultValue: value === standard }));

async function oldMeeting(trackingCodes: Fields, owner = hostEmail): Promise<MeetingSnapshot> {
  const { id } = await plan(client, owner, { siteUrl: SITE, trackingCodes });
  const webex = webexOf(client);
  const read = await readMeeting(webex, { ...REF, id, hostEmail: owner });
  return { ...read, siteRules: await webex.siteRules(read) };
}

interface Replaced {
  readonly obstacle: unknown;
  readonly rows: readonly ComparedField[];
  readonly codes: unknown;
}

/** As the saga does: nothing is made where there is an obstacle. */
async function replace(legacy: MeetingSnapshot, under: ReplacementPolicy = policy): Promise<Replaced> {
  const webex = webexOf(client);
  const obstacle = webex.obstacle(legacy, under, Date.now());
  if (obstacle) return { obstacle, rows: [], codes: undefined };
  const { identity } = await webex.createReplacement(legacy, under, 'relink:t');
  const replacement = await readMeeting(webex, identity);
  const { options: intended, lost, open } = webex.intendedOptions(legacy, under);
  const rows = compare({ legacy, replacement, intended, lost, open, now: Date.now() });
  return { obstacle, rows, codes: replacement.options['trackingCodes'] };
}

/** Of codes alone; that nothing else differs is sure. */
function codeRows({ rows }: Replaced): Fields {
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.filter(({ verdict }) => verdict === 'different')).toEqual([]);
  return Object.fromEntries(rows.filter(({ field }) => field.startsWith('trackingCodes')).map(({ field, verdict }) => [field, verdict]));
}

test('codes that the site still takes are carried over, each compared by its name', async () => {
  await siteHas({ name: 'Department' }, { name: 'Region', inputMode: 'select', options: options(null, 'North', 'South') });
  const made = await replace(await oldMeeting({ Department: 'Plim', Region: 'South' }));
  expect(codeRows(made)).toEqual({ 'trackingCodes.Department': 'equal', 'trackingCodes.Region': 'equal' });
  expect(made.codes).toEqual({ Department: 'Plim', Region: 'South' });
});

test('a code with a default that the vendor adds to every new meeting is an intended difference', async () => {
  await siteHas({ name: 'Region', inputMode: 'select', options: options('North', 'North', 'South') });
  const made = await replace(await oldMeeting({}));
  expect(codeRows(made)).toEqual({ 'trackingCodes.Region': 'intended' });
  expect(made.codes).toEqual({ Region: 'North' });
});

test('a code whose value the vendor holds otherwise is still found out by name', async () => {
  const legacy = await oldMeeting({ Department: 'Plim' });
  const webex = webexOf(client);
  const { identity } = await webex.createReplacement(legacy, policy, 'relink:t');
  await client.patch(`/meetings/${identity.id}`, { hostEmail, sendEmail: false, trackingCodes: [{ name: 'Department', value: 'Quib' }] });
  const { options: intended, lost, open } = webex.intendedOptions(legacy, policy);
  const rows = compare({ legacy, replacement: await readMeeting(webex, identity), intended, lost, open, now: Date.now() });
  expect(rows.filter(({ verdict }) => verdict === 'different')).toEqual([{ field: 'trackingCodes.Department', verdict: 'different' }]);
});

describe.each<[string, readonly Fields[], unknown]>([
  ['that is no longer among its options', [{ name: 'Region', inputMode: 'select', options: options('North', 'North') }], { Region: 'North' }],
  ['of a code that it no longer has', [], {}],
  ['of a code that it no longer uses', [{ name: 'Region', type: 'notUsed' }], {}],
  ['of a code that only profiles of hosts have', [{ name: 'Region', inputMode: 'hostProfileSelect', options: options('North', 'North') }], {}],
])('a value %s', (_, codes, standIn) => {
  beforeEach(() => siteHas(...codes));

  test('is a reason to refuse the meeting before anything is made', async () => {
    const before = await client.control('GET', 'meetings');
    const legacy = await oldMeeting({ Region: 'Gone' });
    expect((await replace(legacy)).obstacle).toEqual({ reason: 'TrackingCodes', fields: ['trackingCodes.Region'] });
    await expect(webexOf(client).createReplacement(legacy, policy, 'relink:t')).rejects.toMatchObject({ type: 'UnsupportedMeeting', facts: { fields: ['trackingCodes.Region'] } });
    expect(await client.control('GET', 'meetings')).toHaveLength((before as unknown[]).length + 1);
  });

  test('gives way where the campaign says so, and is named as lost', async () => {
    const made = await replace(await oldMeeting({ Region: 'Gone' }), orDefault);
    expect([codeRows(made), made.codes]).toEqual([{ 'trackingCodes.Region': 'lost' }, standIn]);
  });
});

describe('a code that the site requires and the meeting does not have', () => {
  test('is given the default of the site', async () => {
    await siteHas({ name: 'Region', inputMode: 'select', type: 'required', options: options('South', 'North', 'South') });
    expect((await replace(await oldMeeting({}))).codes).toEqual({ Region: 'South' });
  });

  test.each([policy, orDefault])('is a reason to refuse it where there is no default, under either policy', async (under) => {
    await siteHas({ name: 'Region', type: 'required' });
    expect((await replace(await oldMeeting({}), under)).obstacle).toEqual({ reason: 'TrackingCodes', fields: ['trackingCodes.Region'] });
  });
});

test('what an administrator sets is left to the vendor, and lost where it was another', async () => {
  await siteHas({ name: 'Region', type: 'adminSet', options: options('South', 'South') });
  const [other, same] = [await replace(await oldMeeting({ Region: 'North' })), await replace(await oldMeeting({ Region: 'South' }))];
  expect([codeRows(other), codeRows(same)]).toEqual([{ 'trackingCodes.Region': 'lost' }, { 'trackingCodes.Region': 'equal' }]);
});

test('values that belong to one host count for that host alone', async () => {
  await siteHas({ name: 'Region', inputMode: 'select', options: options(null, 'North') });
  const [, , another = ''] = await hostsOf(client);
  await client.control('POST', `people/${hostEmail}/codes`, { codes: { Region: 'Mine' } });
  expect((await replace(await oldMeeting({ Region: 'Mine' }))).codes).toEqual({ Region: 'Mine' });
  expect((await replace(await oldMeeting({ Region: 'Mine' }, another))).obstacle).toMatchObject({ reason: 'TrackingCodes' });
});

describe('how often the vendor is asked', () => {
  const vendor = ScriptedVendor.inThisFile();
  const asked = () => vendor.to('GET', '/meetings/trackingCodes').map(({ query }) => query.get('hostEmail'));
  const text = { id: '1', name: 'Department', siteUrl: REF.site, inputMode: 'text', type: 'optional', options: [], service: 'MeetingCenter' };
  const select = { ...text, inputMode: 'select', options: [{ value: 'Plim', defaultValue: true }] };
  const meetings = async () => {
    const own = await snapshotOf(vendor, aMeeting({ trackingCodes: [{ name: 'Department', value: 'Plim' }] }));
    return ['a', 'b', 'a'].map((name) => ({ ...own, identity: { ...own.identity, hostEmail: `${name}@example.org` } }));
  };

  test('once a site, as long as no value depends on the host', async () => {
    vendor.on('GET', '/meetings/trackingCodes', items(text));
    const { webex } = subject(vendor.baseUrl);
    for (const meeting of await meetings()) await webex.siteRules(meeting);
    expect(asked()).toEqual(['a@example.org']);
  });

  test('once a host where one does', async () => {
    vendor.on('GET', '/meetings/trackingCodes', items(select));
    const { webex } = subject(vendor.baseUrl);
    const rules = [];
    for (const meeting of await meetings()) rules.push(await webex.siteRules(meeting));
    expect(asked()).toEqual(['a@example.org', 'b@example.org']);
    expect(rules[1]).toMatchObject({ trackingCodes: [{ options: [{ value: 'Plim', defaultValue: true }] }] });
  });

  test('again after an outage, which is not taken for an answer', async () => {
    const { webex } = subject(vendor.baseUrl);
    const [meeting] = await meetings();
    if (!meeting) throw new Error('no meeting');
    vendor.on('GET', '/meetings/trackingCodes', { status: 503, body: {} });
    await expect(webex.siteRules(meeting)).rejects.toMatchObject({ type: 'VendorUnavailable' });
    vendor.on('GET', '/meetings/trackingCodes', items(text));
    expect(await webex.siteRules(meeting)).toMatchObject({ trackingCodes: [{ name: 'Department' }] });
  });

  test.each([400, 403, 404])('and where it answers %d, codes are copied as they are', async (status) => {
    vendor.on('GET', '/meetings/trackingCodes', { status, body: {} });
    const { webex } = subject(vendor.baseUrl);
    const [meeting] = await meetings();
    if (!meeting) throw new Error('no meeting');
    const legacy = { ...meeting, siteRules: await webex.siteRules(meeting) };
    expect(legacy.siteRules).toEqual({});
    expect(webex.obstacle(legacy, policy, Date.now())).toBeUndefined();
    expect(webex.intendedOptions(legacy, policy).options['trackingCodes']).toEqual({ Department: 'Plim' });
  });
});
