import { hostsOf, legacy, replacementBody, start, stopAll, wide, type Client, type Fields } from './simulator-client.js';
import { startClock } from '../../simulators/support/clock.js';
import { Faults, type FaultProfile } from '../../simulators/webex/faults.js';

afterEach(stopAll);

const faultsOf = (seed: number, profile: FaultProfile, calls: number, isList = true): (string | null)[] => {
  const faults = new Faults(startClock({ scale: 60 }), seed, profile);
  return Array.from({ length: calls }, (_, i) => faults.next(i + 1, `call ${i}`, isList)?.kind ?? null);
};

test('the same seed gives the same faults at the same calls, another seed others, and hostile more than ordinary', () => {
  expect(faultsOf(7, 'hostile', 300)).toEqual(faultsOf(7, 'hostile', 300));
  expect(faultsOf(7, 'hostile', 300)).not.toEqual(faultsOf(8, 'hostile', 300));
  const share = (profile: FaultProfile): number => faultsOf(7, profile, 2000).filter(Boolean).length / 2000;
  expect(share('none')).toBe(0);
  expect(share('ordinary')).toBeGreaterThan(0.05);
  expect(share('hostile')).toBeGreaterThan(2 * share('ordinary'));
  expect(new Set(faultsOf(7, 'hostile', 2000)).size).toBe(8);
});

test('patience solves every fault: one request, repeated, never meets more than three in a row', () => {
  const faults = new Faults(startClock({ scale: 60 }), 3, 'hostile');
  let row = 0;
  let longest = 0;
  for (let call = 1; call <= 5000; call++) {
    row = faults.next(call, 'DELETE /v1/meetings/a', false) ? row + 1 : 0;
    longest = Math.max(longest, row);
  }
  expect(longest).toBe(3);
});

test('a 429 asks for up to an hour of simulated time, but for a few real seconds at most', () => {
  const waits = (scale: number): number[] => {
    const faults = new Faults(startClock({ scale }), 3, 'hostile');
    return Array.from({ length: 2000 }, (_, i) => faults.next(i, `call ${i}`, false)).flatMap((fault) => (fault?.kind === 'rate-limit' ? [fault.retryAfterMs] : []));
  };
  expect(Math.max(...waits(1))).toBe(2000);
  expect(Math.max(...waits(3600))).toBe(1000);
});

/** Calls until the vendor answers as `wanted`; what else came is told. */
async function insist(wanted: (reply: { status: number }) => boolean, call: () => Promise<{ status: number }>): Promise<(number | 'reset')[]> {
  const met: (number | 'reset')[] = [];
  for (;;) {
    const reply = await call().catch(() => null);
    if (reply && wanted(reply)) return met;
    met.push(reply?.status ?? 'reset');
  }
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly fault: string | null;
  readonly effect: boolean;
}

test('some creations take effect although the answer is an error or the connection breaks, and others do not', async () => {
  const client = await start({ faults: 'hostile', seed: 5, scale: 10_000, rpm: 10_000, listLag: 0 });
  await client.control('POST', 'faults', { profile: 'none' });
  const [host = ''] = await hostsOf(client);
  await client.control('POST', 'faults', { profile: 'hostile' });
  const met: (number | 'reset')[] = [];
  for (let i = 0; i < 60; i++) met.push(...(await insist(({ status }) => status === 200, () => client.post('/meetings', replacementBody(host, { title: `Plim ${i}` })))));
  await client.control('POST', 'faults', { profile: 'none' });
  const creations = (await client.control<Call[]>('GET', 'calls')).filter(({ method, path }) => method === 'POST' && path === '/v1/meetings');
  const after = creations.filter(({ fault, effect }) => effect && (fault === 'unavailable-after' || fault === 'reset-after'));
  const before = creations.filter(({ fault, effect }) => !effect && (fault === 'unavailable-before' || fault === 'reset-before'));
  expect(after.map(({ fault }) => fault)).toEqual(expect.arrayContaining(['unavailable-after', 'reset-after']));
  expect(before.length).toBeGreaterThan(0);
  expect(met).toEqual(expect.arrayContaining(['reset', 429]));
  const { items } = await client.all('/meetings', { ...wide, hostEmail: host });
  expect(items).toHaveLength(60 + after.length);
});

test('error bodies are sometimes HTML, and a 429 always is', async () => {
  const client = await start({ faults: 'hostile', seed: 5, scale: 10_000, rpm: 10_000 });
  const types = new Map<number, Set<string>>();
  for (let i = 0; i < 150; i++) {
    const reply = await client.get('/people', { max: String(i + 1) }).catch(() => null);
    if (reply) types.set(reply.status, (types.get(reply.status) ?? new Set()).add(reply.headers.get('content-type') ?? ''));
  }
  expect([...(types.get(429) ?? [])]).toEqual(['text/html']);
  const broken = [500, 502, 503, 504].flatMap((status) => [...(types.get(status) ?? [])]);
  expect(new Set(broken)).toEqual(new Set(['text/html', 'application/json;charset=UTF-8']));
});

test('lists have empty pages in between, and whoever follows the links still sees everything once', async () => {
  const client = await start({ faults: 'ordinary', seed: 9, hosts: 60, scale: 10_000, rpm: 10_000 });
  const seen: unknown[] = [];
  let empty = 0;
  let query: Record<string, string> | null = { max: '2' };
  while (query) {
    const asked: Record<string, string> = query;
    let body: Fields = {};
    let link: string | null = null;
    await insist(({ status }) => status === 200, async () => {
      const reply = await client.get('/people', asked);
      [body, link] = [reply.body, reply.headers.get('link')];
      return reply;
    });
    const items = body['items'] as Fields[];
    if (items.length === 0) empty += 1;
    seen.push(...items.map(({ id }) => id));
    const next = /<([^>]+)>/.exec(link ?? '')?.[1];
    query = next === undefined ? null : Object.fromEntries(new URL(next).searchParams);
  }
  expect(empty).toBeGreaterThan(0);
  expect([seen.length, new Set(seen).size]).toEqual([67, 67]);
});

test('with a lag a new meeting is found by its id at once, and in lists and by tag only later', async () => {
  // Up to ten hours, of which 360 real milliseconds are left.
  const client = await start({ listLag: 36_000, scale: 100_000, rpm: 1_000_000, seed: 4 });
  const [host = ''] = await hostsOf(client);
  const find = async (who: Client): Promise<number> => ((await who.get('/meetings', { ...wide, hostEmail: host, integrationTag: 'relink:a' })).body['items'] as Fields[]).length;
  let late = 0;
  for (let i = 0; i < 20 && late === 0; i++) {
    const made = await client.post('/meetings', replacementBody(host, { integrationTags: [`relink:a`] }));
    expect((await client.get(`/meetings/${String(made.body['id'])}`, { hostEmail: host })).status).toBe(200);
    if ((await find(client)) < i + 1) late += 1;
    while ((await find(client)) < i + 1);
  }
  expect(late).toBe(1);
});

test('with a lag a meeting that a client deleted is gone at once by its id, number and link, and from lists only later', async () => {
  const client = await start({ listLag: 36_000, scale: 100_000, rpm: 1_000_000, seed: 4 });
  const [host = ''] = await hostsOf(client);
  const listed = async (query: Record<string, string>): Promise<number> => (await client.all('/meetings', { hostEmail: host, ...query })).items.length;
  let late = 0;
  for (let i = 0; i < 20 && late === 0; i++) {
    const { id, meetingNumber } = (await client.post('/meetings', replacementBody(host))).body as { id: string; meetingNumber: string };
    while ((await listed(wide)) === 0);
    await client.delete(`/meetings/${id}`, { hostEmail: host });
    expect((await client.get(`/meetings/${id}`, { hostEmail: host })).status).toBe(404);
    expect(await listed({ meetingNumber })).toBe(0);
    if ((await listed(wide)) > 0) late += 1;
    while ((await listed(wide)) > 0);
  }
  expect(late).toBe(1);
});

test('meetings of organisers, and what they delete, show in lists at once, whatever the lag', async () => {
  const client = await start({ listLag: 3600 });
  const [host = ''] = await hostsOf(client);
  const { id } = await legacy(client, host);
  const count = async (): Promise<number> => (await client.all('/meetings', { ...wide, hostEmail: host })).items.length;
  expect(await count()).toBe(1);
  await client.control('POST', `meetings/${id}/delete`);
  expect(await count()).toBe(0);
});
