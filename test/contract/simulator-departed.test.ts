import { hostsOf, inDays, legacy, occurrencesOf, replacementBody, start, stopAll, wide, type Client, type Fields } from './simulator-client.js';

afterEach(stopAll);

const SITE = 'example.webex.com';

interface Scene {
  readonly client: Client;
  /** Who has left, and who is there. */
  readonly gone: string;
  readonly heir: string;
  readonly meeting: Fields & { id: string; webLink: string };
}

async function begin(more: Fields = {}): Promise<Scene> {
  const client = await start({ supports: ['departed'] });
  const [gone = '', heir = ''] = await hostsOf(client);
  const meeting = await legacy(client, gone, { invitees: [{ email: 'anna@guest.example.org' }], ...more });
  await client.control('POST', `people/${gone}/leave`);
  return { client, gone, heir, meeting };
}

const reassign = (client: Client, hostEmail: string, meetingIds: readonly string[], siteUrl = SITE) => client.post('/meetings/reassignHost', { hostEmail, meetingIds }, {}, { siteUrl });
const itemsOf = ({ body }: { readonly body: Fields }): Fields[] => body['items'] as Fields[];

test('whoever left is not listed, and naming them fails, while their meetings stay', async () => {
  const { client, gone, meeting } = await begin();
  expect(await hostsOf(client)).not.toContain(gone);
  for (const path of ['/meetings', `/meetings/${meeting.id}`]) expect((await client.get(path, { hostEmail: gone })).status).toBe(404);
  expect((await client.post('/meetings', replacementBody(gone))).status).toBe(404);
  expect(Object.keys(await client.control<Fields>('GET', 'truth'))).toContain(meeting.id);
});

test('an administrator finds such a meeting by number, link and id, without what would let anybody in', async () => {
  const { client, gone, meeting } = await begin({ agenda: 'Plim', recurrence: 'FREQ=WEEKLY;COUNT=5' });
  const byNumber = await client.get('/admin/meetings', { meetingNumber: String(meeting['meetingNumber']), current: 'false' });
  const byLink = await client.get('/admin/meetings', { webLink: meeting.webLink, current: 'false' });
  const byId = await client.get(`/admin/meetings/${meeting.id}`, { current: 'false' });
  expect(itemsOf(byNumber)).toEqual([byId.body]);
  expect(itemsOf(byLink)).toEqual([byId.body]);
  expect(byId.body).toMatchObject({ id: meeting.id, meetingType: 'meetingSeries', hostEmail: gone, siteUrl: SITE, start: inDays(3) });
  for (const secret of ['agenda', 'password', 'webLink', 'sipAddress', 'hostKey', 'phoneAndVideoSystemPassword', 'dialInIpAddress']) expect(byId.body).not.toHaveProperty(secret);
  expect(byId.body['telephony']).not.toHaveProperty('accessCode');
});

test('by default an administrator sees the next occurrence of a series, and behind the number of a changed one that', async () => {
  const { client, gone, heir } = await begin();
  const { id, ...series } = await legacy(client, heir, { recurrence: 'FREQ=WEEKLY;COUNT=5' });
  const [next, second] = await occurrencesOf(client, heir, id);
  await client.patch(`/meetings/${second?.id ?? ''}`, { title: 'Plim', start: second?.start, end: second?.end, hostEmail: heir, sendEmail: false });
  const own = (await client.get(`/meetings/${second?.id ?? ''}`, { hostEmail: heir })).body['meetingNumber'];
  const found = async (meetingNumber: unknown, more = {}) => itemsOf(await client.get('/admin/meetings', { meetingNumber: String(meetingNumber), ...more }))[0];
  expect(await found(series['meetingNumber'])).toMatchObject({ id: next?.id, meetingSeriesId: id, meetingType: 'scheduledMeeting' });
  expect(await found(own, { current: 'false' })).toMatchObject({ id: second?.id, meetingSeriesId: id, isModified: true });
  expect(gone).not.toBe(heir);
});

test('an administrator finds nothing of other organisations, nothing unknown, and must name one handle', async () => {
  const client = await start({ meetings: 40 });
  const external = Object.entries(await client.control<Record<string, { kind: string }>>('GET', 'truth')).find(([, { kind }]) => kind === 'external');
  expect((await client.get(`/admin/meetings/${external?.[0] ?? ''}`)).status).toBe(404);
  expect(itemsOf(await client.get('/admin/meetings', { meetingNumber: '2999 999 9999' }))).toEqual([]);
  expect((await client.get('/admin/meetings', { webLink: 'https://example.webex.com/example/j.php?MTID=m0' })).status).toBe(404);
  expect((await client.get('/admin/meetings')).status).toBe(400);
  expect((await client.get('/admin/meetings', { webLink: 'x', meetingNumber: '1' })).status).toBe(400);
});

test('a meeting gets another host: they may do all with it, keeps its number, and the host before is mailed by the vendor', async () => {
  const { client, heir, meeting } = await begin();
  expect((await reassign(client, heir, [meeting.id])).status).toBe(204);
  const { body } = await client.get(`/meetings/${meeting.id}`, { hostEmail: heir });
  expect(body).toMatchObject({ hostEmail: heir, meetingNumber: meeting['meetingNumber'], webLink: meeting.webLink });
  expect((await client.all('/meetings', { ...wide, hostEmail: heir })).items.map(({ id }) => id)).toContain(meeting.id);
  expect((await client.all('/meetingInvitees', { meetingId: meeting.id, hostEmail: heir })).items).toHaveLength(1);
  const calls = await client.control<{ path: string; mailsPeople: boolean }[]>('GET', 'calls?since=0');
  expect(calls.filter(({ path }) => path.endsWith('reassignHost')).map(({ mailsPeople }) => mailsPeople)).toEqual([true]);
  expect((await reassign(client, heir, [meeting.id])).status).toBe(204);
});

test('of several each has an answer of its own: those that can be given are given', async () => {
  const { client, heir, meeting } = await begin();
  const running = await legacy(client, heir, { start: new Date(Date.now() - 60_000).toISOString(), end: inDays(1) });
  const elsewhere = await legacy(client, (await client.control<{ email: string; hostSites: string[] }[]>('GET', 'people')).find(({ hostSites }) => hostSites.length > 1)?.email ?? '', { siteUrl: 'example-north.webex.com' });
  const ids = [meeting.id, running.id, elsewhere.id, 'f'.repeat(32), `${meeting.id}_20990101T100000Z`];
  const reply = await reassign(client, heir, ids);
  expect(reply.status).toBe(207);
  expect(itemsOf(reply).map(({ meetingId, httpStatus }) => [meetingId, httpStatus])).toEqual(ids.map((id, i) => [id, ['204', '403', '404', '404', '400'][i]]));
  expect((await client.get(`/meetings/${meeting.id}`, { hostEmail: heir })).status).toBe(200);
});

test('webinars go only to whoever has a licence for them', async () => {
  const { client, heir, meeting } = await begin({ webinar: {} });
  await client.control('POST', `people/${heir}/licence`, { webinars: false });
  expect(itemsOf(await reassign(client, heir, [meeting.id]))).toMatchObject([{ httpStatus: '403' }]);
});

test.each<[string, number, (scene: Scene) => [string, string[], string?]]>([
  ['nobody', 404, ({ gone, meeting }) => [gone, [meeting.id]]],
  ['a site on which the new host hosts nothing', 403, ({ heir, meeting }) => [heir, [meeting.id], 'example-north.webex.com']],
  ['a site of somebody else', 400, ({ heir, meeting }) => [heir, [meeting.id], 'partner-example.webex.com']],
  ['no meeting', 400, ({ heir }) => [heir, []]],
  ['a hundred and one meetings', 400, ({ heir, meeting }) => [heir, Array.from({ length: 101 }, () => meeting.id)]],
])('a request about %s is refused as a whole (%i)', async (_what, status, asked) => {
  const scene = await begin();
  expect((await reassign(scene.client, ...asked(scene))).status).toBe(status);
});

test('the audit holds meetings of hosts who left against a campaign that is to replace them, and only against such a one', async () => {
  const { client, heir, gone, meeting } = await begin();
  const left = async () => (await client.control<{ legacyLeft: number }>('GET', 'audit')).legacyLeft;
  const before = await left();
  expect(before).toBeGreaterThan(0);
  await reassign(client, heir, [meeting.id]);
  const made = await client.post('/meetings', replacementBody(heir, { invitees: [{ email: 'anna@guest.example.org' }] }));
  expect(made.status).toBe(200);
  expect(await client.control('GET', 'truth')).toMatchObject({ [String(made.body['id'])]: { standsFor: meeting.id } });
  await client.delete(`/meetings/${meeting.id}`, { hostEmail: heir, sendEmail: 'false' });
  expect(await left()).toBe(before - 1);
  expect(gone).not.toBe('');
});

test('an organisation of all kinds has meetings of hosts who left, which an inventory of then lists', async () => {
  const client = await start({ meetings: 40, kinds: 'all' });
  const truth = Object.entries(await client.control<Record<string, { departed: boolean; supported: boolean; affected: boolean; kind: string }>>('GET', 'truth')).filter(([, { departed }]) => departed);
  expect(truth.map(([, { kind, affected, supported }]) => [kind, affected, supported])).toEqual([['single', true, false], ['series', true, false], ['single', true, false], ['series', true, false]]);
  const inventory = await client.control<string>('GET', 'inventory');
  for (const [id] of truth) expect(inventory).toContain(id);
});
