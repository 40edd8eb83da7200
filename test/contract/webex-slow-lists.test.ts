import { createVendor } from '../../adapters/vendors/index.js';
import type { Host } from '../../domain/meeting.js';
import { Client } from './simulator-client.js';
import { startSimulators, type Simulators } from '../../simulators/start-simulators.js';
import { failureOf } from '../support/webex-answers.js';

let simulators: Simulators;
let client: Client;
const pacer = { beforeRequest: async () => undefined, quietFor: async () => undefined };
const webex = () => createVendor('webex', { baseUrl: simulators.webex.url, token: async () => simulators.webex.token, pacer, timeoutMs: 60_000 });
const window = { from: new Date().toISOString(), to: new Date(Date.now() + 400 * 86_400_000).toISOString() };
beforeAll(async () => {
  simulators = await startSimulators({ meetings: 60, hosts: 2, seed: 3, rpm: 1_000_000 });
  client = new Client(simulators);
});
afterAll(() => simulators?.stop());

const sizesSince = async (n: number) => (await client.control<{ query: string; host: string; n: number }[]>('GET', `calls?since=${n}`)).map(({ query }) => Number(/max=(\d+)/.exec(query)?.[1]));
const lastCall = async () => (await client.control<{ n: number }[]>('GET', 'calls')).at(-1)?.n ?? 0;
const slow = (host: Host, over: number | null) => client.control('POST', `people/${host.email}/slow-lists`, { over });

test('a list that the vendor does not manage in time is asked for in smaller pages at the next attempts, of this host alone, and shows the same', async () => {
  const port = webex();
  const [host, other] = (await port.listHosts(null)).hosts as [Host, Host];
  const whole = await port.listMeetings(host, window);
  await slow(host, 25);
  const before = await lastCall();
  for (let i = 0; i < 3; i++) expect(await failureOf(port.listMeetings(host, window))).toMatchObject({ type: 'VendorUnavailable', facts: { status: 504 } });
  const ids = ({ meetings }: Awaited<ReturnType<typeof port.listMeetings>>) => meetings.map(({ identity: { id } }) => id).toSorted();
  expect(ids(await port.listMeetings(host, window))).toEqual(ids(whole));
  expect((await sizesSince(before)).slice(0, 4)).toEqual([100, 100, 50, 25]);
  const after = await lastCall();
  await port.listMeetings(other, window);
  expect(new Set(await sizesSince(after))).toEqual(new Set([100]));
});

test('a list that was too slow once, and is there at the next attempt, is asked for as before: that was chance', async () => {
  const port = webex();
  const [host] = (await port.listHosts(null)).hosts as [Host];
  const before = await lastCall();
  for (let i = 0; i < 3; i++) {
    await slow(host, 0);
    expect((await failureOf(port.listHost({ hostEmail: host.email }))).facts.status).toBe(504);
    await slow(host, null);
    await port.listHost({ hostEmail: host.email });
  }
  expect(new Set(await sizesSince(before))).toEqual(new Set([100]));
});

test('a list that never is there in time is asked for by tens in the end, and another adapter begins anew', async () => {
  const port = webex();
  const [host] = (await port.listHosts(null)).hosts as [Host];
  await slow(host, 0);
  const before = await lastCall();
  for (let i = 0; i < 7; i++) expect((await failureOf(port.listHost({ hostEmail: host.email }))).facts.status).toBe(504);
  expect(await sizesSince(before)).toEqual([100, 100, 50, 25, 12, 10, 10]);
  await slow(host, null);
  expect(await webex().listHost({ hostEmail: host.email })).not.toBe('many');
});
