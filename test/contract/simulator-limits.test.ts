import { Client, hostsOf, legacy, replacementBody, start, stopAll, type Fields } from './simulator-client.js';

afterEach(stopAll);

interface Call {
  readonly status: number;
  readonly refusedBy: string | null;
  readonly meetingId: string | null;
  readonly method: string;
  readonly query: string;
  readonly mailsPeople: boolean;
}

const statuses = async (requests: readonly Promise<{ status: number }>[]): Promise<number[]> => (await Promise.all(requests)).map(({ status }) => status);
const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

test('an identity may send so many requests a minute; the next is told in HTML how many seconds to wait', async () => {
  const client = await start({ rpm: 5, identities: 2 });
  expect(await statuses(times(5, () => client.get('/people/me')))).toEqual([200, 200, 200, 200, 200]);
  const refused = await client.get('/people/me');
  expect(refused.status).toBe(429);
  expect(refused.headers.get('content-type')).toBe('text/html');
  const seconds = Number(refused.headers.get('retry-after'));
  expect(seconds).toBeGreaterThan(50);
  expect(seconds).toBeLessThanOrEqual(60);
  expect((await new Client(client.simulators, client.simulators.webex.tokens[1]).get('/people/me')).status).toBe(200);
});

test('with a scale, a minute of limits passes faster, and Retry-After is in real seconds', async () => {
  const client = await start({ rpm: 3, scale: 6 });
  await statuses(times(3, () => client.get('/people/me')));
  const refused = await client.get('/people/me');
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toMatch(/^([1-9]|10)$/);
});

test('requests are let in again when the window has passed', async () => {
  const client = await start({ rpm: 3, scale: 60 });
  const until = async (wanted: number): Promise<void> => {
    while ((await client.get('/people/me')).status !== wanted);
  };
  await until(429);
  await until(200);
});

test('creations are counted per host and per identity, failed ones too, and each beyond the quota is remembered', async () => {
  const client = await start({ createsIdentity: 4, createsHost: 2 });
  const [one = '', two = '', three = ''] = await hostsOf(client);
  const create = async (host: string, more?: Fields): Promise<number> => (await client.post('/meetings', replacementBody(host, more))).status;
  expect(await create(one)).toBe(200);
  expect(await create(one, { title: undefined })).toBe(400);
  expect(await create(one)).toBe(429);
  expect(await create(two)).toBe(200);
  expect(await create(three)).toBe(200);
  expect(await create(three)).toBe(429);
  const calls = await client.control<Call[]>('GET', 'calls');
  expect(calls.map(({ refusedBy }) => refusedBy).filter(Boolean)).toEqual(['creates-host', 'creates-identity']);
  expect(await client.control('GET', 'audit')).toMatchObject({ quotaOverspent: 2 });
});

test('limits can be changed while the simulator runs', async () => {
  const client = await start({ rpm: 2 });
  await statuses(times(2, () => client.get('/people/me')));
  expect((await client.get('/people/me')).status).toBe(429);
  await client.control('POST', 'limits', { rpm: 10 });
  expect((await client.get('/people/me')).status).toBe(200);
});

test('the call log names methods, meetings and answers, and no personal value', async () => {
  const client = await start({});
  const [host = ''] = await hostsOf(client);
  const { id } = await legacy(client, host);
  await client.get(`/meetings/${id}`, { hostEmail: host });
  await client.delete(`/meetings/${id}`, { hostEmail: host });
  const [read, deleted] = await client.control<Call[]>('GET', 'calls?since=1');
  expect(read).toMatchObject({ method: 'GET', status: 200, meetingId: id, query: 'hostEmail=…', mailsPeople: false });
  // The vendor mails everybody unless it is told not to.
  expect(deleted).toMatchObject({ method: 'DELETE', status: 204, meetingId: id, mailsPeople: true });
  expect(JSON.stringify([read, deleted])).not.toContain(host);
});

test('the summary counts by method and meeting, and says which share of the allowed requests was used', async () => {
  const client = await start({ rpm: 60_000 });
  const [host = ''] = await hostsOf(client);
  const { id } = await legacy(client, host);
  for (let i = 0; i < 5; i++) await client.get(`/meetings/${id}`, { hostEmail: host });
  const summary = await client.control<Fields & { share: number }>('GET', 'calls/summary');
  expect(summary).toMatchObject({ calls: 6, byMethod: { GET: 6 }, byMeeting: { [id]: { GET: 5 } }, creates: 0 });
  expect(summary.share).toBeGreaterThan(0);
  expect(summary.share).toBeLessThanOrEqual(1);
});
