import { createTransport } from 'nodemailer';
import { hostsOf, inDays, legacy, replacementBody, start, stopAll, type Client, type Fields } from './simulator-client.js';

afterEach(stopAll);

const clean = { legacyLeft: 0, duplicates: 0, orphans: 0, deletedBeforeTold: 0, deletedBeforeReplaced: 0, quotaOverspent: 0, lostInvitees: 0 };

interface Campaign {
  readonly client: Client;
  readonly host: string;
  readonly old: Fields & { id: string };
  readonly replace: (more?: Fields) => Promise<Fields>;
  readonly tell: (to: string, link: unknown) => Promise<void>;
  readonly retire: (id?: string) => Promise<void>;
  readonly audit: (query?: string) => Promise<Fields>;
}

/** One legacy meeting with two invitees, and what a campaign could do with it, in any order. */
async function campaign(planned: Fields = {}, options: Parameters<typeof start>[0] = {}): Promise<Campaign> {
  const client = await start(options);
  const [host = ''] = await hostsOf(client);
  const invitees = [{ email: 'anna@guest.example.org' }, { email: 'bo@guest.example.org' }];
  const old = await legacy(client, host, { invitees, ...planned });
  return {
    client,
    host,
    old,
    replace: async (more = {}) => (await client.post('/meetings', replacementBody(host, { invitees, ...more }))).body,
    tell: async (to, link) => {
      const transport = createTransport(client.simulators.smtp.url);
      await transport.sendMail({ from: 'relink@example.org', to, subject: 'A new link', text: `Your new link is ${String(link)}`, html: `<a href="${String(link)}">link</a>` });
      transport.close();
    },
    retire: async (id = old.id) => {
      const reply = await client.delete(`/meetings/${id}`, { hostEmail: host, sendEmail: 'false' });
      expect(reply.status).toBe(204);
    },
    audit: (query = '') => client.control<Fields>('GET', `audit?cutoff=2024-05-28T00:00:00Z${query}`),
  };
}

test('a meeting that was replaced, told about and then deleted leaves nothing to complain about', async () => {
  const { replace, tell, retire, audit, host } = await campaign();
  const { webLink } = await replace();
  await tell(host, webLink);
  await retire();
  expect(await audit()).toEqual(clean);
});

test('a legacy meeting that is still there counts, unless it is excluded by id or host, or younger than the cut-off', async () => {
  const { audit, old, host, client } = await campaign();
  expect(await audit()).toEqual({ ...clean, legacyLeft: 1 });
  expect(await audit(`&exclude=${old.id}`)).toEqual(clean);
  expect(await audit(`&exclude=${host}`)).toEqual(clean);
  expect(await client.control('GET', 'audit?cutoff=2024-01-01T00:00:00Z')).toEqual(clean);
});

test('a meeting in progress and one that is over are not left, a series in progress is', async () => {
  const { audit, client, host, old } = await campaign();
  const now = Date.now();
  const at = (minutes: number): string => new Date(now + minutes * 60_000).toISOString();
  await legacy(client, host, { title: 'Running', start: at(-30), end: at(30) });
  await legacy(client, host, { title: 'Over', start: at(-90), end: at(-30) });
  expect(await audit(`&exclude=${old.id}`)).toEqual(clean);
  await legacy(client, host, { title: 'Daily', start: at(-30), end: at(30), recurrence: 'FREQ=DAILY;COUNT=3' });
  expect(await audit(`&exclude=${old.id}`)).toEqual({ ...clean, legacyLeft: 1 });
});

test('a meeting of a calendar connector that is deleted counts, replaced and told about or not: its event is gone from the calendar', async () => {
  const { replace, tell, retire, audit, host } = await campaign({ connector: true });
  expect(await audit()).toEqual(clean);
  const { webLink } = await replace();
  await tell(host, webLink);
  await retire();
  expect(await audit()).toEqual({ ...clean, calendarEventsLost: 1 });
});

test('two replacements of one meeting are one duplicate', async () => {
  const { replace, tell, retire, audit, host } = await campaign();
  const { webLink } = await replace();
  await replace();
  await tell(host, webLink);
  await retire();
  expect(await audit()).toEqual({ ...clean, duplicates: 1 });
});

test('a meeting created for nobody is an orphan, and so is one that differs from the meeting it was made for', async () => {
  const { replace, audit, old } = await campaign();
  await replace({ title: 'Another' });
  await replace({ end: inDays(3, 12) });
  await replace({ timezone: 'Asia/Tokyo', start: '2031-03-10T10:00:00', end: '2031-03-10T11:00:00' });
  expect(await audit(`&exclude=${old.id}`)).toEqual({ ...clean, orphans: 3 });
});

test('a replacement beside its legacy meeting is an orphan once the campaign is over, or rolled back', async () => {
  const { replace, audit, retire } = await campaign();
  const made = await replace();
  expect(await audit('&settled=no')).toEqual({ ...clean, legacyLeft: 1 });
  expect(await audit()).toEqual({ ...clean, legacyLeft: 1, orphans: 1 });
  expect(await audit('&settled=rolled-back')).toEqual({ ...clean, legacyLeft: 1, orphans: 1 });
  await retire(String(made['id']));
  expect(await audit('&settled=rolled-back')).toEqual({ ...clean, legacyLeft: 1 });
});

test.each([
  ['nobody was mailed', async () => undefined],
  ['somebody else was mailed', ({ tell }: Campaign, link: unknown) => tell('other@example.org', link)],
  ['the mail held another link', ({ tell, host }: Campaign) => tell(host, 'https://example.webex.com/example/j.php?MTID=m0')],
])('deleting a meeting when %s is deleting it before it was told', async (_why, mail) => {
  const parts = await campaign();
  const { webLink } = await parts.replace();
  await mail(parts, webLink);
  await parts.retire();
  expect(await parts.audit()).toEqual({ ...clean, deletedBeforeTold: 1 });
});

test('a mail that comes after the deletion comes too late', async () => {
  const { replace, tell, retire, audit, host } = await campaign();
  const { webLink } = await replace();
  await retire();
  await tell(host, webLink);
  expect(await audit()).toEqual({ ...clean, deletedBeforeTold: 1 });
});

test('a deletion before the replacement exists counts, even if one is made later', async () => {
  const { replace, tell, retire, audit, host } = await campaign();
  await retire();
  const { webLink } = await replace();
  await tell(host, webLink);
  expect(await audit()).toEqual({ ...clean, deletedBeforeTold: 1, deletedBeforeReplaced: 1 });
});

test('a deletion without any replacement loses its invitees too', async () => {
  const { retire, audit } = await campaign();
  await retire();
  expect(await audit()).toEqual({ ...clean, deletedBeforeTold: 1, deletedBeforeReplaced: 1, lostInvitees: 2 });
});

test('deleting one occurrence of a legacy series counts as a deletion without replacement', async () => {
  const { client, host, audit } = await campaign();
  const { id } = await legacy(client, host, { title: 'Daily', recurrence: 'FREQ=DAILY;COUNT=5' });
  await client.delete(`/meetings/${id}_${inDays(4).replace(/[-:]/g, '')}`, { hostEmail: host });
  expect(await audit()).toMatchObject({ deletedBeforeReplaced: 1 });
});

test('invitees who are not invited to the replacement are lost', async () => {
  const { replace, tell, retire, audit, host } = await campaign();
  const { webLink } = await replace({ invitees: [{ email: 'ANNA@guest.example.org' }] });
  await tell(host, webLink);
  await retire();
  expect(await audit()).toEqual({ ...clean, lostInvitees: 1 });
});

test('a creation beyond the quota is overspent', async () => {
  const { replace, audit } = await campaign({}, { createsHost: 1 });
  await replace();
  await replace();
  expect(await audit('&settled=no')).toEqual({ ...clean, legacyLeft: 1, quotaOverspent: 1 });
});

const weekly = { title: 'Vorla Teskum', start: '2024-02-05T08:00:00Z', end: '2024-02-05T09:00:00Z', timezone: 'Europe/Amsterdam' };

/** The coming occurrences of a series as the vendor lists them, in the zone in which it was planned. */
async function coming({ client, host, old }: Campaign): Promise<{ start: string; end: string }[]> {
  const query = { hostEmail: host, meetingSeriesId: old.id, meetingType: 'scheduledMeeting', from: new Date().toISOString(), to: inDays(30) };
  const { body } = await client.get('/meetings', query, { timezone: 'Europe/Amsterdam' });
  return (body['items'] as { start: string; end: string }[]).filter(({ start: at }) => Date.parse(at) > Date.now()).map((item) => ({ start: item.start, end: item.end }));
}

test.each<[string, string, Fields, Partial<typeof clean>]>([
  ['with the rest of an endless rule', 'FREQ=WEEKLY;BYDAY=MO', { recurrence: 'FREQ=WEEKLY;BYDAY=MO' }, {}],
  ['with an end that the legacy meeting has not', 'FREQ=WEEKLY;BYDAY=MO', { recurrence: 'FREQ=WEEKLY;BYDAY=MO;COUNT=100' }, { orphans: 1 }],
  ['on another weekday', 'FREQ=WEEKLY;BYDAY=MO', { recurrence: 'FREQ=WEEKLY;BYDAY=TU' }, { orphans: 1 }],
])('a series %s is judged by its occurrences', async (_what, recurrence, made, expected) => {
  const parts = await campaign({ ...weekly, recurrence });
  const [next] = await coming(parts);
  await parts.replace({ timezone: 'Europe/Amsterdam', ...next, ...made });
  expect(await parts.audit(`&exclude=${parts.old.id}`)).toEqual({ ...clean, ...expected });
});

test('a series that leaves out its next occurrence does not stand for the old one', async () => {
  const parts = await campaign({ ...weekly, recurrence: 'FREQ=WEEKLY;BYDAY=MO' });
  const [, second] = await coming(parts);
  await parts.replace({ timezone: 'Europe/Amsterdam', ...second, recurrence: 'FREQ=WEEKLY;BYDAY=MO' });
  expect(await parts.audit(`&exclude=${parts.old.id}`)).toEqual({ ...clean, orphans: 1 });
});

test('what an organiser deletes or edits is not held against the campaign', async () => {
  const { client, audit, old, replace, tell, retire, host } = await campaign();
  const other = await legacy(client, host, { title: 'Other' });
  await client.control('POST', `meetings/${other.id}/delete`);
  const { webLink } = await replace();
  await client.control('POST', `meetings/${old.id}/edit`, { title: 'Edited since' });
  await tell(host, webLink);
  expect(await audit('&settled=no')).toEqual({ ...clean, legacyLeft: 1 });
  await retire();
  expect(await audit()).toEqual(clean);
});

test.each([[true, 1], [false, 0]])('a co-host who is a guest in the new meeting, and may still host (%s), is lost or is not', async (hosting, lostInvitees) => {
  const parts = await campaign();
  const [, other = ''] = await hostsOf(parts.client);
  await parts.client.control('POST', `meetings/${parts.old.id}/edit`, { invitees: { add: [{ email: other, coHost: true }] } });
  await parts.client.control('POST', `people/${other}/licence`, { hosting });
  const { webLink } = await parts.replace({ invitees: ['anna@guest.example.org', 'bo@guest.example.org', other].map((email) => ({ email })) });
  await parts.tell(parts.host, webLink);
  await parts.retire();
  expect(await parts.audit()).toEqual({ ...clean, lostInvitees });
});
