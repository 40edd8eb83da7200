import { createVendor } from '../../adapters/vendors/index.js';
import { RelinkFailure } from '../../domain/failures.js';
import type { Host, ListedMeeting } from '../../domain/meeting.js';
import type { ConferencingVendor } from '../../domain/ports.js';
import { startSimulators } from '../../simulators/start-simulators.js';
import { differencesOf } from '../support/whole-job.js';

type Simulators = Awaited<ReturnType<typeof startSimulators>>;
let simulators: Simulators;
let webex: ConferencingVendor;
const hosts: Host[] = [];
const window = { from: new Date().toISOString(), to: new Date(Date.now() + 400 * 86_400_000).toISOString() };
const pacer = { beforeRequest: async () => undefined, quietFor: async () => undefined };
const policy = { lobby: 'required', joinBeforeHost: false } as const;
const vendorWith = (token: string) => createVendor('webex', { baseUrl: simulators.webex.url, token: async () => token, pacer, timeoutMs: 60_000 });

beforeAll(async () => {
  simulators = await startSimulators({ meetings: 80, hosts: 16, seed: 3, faults: 'none', rpm: 1_000_000, scale: 1000 } as never);
  webex = vendorWith(simulators.webex.token);
  let page: string | null = null;
  do {
    const found: Awaited<ReturnType<ConferencingVendor['listHosts']>> = await webex.listHosts(page);
    hosts.push(...found.hosts);
    page = found.next;
  } while (page !== null);
});
afterAll(() => simulators?.stop());

async function inventory(): Promise<readonly ListedMeeting[]> {
  const lists = await Promise.all(hosts.map((host) => webex.listMeetings(host, window)));
  expect(lists.flatMap(({ unreadable }) => unreadable)).toEqual([]);
  return lists.flatMap(({ meetings }) => meetings);
}

test('people who may only attend are no hosts', () => expect(hosts).toHaveLength(16));

test('each meeting is listed once, with its host, and every refused kind is recognised', async () => {
  const meetings = await inventory();
  expect(new Set(meetings.map(({ identity }) => identity.id)).size).toBe(meetings.length);
  const reasons = new Set(meetings.flatMap(({ refusal }) => refusal ?? []));
  for (const reason of ['SpaceMeeting', 'PersonalRoom', 'CalendarManaged'] as const) expect(reasons).toContain(reason);
});

test.each(['single', 'series', 'webinar'] as const)('a meeting of kind %s is replaced by one that differs in its handles alone, and the old one can be proven dead', async (kind) => {
  const candidates = (await inventory()).filter((meeting) => meeting.kind === kind && !meeting.refusal && meeting.next && meeting.next.start > new Date(Date.now() + 60_000).toISOString());
  let replaced = 0;
  for (const { identity } of candidates.slice(0, 8)) {
    const legacy = await webex.readMeeting(identity, window);
    if (legacy === 'gone') throw new Error('gone');
    if (legacy.refusal) continue;
    const tag = `relink:${identity.id.slice(0, 30)}`;
    const { identity: made, complete } = await webex.createReplacement(legacy, policy, tag);
    if (!complete) await webex.carryOver(made, legacy, policy);
    const replacement = await webex.readMeeting(made, window);
    if (replacement === 'gone') throw new Error('gone');
    expect(differencesOf(webex, legacy, replacement)).toEqual([]);
    expect((await webex.findByTag(identity, tag)).map(({ id }) => id)).toEqual([made.id]);
    await webex.carryOver(made, legacy, policy);
    expect(await webex.resolves(identity)).toEqual(['id', 'number', 'link']);
    expect(await webex.removeMeeting(identity)).toMatchObject({ outcome: 'removed' });
    expect(await webex.removeMeeting(identity)).toMatchObject({ outcome: 'absent' });
    expect(await webex.resolves(identity)).toEqual([]);
    expect(await webex.readMeeting(identity, window)).toBe('gone');
    replaced++;
  }
  expect(replaced).toBeGreaterThan(0);
});

test('a wrong token is Unauthorised, and the error quotes nothing', async () => {
  const cause = await vendorWith('wrong-token').verify().catch((thrown: unknown) => thrown);
  expect(cause).toBeInstanceOf(RelinkFailure);
  expect((cause as RelinkFailure).type).toBe('Unauthorised');
  expect(JSON.stringify(cause)).not.toContain('wrong-token');
});
