import { Client, hostsOf, inDays, legacy, replacementBody, start, stopAll, wide, type Fields } from './simulator-client.js';

afterEach(stopAll);

const titles = (items: readonly Fields[]): unknown[] => items.map(({ title }) => title);
const items = (body: Fields): Fields[] => body['items'] as Fields[];

async function withHost(options: Parameters<typeof start>[0] = {}): Promise<{ client: Client; host: string; other: string }> {
  const client = await start(options);
  const [host = '', other = ''] = await hostsOf(client);
  return { client, host, other };
}

test('a request without a known token is refused, and every answer has a tracking id', async () => {
  const { client } = await withHost();
  const stranger = new Client(client.simulators, 'wrong');
  const refused = await stranger.get('/people');
  expect(refused.status).toBe(401);
  expect(refused.headers.get('trackingid')).toMatch(/^SIM_/);
  expect(refused.body['trackingId']).toBe(refused.headers.get('trackingid'));
  expect((await client.get('/people/me')).headers.get('trackingid')).toMatch(/^SIM_/);
  expect((await client.get('/nothing')).status).toBe(404);
});

test('people come in pages, and attendee-only accounts are known by their sites', async () => {
  const { client } = await withHost({ hosts: 10 });
  const { items: people, pages } = await client.all('/people', { max: '5' });
  expect(pages).toBe(3);
  expect(people).toHaveLength(12);
  const attending = people.filter(({ siteUrls }) => (siteUrls as string[]).every((site) => site.endsWith('#attendee')));
  expect(attending).toHaveLength(2);
  expect(people.filter(({ siteUrls }) => (siteUrls as string[]).filter((site) => !site.includes('#')).length === 2)).toHaveLength(1);
});

test('without from and to only the next seven days are listed, with them what overlaps', async () => {
  const { client, host } = await withHost();
  await legacy(client, host, { title: 'Soon' });
  await legacy(client, host, { title: 'Later', start: inDays(20), end: inDays(20, 11) });
  await legacy(client, host, { title: 'Ages', start: '2024-01-15T10:00:00Z', end: '2024-01-15T11:00:00Z', recurrence: 'FREQ=DAILY;INTERVAL=1' });
  expect(titles(items((await client.get('/meetings', { hostEmail: host })).body))).toEqual(['Soon', 'Ages']);
  const { items: all } = await client.all('/meetings', { ...wide, hostEmail: host });
  expect(titles(all)).toEqual(['Soon', 'Later', 'Ages']);
});

test('current shows a series by its next occurrence, else by its first', async () => {
  const { client, host } = await withHost();
  const { id } = await legacy(client, host, { start: '2024-01-15T10:00:00Z', end: '2024-01-15T11:00:00Z', recurrence: 'FREQ=DAILY;INTERVAL=1' });
  const [upcoming] = items((await client.get('/meetings', { hostEmail: host })).body);
  const [first] = items((await client.get('/meetings', { hostEmail: host, current: 'false' })).body);
  expect(Date.parse(String(upcoming?.['end']))).toBeGreaterThan(Date.now());
  expect(first?.['start']).toBe('2024-01-15T10:00:00Z');
  const next = await client.get(`/meetings/${id}`, { hostEmail: host, current: 'true' });
  expect(next.body['id']).toMatch(new RegExp(`^${id}_\\d{8}T100000Z$`));
  expect((await client.get(`/meetings/${id}`, { hostEmail: host })).body['start']).toBe('2024-01-15T10:00:00Z');
});

test('of half of the hosts the next occurrence of a series is shown as the series, of the others as the scheduled meeting: the document leaves it open', async () => {
  const client = await start({ meetings: 1, hosts: 12 });
  const types = new Set<unknown>();
  for (const host of await hostsOf(client)) {
    const { id } = await legacy(client, host, { start: '2024-01-15T10:00:00Z', end: '2024-01-15T11:00:00Z', recurrence: 'FREQ=DAILY;INTERVAL=1' });
    const found = items((await client.get('/meetings', { ...wide, hostEmail: host, current: 'true' })).body).find((item) => item['meetingSeriesId'] === id && item['hostEmail'] === host);
    types.add(found?.['meetingType']);
    expect(Date.parse(String(found?.['end']))).toBeGreaterThan(Date.now());
    expect(String(found?.['id']) === id).toBe(found?.['meetingType'] === 'meetingSeries');
    const [whole] = items((await client.get('/meetings', { ...wide, hostEmail: host, current: 'false', max: '100' })).body).filter((item) => item['id'] === id);
    expect(whole).toMatchObject({ meetingType: 'meetingSeries', start: '2024-01-15T10:00:00Z' });
  }
  expect(types).toEqual(new Set(['meetingSeries', 'scheduledMeeting']));
});

test('a meeting in a personal room may recur: it is listed by its occurrences, under one series', async () => {
  const client = await start({ meetings: 240, hosts: 12, kinds: 'all' });
  const recurring = (await client.control<Fields[]>('GET', 'meetings')).filter(({ scheduledType, recurrence }) => scheduledType === 'personalRoomMeeting' && typeof recurrence === 'string');
  expect(recurring).toHaveLength(1);
  const { items: found } = await client.all('/meetings', { ...wide, hostEmail: String(recurring[0]?.['hostEmail']), meetingType: 'scheduledMeeting', scheduledType: 'personalRoomMeeting' });
  const own = found.filter((item) => item['meetingSeriesId'] === recurring[0]?.['id']);
  expect([own.length > 1, new Set(own.map(({ id }) => id)).size === own.length]).toEqual([true, true]);
});

test('pages hold at most what was asked for and a hundred at most, and together hold everything once', async () => {
  const { client, host } = await withHost();
  const { id } = await legacy(client, host, { start: inDays(1), end: inDays(1, 11), recurrence: 'FREQ=DAILY;COUNT=130' });
  const query = { ...wide, hostEmail: host, meetingSeriesId: id, meetingType: 'scheduledMeeting' };
  const big = await client.all('/meetings', { ...query, max: '1000' });
  expect(big.pages).toBe(2);
  const small = await client.all('/meetings', { ...query, max: '13' });
  expect(small.pages).toBe(10);
  expect(small.items.map((item) => item['id'])).toEqual(big.items.map((item) => item['id']));
  expect(new Set(big.items.map((item) => item['id'])).size).toBe(130);
});

test('a page goes on where the one before ended, although a meeting was deleted in between', async () => {
  const { client, host } = await withHost();
  const made = [await legacy(client, host, { title: 'A' }), await legacy(client, host, { title: 'B' }), await legacy(client, host, { title: 'C' })];
  const first = await client.get('/meetings', { ...wide, hostEmail: host, max: '1' });
  await client.delete(`/meetings/${made[0]?.id}`, { hostEmail: host });
  const link = /<([^>]+)>/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
  const second = await client.get('/meetings', Object.fromEntries(new URL(link).searchParams));
  expect(titles(items(second.body))).toEqual(['B']);
});

test('a list shows meetings to which the person is only invited, which may not be read as theirs', async () => {
  const { client, host, other } = await withHost();
  const { id } = await legacy(client, host, { invitees: [{ email: other }] });
  const [invited] = items((await client.get('/meetings', { hostEmail: other })).body);
  expect(invited?.['hostEmail']).toBe(host);
  expect((await client.get(`/meetings/${id}`, { hostEmail: other })).status).toBe(404);
  expect((await client.get(`/meetings/${id}`)).status).toBe(403);
  expect((await client.delete(`/meetings/${id}`, { hostEmail: other })).status).toBe(404);
});

test('a personal room meeting is listed among scheduled meetings only', async () => {
  const client = await start({ meetings: 60, hosts: 5 });
  const found = { meetingSeries: 0, scheduledMeeting: 0 };
  for (const hostEmail of await hostsOf(client)) {
    for (const meetingType of ['meetingSeries', 'scheduledMeeting'] as const) {
      const { items: listed } = await client.all('/meetings', { ...wide, hostEmail, meetingType, ...(meetingType === 'scheduledMeeting' ? { scheduledType: 'personalRoomMeeting' } : {}) });
      found[meetingType] += listed.filter((item) => item['hostEmail'] === hostEmail && item['scheduledType'] === 'personalRoomMeeting').length;
    }
  }
  expect(found).toEqual({ meetingSeries: 0, scheduledMeeting: 1 });
});

test('a created meeting has handles that nobody could guess, a passcode, its settings and its tags', async () => {
  const { client, host } = await withHost();
  const made = await client.post('/meetings', replacementBody(host, { integrationTags: ['relink:a'], enabledJoinBeforeHost: true, meetingOptions: { enabledChat: false } }));
  const again = await client.post('/meetings', replacementBody(host));
  expect(made.status).toBe(200);
  for (const handle of ['id', 'meetingNumber', 'webLink', 'sipAddress', 'password', 'hostKey', 'phoneAndVideoSystemPassword']) expect(made.body[handle]).not.toEqual(again.body[handle]);
  expect(made.body).toMatchObject({ integrationTags: ['relink:a'], enabledJoinBeforeHost: true, meetingOptions: { enabledChat: false, enabledVideo: true } });
  expect(String(made.body['password'])).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d).{8,}$/);
});

test('a tag finds meetings by exact match, for the client that set it alone', async () => {
  const { client, host } = await withHost({ identities: 2 });
  const made = await client.post('/meetings', replacementBody(host, { integrationTags: ['relink:a'] }));
  const stranger = new Client(client.simulators, client.simulators.webex.tokens[1]);
  const find = async (who: Client, integrationTag: string): Promise<unknown[]> => items((await who.get('/meetings', { ...wide, hostEmail: host, integrationTag })).body).map(({ id }) => id);
  expect(await find(client, 'relink:a')).toEqual([made.body['id']]);
  expect(await find(client, 'relink:')).toEqual([]);
  expect(await find(stranger, 'relink:a')).toEqual([]);
  expect((await stranger.get(`/meetings/${String(made.body['id'])}`, { hostEmail: host })).body).not.toHaveProperty('integrationTags');
});

test.each<[string, Fields]>([
  ['no title', { title: undefined }],
  ['a start that is past', { start: inDays(-1), end: inDays(-1, 11) }],
  ['less than ten minutes', { end: inDays(3).replace(':00:00Z', ':09:00Z') }],
  ['an end before the start', { end: inDays(2) }],
  ['more than three tags', { integrationTags: ['a', 'b', 'c', 'd'] }],
  ['a tag longer than 64 characters', { integrationTags: ['a'.repeat(65)] }],
  ['a zone that does not exist', { timezone: 'Mars/Olympus' }],
  ['an offset that is not that of the zone', { timezone: 'Asia/Tokyo' }],
  ['a rule that is none', { recurrence: 'FREQ=SOMETIMES' }],
  ['a live stream to nowhere', { enabledLiveStream: true }],
  ['a live stream that nobody can see', { enabledLiveStream: true, liveStream: { destination: 'Example', rtmpUrl: 'rtmps://stream.example.org/live' } }],
  ['a weak password', { password: 'abc' }],
  ['an invitee twice', { invitees: [{ email: 'a@example.org' }, { email: 'A@example.org' }] }],
])('a creation with %s is refused', async (_what, more) => {
  const { client, host } = await withHost();
  const refused = await client.post('/meetings', replacementBody(host, more));
  expect(refused.status).toBe(400);
  expect(refused.body['errors']).not.toHaveLength(0);
});

test('only who has a host account on the site may be made a host', async () => {
  const client = await start({ hosts: 10 });
  const { items: people } = await client.all('/people', { max: '100' });
  const attendee = people.find(({ siteUrls }) => (siteUrls as string[]).every((site) => site.endsWith('#attendee')));
  const [host = ''] = await hostsOf(client);
  expect((await client.post('/meetings', replacementBody(String(attendee?.['emails'])))).status).toBe(403);
  expect((await client.post('/meetings', replacementBody(host, { siteUrl: 'example-north.webex.com' }))).status).toBe(403);
  expect((await client.post('/meetings', replacementBody('nobody@example.org'))).status).toBe(404);
});

test('a rule is kept in the vendor\'s own order, and a series begins with its first occurrence', async () => {
  const { client, host } = await withHost();
  const made = await client.post('/meetings', replacementBody(host, { start: '2031-03-04T09:00:00', end: '2031-03-04T10:00:00', timezone: 'Europe/Amsterdam', recurrence: 'FREQ=WEEKLY;BYDAY=TH;COUNT=6' }));
  expect(made.body).toMatchObject({ recurrence: 'FREQ=WEEKLY;COUNT=6;INTERVAL=1;BYDAY=TH', start: '2031-03-06T09:00:00+01:00', timezone: 'Europe/Amsterdam' });
  const { items: held } = await client.all('/meetings', { ...wide, hostEmail: host, meetingSeriesId: String(made.body['id']), meetingType: 'scheduledMeeting' });
  // The clocks go forward on 30 March.
  expect(held.map(({ start: at }) => at)).toEqual(['06', '13', '20', '27'].map((day) => `2031-03-${day}T08:00:00Z`).concat('2031-04-03T07:00:00Z', '2031-04-10T07:00:00Z'));
});

test('the timezone header changes how times are written', async () => {
  const { client, host } = await withHost();
  const { id } = await legacy(client, host, { start: '2031-07-01T10:00:00Z', end: '2031-07-01T11:00:00Z' });
  const reply = await client.get(`/meetings/${id}`, { hostEmail: host }, { timezone: 'Asia/Tokyo' });
  expect(reply.body['start']).toBe('2031-07-01T19:00:00+09:00');
});

test('a deleted meeting is gone by id, number and link, and a second deletion says so', async () => {
  const { client, host } = await withHost();
  const { id, webLink, meetingNumber } = await legacy(client, host);
  const byNumber = (): Promise<Fields> => client.get('/meetings', { hostEmail: host, meetingNumber: String(meetingNumber) }).then(({ body }) => body);
  expect(items(await byNumber())).toHaveLength(1);
  expect((await client.delete(`/meetings/${id}`, { hostEmail: host, sendEmail: 'false' })).status).toBe(204);
  expect((await client.get(`/meetings/${id}`, { hostEmail: host })).status).toBe(404);
  expect(await byNumber()).toEqual({ items: [] });
  expect((await client.get('/meetings', { hostEmail: host, webLink })).status).toBe(404);
  expect((await client.delete(`/meetings/${id}`, { hostEmail: host })).status).toBe(404);
});

test('one occurrence can be deleted without its series', async () => {
  const { client, host } = await withHost();
  const { id } = await legacy(client, host, { recurrence: 'FREQ=DAILY;COUNT=4' });
  const query = { ...wide, hostEmail: host, meetingSeriesId: id, meetingType: 'scheduledMeeting' };
  const before = (await client.all('/meetings', query)).items.map((item) => item['id']);
  expect((await client.delete(`/meetings/${String(before[1])}`, { hostEmail: host })).status).toBe(204);
  expect((await client.all('/meetings', query)).items.map((item) => item['id'])).toEqual([before[0], before[2], before[3]]);
  expect((await client.get(`/meetings/${String(before[1])}`, { hostEmail: host })).status).toBe(404);
});

test('invitees are added up to a hundred at a time, all or none, and listed by address in pages', async () => {
  const { client, host, other } = await withHost();
  const { id: meetingId } = await legacy(client, host);
  const people = (from: number, count: number): Fields[] => Array.from({ length: count }, (_, i) => ({ email: `p${String(from + i).padStart(3, '0')}@guest.example.org`, sendEmail: false }));
  const insert = (entries: Fields[]): Promise<{ status: number }> => client.post('/meetingInvitees/bulkInsert', { meetingId, hostEmail: host, items: entries });
  expect((await insert(people(0, 101))).status).toBe(400);
  expect((await insert(people(0, 100))).status).toBe(200);
  expect((await insert(people(99, 2))).status).toBe(409);
  expect((await insert([...people(100, 1), { email: other, coHost: true }])).status).toBe(200);
  const { items: listed, pages } = await client.all('/meetingInvitees', { meetingId, hostEmail: host, max: '100' });
  expect([listed.length, pages]).toEqual([102, 2]);
  expect(listed.map(({ email }) => email)).toEqual(listed.map(({ email }) => String(email)).sort());
  expect(listed.find(({ email }) => email === other)?.['coHost']).toBe(true);
  expect((await client.post('/meetingInvitees', { meetingId, hostEmail: host, email: other })).status).toBe(409);
});

test('a meeting that people are in says so, whatever is planned, and cannot be changed or deleted before they have left', async () => {
  const { client, host } = await withHost();
  const { id } = await legacy(client, host);
  const hold = (minutes: number) => client.control('POST', `meetings/${id}/hold`, { until: new Date(Date.now() + minutes * 60_000).toISOString() });
  const read = () => client.get(`/meetings/${id}`, { hostEmail: host });
  await hold(60);
  expect((await read()).body).toMatchObject({ state: 'inProgress', start: inDays(3) });
  expect([(await client.patch(`/meetings/${id}`, { hostEmail: host, title: 'Plim' })).status, (await client.delete(`/meetings/${id}`, { hostEmail: host })).status]).toEqual([403, 403]);
  await hold(0);
  expect((await read()).body).toMatchObject({ state: 'active', title: 'Vorla Teskum' });
  expect((await client.delete(`/meetings/${id}`, { hostEmail: host })).status).toBe(204);
});
