import { hostsOf, start, stopAll, wide, type Client, type Fields, type Reply } from './simulator-client.js';

afterEach(stopAll);

const ROOM = '/meetingPreferences/personalMeetingRoom';
const SITE = 'example.webex.com';
const read = async (client: Client, userEmail: string): Promise<Fields> => (await client.get(ROOM, { userEmail, siteUrl: SITE })).body;
const refresh = (client: Client, items: readonly Fields[], siteUrl = SITE): Promise<Reply> => client.post(`/admin${ROOM}/refreshId`, { siteUrl, personalMeetingRoomIds: items });
const linkOf = (room: Fields): string => String(room['personalMeetingRoomLink']);
/** No cache time that a test would notice. */
const quick = { scale: 1_000_000, roomLag: 0 };

test('a refresh gives another link, number and SIP address, keeps the settings, and leaves the rooms of others alone', async () => {
  const client = await start(quick);
  const [anna = '', bo = ''] = await hostsOf(client);
  const [before, other] = [await read(client, anna), await read(client, bo)];
  const answer = await refresh(client, [{ email: anna, systemGenerated: true }]);
  const [made] = answer.body['personalMeetingRoomIds'] as Fields[];
  const after = await read(client, anna);
  expect(linkOf(after)).toBe(`https://${SITE}/meet/${String(made?.['personalMeetingRoomId'])}`);
  for (const handle of ['personalMeetingRoomLink', 'sipAddress', 'telephony']) expect(after[handle]).not.toEqual(before[handle]);
  for (const setting of ['topic', 'hostPin', 'coHosts', 'autoLockMinutes']) expect(after[setting]).toEqual(before[setting]);
  expect(await read(client, bo)).toEqual(other);
});

test('the old id is free as soon as it is left: its owner can have it back, unless somebody else took it', async () => {
  const client = await start(quick);
  const [anna = '', bo = ''] = await hostsOf(client);
  const old = linkOf(await read(client, anna)).split('/').at(-1) ?? '';
  await refresh(client, [{ email: anna, personalMeetingRoomId: 'prABCD23670651' }]);
  expect((await refresh(client, [{ email: anna, personalMeetingRoomId: old }])).status).toBe(200);
  expect(linkOf(await read(client, anna))).toContain(`/meet/${old}`);
  await refresh(client, [{ email: anna, personalMeetingRoomId: 'prABCD23670651' }]);
  await client.control('POST', `rooms/${bo}/rename`, { id: old.toUpperCase() });
  expect((await refresh(client, [{ email: anna, personalMeetingRoomId: old }])).status).toBe(400);
});

test('a batch is all or nothing, of one sort, and of a hundred at most', async () => {
  const client = await start(quick);
  const [anna = '', bo = ''] = await hostsOf(client);
  const before = await client.control('GET', 'rooms');
  const taken = linkOf(await read(client, bo)).split('/').at(-1);
  const given = (email: string, personalMeetingRoomId: unknown): Fields => ({ email, personalMeetingRoomId });
  const refused = [
    [given(anna, 'prABCD00000001'), given(bo, 'prABCD00000001')],
    [given(anna, taken)],
    [given(anna, 'prABCD00000001'), { email: bo, systemGenerated: true }],
    [given(anna, 'prABCD00000001'), { personId: 'x', personalMeetingRoomId: 'prABCD00000002' }],
    [{ email: anna, systemGenerated: true, personalMeetingRoomId: 'prABCD00000001' }],
    Array.from({ length: 101 }, () => ({ email: anna, systemGenerated: true })),
    [],
  ];
  for (const items of refused) expect((await refresh(client, items)).status).toBe(400);
  expect((await refresh(client, [given(anna, 'prABCD00000001'), given('nobody@example.org', 'prABCD00000002')])).status).toBe(404);
  expect(await client.control('GET', 'rooms')).toEqual(before);
  expect((await refresh(client, [given(anna, 'prABCD00000001'), given(bo, 'prABCD00000002')])).status).toBe(200);
});

test('the new id shows half an hour later at most; until then people see the old one', async () => {
  const client = await start({ scale: 1 });
  const hosts = await hostsOf(client);
  const before = await Promise.all(hosts.map((email) => read(client, email)));
  await refresh(client, hosts.map((email) => ({ email, systemGenerated: true })));
  expect(await Promise.all(hosts.map((email) => read(client, email)))).toEqual(before);
});

test('PUT changes settings within the rules, never the link', async () => {
  const client = await start(quick);
  const [anna = ''] = await hostsOf(client);
  const { personalMeetingRoomLink, sipAddress, dialInIpAddress: _ip, telephony: _phone, ...options } = await read(client, anna);
  const put = (body: Fields): Promise<Reply> => client.put(ROOM, body, { userEmail: anna });
  expect((await put({ ...options, topic: 'Plim', hostPin: '4829' })).body).toMatchObject({ topic: 'Plim', hostPin: '4829', personalMeetingRoomLink, sipAddress });
  for (const hostPin of ['1234', '4321', '1111', '12']) expect((await put({ ...options, hostPin })).status).toBe(400);
  expect((await put({ ...options, personalMeetingRoomLink: `https://${SITE}/meet/plim` })).status).toBe(400);
  expect((await put({ ...options, autoLockMinutes: 7 })).status).toBe(400);
});

test('meetings that are planned in a room are reached as the room is', async () => {
  const client = await start({ ...quick, meetings: 90, hosts: 3 });
  const meetings = (await client.control<readonly Fields[]>('GET', 'meetings')).filter(({ scheduledType }) => scheduledType === 'personalRoomMeeting');
  const [hostEmail, siteUrl] = [String(meetings[0]?.['hostEmail']), String(meetings[0]?.['siteUrl'])];
  await refresh(client, [{ email: hostEmail, personalMeetingRoomId: 'prABCD00000001' }], siteUrl);
  const { items } = await client.all('/meetings', { ...wide, hostEmail, siteUrl, meetingType: 'scheduledMeeting', scheduledType: 'personalRoomMeeting' });
  expect(new Set(items.map(({ webLink }) => webLink))).toEqual(new Set([`https://${siteUrl}/meet/prABCD00000001`]));
});

test('the audit counts rooms with an id from before the cut-off, and owners who were not told of another, once rooms are to be replaced', async () => {
  const client = await start({ ...quick, supports: ['room'] });
  const rooms = await client.control<readonly Fields[]>('GET', 'rooms');
  const old = rooms.filter(({ created }) => Date.parse(String(created)) < Date.parse('2024-05-28T00:00:00Z'));
  const counted = (query = ''): Promise<Fields> => client.control('GET', `audit?${query}`);
  expect(old.length).toBeGreaterThan(0);
  expect(await counted()).toMatchObject({ legacyLeft: old.length, deletedBeforeTold: 0 });
  expect(await counted(`exclude=${String(old[0]?.['hostEmail'])}`)).toMatchObject({ legacyLeft: old.length - 1 });
  await refresh(client, [{ email: old[0]?.['hostEmail'], systemGenerated: true }], String(old[0]?.['siteUrl']));
  expect(await counted()).toMatchObject({ legacyLeft: old.length - 1, deletedBeforeTold: 1 });
  expect(await counted('settled=no')).toMatchObject({ deletedBeforeTold: 0 });
  await client.control('POST', `rooms/${String(old[0]?.['hostEmail'])}/rename`, { id: old[0]?.['id'], siteUrl: old[0]?.['siteUrl'] });
  expect(await counted()).toMatchObject({ legacyLeft: old.length, deletedBeforeTold: 0 });
});
