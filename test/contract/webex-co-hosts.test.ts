import { readMeeting } from '../support/whole-job.js';
import { anna, GraceBench, type InGrace } from './in-grace.js';
import { hostsOf, occurrencesOf, start, type Fields } from './simulator-client.js';

const mockContext = { info: { heartbeatDetails: undefined } };
jest.mock('@temporalio/activity', () => ({ activityInfo: () => ({ attempt: 1, activityId: '1' }), heartbeat: () => undefined, Context: { current: () => mockContext } }));

const grace = GraceBench.inThisFile();
/** One who may host, and one whose licence ends once the old meeting is planned. */
let [licensed, stale] = ['', ''];
beforeAll(async () => void ([, licensed = '', stale = ''] = await hostsOf(grace.client)));

const licence = (hosting: boolean) => grace.client.control('POST', `people/${stale}/licence`, { hosting });
const coHost = (email: string) => ({ email, coHost: true });
const bo = { email: 'bo@guest.example.org' };

/** What is in grace: an old meeting with a co-host who may not host any more. */
async function replaced(more: Fields = {}, planned: (id: string) => Promise<unknown> = () => Promise.resolve()): Promise<InGrace> {
  await licence(true);
  return grace.meeting({ invitees: [anna, coHost(licensed), coHost(stale)], ...more }, undefined, async (id) => {
    await planned(id);
    await licence(false);
  });
}

const rolesOf = (invitees: readonly { readonly email: string; readonly coHost: boolean }[]) => Object.fromEntries(invitees.map(({ email, coHost: role }) => [email, role]));
const rolesIn = async ({ made }: InGrace) => rolesOf((await readMeeting(grace.webex, made)).invitees);
const verdictOf = async ({ ref }: InGrace) => (await grace.ledgers.ledger.items.fidelity(ref)).find(({ field }) => field === 'coHosts')?.verdict;
const peopleCalls = async (method: string) => (await grace.client.control<readonly { method: string; path: string }[]>('GET', 'calls')).filter((call) => call.method === method && call.path.startsWith('/v1/meetingInvitees')).length;
const follow = async (scene: InGrace, changes: Fields) => {
  await grace.edit(scene.id, changes);
  expect(await scene.retire()).toMatchObject({ outcome: 'followed' });
  expect(await grace.differing(scene)).toEqual([]);
  return grace.mailed(scene.ref);
};

test('a co-host who may not host any more is invited as a guest, with the creation, and that they lost the role is kept for whoever is told', async () => {
  const scene = await replaced();
  expect(await rolesIn(scene)).toEqual({ [anna.email]: false, [licensed]: true, [stale]: false });
  expect([await verdictOf(scene), await grace.differing(scene), await peopleCalls('POST')]).toEqual(['lost', [], 0]);
  expect(await scene.retire()).toEqual({ outcome: 'retired' });
});

test('a meeting whose co-hosts may all host has lost nothing', async () => {
  const scene = await replaced({ invitees: [anna, coHost(licensed)] });
  expect([await rolesIn(scene), await verdictOf(scene)]).toEqual([{ [anna.email]: false, [licensed]: true }, 'equal']);
});

test.each<[string, Fields]>([
  ['people of its own', { invitees: { add: [bo.email] } }],
  ['a title of its own', { title: 'Zorble' }],
])('an occurrence with %s has the same co-hosts as its series, and nobody is uninvited in vain', async (_what, changes) => {
  const before = await peopleCalls('DELETE');
  const scene = await replaced({ recurrence: 'FREQ=WEEKLY;COUNT=6' }, async (id) => {
    const [, second] = await occurrencesOf(grace.client, grace.hostEmail, id);
    await grace.client.control('POST', `meetings/${id}/occurrences/${second?.start ?? ''}/edit`, changes);
  });
  const [own] = (await readMeeting(grace.webex, scene.made)).changes ?? [];
  expect(rolesOf(own?.held?.invitees ?? [])).toMatchObject({ [licensed]: true, [stale]: false });
  expect([await verdictOf(scene), await grace.differing(scene), await peopleCalls('DELETE')]).toEqual(['lost', [], before]);
});

test('one who was co-host of a single occurrence alone, and may not host, makes it no different', async () => {
  const scene = await replaced({ recurrence: 'FREQ=WEEKLY;COUNT=6', invitees: [anna] }, async (id) => {
    const [, second] = await occurrencesOf(grace.client, grace.hostEmail, id);
    await grace.client.post('/meetingInvitees', { meetingId: second?.id, hostEmail: grace.hostEmail, sendEmail: false, ...coHost(stale) });
  });
  expect([await verdictOf(scene), await grace.differing(scene)]).toEqual(['lost', []]);
});

describe('in grace, with a co-host who lost the role', () => {
  test('another edit is followed, nobody is uninvited for it, and the mail names the role', async () => {
    const scene = await replaced();
    const before = await peopleCalls('DELETE');
    const [digest] = await follow(scene, { title: 'Moved to the garden', invitees: { add: [bo] } });
    expect([digest?.kind, digest?.entries[0]?.lost.includes('coHosts'), await peopleCalls('DELETE')]).toEqual(['changed', true, before]);
    expect(await rolesIn(scene)).toEqual({ [anna.email]: false, [licensed]: true, [stale]: false, [bo.email]: false });
    expect(await scene.retire()).toEqual({ outcome: 'retired' });
  });

  test('they are uninvited when the organiser uninvites them', async () => {
    const scene = await replaced();
    await follow(scene, { invitees: { remove: [stale] } });
    expect(await rolesIn(scene)).toEqual({ [anna.email]: false, [licensed]: true });
    expect(await verdictOf(scene)).toBe('equal');
  });

  test('whom the organiser makes a co-host becomes one', async () => {
    const scene = await replaced({ invitees: [anna, { email: licensed }, coHost(stale)] });
    await follow(scene, { invitees: { remove: [licensed], add: [coHost(licensed)] } });
    expect([await rolesIn(scene), await verdictOf(scene)]).toEqual([{ [anna.email]: false, [licensed]: true, [stale]: false }, 'lost']);
  });

  test('whom the organiser makes a co-host, and the vendor does not, stays a guest; that is told', async () => {
    const scene = await replaced({ invitees: [anna, { email: stale }] });
    await licence(true);
    await grace.edit(scene.id, { invitees: { remove: [stale], add: [coHost(stale)] } });
    await licence(false);
    expect(await scene.retire()).toMatchObject({ outcome: 'followed' });
    expect([(await grace.mailed(scene.ref))[0]?.entries[0]?.lost.includes('coHosts'), await rolesIn(scene)]).toEqual([true, { [anna.email]: false, [stale]: false }]);
  });

  test('and whom they make a guest becomes that, with somebody else in their place', async () => {
    const scene = await replaced({ invitees: [anna, coHost(licensed), { email: stale }] });
    await licence(true);
    await follow(scene, { invitees: { remove: [licensed, stale], add: [{ email: licensed }, coHost(stale)] } });
    expect(await rolesIn(scene)).toEqual({ [anna.email]: false, [licensed]: false, [stale]: true });
  });
});

test('some co-hosts of the simulated organisation may only attend, all one person, and others may host', async () => {
  const client = await start({ meetings: 150, hosts: 30, rpm: 10 ** 6 });
  const hosts = new Set(await hostsOf(client));
  const meetings = await client.control<readonly { hostEmail: string; invitees: readonly { email: string; coHost: boolean }[] }[]>('GET', 'meetings');
  const roles = meetings.filter(({ hostEmail }) => hosts.has(hostEmail)).flatMap(({ invitees }) => invitees.flatMap(({ email, coHost: role }) => (role ? [email] : [])));
  expect(new Set(roles.filter((email) => !hosts.has(email))).size).toBe(1);
  expect(roles.some((email) => hosts.has(email))).toBe(true);
});
