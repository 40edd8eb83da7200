import { createTransport } from 'nodemailer';
import { hostsOf, legacy, occurrencesOf, replacementBody, start, stopAll, type Client, type Fields } from './simulator-client.js';

afterEach(stopAll);

const invitees = [{ email: 'anna@guest.example.org' }, { email: 'bo@guest.example.org' }];
const sessions = [{ name: 'Plim', invitees: ['anna@guest.example.org'] }, { name: 'Quib', invitees: ['bo@guest.example.org'] }];
const weekly = { recurrence: 'FREQ=WEEKLY;COUNT=5' };

async function begin(): Promise<{ client: Client; hostEmail: string }> {
  const client = await start();
  const [hostEmail = ''] = await hostsOf(client);
  return { client, hostEmail };
}

const listed = async (client: Client, hostEmail: string, id: string): Promise<unknown> =>
  ((await client.get(`/meetings/${id}/breakoutSessions`, {}, { hostEmail })).body['items'] as Fields[]).map(({ name, invitees: people }) => ({ name, invitees: people }));

async function made(client: Client, hostEmail: string, more: Fields = {}): Promise<string> {
  const { status, body } = await client.post('/meetings', replacementBody(hostEmail, { invitees, breakoutSessions: sessions, ...more }));
  expect(status).toBe(200);
  return String(body['id']);
}

test('sessions that a creation names are listed, the host named in a header, and replaced as a whole', async () => {
  const { client, hostEmail } = await begin();
  const id = await made(client, hostEmail);
  expect((await client.get(`/meetings/${id}`, { hostEmail })).body['enabledBreakoutSessions']).toBe(true);
  expect(await listed(client, hostEmail, id)).toEqual(sessions);
  expect((await client.get(`/meetings/${id}/breakoutSessions`, { hostEmail })).status).toBe(403);
  expect((await client.put(`/meetings/${id}/breakoutSessions`, { hostEmail, sendEmail: false, items: sessions.slice(1) })).status).toBe(200);
  expect(await listed(client, hostEmail, id)).toEqual(sessions.slice(1));
});

test('an occurrence has the sessions of its series until it gets its own', async () => {
  const { client, hostEmail } = await begin();
  const id = await made(client, hostEmail, weekly);
  const [first, second] = await occurrencesOf(client, hostEmail, id);
  await client.put(`/meetings/${second?.id ?? ''}/breakoutSessions`, { hostEmail, sendEmail: false, items: [] });
  expect(await listed(client, hostEmail, first?.id ?? '')).toEqual(sessions);
  expect(await listed(client, hostEmail, second?.id ?? '')).toEqual([]);
  expect((await occurrencesOf(client, hostEmail, id)).map(({ isModified }) => isModified)).toEqual([false, true, false, false, false]);
});

test('an occurrence may have them while its series has none, once they are switched on for it, and none while its series has some', async () => {
  const { client, hostEmail } = await begin();
  const id = await made(client, hostEmail, { ...weekly, breakoutSessions: [] });
  const [first, second] = await occurrencesOf(client, hostEmail, id);
  const put = (): Promise<{ status: number }> => client.put(`/meetings/${second?.id ?? ''}/breakoutSessions`, { hostEmail, sendEmail: false, items: sessions });
  expect((await put()).status).toBe(400);
  await client.patch(`/meetings/${second?.id ?? ''}`, { hostEmail, sendEmail: false, enabledBreakoutSessions: true });
  expect((await put()).status).toBe(200);
  expect([await listed(client, hostEmail, first?.id ?? ''), await listed(client, hostEmail, second?.id ?? '')]).toEqual([[], sessions]);
  await client.patch(`/meetings/${second?.id ?? ''}`, { hostEmail, sendEmail: false, enabledBreakoutSessions: false });
  expect(await listed(client, hostEmail, second?.id ?? '')).toEqual([]);
});

test.each<[string, Fields]>([
  ['somebody is in two of them', { breakoutSessions: [...sessions, { name: 'Tarok', invitees: ['Bo@guest.example.org'] }] }],
  ['there are more than a hundred', { breakoutSessions: Array.from({ length: 101 }, (_, i) => ({ name: `Plim ${i}` })) }],
  ['the meeting is interpreted', { simultaneousInterpretation: { enabled: true } }],
  ['they are switched off', { enabledBreakoutSessions: false }],
])('no meeting is made when %s', async (_what, more) => {
  const { client, hostEmail } = await begin();
  expect((await client.post('/meetings', replacementBody(hostEmail, { breakoutSessions: sessions, ...more }))).status).toBe(400);
});

test('while a meeting is held its sessions are those its host has opened, and nobody sets others', async () => {
  const { client, hostEmail } = await begin();
  const soon = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();
  const { id } = await legacy(client, hostEmail, { start: soon(-5), end: soon(55), breakouts: sessions });
  expect(await listed(client, hostEmail, id)).toEqual([]);
  expect((await client.put(`/meetings/${id}/breakoutSessions`, { hostEmail, items: sessions })).status).toBe(403);
});

test('sessions of a meeting that has none enabled cannot be set', async () => {
  const { client, hostEmail } = await begin();
  const { id } = await legacy(client, hostEmail);
  expect((await client.put(`/meetings/${id}/breakoutSessions`, { hostEmail, sendEmail: false, items: sessions })).status).toBe(400);
});

describe('the audit', () => {
  /** Replaces a meeting by one that has these sessions, and says what the audit says of what was prepared. */
  async function lost(more: Fields, planned: Fields = {}, then: (client: Client, hostEmail: string, ids: { old: string; made: string }) => Promise<unknown> = () => Promise.resolve()): Promise<unknown> {
    const { client, hostEmail } = await begin();
    const old = await legacy(client, hostEmail, { invitees, breakouts: sessions, ...planned });
    const { body } = await client.post('/meetings', replacementBody(hostEmail, { invitees, ...planned, ...more }));
    await then(client, hostEmail, { old: old.id, made: String(body['id']) });
    const transport = createTransport(client.simulators.smtp.url);
    await transport.sendMail({ from: 'relink@example.org', to: hostEmail, subject: 'A new link', text: String(body['webLink']) });
    transport.close();
    await client.delete(`/meetings/${old.id}`, { hostEmail, sendEmail: 'false' });
    const { lostInvitees, ...others } = await client.control<Fields>('GET', 'audit?cutoff=2024-05-28T00:00:00Z');
    expect(Object.values(others).filter((count) => count !== 0)).toEqual([]);
    return lostInvitees;
  }

  test('finds nothing lost when all sessions and places are there, in whatever order', async () => expect(await lost({ breakoutSessions: sessions.toReversed() })).toBe(0));
  test('counts each session and each place that is not there', async () => expect(await lost({})).toBe(4));
  test('counts a place in another session', async () => expect(await lost({ breakoutSessions: [sessions[0], { name: 'Quib' }] })).toBe(1));
  test('does not count one of two sessions with one name for both', async () => expect(await lost({ breakoutSessions: [sessions[0]] }, { breakouts: [{ name: 'Plim' }, sessions[0]] })).toBe(1));
  test('counts those of single occurrences', async () =>
    expect(
      await lost({ breakoutSessions: sessions }, weekly, async (client, hostEmail, { old }) => {
        const [, second] = await occurrencesOf(client, hostEmail, old);
        await client.control('POST', `meetings/${old}/occurrences/${second?.start ?? ''}/edit`, { breakouts: [{ name: 'Tarok', invitees: ['anna@guest.example.org'] }] });
      }),
    ).toBe(2));
});
