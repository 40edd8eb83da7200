import { hostsOf, inDays, legacy, occurrencesOf, replacementBody, start, stopAll, wide, type Client, type Fields } from './simulator-client.js';

afterEach(stopAll);

type Listed = Awaited<ReturnType<typeof occurrencesOf>>[number];
interface Series {
  readonly client: Client;
  readonly hostEmail: string;
  readonly id: string;
  readonly occurrences: () => Promise<Listed[]>;
  /** Changes the series, or its occurrence at this place. */
  readonly patch: (at: number | 'series', body: Fields) => ReturnType<Client['patch']>;
}

/** A weekly series of five, made through the API, in a zone of its own. */
async function weekly(more: Fields = {}): Promise<Series> {
  const client = await start();
  const [hostEmail = ''] = await hostsOf(client);
  const times = { timezone: 'Europe/Amsterdam', start: '2031-03-10T09:00:00', end: '2031-03-10T10:00:00' };
  const made = await client.post('/meetings', replacementBody(hostEmail, { ...times, recurrence: 'FREQ=WEEKLY;BYDAY=MO;COUNT=5', integrationTags: ['relink:a'], ...more }));
  const id = String(made.body['id']);
  const occurrences = (): Promise<Listed[]> => occurrencesOf(client, hostEmail, id, { to: '2032-01-01' });
  const patch = async (at: number | 'series', body: Fields): ReturnType<Client['patch']> =>
    client.patch(`/meetings/${at === 'series' ? id : ((await occurrences())[at]?.id ?? '')}`, { hostEmail, ...body });
  return { client, hostEmail, id, occurrences, patch };
}

const onMonday = (day: string, from = '09:00:00', to = '10:00:00'): Fields => ({ timezone: 'Europe/Amsterdam', start: `${day}T${from}`, end: `${day}T${to}` });

test('an occurrence that is patched becomes an exception, with a number and link that lead to it, and keeps its id', async () => {
  const { client, hostEmail, id, occurrences, patch } = await weekly();
  const [before] = (await occurrences()).slice(1);
  const changed = await patch(1, { title: 'Plim', agenda: 'Quib', unlockedMeetingJoinSecurity: 'blockFromJoin', ...onMonday('2031-03-18', '14:00:00', '15:30:00') });
  expect(changed.status).toBe(200);
  expect(changed.body).toMatchObject({ id: `${id}_20310317T080000Z`, meetingSeriesId: id, meetingType: 'scheduledMeeting', isModified: true, start: '2031-03-18T14:00:00+01:00', end: '2031-03-18T15:30:00+01:00' });
  expect(changed.body).toMatchObject({ title: 'Plim', agenda: 'Quib', unlockedMeetingJoinSecurity: 'blockFromJoin' });
  const listed = await occurrences();
  expect(listed.map(({ isModified }) => isModified)).toEqual([false, true, false, false, false]);
  expect({ ...listed[1], timezone: 'Europe/Amsterdam', start: changed.body['start'], end: changed.body['end'] }).toEqual(changed.body);
  expect(listed[1]).toMatchObject({ timezone: 'UTC', start: '2031-03-18T13:00:00Z', end: '2031-03-18T14:30:00Z' });
  expect(listed[1]?.['meetingNumber']).not.toBe(before?.['meetingNumber']);
  const byLink = await client.get('/meetings', { hostEmail, webLink: String(changed.body['webLink']) });
  expect((byLink.body['items'] as Fields[])[0]).toMatchObject({ id: `${id}_20310317T080000Z` });
  const again = await patch(1, { title: 'Plam' });
  expect(again.body).toMatchObject({ title: 'Plam', start: '2031-03-18T13:00:00Z', meetingNumber: changed.body['meetingNumber'] });
});

test('the media type that the document names is taken as well', async () => {
  const { client, hostEmail, id } = await weekly();
  const reply = await client.patch(`/meetings/${id}`, { hostEmail, title: 'Plim' }, { 'content-type': 'application/json-patch+json' });
  expect([reply.status, reply.body['title']]).toEqual([200, 'Plim']);
});

test('people are mailed about it unless that is switched off', async () => {
  const { client, patch } = await weekly();
  await patch('series', { title: 'Plim' });
  await patch('series', { title: 'Plam', sendEmail: false });
  const calls = await client.control<{ method: string; mailsPeople: boolean }[]>('GET', 'calls');
  expect(calls.filter(({ method }) => method === 'PATCH').map(({ mailsPeople }) => mailsPeople)).toEqual([true, false]);
});

test('a series takes title, agenda, settings, passcode and tags without losing its exceptions', async () => {
  const { occurrences, patch, client, hostEmail, id } = await weekly({ agenda: 'Quib' });
  await patch(2, { title: 'Other' });
  const changed = await patch('series', { title: 'Plim', agenda: null, password: 'Abcdefg7', unlockedMeetingJoinSecurity: 'allowJoinWithLobby', meetingOptions: { enabledChat: false }, integrationTags: [] });
  expect(changed.body).toMatchObject({ id, title: 'Plim', password: 'Abcdefg7', unlockedMeetingJoinSecurity: 'allowJoinWithLobby', meetingOptions: { enabledChat: false, enabledVideo: true } });
  expect(changed.body).not.toHaveProperty('agenda');
  expect(changed.body).not.toHaveProperty('integrationTags');
  expect((await occurrences()).map(({ title }) => title)).toEqual(['Plim', 'Plim', 'Other', 'Plim', 'Plim']);
  expect((await client.get('/meetings', { ...wide, hostEmail, integrationTag: 'relink:a' })).body).toEqual({ items: [] });
});

test.each<[string, Fields]>([
  ['its times', onMonday('2031-03-10', '11:00:00', '12:00:00')],
  ['its rule', { recurrence: 'FREQ=WEEKLY;BYDAY=MO;COUNT=6' }],
])('other values of %s end all exceptions of a series, deletions too; the same values do not', async (_what, change) => {
  const { client, hostEmail, occurrences, patch } = await weekly();
  const { body } = await patch(1, { title: 'Other' });
  await client.delete(`/meetings/${(await occurrences())[3]?.id}`, { hostEmail });
  await patch('series', { ...onMonday('2031-03-10'), recurrence: 'FREQ=WEEKLY;BYDAY=MO;COUNT=5' });
  expect(await occurrences()).toHaveLength(4);
  await patch('series', change);
  expect((await occurrences()).map(({ isModified }) => isModified).slice(0, 5)).toEqual([false, false, false, false, false]);
  expect((await client.get('/meetings', { hostEmail, meetingNumber: String(body['meetingNumber']) })).body).toEqual({ items: [] });
});

test.each<[string, number, string, number]>([
  ['the first to any day before its neighbour', 0, '2030-11-05', 200],
  ['one to the morning of its own day', 1, '2031-03-17', 200],
  ['one to the day before its neighbour', 1, '2031-03-23', 200],
  ['one to the day before its own', 1, '2031-03-16', 400],
  ['one to the day of its neighbour', 1, '2031-03-24', 400],
  ['one beyond its neighbour', 1, '2031-03-26', 400],
  ['the last to any later day', 4, '2031-05-20', 200],
  ['the last to the day before its own', 4, '2031-04-06', 400],
])('moving %s', async (_what, at, day, status) => {
  const { patch, occurrences } = await weekly();
  const reply = await patch(at, onMonday(day, '00:30:00', '01:30:00'));
  expect(reply.status).toBe(status);
  expect(reply.body['message']).toBe(status === 200 ? undefined : 'meeting.err.two_meeting_schedule_at_same_day');
  expect((await occurrences()).some(({ isModified }) => isModified === true)).toBe(status === 200);
});

test('times without a zone are read as UTC, and an offset must fit the zone', async () => {
  const { patch } = await weekly();
  expect((await patch(1, { start: '2031-03-17T12:00:00', end: '2031-03-17T13:00:00' })).body['start']).toBe('2031-03-17T12:00:00Z');
  expect((await patch(1, { start: '2031-03-17T12:00:00+01:00', end: '2031-03-17T13:00:00+01:00' })).status).toBe(400);
  expect((await patch(1, { ...onMonday('2031-03-17'), start: '2031-03-17T09:00:00+01:00' })).status).toBe(200);
});

test.each<[string, number | 'series', Fields]>([
  ['a start that is past', 0, { start: inDays(-1), end: inDays(-1, 11) }],
  ['less than ten minutes', 1, onMonday('2031-03-17', '09:00:00', '09:05:00')],
  ['a start behind its end', 1, { timezone: 'Europe/Amsterdam', start: '2031-03-17T11:00:00' }],
  ['tags for one occurrence', 1, { integrationTags: ['relink:b'] }],
  ['a rule for one occurrence', 1, { recurrence: 'FREQ=DAILY' }],
  ['a weak passcode', 'series', { password: 'abc' }],
  ['a rule that is none', 'series', { recurrence: 'FREQ=SOMETIMES' }],
  ['a title that is too long', 'series', { title: 'x'.repeat(129) }],
])('an edit with %s is refused and changes nothing', async (_what, at, body) => {
  const { patch, occurrences } = await weekly();
  const before = await occurrences();
  expect((await patch(at, body)).status).toBe(400);
  expect(await occurrences()).toEqual(before);
});

test('what is in progress, is over, was held, was deleted or is another\'s cannot be patched', async () => {
  const { client, hostEmail, id, occurrences } = await weekly();
  const at = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();
  const daily = await legacy(client, hostEmail, { title: 'Daily', start: at(-30), end: at(30), recurrence: 'FREQ=DAILY;COUNT=5' });
  const over = await legacy(client, hostEmail, { title: 'Over', start: at(-90), end: at(-30) });
  const [running, tomorrow] = await occurrencesOf(client, hostEmail, daily.id);
  const { body } = await client.get('/meetings', { hostEmail, meetingSeriesId: daily.id, meetingType: 'meeting', from: at(-60), to: at(60) });
  const status = async (meeting: unknown, more: Fields = {}): Promise<number> => (await client.patch(`/meetings/${String(meeting)}`, { hostEmail, title: 'Plim', ...more })).status;
  const deleted = (await occurrences())[2]?.id;
  await client.delete(`/meetings/${deleted}`, { hostEmail });
  expect([await status(daily.id), await status(running?.id), await status(tomorrow?.id)]).toEqual([403, 400, 200]);
  expect([await status((body['items'] as Fields[])[0]?.['id']), await status(over.id), await status(deleted), await status(`${id}_20310318T080000Z`)]).toEqual([400, 400, 404, 404]);
  const [, other] = await hostsOf(client);
  expect([await status(id, { hostEmail: other }), await status(id, { hostEmail: undefined })]).toEqual([404, 403]);
});

test('meetings of a calendar connector and of a personal room are refused', async () => {
  const client = await start({ meetings: 60, hosts: 5, seed: 3 });
  const truth = await client.control<Record<string, { kind: string }>>('GET', 'truth');
  const meetings = await client.control<{ id: string; hostEmail: string }[]>('GET', 'meetings');
  const refusals = meetings.flatMap(({ id, hostEmail }) => {
    const kind = truth[id]?.kind ?? '';
    return kind === 'connector' || kind === 'personal-room' ? [client.patch(`/meetings/${id}`, { hostEmail, title: 'Plim' }).then(({ status }) => [kind, status])] : [];
  });
  expect(new Set((await Promise.all(refusals)).map(String))).toEqual(new Set(['connector,403', 'personal-room,400']));
});
