import { compare, fieldsThatDiffer, type ComparedField } from '../../domain/compare.js';
import type { MeetingSnapshot, ReplacementPolicy } from '../../domain/meeting.js';
import { ScriptedVendor } from '../support/scripted-vendor.js';
import { aSeries, aWindow, day, items, occurrencesOf as listedOf, policy, REF, subject, type Json } from '../support/webex-answers.js';
import { differencesOf, readMeeting, replaceMeeting } from '../support/whole-job.js';
import { hostsOf, inDays, legacy as plan, occurrencesOf, start, stopAll, type Client, type Fields } from './simulator-client.js';

const SITE = 'example.webex.com';
const lenient: ReplacementPolicy = { lobby: 'as-before', joinBeforeHost: true };
const stream = { destination: 'Example', rtmpUrl: 'rtmps://stream.example.org:1935/live/key-1', streamUrl: 'https://stream.example.org/live' };

const vendor = ScriptedVendor.inThisFile();
let client: Client;
let hostEmail = '';
beforeEach(async () => {
  client = await start({ rpm: 10 ** 6, hosts: 3 });
  [hostEmail = ''] = await hostsOf(client);
});
afterEach(stopAll);
const webex = () => subject(client.simulators.webex.url, { token: client.simulators.webex.token }).webex;

/** A daily series of five, of which these occurrences have settings of their own. */
async function series(own: Readonly<Record<number, Fields>>, more: Fields = {}): Promise<string> {
  const { id } = await plan(client, hostEmail, { siteUrl: SITE, recurrence: 'FREQ=DAILY;COUNT=5', start: inDays(3), end: inDays(3, 11), ...more });
  for (const [n, settings] of Object.entries(own)) await edit(id, Number(n), { settings });
  return id;
}

const edit = (id: string, n: number, changes: Fields): Promise<unknown> => client.control('POST', `meetings/${id}/occurrences/${inDays(3 + n)}/edit`, changes);
const listed = async (id: string): Promise<readonly Fields[]> => occurrencesOf(client, hostEmail, id);

async function copy(id: string): Promise<MeetingSnapshot> {
  const read = await readMeeting(webex(), { ...REF, id, hostEmail });
  return { ...read, siteRules: await webex().siteRules(read) };
}

/** As the saga does, up to the proof. */
async function replace(id: string, under: ReplacementPolicy = policy): Promise<{ id: string; rows: readonly ComparedField[]; complete: boolean }> {
  const old = await copy(id);
  expect(old.refusal).toBeUndefined();
  const { identity, complete } = await webex().createReplacement(old, under, 'relink:t');
  if (!complete) await webex().carryOver(identity, old, under);
  const { options: intended, ...known } = webex().intendedOptions(old, under);
  return { id: identity.id, complete, rows: compare({ legacy: old, replacement: await readMeeting(webex(), identity), intended, ...known, now: Date.now() }) };
}

const ownRows = (rows: readonly ComparedField[]): Fields => Object.fromEntries(rows.flatMap(({ field, verdict }) => (field.startsWith('changes.') ? [[field, verdict]] : [])));

describe('settings that single occurrences have otherwise than their series', () => {
  test('are asked about before each is written, and none is written any more after a no', async () => {
    const old = await copy(await series({ 1: { reminderTime: 30 }, 2: { reminderTime: 45 }, 3: { reminderTime: 20 } }));
    const { identity } = await webex().createReplacement(old, policy, 'relink:t');
    let looks = 0;
    const lastLook = () => (++looks < 3 ? Promise.resolve() : Promise.reject(new Error('no')));
    await expect(webex().carryOver(identity, old, policy, { lastLook })).rejects.toThrow('no');
    expect((await listed(identity.id)).filter(({ isModified }) => isModified)).toHaveLength(2);
  });

  test('are carried over silently, each compared by its name', async () => {
    const old = await series({ 1: { reminderTime: 30, meetingOptions: { enabledChat: false } }, 3: { reminderTime: 45, enableAutomaticLock: true, automaticLockMinutes: 10 } });
    const made = await replace(old);
    expect(fieldsThatDiffer(made.rows)).toEqual([]);
    expect(ownRows(made.rows)).toMatchObject({ 'changes.reminderTime': 'equal', 'changes.meetingOptions.enabledChat': 'equal', 'changes.meetingOptions.enabledVideo': 'equal', 'changes.automaticLockMinutes': 'equal' });
    const occurrences = await listed(made.id);
    expect(occurrences.map(({ reminderTime }) => reminderTime)).toEqual([10, 30, 10, 45, 10]);
    expect(occurrences.map(({ isModified }) => isModified)).toEqual([false, true, false, true, false]);
    expect(occurrences[1]).toMatchObject({ meetingOptions: { enabledChat: false, enabledVideo: true }, title: 'Vorla Teskum' });
    const calls = await client.control<{ method: string; mailsPeople: boolean }[]>('GET', 'calls');
    expect(calls.filter(({ method }) => method !== 'GET').map(({ method, mailsPeople }) => [method, mailsPeople])).toEqual([['POST', false], ['PATCH', false], ['PATCH', false]]);
  });

  test('a stream of one occurrence is streamed again, and one that an occurrence does not have is not', async () => {
    const streams = await replace(await series({ 2: { enabledLiveStream: true, liveStream: stream } }));
    expect([fieldsThatDiffer(streams.rows), (await listed(streams.id)).map((each) => each['enabledLiveStream'])]).toEqual([[], [false, false, true, false, false]]);
    expect((await listed(streams.id))[2]).toMatchObject({ liveStream: stream });
    const none = await replace(await series({ 2: { enabledLiveStream: false } }, { liveStream: stream }));
    expect([fieldsThatDiffer(none.rows), (await listed(none.id)).map((each) => each['enabledLiveStream'])]).toEqual([[], [true, true, false, true, true]]);
  });

  test('of a webinar are carried over as well', async () => {
    const made = await replace(await series({ 1: { requireAttendeeLogin: true, restrictToInvitees: true }, 2: { enabledWebcastView: true, audioConnectionOptions: { muteAttendeeUponEntry: false } } }, { webinar: {} }));
    expect(fieldsThatDiffer(made.rows)).toEqual([]);
    const occurrences = await listed(made.id);
    expect(occurrences.map(({ scheduledType, requireAttendeeLogin }) => [scheduledType, requireAttendeeLogin])).toEqual([false, true, false, false, false].map((login) => ['webinar', login]));
    expect([occurrences[1], occurrences[2]]).toMatchObject([{ restrictToInvitees: true }, { enabledWebcastView: true, audioConnectionOptions: { muteAttendeeUponEntry: false } }]);
  });

  test.each<[string, ReplacementPolicy, Fields, Fields]>([
    ['who may come in before the host', policy, { enabledJoinBeforeHost: true, joinBeforeHostMinutes: 15 }, { enabledJoinBeforeHost: false }],
    ['who waits in the lobby', policy, { unlockedMeetingJoinSecurity: 'allowJoinWithLobby' }, { unlockedMeetingJoinSecurity: 'allowJoinWithLobby' }],
    ['public listing', { ...policy, publicListing: 'never' }, { publicMeeting: true }, { publicMeeting: false }],
    ['the lock', { ...policy, automaticLock: 5 }, { enableAutomaticLock: true, automaticLockMinutes: 20 }, { enableAutomaticLock: true, automaticLockMinutes: 5 }],
    ['the tone', { ...policy, entryTone: 'beep' }, { audioConnectionOptions: { entryAndExitTone: 'noTone' } }, { audioConnectionOptions: { entryAndExitTone: 'beep' } }],
  ])('are those of the policy where it decides: %s', async (_, under, own, wanted) => {
    const made = await replace(await series({ 1: own }), under);
    expect(fieldsThatDiffer(made.rows)).toEqual([]);
    expect(ownRows(made.rows)).not.toEqual({});
    const occurrences = await listed(made.id);
    for (const each of occurrences) expect(each).toMatchObject(wanted);
    // Nothing is left that is their own, so nothing is written.
    expect([occurrences.map(({ isModified }) => isModified), made.complete]).toEqual([[false, false, false, false, false], true]);
  });

  test('stay stricter than the policy asks, and are as before where it leaves them so', async () => {
    const own = { 1: { unlockedMeetingJoinSecurity: 'blockFromJoin' }, 2: { enabledJoinBeforeHost: true, joinBeforeHostMinutes: 15 } };
    const strict = await replace(await series(own));
    expect([fieldsThatDiffer(strict.rows), (await listed(strict.id)).map((each) => each['unlockedMeetingJoinSecurity'])]).toEqual([[], ['allowJoinWithLobby', 'blockFromJoin', 'allowJoinWithLobby', 'allowJoinWithLobby', 'allowJoinWithLobby']]);
    const asBefore = await replace(await series(own), lenient);
    expect(fieldsThatDiffer(asBefore.rows)).toEqual([]);
    expect((await listed(asBefore.id))[2]).toMatchObject({ enabledJoinBeforeHost: true, joinBeforeHostMinutes: 15, unlockedMeetingJoinSecurity: 'allowJoin' });
  });

  test.each<[string, number, Fields, string]>([
    ['one that was carried over, and is otherwise in the new series', 1, { reminderTime: 15 }, 'changes.reminderTime'],
    ['one that only the new series has', 2, { meetingOptions: { enabledVideo: false } }, 'changes.meetingOptions.enabledVideo'],
    ['the lobby of one occurrence', 4, { unlockedMeetingJoinSecurity: 'allowJoin' }, 'changes.unlockedMeetingJoinSecurity'],
  ])('are proven one by one: %s', async (_, n, settings, field) => {
    const id = await series({ 1: { reminderTime: 30 } });
    const made = await replace(id);
    await edit(made.id, n, { settings });
    const old = await copy(id);
    const { options: intended, ...known } = webex().intendedOptions(old, policy);
    const replacement = await readMeeting(webex(), { ...REF, id: made.id, hostEmail });
    expect(fieldsThatDiffer(compare({ legacy: old, replacement, intended, ...known, now: Date.now() }))).toEqual([field]);
  });

  test('that a site of the suite does not know are lost, and told; on a public list nobody is put because of it', async () => {
    const id = await series({ 1: { meetingOptions: { enabledNote: false, enabledChat: false } }, 2: { publicMeeting: true } });
    await client.control('POST', `sites/${SITE}/suite`, { migrated: true });
    const { rows } = await replace(id);
    expect(fieldsThatDiffer(rows)).toEqual([]);
    expect(ownRows(rows)).toMatchObject({ 'changes.meetingOptions.enabledNote': 'lost', 'changes.meetingOptions.enabledChat': 'equal', 'changes.publicMeeting': 'lost' });
    const listedAll = await plan(client, hostEmail, { siteUrl: SITE, recurrence: 'FREQ=DAILY;COUNT=5', start: inDays(3), end: inDays(3, 11) });
    await client.control('POST', `meetings/${listedAll.id}/edit`, { settings: { publicMeeting: true } });
    await edit(listedAll.id, 1, { settings: { publicMeeting: false } });
    expect(webex().intendedOptions(await copy(listedAll.id), policy).unsure).not.toContain('changes.publicMeeting');
  });
});

describe('tracking codes of a single occurrence', () => {
  const select = (...values: readonly string[]) => ({ name: 'Region', inputMode: 'select', options: values.map((value, i) => ({ value, defaultValue: i === 0 })) });
  const codes = (value: string) => ({ trackingCodes: [{ name: 'Region', value }] });

  test('are carried over', async () => {
    await client.control('POST', `sites/${SITE}/codes`, { codes: [select('North', 'South')] });
    const made = await replace(await series({ 1: codes('South') }, { trackingCodes: { Region: 'North' } }));
    expect([fieldsThatDiffer(made.rows), ownRows(made.rows)]).toEqual([[], { 'changes.trackingCodes.Region': 'equal' }]);
    expect((await listed(made.id)).map(({ trackingCodes }) => (trackingCodes as Fields[])[0]?.['value'])).toEqual(['North', 'South', 'North', 'North', 'North']);
  });

  test('that the site no longer takes refuse the series before anything is written, or give way to the site’s default and are told', async () => {
    await client.control('POST', `sites/${SITE}/codes`, { codes: [select('North', 'South')] });
    const old = await copy(await series({ 1: codes('Elsewhere') }));
    expect(webex().obstacle(old, policy, Date.now())).toEqual({ reason: 'TrackingCodes', fields: ['trackingCodes.Region'] });
    const { rows } = await replace(old.identity.id, { ...policy, trackingCodes: 'site-default' });
    expect([fieldsThatDiffer(rows), ownRows(rows)]).toEqual([[], { 'changes.trackingCodes.Region': 'lost' }]);
  });
});

test('of a simulated organisation each series with changed occurrences is replaced, whatever of them is their own', async () => {
  const organisation = await start({ meetings: 150, hosts: 8, seed: 6, rpm: 10 ** 6, createsIdentity: 10 ** 6, createsHost: 10 ** 6, supports: ['exceptions'] });
  const truth = await organisation.control<Record<string, { kind: string }>>('GET', 'truth');
  const meetings = await organisation.control<{ id: string; hostEmail: string; exceptions: readonly { original: string; options?: unknown; breakouts?: unknown }[] }[]>('GET', 'meetings');
  const changed = meetings.filter(({ id }) => truth[id]?.kind === 'exceptions');
  const own = changed.flatMap(({ exceptions }) => exceptions.filter(({ original }) => Date.parse(original) > Date.now()));
  expect(own.filter(({ options }) => options !== undefined).length).toBeGreaterThan(0);
  expect(own.filter(({ breakouts }) => breakouts !== undefined).length).toBeGreaterThan(0);
  const vendorOf = subject(organisation.simulators.webex.url, { token: organisation.simulators.webex.token }).webex;
  for (const { id, hostEmail: email } of changed) {
    const { legacy: old, replacement } = await replaceMeeting(vendorOf, { ...REF, id, hostEmail: email });
    expect(differencesOf(vendorOf, old, replacement)).toEqual([]);
  }
});

describe('as the vendor shows them', () => {
  const shown = async (own: Json, of: Json = {}) => {
    const planned = aSeries(of);
    const occurrences = listedOf(planned).map((each, i) => (i === 3 ? { ...each, isModified: true, ...own } : each));
    vendor.on('GET', '/meetings/m1', { body: planned }).on('GET', '/meetings', items(...occurrences)).on('GET', '/meetingInvitees', items());
    for (const each of occurrences) vendor.on('GET', `/meetings/${String(each['id'])}`, { body: each });
    const read = await subject(vendor.baseUrl).webex.readMeeting(REF, aWindow());
    if (read === 'gone') throw new Error('gone');
    return [read.refusal, read.changes?.map(({ original, held }) => [original, held?.options])];
  };

  test('what an answer leaves out, or is off, is as the series says', async () => {
    const of = { meetingOptions: { enabledChat: true, enabledVideo: true }, reminderTime: 15 };
    expect(await shown({ meetingOptions: { enabledChat: true }, reminderTime: undefined, publicMeeting: false }, of)).toEqual([undefined, []]);
    expect(await shown({ meetingOptions: { enabledChat: false } }, of)).toEqual([undefined, [[day(6), { meetingOptions: { enabledChat: false, enabledVideo: true } }]]]);
  });

  test('a stream of which nothing shows where to refuses the series: no request can name it', async () => {
    expect(await shown({ enabledLiveStream: true })).toEqual(['SeriesExceptions', undefined]);
  });
});
