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

describe('questions of an organiser’s own', () => {
  const choice = { question: 'Which halls?', type: 'checkbox', required: true, options: [{ value: 'Plim' }, { value: 'Quib' }] };
  const line = { question: 'Which name?', type: 'singleLineTextBox', maxLength: 5 };
  const customizedQuestions = [choice, line, line, { ...choice, type: 'dropdownList', required: false }];
  interface Question {
    readonly id: number;
    readonly options?: readonly { readonly id: number; readonly value: string }[];
  }
  const questionsOf = async ({ client, id, hostEmail }: Meeting): Promise<readonly Question[]> => {
    const { body } = await client.get(`/meetings/${id}`, { hostEmail });
    return (body['registration'] as { customizedQuestions: Question[] }).customizedQuestions;
  };
  const idsIn = (questions: readonly Question[]): number[] => questions.flatMap(({ id, options = [] }) => [id, ...options.map((option) => option.id)]);
  const made = async () => {
    const meeting = await Meeting.made({ ...form, customizedQuestions });
    return { meeting, questions: await questionsOf(meeting) };
  };
  const said = (question: Question | undefined, ...values: readonly string[]) => ({ questionId: question?.id, answers: values.map((answer) => ({ ...optionOf(question, answer), answer })) });
  const optionOf = (question: Question | undefined, answer: string) => (question?.options ? { optionId: question.options.find(({ value }) => value === answer)?.id } : {});

  test('and their options have ids that no other form has, are answered by them, and no list shows them', async () => {
    const [{ meeting, questions }, other] = [await made(), await made()];
    const id = expect.any(Number) as number;
    const withIds = customizedQuestions.map((question) => ({ ...question, id, ...('options' in question ? { options: question.options.map((option) => ({ ...option, id })) } : {}) }));
    expect(questions).toEqual(withIds);
    expect(new Set([...idsIn(questions), ...idsIn(other.questions)]).size).toBe(16);
    const [halls, , second] = questions;
    const answers = [said(halls, 'Plim', 'Quib'), said(second, 'Vorla')];
    expect((await meeting.add(silently({ ...anna, customizedQuestions: answers }))).status).toBe(200);
    expect((await meeting.items()).map((item) => item['customizedQuestions'])).toEqual([answers]);
    const { items } = await meeting.client.all('/meetings', { hostEmail: meeting.hostEmail, from: inDays(-1), to: inDays(30) });
    expect(items.map(({ registration }) => registration)).toEqual([expect.objectContaining({ requireCity: true })]);
    expect(items[0]?.['registration']).not.toHaveProperty('customizedQuestions');
  });

  test.each<[string, (questions: readonly Question[], others: readonly Question[]) => readonly Fields[]]>([
    ['the id of a question of another form', ([halls], [, line_]) => [said(halls, 'Plim'), said(line_, 'Vorla')]],
    ['the id of an option of another form', ([halls], [others]) => [{ questionId: halls?.id, answers: said(others, 'Plim').answers }]],
    ['the id of another option', ([halls]) => [{ questionId: halls?.id, answers: [{ ...optionOf(halls, 'Plim'), answer: 'Quib' }] }]],
    ['no option that there is', ([halls]) => [{ questionId: halls?.id, answers: [{ answer: 'Zand' }] }]],
    ['several answers where there is one', ([halls, , , one]) => [said(halls, 'Plim'), said(one, 'Plim', 'Quib')]],
    ['more than fits', ([halls, name]) => [said(halls, 'Plim'), said(name, 'Teskum')]],
    ['nothing', ([halls, name]) => [said(halls, 'Plim'), said(name)]],
    ['no answer to what is required', ([, name]) => [said(name, 'Vorla')]],
  ])('are not answered by %s', async (_, answers) => {
    const [{ meeting, questions }, other] = [await made(), await made()];
    expect((await meeting.add(silently({ ...anna, customizedQuestions: answers(questions, other.questions) }))).status).toBe(400);
    expect(await meeting.items()).toEqual([]);
  });

  test('that are to be answered by choosing need something to choose from', async () => {
    const client = await start();
    const [hostEmail = ''] = await hostsOf(client);
    expect((await client.post('/meetings', replacementBody(hostEmail, { registration: { ...form, customizedQuestions: [{ ...choice, options: [] }] } }))).status).toBe(400);
  });

  test('and what was answered is planted: it must show nowhere', async () => {
    const { meeting, questions } = await made();
    await meeting.add(silently({ ...anna, customizedQuestions: [said(questions[0], 'Plim')] }));
    expect((await meeting.client.control<Record<string, string[]>>('GET', 'planted'))['answers']).toEqual(['Plim']);
  });
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
  test.each<[string, number, readonly string[]]>([
    ['nothing where everybody has answered the same', 0, ['Plim', 'Quib']],
    ['an answer that is missing', 1, ['Plim', '']],
    ['answers that were swapped', 2, ['Quib', 'Plim']],
  ])('counts %s', async (_, count, [first = '', second = '']) => {
    const client = await start();
    const [hostEmail = ''] = await hostsOf(client);
    const question = { question: 'Which name?', type: 'singleLineTextBox' };
    const registration = { ...form, customizedQuestions: [question, question] };
    const answered = async (id: string, ...answers: readonly string[]) => {
      const { customizedQuestions } = (await client.get(`/meetings/${id}`, { hostEmail })).body['registration'] as { customizedQuestions: { id: number }[] };
      const own = answers.flatMap((answer, i) => (answer === '' ? [] : [{ questionId: customizedQuestions[i]?.id, answers: [{ answer }] }]));
      await client.control('POST', `meetings/${id}/edit`, { registrants: [{ ...anna, status: 'pending', registeredAt: inDays(-1), customizedQuestions: own }] });
    };
    const old = await legacy(client, hostEmail, { registration });
    await answered(old.id, 'Plim', 'Quib');
    const { body } = await client.post('/meetings', replacementBody(hostEmail, { registration }));
    await answered(String(body['id']), first, second);
    await client.delete(`/meetings/${old.id}`, { hostEmail, sendEmail: 'false' });
    expect((await client.control<Fields>('GET', 'audit?cutoff=2024-05-28T00:00:00Z'))['lostInvitees']).toBe(count);
  });

  test('counts who is not decided again', async () => expect(await lost(form, [anna, bo], false)).toBe(2));
});
