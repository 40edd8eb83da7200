import { createTransport } from 'nodemailer';
import { hostsOf, inDays, legacy, occurrencesOf, replacementBody, start, stopAll, type Client, type Fields } from './simulator-client.js';

afterEach(stopAll);

const invitees = [{ email: 'anna@guest.example.org', panelist: true }, { email: 'bo@guest.example.org' }];
const webinar = (more: Fields = {}): Fields => ({ scheduledType: 'webinar', sessionTypeId: 214, invitees, ...more });

async function begin(): Promise<{ client: Client; hostEmail: string }> {
  const client = await start();
  const [hostEmail = ''] = await hostsOf(client);
  return { client, hostEmail };
}

const panelistsOf = async (client: Client, hostEmail: string, meetingId: string, panelist = 'true'): Promise<unknown[]> =>
  (await client.all('/meetingInvitees', { meetingId, hostEmail, panelist })).items.map(({ email }) => email);

async function made(client: Client, hostEmail: string, more: Fields = {}): Promise<Fields & { id: string }> {
  const { status, body } = await client.post('/meetings', replacementBody(hostEmail, webinar(more)));
  expect(status).toBe(200);
  return body as Fields & { id: string };
}

test('a webinar has panelists and attendees, and passcodes of its own for panelists', async () => {
  const { client, hostEmail } = await begin();
  const [one, other] = [await made(client, hostEmail), await made(client, hostEmail)];
  expect(await panelistsOf(client, hostEmail, one.id)).toEqual(['anna@guest.example.org']);
  expect(await panelistsOf(client, hostEmail, one.id, 'false')).toEqual(['bo@guest.example.org']);
  expect(one).toMatchObject({ scheduledType: 'webinar', sessionTypeId: 214 });
  expect(one).not.toHaveProperty('attendeePrivileges');
  const passcodes = [one, other].flatMap((body) => [body['panelistPassword'], body['phoneAndVideoSystemPanelistPassword'], body['password'], body['phoneAndVideoSystemPassword']]);
  expect(new Set(passcodes).size).toBe(8);
  const planted = await client.control<Record<string, string[]>>('GET', 'planted');
  expect(planted['passcodes']).toContain(one['panelistPassword']);
});

test('nobody is a panelist of an ordinary meeting', async () => {
  const { client, hostEmail } = await begin();
  const { body } = await client.post('/meetings', replacementBody(hostEmail, { invitees }));
  expect(await panelistsOf(client, hostEmail, String(body['id']))).toEqual([]);
  expect(body).not.toHaveProperty('panelistPassword');
});

test('who is placed in a breakout session of a webinar becomes a panelist, at its creation and later', async () => {
  const { client, hostEmail } = await begin();
  const people = [...invitees, { email: 'cy@guest.example.org' }];
  const { id } = await made(client, hostEmail, { invitees: people, breakoutSessions: [{ name: 'Plim', invitees: ['Bo@guest.example.org'] }] });
  expect(await panelistsOf(client, hostEmail, id)).toEqual(['anna@guest.example.org', 'bo@guest.example.org']);
  await client.put(`/meetings/${id}/breakoutSessions`, { hostEmail, sendEmail: false, items: [{ name: 'Plim', invitees: ['cy@guest.example.org'] }] });
  expect(await panelistsOf(client, hostEmail, id)).toHaveLength(3);
});

test.each<[string, Fields]>([
  ['without a session type', webinar({ sessionTypeId: undefined })],
  ['of a session type for meetings', webinar({ sessionTypeId: 3 })],
  ['of a session type that nobody knows', webinar({ sessionTypeId: 999 })],
  ['with privileges of attendees', webinar({ attendeePrivileges: { enabledShareContent: true } })],
  ['without polls', webinar({ meetingOptions: { enabledPolling: false } })],
  ['that lets people in five minutes early', webinar({ enabledJoinBeforeHost: true, joinBeforeHostMinutes: 5 })],
  ['for invitees alone who need not sign in', webinar({ restrictToInvitees: true })],
  ['for invitees alone who must register', webinar({ restrictToInvitees: true, requireAttendeeLogin: true, registration: { requireEmail: true } })],
  ['with a weak passcode for panelists', webinar({ panelistPassword: 'weak' })],
])('no webinar is made %s', async (_what, more) => {
  const { client, hostEmail } = await begin();
  expect((await client.post('/meetings', replacementBody(hostEmail, more))).status).toBe(400);
});

test.each<[string, Fields]>([
  ['with the session type of a webinar', { sessionTypeId: 214 }],
  ['that lets people in an hour early', { enabledJoinBeforeHost: true, joinBeforeHostMinutes: 60 }],
])('no ordinary meeting is made %s', async (_what, more) => {
  const { client, hostEmail } = await begin();
  expect((await client.post('/meetings', replacementBody(hostEmail, more))).status).toBe(400);
});

test('an edit of a webinar is held against the same rules', async () => {
  const { client, hostEmail } = await begin();
  const { id } = await made(client, hostEmail);
  const patch = async (more: Fields): Promise<number> => (await client.patch(`/meetings/${id}`, { hostEmail, sendEmail: false, ...more })).status;
  expect(await patch({ joinBeforeHostMinutes: 10 })).toBe(400);
  expect(await patch({ attendeePrivileges: { enabledAnnotate: true } })).toBe(400);
  expect(await patch({ restrictToInvitees: true })).toBe(400);
  expect(await patch({ requireAttendeeLogin: true })).toBe(200);
  expect(await patch({ restrictToInvitees: true })).toBe(200);
});

test('nobody must sign in for a webinar when somebody has registered for it already', async () => {
  const { client, hostEmail } = await begin();
  const registrants = [{ email: 'anna@guest.example.org', firstName: 'Anna', lastName: 'Vos', status: 'approved', registeredAt: inDays(-1) }];
  const { id } = await legacy(client, hostEmail, { webinar: {}, registration: { autoAcceptRequest: true }, registrants });
  const patch = async (requireAttendeeLogin: boolean): Promise<number> => (await client.patch(`/meetings/${id}`, { hostEmail, sendEmail: false, requireAttendeeLogin })).status;
  expect([await patch(true), await patch(false)]).toEqual([400, 200]);
});

test('a host whose licence was taken away plans meetings and no webinars, and the list of what they may plan says so', async () => {
  const { client, hostEmail } = await begin();
  const { id } = await made(client, hostEmail, { recurrence: 'FREQ=WEEKLY;COUNT=5' });
  const types = async (): Promise<unknown[]> => ((await client.get('/meetings/sessionTypes', { hostEmail })).body['items'] as Fields[]).map(({ type }) => type);
  expect(await types()).toEqual(['meeting', 'webinar']);
  await client.control('POST', `people/${hostEmail}/licence`, { webinars: false });
  expect(await types()).toEqual(['meeting']);
  expect((await client.post('/meetings', replacementBody(hostEmail, webinar()))).status).toBe(403);
  expect((await client.post('/meetings', replacementBody(hostEmail))).status).toBe(200);
  expect(await occurrencesOf(client, hostEmail, id)).toHaveLength(5);
  await client.control('POST', `people/${hostEmail}/licence`, { webinars: true });
  expect(await types()).toEqual(['meeting', 'webinar']);
});

describe('the audit', () => {
  /** Replaces a webinar by what `more` asks for, and says what the audit counts. */
  async function audited(more: Fields): Promise<Fields> {
    const { client, hostEmail } = await begin();
    const old = await legacy(client, hostEmail, { invitees, webinar: {} });
    const { body } = await client.post('/meetings', replacementBody(hostEmail, more));
    const transport = createTransport(client.simulators.smtp.url);
    await transport.sendMail({ from: 'relink@example.org', to: hostEmail, subject: 'A new link', text: String(body['webLink']) });
    transport.close();
    await client.delete(`/meetings/${old.id}`, { hostEmail, sendEmail: 'false' });
    const counts = await client.control<Fields>('GET', 'audit?cutoff=2024-05-28T00:00:00Z');
    return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
  }

  test('finds nothing wrong with a webinar for a webinar', async () => expect(await audited(webinar())).toEqual({}));
  test('counts a panelist who is an attendee now', async () => expect(await audited(webinar({ invitees: invitees.map(({ email }) => ({ email })) }))).toEqual({ lostInvitees: 1 }));
  test('takes no ordinary meeting for the replacement of a webinar', async () =>
    expect(await audited({ invitees })).toEqual({ orphans: 1, deletedBeforeTold: 1, deletedBeforeReplaced: 1, lostInvitees: 2 }));
});
