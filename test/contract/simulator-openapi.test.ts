import { Client, hostsOf, inDays, legacy, occurrencesOf, replacementBody, start, stopAll, wide, type Fields } from './simulator-client.js';
import { Specification } from '../support/vendor-document.js';

afterEach(stopAll);

const ROOM = '/meetingPreferences/personalMeetingRoom';

/** A client whose every exchange is held against the vendor's document. */
async function watched(options: Parameters<typeof start>[0]): Promise<{ client: Client; spec: Specification; faults: string[]; seen: Set<string> }> {
  const { simulators } = await start(options);
  const spec = await Specification.load();
  const faults: string[] = [];
  const seen = new Set<string>();
  const client = new Client(simulators, simulators.webex.token, (exchange) => {
    const checked = spec.check(exchange);
    if (exchange.reply.status < 300) seen.add(checked.operation ?? '');
    faults.push(...checked.faults.map((fault) => `${exchange.method} ${exchange.path}?${exchange.query}: ${fault}`));
  });
  return { client, spec, faults, seen };
}

/** What was held is kept for 180 days: what is over, or falls out of them, before it is asked for is a 404, rightly. */
const endsNow = ({ end }: Fields): boolean => [0, 180 * 86_400_000].some((ago) => Math.abs(Date.parse(String(end)) + ago - Date.now()) < 60_000);

test('every answer about a seeded organisation, and every request that gets one, is as the official document says', async () => {
  const { client, faults } = await watched({ meetings: 60, hosts: 4, rpm: 100_000 });
  for (const hostEmail of await hostsOf(client)) {
    for (const meetingType of ['meetingSeries', 'scheduledMeeting', 'meeting']) {
      const to = new Date(Date.now() + 40 * 86_400_000).toISOString();
      const { items } = await client.all('/meetings', { ...wide, to, hostEmail, meetingType });
      for (const id of new Set(items.slice(0, 6).filter((item) => item['hostEmail'] === hostEmail && !endsNow(item)).map((item) => String(item['id'])))) {
        expect((await client.get(`/meetings/${id}`, { hostEmail })).status).toBe(200);
      }
    }
    const { items } = await client.all('/meetings', { ...wide, hostEmail, current: 'false' });
    for (const { id } of items.filter((item) => item['hostEmail'] === hostEmail)) {
      await client.get(`/meetings/${String(id)}`, { hostEmail, current: 'true' });
      await client.all('/meetingInvitees', { meetingId: String(id), hostEmail, max: '100' });
    }
  }
  expect(faults).toEqual([]);
});

test('every operation of the document is served, and writes are accepted as the document describes them', async () => {
  const { client, spec, faults, seen } = await watched({ meetings: 5 });
  const [hostEmail = ''] = await hostsOf(client);
  const me = await client.get('/people/me');
  await client.get(`/people/${String(me.body['id'])}`);
  const body = replacementBody(hostEmail, {
    agenda: 'Plim',
    timezone: 'Europe/Amsterdam',
    start: inDays(3).replace('Z', ''),
    end: inDays(3, 11).replace('Z', ''),
    recurrence: 'FREQ=WEEKLY;INTERVAL=1;COUNT=5',
    unlockedMeetingJoinSecurity: 'allowJoinWithLobby',
    integrationTags: ['relink:abc'],
    meetingOptions: { enabledChat: false },
    audioConnectionOptions: { entryAndExitTone: 'noTone' },
    trackingCodes: [{ name: 'Department', value: 'Plim' }],
    invitees: [{ email: 'anna@guest.example.org', displayName: 'Anna', coHost: false }],
    enabledLiveStream: true,
    liveStream: { destination: 'Example', rtmpUrl: 'rtmps://stream.example.org:1935/live', streamUrl: 'https://stream.example.org/live' },
    enabledBreakoutSessions: true,
    breakoutSessions: [{ name: 'Plim', invitees: ['anna@guest.example.org'] }],
  });
  const made = await client.post('/meetings', body);
  expect(made.status).toBe(200);
  const meetingId = String(made.body['id']);
  expect((await client.get(`/meetings/${meetingId}`, { hostEmail }, { timezone: 'Europe/Amsterdam' })).body).toEqual(made.body);
  await client.post('/meetingInvitees/bulkInsert', { meetingId, hostEmail, items: [{ email: 'bo@guest.example.org', displayName: 'Bo', sendEmail: false }] });
  const added = await client.post('/meetingInvitees', { meetingId, hostEmail, email: 'cy@guest.example.org', displayName: 'Cy', sendEmail: false });
  await client.get('/meetings', { ...wide, hostEmail, integrationTag: 'relink:abc' });
  await client.get('/meetings', { hostEmail, meetingNumber: String(made.body['meetingNumber']) });
  await client.all('/meetingInvitees', { meetingId, hostEmail, max: '2' });
  await client.delete(`/meetingInvitees/${String(added.body['id'])}`, { hostEmail, sendEmail: 'false' });
  expect((await client.get('/meetings/trackingCodes', { hostEmail, siteUrl: 'example.webex.com', service: 'MeetingCenter' })).body['items']).toHaveLength(1);
  await client.patch(`/meetings/${meetingId}`, { title: 'Plimtarok', trackingCodes: [{ name: 'Department', value: 'Quib' }], hostEmail, sendEmail: false, integrationTags: ['relink:abc'], meetingOptions: { enabledChat: true } });
  await client.get(`/meetings/${meetingId}/breakoutSessions`, {}, { hostEmail });
  await client.put(`/meetings/${meetingId}/breakoutSessions`, { hostEmail, sendEmail: false, items: [{ name: 'Quib', invitees: [] }] });
  await client.delete(`/meetings/${meetingId}`, { hostEmail, sendEmail: 'false' });
  const room = await client.get(ROOM, { userEmail: hostEmail });
  const { personalMeetingRoomLink: _link, sipAddress: _sip, dialInIpAddress: _ip, telephony: _phone, ...options } = room.body;
  await client.put(ROOM, { ...options, topic: 'Plim' }, { userEmail: hostEmail, siteUrl: 'example.webex.com' });
  await client.post(`/admin${ROOM}/refreshId`, { siteUrl: 'example.webex.com', personalMeetingRoomIds: [{ email: hostEmail, systemGenerated: true }] });
  const interpreted = await client.post('/meetings', replacementBody(hostEmail, { simultaneousInterpretation: { enabled: true, interpreters: [{ languageCode1: 'en', languageCode2: 'de', email: 'cy@guest.example.org', displayName: 'Cy' }] } }));
  const interpreters = `/meetings/${String(interpreted.body['id'])}/interpreters`;
  await client.post(interpreters, { hostEmail, sendEmail: false, languageCode1: 'en', languageCode2: 'nl' });
  expect((await client.get(interpreters, { hostEmail })).body['items']).toHaveLength(2);
  await client.get(`/meetings/${String(interpreted.body['id'])}`, { hostEmail });
  await writeRegistrants(client, hostEmail);
  await writeWebinar(client, hostEmail);
  await reassign(client, hostEmail);
  expect(faults).toEqual([]);
  expect([...seen].sort()).toEqual([...spec.operations()].sort());
});

async function reassign(client: Client, from: string): Promise<void> {
  const [, to = ''] = await hostsOf(client);
  const { id, ...planned } = await legacy(client, from, { registration: { requireEmail: true }, interpreters: [{ languageCode1: 'en', languageCode2: 'nl' }] });
  const { id: series } = await legacy(client, from, { recurrence: 'FREQ=WEEKLY;COUNT=5' });
  for (const current of ['true', 'false']) {
    expect((await client.get('/admin/meetings', { meetingNumber: String(planned['meetingNumber']), current })).status).toBe(200);
    expect((await client.get(`/admin/meetings/${series}`, { current })).status).toBe(200);
  }
  expect((await client.post('/meetings/reassignHost', { hostEmail: to, meetingIds: [id, 'f'.repeat(32)] }, {}, { siteUrl: 'example.webex.com' })).status).toBe(207);
  expect((await client.post('/meetings/reassignHost', { hostEmail: to, meetingIds: [series] }, {}, { siteUrl: 'example.webex.com' })).status).toBe(204);
}

async function writeWebinar(client: Client, hostEmail: string): Promise<void> {
  const { items } = (await client.get('/meetings/sessionTypes', { hostEmail, siteUrl: 'example.webex.com' })).body as { items: Fields[] };
  const sessionTypeId = Number(items.find(({ type }) => type === 'webinar')?.['id']);
  const people = [{ email: 'anna@guest.example.org', panelist: true }, { email: 'bo@guest.example.org' }];
  const made = await client.post('/meetings', replacementBody(hostEmail, { scheduledType: 'webinar', sessionTypeId, enabledWebcastView: true, requireAttendeeLogin: true, restrictToInvitees: true, invitees: people }));
  expect(made.status).toBe(200);
  const meetingId = String(made.body['id']);
  expect((await client.get(`/meetings/${meetingId}`, { hostEmail })).body).toEqual(made.body);
  await client.all('/meetings', { ...wide, hostEmail, scheduledType: 'webinar' });
  expect((await client.all('/meetingInvitees', { meetingId, hostEmail, panelist: 'true' })).items).toHaveLength(1);
  await client.patch(`/meetings/${meetingId}`, { hostEmail, sendEmail: false, joinBeforeHostMinutes: 45, enabledJoinBeforeHost: true });
}

async function writeRegistrants(client: Client, hostEmail: string): Promise<void> {
  const form = { autoAcceptRequest: false, requireFirstName: true, requireLastName: true, requireEmail: true, requireCity: true, customizedQuestions: [{ question: 'Which halls?', type: 'checkbox', required: true, options: [{ value: 'Plim' }, { value: 'Quib' }] }, { question: 'Which name?', type: 'singleLineTextBox', maxLength: 20 }] };
  const made = await client.post('/meetings', replacementBody(hostEmail, { registration: form }));
  const registrants = `/meetings/${String(made.body['id'])}/registrants`;
  const [halls, name] = ((await client.get(`/meetings/${String(made.body['id'])}`, { hostEmail })).body['registration'] as { customizedQuestions: { id: number; options?: { id: number }[] }[] }).customizedQuestions;
  const answers = [{ questionId: halls?.id, answers: [{ optionId: halls?.options?.[1]?.id, answer: 'Quib' }] }, { questionId: name?.id, answers: [{ answer: 'Vorla' }] }];
  await client.get('/meetings', { ...wide, hostEmail });
  const people = ['anna', 'bo'].map((firstName) => ({ firstName, lastName: 'Vos', email: `${firstName}@guest.example.org`, city: 'Plim', customizedQuestions: answers, sendEmail: false }));
  const added = await client.post(`${registrants}/bulkInsert`, { items: people }, { hostEmail });
  const [anna, bo] = (added.body['items'] as Fields[]).map(({ id }) => ({ id }));
  await client.post(`${registrants}/approve`, { sendEmail: false, registrants: [anna] }, { hostEmail });
  await client.post(`${registrants}/reject`, { sendEmail: false, registrants: [bo] }, { hostEmail });
  const { items } = await client.all(registrants, { hostEmail, max: '1', registrationTimeFrom: inDays(-80), registrationTimeTo: inDays(1) });
  expect(items.map(({ status }) => status)).toEqual(['approved', 'rejected']);
}

test('one occurrence is patched and given invitees of its own as the document describes it', async () => {
  const { client, faults } = await watched({});
  const [hostEmail = ''] = await hostsOf(client);
  const made = await client.post('/meetings', replacementBody(hostEmail, { recurrence: 'FREQ=WEEKLY;INTERVAL=1;COUNT=5', invitees: [{ email: 'anna@guest.example.org' }] }));
  const [, second] = await occurrencesOf(client, hostEmail, String(made.body['id']));
  const meetingId = second?.id ?? '';
  const times = { timezone: 'UTC', start: inDays(11), end: inDays(11, 12) };
  const changed = await client.patch(`/meetings/${meetingId}`, { ...times, title: 'Plim', agenda: 'Quib', hostEmail, sendEmail: false, unlockedMeetingJoinSecurity: 'blockFromJoin' });
  expect(changed.status).toBe(200);
  const added = await client.post('/meetingInvitees', { meetingId, hostEmail, email: 'cy@guest.example.org', sendEmail: false });
  await client.post('/meetingInvitees/bulkInsert', { meetingId, hostEmail, items: [{ email: 'bo@guest.example.org', sendEmail: false }] });
  expect((await client.all('/meetingInvitees', { meetingId, hostEmail, max: '2' })).items).toHaveLength(3);
  await client.delete(`/meetingInvitees/${String(added.body['id'])}`, { hostEmail, sendEmail: 'false' });
  await client.get(`/meetings/${meetingId}`, { hostEmail });
  await client.delete(`/meetings/${meetingId}`, { hostEmail, sendEmail: 'false' });
  expect(faults).toEqual([]);
});

test('the check finds a field that the document does not name, and one of a wrong type', async () => {
  const { client } = await watched({});
  const spec = await Specification.load();
  const [hostEmail = ''] = await hostsOf(client);
  const { id } = await legacy(client, hostEmail);
  const reply = await client.get(`/meetings/${id}`, { hostEmail });
  const faultsOf = (body: Fields): string[] => spec.check({ method: 'GET', path: `/meetings/${id}`, query: '', reply: { ...reply, body } }).faults;
  expect(faultsOf(reply.body)).toEqual([]);
  expect(faultsOf({ ...reply.body, created: '2024-01-10T08:00:00Z' })).toHaveLength(1);
  expect(faultsOf({ ...reply.body, title: 5 })).toHaveLength(1);
});
