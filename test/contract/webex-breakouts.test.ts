import { ScriptedVendor } from '../support/scripted-vendor.js';
import { differencesOf, readMeeting, replaceMeeting } from '../support/whole-job.js';
import { aMeeting, aSeries, aWindow, failureOf, HOST, items, occurrencesOf as listedOf, policy, REF, snapshotOf, subject } from '../support/webex-answers.js';
import { LossySimulator } from './lossy-simulator.js';
import { legacy, occurrencesOf, stopAll, type Fields } from './simulator-client.js';

const vendor = ScriptedVendor.inThisFile();
afterAll(stopAll);

const invitees = [{ email: 'Anna@guest.example.org' }, { email: 'bo@guest.example.org' }];
const sessions = [{ name: 'Plim', invitees: ['Anna@guest.example.org'] }, { name: 'Quib', invitees: ['bo@guest.example.org'] }, { name: 'Plim', invitees: [] }];
const kept = [{ name: 'Plim', invitees: ['anna@guest.example.org'] }, { name: 'Quib', invitees: ['bo@guest.example.org'] }, { name: 'Plim', invitees: [] }];
const weekly = { recurrence: 'FREQ=WEEKLY;COUNT=5' };
const path = '/meetings/m1/breakoutSessions';

describe('a vendor that shows a meeting with breakout sessions', () => {
  const meeting = aMeeting({ enabledBreakoutSessions: true });

  test('is asked for them, the host named in a header, and they are planned anew', async () => {
    vendor.on('GET', path, items({ id: 's1', ...sessions[0] }, { id: 's2', name: 'Quib' }));
    const snapshot = await snapshotOf(vendor, meeting);
    expect([snapshot.refusal, snapshot.parts]).toEqual([undefined, { breakoutSessions: [kept[0], { name: 'Quib', invitees: [] }] }]);
    expect(vendor.to('GET', path).map(({ headers }) => headers['hostemail'])).toEqual([HOST]);
    vendor.on('POST', '/meetings', { body: aMeeting({ id: 'm2' }) });
    await subject(vendor.baseUrl).webex.createReplacement(snapshot, policy, 'relink:t');
    expect(vendor.to('POST', '/meetings')[0]?.body).toMatchObject({ enabledBreakoutSessions: true, breakoutSessions: [kept[0], { name: 'Quib', invitees: [] }] });
  });

  test('and has none prepared gives a meeting that has them switched on', async () => {
    vendor.on('GET', path, items());
    const snapshot = await snapshotOf(vendor, meeting);
    expect(snapshot.parts).toEqual({ breakoutSessions: [] });
    vendor.on('POST', '/meetings', { body: aMeeting({ id: 'm2' }) });
    await subject(vendor.baseUrl).webex.createReplacement(snapshot, policy, 'relink:t');
    const body = vendor.to('POST', '/meetings')[0]?.body;
    expect(body).toHaveProperty('enabledBreakoutSessions', true);
    expect(body).not.toHaveProperty('breakoutSessions');
  });

  test('but not where they are is refused by name: the meeting is not gone', async () => {
    vendor.on('GET', path, { status: 404 });
    const failure = await failureOf(snapshotOf(vendor, meeting));
    expect([failure.type, failure.facts.fields]).toEqual(['VendorRefused', ['breakoutSessions']]);
  });

  test('with a field that cannot be read is refused by its name', async () => {
    vendor.on('GET', path, items({ id: 's1', name: 'Plim', invitees: 'anna@guest.example.org' }));
    expect((await failureOf(snapshotOf(vendor, meeting))).facts.fields).toEqual(['breakoutSessions.invitees']);
  });

  test('and none for a meeting without them is not asked', async () => {
    expect((await snapshotOf(vendor, aMeeting({ enabledBreakoutSessions: false }))).parts).toBeUndefined();
  });

  test('of more people than fit into a creation gets the sessions when all are invited', async () => {
    const many = Array.from({ length: 1001 }, (_, i) => ({ email: `guest-${i}@example.org` }));
    vendor.on('GET', path, items({ id: 's1', ...sessions[0] }));
    const snapshot = await snapshotOf(vendor, meeting, { invitees: many });
    vendor.on('POST', '/meetings', { body: aMeeting({ id: 'm2' }) });
    const { webex } = subject(vendor.baseUrl);
    expect(await webex.createReplacement(snapshot, policy, 'relink:t')).toMatchObject({ complete: false });
    expect(vendor.to('POST', '/meetings')[0]?.body).not.toHaveProperty('breakoutSessions');
    vendor.on('GET', '/meetingInvitees', items()).on('POST', '/meetingInvitees/bulkInsert', items()).on('GET', '/meetings/m2/breakoutSessions', items()).on('PUT', '/meetings/m2/breakoutSessions', items());
    await webex.carryOver({ ...REF, id: 'm2' }, snapshot, policy);
    const writes = vendor.asked.filter(({ method }) => method !== 'GET').map(({ method, path: where }) => `${method} ${where}`);
    expect(writes.slice(-2)).toEqual(['POST /meetingInvitees/bulkInsert', 'PUT /meetings/m2/breakoutSessions']);
    expect(vendor.to('PUT', '/meetings/m2/breakoutSessions')[0]?.body).toEqual({ hostEmail: HOST, sendEmail: false, items: [kept[0]] });
  });
});

test('an occurrence that has them while its series has none is read with them', async () => {
  const series = aSeries({ enabledBreakoutSessions: false });
  const occurrences = listedOf(series).map((occurrence, i) => (i === 3 ? { ...occurrence, isModified: true, enabledBreakoutSessions: true } : occurrence));
  const own = occurrences[3] as Fields;
  vendor.on('GET', '/meetings/m1', { body: series }).on('GET', '/meetings', items(...occurrences)).on('GET', '/meetingInvitees', items());
  vendor.on('GET', `/meetings/${String(own['id'])}`, { body: own }).on('GET', `/meetings/${String(own['id'])}/breakoutSessions`, items({ name: 'Plim' }));
  const read = await subject(vendor.baseUrl).webex.readMeeting(REF, aWindow());
  expect(read).toMatchObject({ refusal: undefined, changes: [{ held: { parts: { breakoutSessions: [{ name: 'Plim', invitees: [] }] } } }] });
});

describe('with the simulator', () => {
  const simulated = LossySimulator.inThisBlock();
  const { webex, webexAt } = simulated;
  const planned = async (more: Fields = {}) => ({ ...REF, id: (await legacy(simulated.client, simulated.hostEmail, { invitees, breakouts: sessions, ...more })).id, hostEmail: simulated.hostEmail });
  const put = (id: string, of: readonly Fields[]) => simulated.client.put(`/meetings/${id}/breakoutSessions`, { hostEmail: simulated.hostEmail, sendEmail: false, items: of });
  const shown = async (id: string): Promise<unknown> =>
    ((await simulated.client.get(`/meetings/${id}/breakoutSessions`, {}, { hostEmail: simulated.hostEmail })).body['items'] as Fields[]).map(({ name, invitees: people }) => ({ name, invitees: people }));

  test.each<[string, Fields]>([
    ['a single meeting', {}],
    ['a series', weekly],
  ])('%s has its sessions again, without a request to write them, and nobody is mailed', async (_what, more) => {
    const since = (await simulated.client.control<unknown[]>('GET', 'calls')).length;
    const { legacy: old, made, replacement, complete } = await replaceMeeting(webex(), await planned(more));
    expect(complete).toBe(true);
    expect(differencesOf(webex(), old, replacement)).toEqual([]);
    expect(await shown(made.id)).toEqual(kept);
    const calls = await simulated.client.control<{ method: string; mailsPeople: boolean }[]>('GET', `calls?since=${since}`);
    expect(calls.filter(({ method }) => method !== 'GET').map(({ method, mailsPeople }) => [method, mailsPeople])).toEqual([['POST', false]]);
  });

  test.each<[string, readonly Fields[]]>([
    ['a session is missing', kept.slice(1)],
    ['there is one too many', [...kept, { name: 'Tarok' }]],
    ['somebody is in another session', [{ name: 'Plim' }, { ...kept[1] }, { name: 'Plim', invitees: ['anna@guest.example.org'] }].map((session, i) => (i === 0 ? { name: 'Tarok' } : session))],
    ['somebody is in none', [{ name: 'Plim' }, ...kept.slice(1)]],
  ])('a replacement of which %s is not as it must be, and is mended silently', async (_what, others) => {
    const { legacy: old, made } = await replaceMeeting(webex(), await planned());
    await put(made.id, others);
    expect(differencesOf(webex(), old, await readMeeting(webex(), made))).toEqual(['breakoutSessions']);
    await webex().carryOver(made, old, policy);
    expect(differencesOf(webex(), old, await readMeeting(webex(), made))).toEqual([]);
    const calls = await simulated.client.control<{ method: string; mailsPeople: boolean }[]>('GET', 'calls');
    expect(calls.filter(({ method, mailsPeople }) => method === 'PUT' && mailsPeople)).toEqual([]);
  });

  test('the order of sessions and of the people in them is no difference, and nothing is written for it', async () => {
    const { legacy: old, made } = await replaceMeeting(webex(), await planned());
    await put(made.id, kept.toReversed());
    const before = (await simulated.client.control<unknown[]>('GET', 'calls')).length;
    expect(differencesOf(webex(), old, await readMeeting(webex(), made))).toEqual([]);
    await webex().carryOver(made, old, policy);
    const calls = await simulated.client.control<{ method: string }[]>('GET', `calls?since=${before}`);
    expect(calls.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  test('sessions whose answer was lost are there once, and the second attempt writes nothing', async () => {
    const { legacy: old, made } = await replaceMeeting(webex(), await planned());
    await put(made.id, []);
    simulated.line.loseNext(/^PUT .*breakoutSessions$/);
    expect((await failureOf(webexAt(simulated.line.baseUrl).carryOver(made, old, policy))).type).toBe('NetworkAmbiguous');
    expect(simulated.line.lost).toEqual(['PUT /v1/meetings/:id/breakoutSessions']);
    expect(await shown(made.id)).toEqual(kept);
    const before = (await simulated.client.control<unknown[]>('GET', 'calls')).length;
    await webexAt(simulated.line.baseUrl).carryOver(made, old, policy);
    expect(await shown(made.id)).toEqual(kept);
    const calls = await simulated.client.control<{ method: string }[]>('GET', `calls?since=${before}`);
    expect(calls.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  const edit = async (id: string, n: number, changes: Fields): Promise<unknown> =>
    simulated.client.control('POST', `meetings/${id}/occurrences/${(await occurrencesOf(simulated.client, simulated.hostEmail, id))[n]?.start ?? ''}/edit`, changes);
  const shownOf = async (id: string): Promise<unknown> => Promise.all((await occurrencesOf(simulated.client, simulated.hostEmail, id)).map((occurrence) => shown(occurrence.id)));
  const own = [{ name: 'Tarok', invitees: ['bo@guest.example.org', 'cy@guest.example.org'] }];

  test('a series with changed occurrences keeps its sessions', async () => {
    const ref = await planned(weekly);
    await edit(ref.id, 1, { title: 'Tarok' });
    const { legacy: old, made, replacement, complete } = await replaceMeeting(webex(), ref);
    expect([complete, differencesOf(webex(), old, replacement), await shownOf(made.id)]).toEqual([false, [], [kept, kept, kept, kept, kept]]);
  });

  test.each<[string, Fields]>([
    ['has its own', weekly],
    ['has none', { ...weekly, breakouts: undefined }],
  ])('occurrences with sessions of their own, and without any, have them again where the series %s; nobody is mailed', async (_what, more) => {
    const ref = await planned(more);
    const ofSeries = more['breakouts'] === undefined && 'breakouts' in more ? [] : kept;
    await edit(ref.id, 1, { breakouts: own, invitees: { add: ['cy@guest.example.org'] } });
    await edit(ref.id, 2, { breakouts: [] });
    await edit(ref.id, 3, { settings: { enabledBreakoutSessions: false }, title: 'Tarok' });
    const since = (await simulated.client.control<unknown[]>('GET', 'calls')).length;
    const { legacy: old, made, replacement } = await replaceMeeting(webex(), ref);
    expect(differencesOf(webex(), old, replacement)).toEqual([]);
    expect(await shownOf(made.id)).toEqual([ofSeries, own, [], [], ofSeries]);
    expect((await occurrencesOf(simulated.client, simulated.hostEmail, made.id)).map(({ enabledBreakoutSessions }) => enabledBreakoutSessions)).toEqual([ofSeries.length > 0, true, true, false, ofSeries.length > 0]);
    const calls = await simulated.client.control<{ method: string; mailsPeople: boolean }[]>('GET', `calls?since=${since}`);
    expect(calls.filter(({ method, mailsPeople }) => method !== 'GET' && mailsPeople)).toEqual([]);
  });

  test('an occurrence of a replacement with other sessions than that of the old series is a difference by its name, and is mended', async () => {
    const ref = await planned(weekly);
    await edit(ref.id, 1, { breakouts: own.map((session) => ({ ...session, invitees: ['bo@guest.example.org'] })) });
    const { legacy: old, made } = await replaceMeeting(webex(), ref);
    await put((await occurrencesOf(simulated.client, simulated.hostEmail, made.id))[1]?.id ?? '', [{ name: 'Quib' }]);
    expect(differencesOf(webex(), old, await readMeeting(webex(), made))).toEqual(['changes.breakoutSessions']);
    await webex().carryOver(made, old, policy);
    expect(differencesOf(webex(), old, await readMeeting(webex(), made))).toEqual([]);
    await put((await occurrencesOf(simulated.client, simulated.hostEmail, made.id))[3]?.id ?? '', []);
    expect(differencesOf(webex(), old, await readMeeting(webex(), made))).toEqual(['changes.breakoutSessions']);
  });
});
