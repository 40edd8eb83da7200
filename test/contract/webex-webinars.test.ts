import { compare, fieldsThatDiffer } from '../../domain/compare.js';
import { ScriptedVendor } from '../support/scripted-vendor.js';
import { differencesOf, readMeeting, replaceMeeting } from '../support/whole-job.js';
import { aMeeting, anInvitee, failureOf, HOST, items, policy, REF, snapshotOf, subject, type Json } from '../support/webex-answers.js';
import { hostsOf, inDays, legacy, occurrencesOf, start, stopAll, type Client, type Fields } from './simulator-client.js';

const vendor = ScriptedVendor.inThisFile();
afterAll(stopAll);

const aWebinar = (changes: Json = {}): Json =>
  aMeeting({ scheduledType: 'webinar', sessionTypeId: 214, panelistPassword: 'Pw-panel-1', phoneAndVideoSystemPanelistPassword: '12345678', enabledWebcastView: true, requireAttendeeLogin: true, ...changes });
const panel = [anInvitee('anna@guest.example.org', { panelist: true }), anInvitee('bo@guest.example.org')];
const create = (snapshot: Awaited<ReturnType<typeof snapshotOf>>) => subject(vendor.baseUrl).webex.createReplacement(snapshot, policy, 'relink:t');

describe('a vendor that shows a webinar', () => {
  test('is asked for one of the same type with its panelists and settings, silently, and for no passcode', async () => {
    const snapshot = await snapshotOf(vendor, aWebinar({ attendeePrivileges: { enabledShareContent: true } }), { invitees: panel });
    expect([snapshot.refusal, snapshot.kind]).toEqual([undefined, 'webinar']);
    vendor.on('POST', '/meetings', { body: aWebinar({ id: 'm2' }) });
    expect(await create(snapshot)).toMatchObject({ complete: true });
    const body = vendor.to('POST', '/meetings')[0]?.body as Json;
    expect(body).toMatchObject({ scheduledType: 'webinar', sessionTypeId: 214, enabledWebcastView: true, requireAttendeeLogin: true, sendEmail: false });
    expect((body['invitees'] as Json[]).map(({ email, panelist }) => [email, panelist])).toEqual([['anna@guest.example.org', true], ['bo@guest.example.org', false]]);
    for (const field of ['attendeePrivileges', 'password', 'panelistPassword', 'phoneAndVideoSystemPanelistPassword']) expect(body).not.toHaveProperty(field);
  });

  test('but not its type is not asked for another: it is refused by name', async () => {
    expect((await snapshotOf(vendor, aWebinar({ sessionTypeId: undefined }))).refusal).toBe('Webinar');
  });

  test('with a live stream or of a space has it refused for that', async () => {
    expect((await snapshotOf(vendor, aWebinar({ enabledLiveStream: true }))).refusal).toBe('LiveStream');
    expect((await snapshotOf(vendor, aWebinar({ roomId: 'space' }))).refusal).toBe('SpaceMeeting');
  });

  test('keeps an ordinary meeting ordinary', async () => {
    const snapshot = await snapshotOf(vendor, aMeeting({ attendeePrivileges: { enabledShareContent: true } }));
    vendor.on('POST', '/meetings', { body: aMeeting({ id: 'm2' }) });
    await create(snapshot);
    expect(vendor.to('POST', '/meetings')[0]?.body).toMatchObject({ attendeePrivileges: { enabledShareContent: true } });
    expect(vendor.to('POST', '/meetings')[0]?.body).not.toHaveProperty('scheduledType');
  });
});

describe('what no request carries over', () => {
  const lostOf = async (changes: Json, invitees: readonly Json[]) => subject(vendor.baseUrl).webex.intendedOptions(await snapshotOf(vendor, aWebinar(changes), { invitees }), policy).lost;

  test('is named: links and passcode of the panel, links of attendees, survey, sources of invitations, practice session', async () => {
    expect(await lostOf({}, panel)).toEqual(['hostKey', 'panelistPassword', 'panelistLinks', 'attendeeLinks', 'survey', 'invitationSources', 'practiceSession']);
  });

  test('is not named where there is none', async () => {
    expect(await lostOf({ panelistPassword: undefined }, panel.slice(1))).toEqual(['hostKey', 'attendeeLinks', 'survey', 'invitationSources', 'practiceSession']);
    expect(await lostOf({}, [])).not.toContain('attendeeLinks');
  });

  test('does not excuse an old passcode of the panel in the new webinar', async () => {
    const old = await snapshotOf(vendor, aWebinar());
    const { options: intended, lost } = subject(vendor.baseUrl).webex.intendedOptions(old, policy);
    const rows = (panelistPassword: string | undefined) => compare({ legacy: old, replacement: { ...old, panelistPassword }, intended, lost, now: Date.now() });
    expect(fieldsThatDiffer(rows('Pw-panel-1'))).toContain('panelistPassword');
    expect(fieldsThatDiffer(rows(undefined))).toContain('panelistPassword');
    expect(rows('Pw-panel-2')).toContainEqual({ field: 'panelistPassword', verdict: 'lost' });
  });
});

describe('a vendor that refuses to plan a webinar', () => {
  const types = '/meetings/sessionTypes';
  const refused = async (status: number, meeting: Json = aWebinar()) => {
    const snapshot = await snapshotOf(vendor, meeting);
    vendor.on('POST', '/meetings', { status, body: { message: 'wobbly-prose', trackingId: 'T1' }, headers: { trackingid: 'T1' } });
    return failureOf(create(snapshot));
  };

  test.each([400, 403])('with %i and does not list its type for the host is told by name that a licence is missing', async (status) => {
    vendor.on('GET', types, items({ id: '3', name: 'Meeting', type: 'meeting' }));
    const failure = await refused(status);
    expect([failure.type, failure.facts.status, failure.facts.trackingId]).toEqual(['NotLicensed', status, 'T1']);
    expect(vendor.to('GET', types).map(({ query }) => [query.get('hostEmail'), query.get('siteUrl')])).toEqual([[HOST, REF.site]]);
    expect(vendor.to('POST', '/meetings')).toHaveLength(1);
  });

  test.each<[string, number, string, Json]>([
    ['lists its type', 403, 'Forbidden', { id: '214', name: 'Webinar', type: 'webinar' }],
    ['lists its type', 400, 'VendorRefused', { id: 214, name: 'Webinar', type: 'webinar' }],
    ['lists something that cannot be read', 400, 'VendorRefused', { name: 'Webinar' }],
  ])('and %s has another reason (%i)', async (_what, status, type, listed) => {
    vendor.on('GET', types, items(listed));
    expect((await refused(status)).type).toBe(type);
  });

  test('and does not say what the host may plan leaves the refusal as it was', async () => {
    vendor.on('GET', types, { status: 403 });
    expect((await refused(400)).type).toBe('VendorRefused');
  });

  test('and is asked too often then is asked again later', async () => {
    vendor.on('GET', types, { status: 429, headers: { 'retry-after': '7' } });
    expect((await refused(403)).type).toBe('RateLimited');
  });

  test('is not asked for types of a meeting that shows none', async () => {
    expect((await refused(403, aMeeting())).type).toBe('Forbidden');
  });

  test.each<[string, string, Json]>([
    ['does not list the type of', 'NotLicensed', { id: '214', name: 'Webinar', type: 'webinar' }],
    ['lists as a webinar the type of', 'NotLicensed', { id: '3', name: 'Webinar', type: 'webinar' }],
    ['lists the type of', 'Forbidden', { id: '3', name: 'Meeting', type: 'meeting' }],
    ['lists, of whatever sort, the type of', 'Forbidden', { id: '3', name: 'Private', type: 'privateMeeting' }],
  ])('and %s an ordinary meeting is told as %s', async (_what, type, listed) => {
    vendor.on('GET', types, items(listed));
    expect((await refused(403, aMeeting({ sessionTypeId: 3 }))).type).toBe(type);
  });
});

describe('with the simulator', () => {
  let client: Client;
  let hostEmail = '';
  beforeAll(async () => {
    client = await start({ rpm: 10 ** 6 });
    [hostEmail = ''] = await hostsOf(client);
  });

  const invitees = [{ email: 'anna@guest.example.org', panelist: true }, { email: 'bo@guest.example.org' }];
  const webex = () => subject(client.simulators.webex.url, { token: client.simulators.webex.token }).webex;
  const planned = async (more: Fields = {}) => ({ ...REF, site: 'example.webex.com', id: (await legacy(client, hostEmail, { invitees, webinar: {}, ...more })).id, hostEmail });
  const calls = (since: number) => client.control<{ method: string; path: string; mailsPeople: boolean }[]>('GET', `calls?since=${since}`);
  const writes = async (since: number) => (await calls(since)).filter(({ method }) => method !== 'GET').map(({ method, mailsPeople }) => [method, mailsPeople]);
  const rowsOf = (old: Parameters<typeof differencesOf>[1], replacement: typeof old) => {
    const { options: intended, lost } = webex().intendedOptions(old, policy);
    return compare({ legacy: old, replacement, intended, lost, now: Date.now() });
  };
  const anna = { firstName: 'Anna', lastName: 'Vos', email: 'anna@guest.example.org', status: 'approved', registeredAt: inDays(-5) };

  test.each<[string, Fields]>([
    ['of its own', {}],
    ['for invitees alone', { webinar: { requireAttendeeLogin: true, restrictToInvitees: true, enabledWebcastView: true } }],
    ['that recurs', { recurrence: 'FREQ=WEEKLY;COUNT=5' }],
    ['with breakout sessions', { breakouts: [{ name: 'Plim', invitees: ['bo@guest.example.org'] }] }],
    ['with interpreters', { interpreters: [{ languageCode1: 'en', languageCode2: 'nl', email: 'cy@guest.example.org' }] }],
    ['that locks itself', { webinar: { enableAutomaticLock: true, automaticLockMinutes: 10 } }],
  ])('a webinar %s is replaced by one like it, in one request that mails nobody', async (_what, more) => {
    const ref = await planned(more);
    const since = (await calls(0)).length;
    const { legacy: old, replacement, complete } = await replaceMeeting(webex(), ref);
    expect(complete).toBe(true);
    expect(fieldsThatDiffer(rowsOf(old, replacement))).toEqual([]);
    expect(replacement.kind).toBe('webinar');
    expect(replacement.panelistPassword).not.toBe(old.panelistPassword);
    expect(await writes(since)).toEqual([['POST', false]]);
  });

  test('a webinar with a form has whoever registered registered again, and nobody is mailed', async () => {
    const ref = await planned({ registration: { autoAcceptRequest: false, requireEmail: true }, registrants: [anna] });
    const since = (await calls(0)).length;
    const { legacy: old, replacement } = await replaceMeeting(webex(), ref);
    expect(fieldsThatDiffer(rowsOf(old, replacement))).toEqual([]);
    expect(replacement.parts?.['registrants']).toMatchObject([{ email: anna.email, status: 'approved' }]);
    expect((await writes(since)).map(([, mails]) => mails)).toEqual([false, false, false]);
  });

  test('more invitees than a creation takes keep their roles', async () => {
    const many = Array.from({ length: 1010 }, (_, i) => ({ email: `guest-${String(i).padStart(4, '0')}@guest.example.org`, panelist: i % 5 === 0 }));
    const { legacy: old, replacement, complete } = await replaceMeeting(webex(), await planned({ invitees: many }));
    expect(complete).toBe(false);
    expect(fieldsThatDiffer(rowsOf(old, replacement))).toEqual([]);
  });

  test('one occurrence of a series of webinars keeps a panel of its own', async () => {
    const ref = await planned({ recurrence: 'FREQ=WEEKLY;COUNT=5' });
    const [, second] = await occurrencesOf(client, hostEmail, ref.id);
    await client.control('POST', `meetings/${ref.id}/occurrences/${second?.start ?? ''}/edit`, { title: 'Tarok', invitees: { add: [{ email: 'cy@guest.example.org', panelist: true }], remove: ['anna@guest.example.org'] } });
    const { legacy: old, replacement } = await replaceMeeting(webex(), ref);
    expect(fieldsThatDiffer(rowsOf(old, replacement))).toEqual([]);
    expect(replacement.changes?.[0]?.held?.invitees.map(({ email, panelist }) => [email, panelist])).toEqual([['bo@guest.example.org', false], ['cy@guest.example.org', true]]);
  });

  test('a panelist who became an attendee is a difference', async () => {
    const { legacy: old, made } = await replaceMeeting(webex(), await planned());
    const { items: list } = await client.all('/meetingInvitees', { meetingId: made.id, hostEmail, panelist: 'true' });
    await client.delete(`/meetingInvitees/${String(list[0]?.['id'])}`, { hostEmail, sendEmail: 'false' });
    await client.post('/meetingInvitees', { meetingId: made.id, hostEmail, sendEmail: false, email: 'anna@guest.example.org' });
    expect(differencesOf(webex(), old, await readMeeting(webex(), made))).toEqual(['invitees']);
  });

  test.each<[string, Fields]>([
    ['enabledWebcastView', { enabledWebcastView: true }],
    ['requireAttendeeLogin', { requireAttendeeLogin: true }],
    ['enableAutomaticLock', { enableAutomaticLock: true }],
  ])('a webinar whose %s is not as it was is a difference', async (field, change) => {
    const { legacy: old, made } = await replaceMeeting(webex(), await planned());
    await client.patch(`/meetings/${made.id}`, { hostEmail, sendEmail: false, ...change });
    expect(differencesOf(webex(), old, await readMeeting(webex(), made))).toEqual([field]);
  });

  test('a host whose licence was taken away gets no webinar, and the old one stays as it was', async () => {
    const ref = await planned();
    const before = await readMeeting(webex(), ref);
    await client.control('POST', `people/${hostEmail}/licence`, { webinars: false });
    expect((await failureOf(webex().createReplacement(before, policy, 'relink:t'))).type).toBe('NotLicensed');
    expect((await readMeeting(webex(), ref)).panelistPassword).toBe(before.panelistPassword);
    await client.control('POST', `people/${hostEmail}/licence`, { webinars: true });
    await webex().createReplacement(before, policy, 'relink:t');
  });

  test('a host whose session type was withdrawn gets no meeting of it, which has a name of its own, and a webinar all the same', async () => {
    const { id } = await legacy(client, hostEmail, { invitees });
    const ordinary = await readMeeting(webex(), { ...REF, site: 'example.webex.com', id, hostEmail });
    const webinar = await readMeeting(webex(), await planned());
    await client.control('POST', `people/${hostEmail}/licence`, { meetings: false });
    const failure = await failureOf(webex().createReplacement(ordinary, policy, 'relink:t'));
    expect([failure.type, failure.facts.fields]).toEqual(['NotLicensed', ['sessionTypeId']]);
    await webex().createReplacement(webinar, policy, 'relink:t');
    await client.control('POST', `people/${hostEmail}/licence`, { meetings: true });
    await webex().createReplacement(ordinary, policy, 'relink:t');
  });
});
