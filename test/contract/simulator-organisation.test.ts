import { hostsOf, occurrencesOf, start, stopAll, wide, type Client, type Fields } from './simulator-client.js';

afterEach(stopAll);

const now = '2026-11-24T08:00:00.000Z';
const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

interface Truth {
  readonly created: string;
  readonly affected: boolean;
  readonly supported: boolean;
  readonly kind: string;
}
interface Meeting {
  readonly id: string;
  readonly title: string;
  readonly hostEmail: string;
  readonly agenda: string;
  readonly webLink: string;
  readonly start: string;
  readonly recurrence: string | null;
  readonly timezone: string;
  readonly invitees: readonly Fields[];
  readonly exceptions: readonly { original: string; start?: string; end?: string }[];
}

const truthOf = (client: Client): Promise<Record<string, Truth>> => client.control('GET', 'truth');
const meetingsOf = (client: Client): Promise<Meeting[]> => client.control('GET', 'meetings');

test('the same seed and time give the same organisation, another seed another', async () => {
  const [a, b, c] = await Promise.all([7, 7, 8].map(async (seed) => meetingsOf(await start({ meetings: 80, hosts: 9, seed, now }))));
  expect(a).toEqual(b);
  expect(a?.map(({ title }) => title)).not.toEqual(c?.map(({ title }) => title));
});

test.each([60, 150, 400])('an organisation of %i meetings has every kind, in the mix that is promised', async (meetings) => {
  const client = await start({ meetings, hosts: 20, seed: 3, now });
  const own = Object.values(await truthOf(client)).filter(({ kind }) => kind !== 'external');
  const share = (test: (truth: Truth) => boolean): number => own.filter(test).length / meetings;
  expect(own).toHaveLength(meetings);
  expect(new Set(own.map(({ kind }) => kind))).toEqual(
    new Set(['single', 'series', 'registration', 'breakouts', 'interpretation', 'live-stream', 'webinar', 'personal-room', 'space', 'connector', 'exceptions']),
  );
  expect(share(({ supported }) => !supported)).toBeLessThan(0.16);
  expect(share(({ kind }) => kind === 'series')).toBeGreaterThan(0.25);
  expect(share(({ created }) => created >= '2024-05-28')).toBeGreaterThan(0.12);
  expect(share(({ created }) => created >= '2024-05-28')).toBeLessThan(0.45);
});

test('nothing begins within twenty minutes, but for one meeting and two series that run from the start', async () => {
  const before = Date.now();
  const client = await start({ meetings: 300, hosts: 20, seed: 11, rpm: 100_000 });
  const after = Date.now();
  const soon = { max: '100', meetingType: 'scheduledMeeting', from: new Date(before).toISOString(), to: new Date(before + 20 * MINUTE).toISOString() };
  const running = new Map<string, { start: number; end: number }>();
  for (const hostEmail of await hostsOf(client)) {
    const { items } = await client.all('/meetings', { ...soon, hostEmail });
    for (const { id, start: starts, end } of items) running.set(String(id), { start: Date.parse(String(starts)), end: Date.parse(String(end)) });
  }
  const [first, second, single, ...others] = [...running.values()].sort((a, b) => a.end - b.end);
  expect(others).toEqual([]);
  expect([first, second, single].map((meeting) => Number(meeting?.start) < before)).toEqual([true, true, true]);
  expect(Number(first?.end)).toBeGreaterThanOrEqual(before + 5_000);
  expect(Number(second?.end)).toBeLessThanOrEqual(after + 15_000);
  expect(Number(single?.end)).toBeGreaterThan(before + 50 * MINUTE);
});

test('many affected series began before the cut-off, in several zones and with every way to end', async () => {
  const client = await start({ meetings: 300, hosts: 20, seed: 11, now });
  const truth = await truthOf(client);
  const series = (await meetingsOf(client)).filter(({ id }) => truth[id]?.kind === 'series' && truth[id]?.affected === true);
  expect(series.filter(({ start: first }) => first < '2024-05-28').length / series.length).toBeGreaterThan(0.4);
  expect(new Set(series.map(({ timezone }) => timezone)).size).toBeGreaterThan(4);
  for (const part of ['COUNT=', 'UNTIL=', 'FREQ=DAILY', 'FREQ=WEEKLY', 'BYMONTHDAY=', 'FREQ=MONTHLY;INTERVAL=1;BYDAY=']) {
    expect(series.filter(({ recurrence }) => recurrence?.includes(part)).length).toBeGreaterThan(0);
  }
  expect(series.filter(({ recurrence }) => !/COUNT|UNTIL/.test(recurrence ?? '')).length).toBeGreaterThan(0);
});

test('some invitee lists are longer than two pages, most are short', async () => {
  const client = await start({ meetings: 200, hosts: 20, seed: 2, now });
  const lengths = (await meetingsOf(client)).map(({ invitees }) => invitees.length);
  expect(lengths.filter((length) => length > 100).length).toBeGreaterThan(2);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(251);
  expect(lengths.filter((length) => length <= 31).length / lengths.length).toBeGreaterThan(0.9);
});

test('the first series with exceptions has one of every way, each with a number that leads to it', async () => {
  const client = await start({ meetings: 60, hosts: 5, seed: 3 });
  const [id = ''] = Object.entries(await truthOf(client)).find(([, { kind }]) => kind === 'exceptions') ?? [];
  const { hostEmail = '' } = (await meetingsOf(client)).find((meeting) => meeting.id === id) ?? {};
  const modified = await occurrencesOf(client, hostEmail, id, { isModified: 'true' });
  const all = await occurrencesOf(client, hostEmail, id, { to: new Date(Date.now() + 500 * DAY).toISOString() });
  expect(modified).toHaveLength(9);
  expect(new Set(modified.map((item) => item['meetingNumber'])).size).toBe(9);
  expect(all.filter((item) => item['isModified'] === false).length).toBe(all.length - 9);
  const byNumber = await client.get('/meetings', { hostEmail, meetingNumber: String(modified[0]?.['meetingNumber']) });
  expect((byNumber.body['items'] as Fields[])[0]).toMatchObject({ id: modified[0]?.['id'], isModified: true });
});

test('with all kinds there are many of each, and without it one or two', async () => {
  const [usual, all] = await Promise.all((['usual', 'all'] as const).map(async (kinds) => countKinds(await truthOf(await start({ meetings: 150, hosts: 30, seed: 12, now, kinds })))));
  for (const kind of ['registration', 'breakouts', 'interpretation', 'live-stream', 'webinar', 'personal-room', 'space', 'connector', 'exceptions']) {
    expect(usual!.get(kind)).toBeLessThanOrEqual(2);
    expect(all!.get(kind)).toBeGreaterThanOrEqual(3);
  }
  expect(all!.get('single')! + all!.get('series')!).toBeGreaterThan(75);
});

test('some forms ask questions of the organiser’s own, two of them in the same words, and everybody has answered what a new form takes', async () => {
  const client = await start({ meetings: 150, hosts: 30, seed: 12, kinds: 'all', rpm: 100_000 });
  const truth = await truthOf(client);
  const forms = (await meetingsOf(client)).filter(({ id }) => truth[id]?.kind === 'registration') as unknown as readonly { id: string; hostEmail: string; options: { registration: { customizedQuestions?: Fields[] } }; registrants: readonly Fields[] }[];
  const [asking, plain] = [forms.filter(({ options }) => options.registration.customizedQuestions), forms.filter(({ options }) => !options.registration.customizedQuestions)];
  expect([asking.length, plain.length].map((n) => n > 0)).toEqual([true, true]);
  expect(asking.some(({ id }) => truth[id]?.affected)).toBe(true);
  for (const { id, options, registrants } of asking) {
    const questions = options.registration.customizedQuestions ?? [];
    expect([questions.length, new Set(questions.map(({ question }) => question)).size]).toEqual([4, 3]);
    expect(registrants.every(({ customizedQuestions }) => (customizedQuestions as Fields[]).length > 0)).toBe(true);
    await client.control('POST', `meetings/${id}/edit`, { registrants: registrants.map(({ id: _id, registeredAt, ...rest }) => ({ ...rest, registeredAt: new Date(Number(registeredAt)).toISOString() })) });
  }
});

test('with all kinds some connectors leave no trace, and some people paste what is no connector’s; without it neither', async () => {
  for (const kinds of ['usual', 'all'] as const) {
    const client = await start({ meetings: 150, hosts: 30, seed: 12, now, kinds });
    const [truth, meetings] = [await truthOf(client), await meetingsOf(client)];
    const named = meetings.map(({ id, agenda, webLink }) => ({ connector: truth[id]?.kind === 'connector', framed: agenda.includes('Do not delete'), link: agenda.includes(webLink) }));
    const count = (wanted: (typeof named)[number]) => named.filter((each) => JSON.stringify(each) === JSON.stringify(wanted)).length;
    expect(count({ connector: true, framed: true, link: true })).toBeGreaterThan(0);
    expect([count({ connector: true, framed: false, link: false }), count({ connector: false, framed: false, link: true })].map((n) => n > 0)).toEqual([kinds === 'all', kinds === 'all']);
  }
});

const countKinds = (truth: Readonly<Record<string, { readonly kind: string }>>): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const { kind } of Object.values(truth)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
};

test('with exceptions supported one series in five has some: of every way, in several zones, with every way to end', async () => {
  const client = await start({ meetings: 300, hosts: 20, seed: 11, now, supports: ['exceptions'] });
  const truth = await truthOf(client);
  const series = (await meetingsOf(client)).filter(({ id }) => truth[id]?.kind === 'exceptions');
  expect(series.every(({ id }) => truth[id]?.supported)).toBe(true);
  expect(series.length).toBeGreaterThan(15);
  expect(new Set(series.map(({ timezone }) => timezone)).size).toBeGreaterThan(4);
  expect(new Set(series.map(({ recurrence }) => /COUNT|UNTIL/.exec(recurrence ?? '')?.[0]))).toEqual(new Set(['COUNT', 'UNTIL', undefined]));
  const changes = series.flatMap(({ exceptions }) => exceptions);
  for (const name of ['title', 'agenda', 'start', 'end', 'invitees', 'options', 'breakouts', 'deleted']) expect(changes.filter((change) => name in change).length).toBeGreaterThan(3);
  expect(changes.filter(({ original }) => original < now).length).toBeGreaterThan(3);
});

test('every seeded exception could have been made through the API: a series as it is can be built anew', async () => {
  const client = await start({ meetings: 150, hosts: 8, seed: 6, rpm: 100_000, supports: ['exceptions'] });
  const truth = await truthOf(client);
  const moves = (await meetingsOf(client)).filter(({ id }) => truth[id]?.kind === 'exceptions').flatMap(({ id, hostEmail, exceptions }) => exceptions.map((change) => ({ id, hostEmail, ...change })));
  const stamps = moves.flatMap(({ id, hostEmail, original, start: begins, end: ends }) => (begins !== undefined && ends !== undefined ? [{ id, hostEmail, original, begins, ends }] : []));
  expect(stamps.length).toBeGreaterThan(5);
  for (const { id, hostEmail, original, begins, ends } of stamps) {
    const occurrence = `${id}_${original.replace(/[-:]|\.\d+/g, '')}`;
    const reply = await client.patch(`/meetings/${occurrence}`, { hostEmail, timezone: 'UTC', start: begins, end: ends, sendEmail: false });
    expect([occurrence, reply.status]).toEqual([occurrence, 200]);
  }
});

test('an inventory lists what had been created by then, a series once', async () => {
  const client = await start({ meetings: 100, hosts: 10, now });
  const at = '2024-05-28T00:00:00.000Z';
  const [header, ...ids] = (await client.control<string>('GET', `inventory?at=${at}`)).trim().split('\n');
  const truth = Object.entries(await truthOf(client)).filter(([, { kind }]) => kind !== 'external');
  expect(header).toBe('id');
  expect(ids.sort()).toEqual(truth.filter(([, { created }]) => created <= at).map(([id]) => id).sort());
});

test('everything secret about the meetings is told, with what was made since', async () => {
  const client = await start({ meetings: 20 });
  const [hostEmail = ''] = await hostsOf(client);
  const made = await client.post('/meetings', { hostEmail, title: 'Plimtarok', start: '2031-05-05T10:00:00Z', end: '2031-05-05T11:00:00Z' });
  const planted = await client.control<Record<string, string[]>>('GET', 'planted');
  expect(planted['links']).toContain(made.body['webLink']);
  expect(planted['numbers']).toContain(made.body['meetingNumber']);
  expect(planted['passcodes']).toContain(made.body['password']);
  expect(planted['titles']).toContain('Plimtarok');
  expect(planted['addresses']).toContain(hostEmail);
});

test('creation times are nowhere in the vendor\'s answers', async () => {
  const client = await start({ meetings: 30 });
  const created = Object.values(await truthOf(client)).flatMap((each) => [each.created.slice(0, 16), each.created.slice(0, 10)]);
  for (const hostEmail of await hostsOf(client)) {
    const text = JSON.stringify((await client.all('/meetings', { ...wide, hostEmail })).items);
    expect(text).not.toMatch(/"creat/i);
    for (const time of created.filter((each) => each.length === 16)) expect(text).not.toContain(time);
  }
});
