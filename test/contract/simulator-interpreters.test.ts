import { createTransport } from 'nodemailer';
import { hostsOf, inDays, legacy, occurrencesOf, replacementBody, start, stopAll, wide, type Client, type Fields } from './simulator-client.js';

afterEach(stopAll);

const english = { languageCode1: 'en', languageCode2: 'de', email: 'anna@guest.example.org', displayName: 'Anna' };
const nobodyYet = { languageCode1: 'en', languageCode2: 'nl' };
const interpreted = (...interpreters: readonly Fields[]): Fields => ({ simultaneousInterpretation: { enabled: true, interpreters } });
const weekly = { recurrence: 'FREQ=WEEKLY;COUNT=5' };

async function begin(): Promise<{ client: Client; hostEmail: string }> {
  const client = await start();
  const [hostEmail = ''] = await hostsOf(client);
  return { client, hostEmail };
}

const withoutIds = (items: unknown): unknown => (items as Fields[]).map(({ id, ...rest }) => (expect(id).toEqual(expect.any(String)), rest));
const listed = async (client: Client, hostEmail: string, id: string): Promise<unknown> => withoutIds((await client.get(`/meetings/${id}/interpreters`, { hostEmail })).body['items']);
const add = (client: Client, hostEmail: string, id: string, interpreter: Fields): Promise<{ status: number }> => client.post(`/meetings/${id}/interpreters`, { hostEmail, sendEmail: false, ...interpreter });

async function made(client: Client, hostEmail: string, more: Fields = {}): Promise<string> {
  const { status, body } = await client.post('/meetings', replacementBody(hostEmail, { ...interpreted(english, nobodyYet), ...more }));
  expect(status).toBe(200);
  return String(body['id']);
}

test('interpreters that a creation names are shown with the meeting and listed, the latest first', async () => {
  const { client, hostEmail } = await begin();
  const id = await made(client, hostEmail);
  const { enabled, interpreters } = (await client.get(`/meetings/${id}`, { hostEmail })).body['simultaneousInterpretation'] as Fields;
  expect([enabled, withoutIds(interpreters)]).toEqual([true, [english, nobodyYet]]);
  await add(client, hostEmail, id, { ...english, email: 'bo@guest.example.org', displayName: 'Bo' });
  expect(await listed(client, hostEmail, id)).toEqual([{ ...english, email: 'bo@guest.example.org', displayName: 'Bo' }, nobodyYet, english]);
});

test('an account keeps its own name, and nobody interprets twice', async () => {
  const { client, hostEmail } = await begin();
  const [, other = ''] = await hostsOf(client);
  const id = await made(client, hostEmail, interpreted({ ...english, email: other }));
  expect(await listed(client, hostEmail, id)).not.toEqual([{ ...english, email: other }]);
  expect((await add(client, hostEmail, id, { ...english, email: other.toUpperCase() })).status).toBe(400);
  expect((await client.post('/meetings', replacementBody(hostEmail, interpreted(english, english)))).status).toBe(400);
});

test('one occurrence has the interpreters of its series until it gets its own', async () => {
  const { client, hostEmail } = await begin();
  const id = await made(client, hostEmail, weekly);
  const [first, second] = await occurrencesOf(client, hostEmail, id);
  expect((await add(client, hostEmail, second?.id ?? '', { languageCode1: 'fr', languageCode2: 'en' })).status).toBe(200);
  expect(await listed(client, hostEmail, first?.id ?? '')).toHaveLength(2);
  expect(await listed(client, hostEmail, second?.id ?? '')).toHaveLength(3);
});

test('nobody is added to a meeting without interpretation, nor to one that is held', async () => {
  const { client, hostEmail } = await begin();
  const plain = await legacy(client, hostEmail);
  const held = await legacy(client, hostEmail, { start: new Date(Date.now() - 300_000).toISOString(), end: inDays(1), interpreters: [english] });
  expect((await add(client, hostEmail, plain.id, nobodyYet)).status).toBe(400);
  expect((await add(client, hostEmail, held.id, nobodyYet)).status).toBe(403);
});

describe('the audit', () => {
  async function lost(more: Fields, then: (client: Client, id: string, hostEmail: string) => Promise<unknown> = () => Promise.resolve(), planned: Fields = {}): Promise<unknown> {
    const { client, hostEmail } = await begin();
    const old = await legacy(client, hostEmail, { interpreters: [english, nobodyYet], ...planned });
    const { body } = await client.post('/meetings', replacementBody(hostEmail, { ...more, ...planned }));
    await then(client, old.id, hostEmail);
    const transport = createTransport(client.simulators.smtp.url);
    await transport.sendMail({ from: 'relink@example.org', to: hostEmail, subject: 'A new link', text: String(body['webLink']) });
    transport.close();
    await client.delete(`/meetings/${old.id}`, { hostEmail, sendEmail: 'false' });
    const { lostInvitees, ...others } = await client.control<Fields>('GET', 'audit?cutoff=2024-05-28T00:00:00Z');
    expect(Object.values(others).filter((count) => count !== 0)).toEqual([]);
    return lostInvitees;
  }

  test('finds nothing lost when all interpreters are there', async () => expect(await lost(interpreted(nobodyYet, { ...english, displayName: 'Anna Vos' }))).toBe(0));
  test('counts each that is not there, and each on another channel', async () => expect([await lost({}), await lost(interpreted(english, { ...nobodyYet, languageCode2: 'fr' }))]).toEqual([2, 1]));
  test('counts those of single occurrences', async () => {
    const own = async (client: Client, id: string, hostEmail: string): Promise<unknown> => {
      const [, second] = await occurrencesOf(client, hostEmail, id);
      return add(client, hostEmail, second?.id ?? '', { languageCode1: 'fr', languageCode2: 'en' });
    };
    expect(await lost(interpreted(english, nobodyYet), own, weekly)).toBe(1);
  });
});

test('lists may leave out who interprets, of series and of occurrences; look-ups and the meeting itself do not', async () => {
  const { client, hostEmail } = await begin();
  const { id } = await legacy(client, hostEmail, { interpreters: [nobodyYet], recurrence: 'FREQ=WEEKLY;COUNT=3' });
  await client.control('POST', 'lists', { interpretation: false });
  const lists = await Promise.all(['meetingSeries', 'scheduledMeeting'].map((meetingType) => client.all('/meetings', { ...wide, hostEmail, meetingType })));
  expect(lists.flatMap(({ items }) => items).map((item) => item['simultaneousInterpretation'])).toEqual([undefined, undefined, undefined, undefined]);
  const own = (await client.get(`/meetings/${id}`, { hostEmail })).body;
  const { items: found } = await client.all('/meetings', { hostEmail, meetingNumber: String(own['meetingNumber']) });
  for (const shown of [own, found[0]]) expect(shown?.['simultaneousInterpretation']).toMatchObject({ enabled: true });
});
