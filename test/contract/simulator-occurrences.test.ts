import { hostsOf, legacy, occurrencesOf, start, stopAll, type Client, type Fields } from './simulator-client.js';

afterEach(stopAll);

interface Series {
  readonly client: Client;
  readonly hostEmail: string;
  readonly id: string;
  /** Ids of its occurrences. */
  readonly ids: readonly string[];
  /** Addresses on the list of the series or of an occurrence. */
  readonly invited: (meetingId: string) => Promise<unknown[]>;
}

const DAY = 86_400_000;
const tomorrow = `${new Date(Date.now() + DAY).toISOString().slice(0, 10)}T10:00:00.000Z`;
const startOf = (day: number): string => new Date(Date.parse(tomorrow) + day * DAY).toISOString();

/** A daily series of five with two invitees, planned by its organiser. */
async function daily(): Promise<Series> {
  const client = await start();
  const [hostEmail = ''] = await hostsOf(client);
  const invitees = [{ email: 'anna@guest.example.org' }, { email: 'bo@guest.example.org' }];
  const { id } = await legacy(client, hostEmail, { start: startOf(0), end: new Date(Date.parse(startOf(0)) + 3_600_000).toISOString(), recurrence: 'FREQ=DAILY;COUNT=5', invitees });
  const ids = (await occurrencesOf(client, hostEmail, id)).map((item) => item.id);
  const invited = async (meetingId: string): Promise<unknown[]> => (await client.all('/meetingInvitees', { meetingId, hostEmail })).items.map(({ email }) => email);
  return { client, hostEmail, id, ids, invited };
}

const [anna, bo, cy] = ['anna@guest.example.org', 'bo@guest.example.org', 'cy@guest.example.org'];
const modified = async ({ client, hostEmail, id }: Series): Promise<unknown[]> => (await occurrencesOf(client, hostEmail, id)).map(({ isModified }) => isModified);

test('an occurrence has the invitees of its series, with ids of its own, until one is added to it', async () => {
  const series = await daily();
  const { client, hostEmail, id, ids, invited } = series;
  const [, second = ''] = ids;
  const [first] = (await client.all('/meetingInvitees', { meetingId: second, hostEmail })).items;
  expect(first).toMatchObject({ email: anna, meetingId: second, id: expect.stringMatching(new RegExp(`^${second}_\\d+$`)) as string });
  expect((await client.post('/meetingInvitees', { meetingId: second, hostEmail, email: anna })).status).toBe(409);
  expect(await modified(series)).toEqual([false, false, false, false, false]);
  const added = await client.post('/meetingInvitees', { meetingId: second, hostEmail, email: cy });
  expect(added.body).toMatchObject({ email: cy, meetingId: second });
  expect([await invited(id), await invited(second), await invited(ids[2] ?? '')]).toEqual([[anna, bo], [anna, bo, cy], [anna, bo]]);
  expect(await modified(series)).toEqual([false, true, false, false, false]);
});

test('who is removed by an id of an occurrence is removed from it alone, and one of the series from the series', async () => {
  const series = await daily();
  const { client, hostEmail, id, ids, invited } = series;
  const [, second = ''] = ids;
  const idOf = async (meetingId: string): Promise<string> => String((await client.all('/meetingInvitees', { meetingId, hostEmail })).items[0]?.['id']);
  expect((await client.delete(`/meetingInvitees/${await idOf(second)}`, { hostEmail, sendEmail: 'false' })).status).toBe(204);
  expect([await invited(id), await invited(second)]).toEqual([[anna, bo], [bo]]);
  await client.delete(`/meetingInvitees/${await idOf(id)}`, { hostEmail, sendEmail: 'false' });
  expect([await invited(id), await invited(second), await invited(ids[3] ?? '')]).toEqual([[bo], [bo], [bo]]);
  expect(await modified(series)).toEqual([false, true, false, false, false]);
});

test('many are added to one occurrence at once, all or none', async () => {
  const { client, hostEmail, ids, invited } = await daily();
  const insert = (items: Fields[]): Promise<{ status: number }> => client.post('/meetingInvitees/bulkInsert', { meetingId: ids[1], hostEmail, items });
  expect((await insert([{ email: cy }, { email: bo }])).status).toBe(409);
  expect(await invited(ids[1] ?? '')).toEqual([anna, bo]);
  expect((await insert([{ email: cy }])).status).toBe(200);
  expect(await invited(ids[1] ?? '')).toEqual([anna, bo, cy]);
});

test('an occurrence that is not, or was deleted, has no invitees', async () => {
  const { client, hostEmail, id, ids } = await daily();
  await client.delete(`/meetings/${ids[1]}`, { hostEmail });
  for (const meetingId of [ids[1] ?? '', `${id}_20310101T000000Z`]) {
    expect((await client.get('/meetingInvitees', { meetingId, hostEmail })).status).toBe(404);
    expect((await client.post('/meetingInvitees', { meetingId, hostEmail, email: cy })).status).toBe(404);
  }
});

test('a person who is invited to one occurrence finds that one in the list of meetings', async () => {
  const { client, hostEmail, ids } = await daily();
  const [, other = ''] = await hostsOf(client);
  await client.post('/meetingInvitees', { meetingId: ids[1], hostEmail, email: other });
  const listed = async (meetingType: string): Promise<unknown[]> => (await client.all('/meetings', { hostEmail: other, meetingType })).items.map(({ id }) => id);
  expect([await listed('scheduledMeeting'), await listed('meetingSeries')]).toEqual([[ids[1]], []]);
});

test('an organiser edits and deletes single occurrences, wherever they go, and the series is then one with exceptions', async () => {
  const { client, hostEmail, id, ids, invited } = await daily();
  const edit = { title: 'Plimtarok', start: startOf(3.5), agenda: 'Quib', invitees: { add: [cy], remove: [anna] } };
  const meeting = await client.control<Fields>('POST', `meetings/${id}/occurrences/${startOf(1)}/edit`, edit);
  await client.control('POST', `meetings/${id}/occurrences/${startOf(2)}/delete`);
  const occurrences = await occurrencesOf(client, hostEmail, id);
  expect(occurrences.map((item) => item.id)).toEqual([ids[0], ids[3], ids[1], ids[4]]);
  expect(occurrences[2]).toMatchObject({ title: 'Plimtarok', agenda: 'Quib', start: startOf(3.5).replace('.000', ''), isModified: true });
  expect(await invited(ids[1] ?? '')).toEqual([bo, cy]);
  expect(meeting['exceptions']).toMatchObject([{ original: startOf(1), title: 'Plimtarok', start: startOf(3.5), invitees: [{ email: bo }, { email: cy }] }]);
  expect(await client.control('GET', 'truth')).toMatchObject({ [id]: { kind: 'exceptions', supported: true } });
  const planted = await client.control<Record<string, string[]>>('GET', 'planted');
  expect(planted).toMatchObject({ titles: expect.arrayContaining(['Plimtarok']), addresses: expect.arrayContaining([cy]) });
  expect(planted).toMatchObject({ links: expect.arrayContaining([occurrences[2]?.['webLink']]), numbers: expect.arrayContaining([occurrences[2]?.['meetingNumber']]) });
});

test('what was changed of an occurrence stays planted when the series is planned anew', async () => {
  const { client, hostEmail, id } = await daily();
  await client.control('POST', `meetings/${id}/occurrences/${startOf(1)}/edit`, { title: 'Plimtarok' });
  const edited = await client.control<Fields>('POST', `meetings/${id}/edit`, { end: startOf(0.1) });
  expect(edited['exceptions']).toEqual([]);
  expect(await occurrencesOf(client, hostEmail, id, { isModified: 'true' })).toEqual([]);
  expect(await client.control('GET', 'planted')).toMatchObject({ titles: expect.arrayContaining(['Plimtarok']) });
  expect(await client.control('GET', 'truth')).toMatchObject({ [id]: { kind: 'series', supported: true } });
});
