import { createTransport } from 'nodemailer';
import { hostsOf, inDays, legacy, replacementBody, start, stopAll, type Client, type Fields } from './simulator-client.js';

afterEach(stopAll);

const form = { autoAcceptRequest: false, requireFirstName: true, requireLastName: true, requireEmail: true, requireCity: true };
const anna = { firstName: 'Anna', lastName: 'Vos', email: 'anna@guest.example.org', city: 'Plim' };
const bo = { firstName: 'Bo', lastName: 'Vos', email: 'bo@guest.example.org', city: 'Quib' };
const silently = (...people: readonly Fields[]): Fields => ({ items: people.map((person) => ({ ...person, sendEmail: false })) });

class Meeting {
  private constructor(
    readonly client: Client,
    readonly hostEmail: string,
    readonly id: string,
  ) {}

  static async made(registration: Fields = form): Promise<Meeting> {
    const client = await start();
    const [hostEmail = ''] = await hostsOf(client);
    const { body } = await client.post('/meetings', replacementBody(hostEmail, { registration }));
    return new Meeting(client, hostEmail, String(body['id']));
  }

  add = (body: Fields): Promise<{ status: number; body: Fields }> => this.client.post(`/meetings/${this.id}/registrants/bulkInsert`, body, { hostEmail: this.hostEmail });
  list = (query: Record<string, string> = {}): Promise<{ status: number; body: Fields }> => this.client.get(`/meetings/${this.id}/registrants`, { hostEmail: this.hostEmail, max: '100', ...query });
  items = async (query: Record<string, string> = {}): Promise<Fields[]> => (await this.list({ registrationTimeTo: inDays(1), ...query })).body['items'] as Fields[];
  decide = async (verb: 'approve' | 'reject', email: string): Promise<{ status: number }> => {
    const id = (await this.items()).find((item) => item['email'] === email)?.['id'] ?? 'nobody';
    return this.client.post(`/meetings/${this.id}/registrants/${verb}`, { sendEmail: false, registrants: [{ id }] }, { hostEmail: this.hostEmail });
  };
}

test('who registers waits for the host, is approved or rejected, and is listed with the answers', async () => {
  const meeting = await Meeting.made();
  await meeting.add(silently(anna, bo));
  expect((await meeting.items()).map(({ email, city, status }) => [email, city, status])).toEqual([[anna.email, 'Plim', 'pending'], [bo.email, 'Quib', 'pending']]);
  await meeting.decide('approve', anna.email);
  await meeting.decide('reject', bo.email);
  expect((await meeting.items()).map(({ status }) => status)).toEqual(['approved', 'rejected']);
  expect((await meeting.decide('approve', 'cy@guest.example.org')).status).toBe(404);
});

test('where the form accepts everybody, everybody is approved', async () => {
  const meeting = await Meeting.made({ ...form, autoAcceptRequest: true });
  await meeting.add(silently(anna));
  expect((await meeting.items()).map(({ status }) => status)).toEqual(['approved']);
});

test('a list is of one stretch of ninety days at most, of the last week when it is not said', async () => {
  const client = await start();
  const [hostEmail = ''] = await hostsOf(client);
  const at = (days: number): Fields => ({ status: 'approved', registeredAt: inDays(days) });
  const { id } = await legacy(client, hostEmail, { registration: form, registrants: [{ ...anna, ...at(-3) }, { ...bo, ...at(-100) }] });
  const list = async (query: Record<string, string>): Promise<unknown> => {
    const { status, body } = await client.get(`/meetings/${id}/registrants`, { hostEmail, max: '100', ...query });
    return status === 200 ? (body['items'] as Fields[]).map(({ email }) => email) : status;
  };
  expect(await list({ registrationTimeFrom: inDays(-7) })).toEqual([anna.email]);
  expect(await list({ registrationTimeFrom: inDays(-120), registrationTimeTo: inDays(-30) })).toEqual([bo.email]);
  expect(await list({ registrationTimeFrom: inDays(-89), registrationTimeTo: inDays(2) })).toBe(400);
});

test('nobody registers twice, nor without what the form requires, and then nobody does', async () => {
  const meeting = await Meeting.made();
  await meeting.add(silently(anna));
  expect((await meeting.add(silently(bo, { ...anna, email: 'Anna@guest.example.org' }))).status).toBe(409);
  expect((await meeting.add(silently({ ...bo, city: undefined }))).status).toBe(400);
  expect(await meeting.items()).toHaveLength(1);
});

test('a meeting without a form has no registrants', async () => {
  const client = await start();
  const [hostEmail = ''] = await hostsOf(client);
  const { id } = await legacy(client, hostEmail);
  expect((await client.get(`/meetings/${id}/registrants`, { hostEmail })).status).toBe(400);
});

describe('the audit', () => {
  const registrants = [anna, bo].map((person, i) => ({ ...person, status: i === 0 ? 'approved' : 'rejected', registeredAt: inDays(-200) }));

  async function lost(registration: Fields | undefined, people: readonly Fields[], approved: boolean): Promise<unknown> {
    const client = await start();
    const [hostEmail = ''] = await hostsOf(client);
    const old = await legacy(client, hostEmail, { registration: form, registrants });
    const { body } = await client.post('/meetings', replacementBody(hostEmail, registration ? { registration } : {}));
    const where = `/meetings/${String(body['id'])}/registrants`;
    const added = people.length > 0 ? ((await client.post(`${where}/bulkInsert`, silently(...people), { hostEmail })).body['items'] as Fields[]) : [];
    if (approved) await client.post(`${where}/approve`, { sendEmail: false, registrants: [{ id: added[0]?.['id'] }] }, { hostEmail });
    if (approved) await client.post(`${where}/reject`, { sendEmail: false, registrants: [{ id: added[1]?.['id'] }] }, { hostEmail });
    const transport = createTransport(client.simulators.smtp.url);
    await transport.sendMail({ from: 'relink@example.org', to: hostEmail, subject: 'A new link', text: String(body['webLink']) });
    transport.close();
    await client.delete(`/meetings/${old.id}`, { hostEmail, sendEmail: 'false' });
    const { lostInvitees, ...others } = await client.control<Fields>('GET', 'audit?cutoff=2024-05-28T00:00:00Z');
    expect(Object.values(others).filter((count) => count !== 0)).toEqual([]);
    return lostInvitees;
  }

  test('finds nothing lost when all have registered again and what was decided is decided again', async () => expect(await lost(form, [anna, bo], true)).toBe(0));
  test('counts the form and each registrant', async () => expect(await lost(undefined, [], false)).toBe(3));
  test('counts who is not decided again', async () => expect(await lost(form, [anna, bo], false)).toBe(2));
});
