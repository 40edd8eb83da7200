import { createVendor } from '../../adapters/vendors/index.js';
import type { Host, ListedMeeting, MeetingIdentity } from '../../domain/meeting.js';
import type { ConferencingVendor } from '../../domain/ports.js';
import { fieldsThatDiffer } from '../../domain/compare.js';
import { compareRooms } from '../../domain/rooms.js';
import { start, stopAll, type Client, type Fields } from './simulator-client.js';

const differing = (...rooms: Parameters<typeof compareRooms>): readonly string[] => fieldsThatDiffer(compareRooms(...rooms));

let client: Client;
let webex: ConferencingVendor;
let hosts: readonly Host[];
const window = { from: new Date().toISOString(), to: new Date(Date.now() + 400 * 86_400_000).toISOString() };
const pacer = { beforeRequest: async () => undefined, quietFor: async () => undefined };

beforeEach(async () => {
  client = await start({ meetings: 60, hosts: 4, rpm: 1_000_000, scale: 1_000_000, roomLag: 0 });
  webex = createVendor('webex', { baseUrl: client.simulators.webex.url, token: async () => client.simulators.webex.token, pacer, timeoutMs: 60_000 });
  ({ hosts } = await webex.listHosts(null));
});
afterEach(stopAll);

const rooms = (): Promise<readonly Fields[]> => client.control('GET', 'rooms');

async function listed(): Promise<readonly ListedMeeting[]> {
  const lists = await Promise.all(
    hosts.map(async (host) => {
      const { meetings } = await webex.listMeetings(host, window);
      return webex.rooms.list(host, meetings);
    }),
  );
  expect(lists.flatMap(({ unreadable }) => unreadable)).toEqual([]);
  return lists.flatMap(({ meetings }) => meetings);
}

/** The room in which something is planned. */
async function busyRoom(): Promise<ListedMeeting & { readonly identity: MeetingIdentity }> {
  const found = (await listed()).find(({ next }) => next !== undefined);
  if (!found) throw new Error('no room is in use');
  return found;
}

test('every room is listed once per site, by the id in its link, with what is planned in it next', async () => {
  const found = await listed();
  expect(new Set(found.map(({ identity }) => identity.link))).toEqual(new Set((await rooms()).map(({ link }) => link)));
  expect(new Set(found.map(({ kind }) => kind))).toEqual(new Set(['room']));
  const { identity, next } = await busyRoom();
  expect((await webex.rooms.planned(identity, window))[0]).toEqual(next);
});

test('a host without a room has none, and others are listed all the same', async () => {
  const [first] = hosts;
  const { meetings, unreadable } = await webex.rooms.list({ ...(first as Host), sites: ['elsewhere.webex.com', ...(first?.sites ?? [])] }, []);
  expect([meetings.length, unreadable]).toEqual([first?.sites.length, []]);
});

test('another id changes every handle and nothing else, is never the same twice, and the old one leads nowhere', async () => {
  const { identity } = await busyRoom();
  const legacy = await webex.rooms.read(identity);
  const target = webex.rooms.propose(identity);
  expect(webex.rooms.propose(identity).id).not.toBe(target.id);
  expect(await webex.rooms.resolves(identity, window)).toEqual(['id', 'number', 'link']);
  expect(await webex.rooms.assign(target)).toMatchObject({ trackingId: expect.stringMatching(/^SIM_/) });
  await webex.rooms.assign(target); // repeated after a lost answer

  const now = await webex.rooms.read(identity);
  if (legacy === 'gone' || now === 'gone') throw new Error('gone');
  expect(now.identity).toMatchObject({ id: target.id, link: target.link, hostEmail: identity.hostEmail, site: identity.site });
  expect(differing(legacy, now)).toEqual([]);
  expect(differing(legacy, legacy)).toEqual(['id', 'number', 'link', 'sipAddress', 'accessCode']);
  expect(differing(legacy, { ...now, options: { ...now.options, topic: 'Plim' } })).toEqual(['topic']);
  expect(await webex.rooms.resolves(identity, window)).toEqual([]);
});

async function shows(identity: MeetingIdentity): Promise<boolean> {
  const room = await webex.rooms.read(identity);
  return room !== 'gone' && room.identity.id === identity.id && room.identity.link === identity.link;
}

test('the old id can be given back, unless somebody else took it: that is a refusal', async () => {
  const [mine, other] = (await listed()).map(({ identity }) => identity).filter(({ site }) => site === 'example.webex.com');
  if (!mine || !other) throw new Error('two rooms are needed');
  await webex.rooms.assign(webex.rooms.propose(mine));
  await webex.rooms.assign(mine);
  while (!(await shows(mine))); // a new id shows a moment later, also at this scale
  await webex.rooms.assign(webex.rooms.propose(mine));
  await client.control('POST', `rooms/${other.hostEmail}/rename`, { id: mine.id.replace('meet/', ''), siteUrl: other.site });
  await expect(webex.rooms.assign(mine)).rejects.toMatchObject({ type: 'VendorRefused', facts: { status: 400 } });
});

test('what keeps a request back keeps the room as it was', async () => {
  const { identity } = await busyRoom();
  const before = await rooms();
  await expect(webex.rooms.assign(webex.rooms.propose(identity), () => Promise.reject(new Error('too late')))).rejects.toThrow('too late');
  expect(await rooms()).toEqual(before);
});
