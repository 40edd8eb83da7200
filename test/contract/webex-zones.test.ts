import type { MeetingSnapshot } from '../../domain/meeting.js';
import { aMeeting, aWindow, policy, REF, subject, type Subject } from '../support/webex-answers.js';
import { ScriptedVendor } from '../support/scripted-vendor.js';
import { hostsOf, legacy, occurrencesOf, start, stopAll, wide, type Client, type Fields } from './simulator-client.js';

const vendor = ScriptedVendor.inThisFile();
afterAll(stopAll);

const DAY_MS = 86_400_000;
/** A Monday in the summer of next year, so that a year of weeks has both changes of clocks. */
const year = new Date().getUTCFullYear() + 1;
const monday = new Date(Date.UTC(year, 5, 1 + ((8 - new Date(Date.UTC(year, 5, 1)).getUTCDay()) % 7))).toISOString().slice(0, 10);
const rule = { recurrence: 'FREQ=WEEKLY;BYDAY=MO' };
/** At nine in Amsterdam. */
const weekly = { start: `${monday}T07:00:00Z`, end: `${monday}T08:00:00Z`, ...rule };
const window = { from: `${monday}T00:00:00.000Z`, to: new Date(Date.parse(monday) + 400 * DAY_MS).toISOString() };

let client: Client;
let webex: Subject['webex'];
let host: string;
beforeAll(async () => {
  client = await start({ hosts: 2 });
  [host = ''] = await hostsOf(client);
  webex = subject(client.simulators.webex.url, { token: client.simulators.webex.token }).webex;
});

const planned = (timezone: string, more: Fields = {}) => legacy(client, host, { ...weekly, timezone, ...more });
async function read(id: string, timezone?: string): Promise<MeetingSnapshot> {
  const found = await webex.readMeeting({ ...REF, id, hostEmail: host, timezone }, window);
  if (found === 'gone') throw new Error('gone');
  return found;
}

test('what the vendor’s own document shows: a series of Shanghai is answered as one in UTC, with the rule of Shanghai', async () => {
  const shown = aMeeting({ timezone: 'UTC', start: `${monday}T23:00:00Z`, end: `${monday}T23:30:00Z`, recurrence: undefined });
  vendor.on('GET', '/meetings/m1', { body: shown }).on('GET', '/meetingInvitees', { body: { items: [] } });
  const { webex: scripted } = subject(vendor.baseUrl);
  expect(await scripted.readMeeting({ ...REF, timezone: 'Asia/Shanghai' }, aWindow(800))).toMatchObject({ timezone: 'Asia/Shanghai', identity: { timezone: 'Asia/Shanghai' }, start: `${monday}T23:00:00.000Z` });
  expect(await scripted.readMeeting(REF, aWindow(800))).toMatchObject({ timezone: 'UTC' });
});

test('a server that names the zone in which a meeting was planned is believed', async () => {
  vendor.on('GET', '/meetings/m1', { body: aMeeting({ timezone: 'Asia/Tokyo' }) }).on('GET', '/meetingInvitees', { body: { items: [] } });
  expect(await subject(vendor.baseUrl).webex.readMeeting({ ...REF, timezone: 'Europe/Amsterdam' }, aWindow())).toMatchObject({ timezone: 'Asia/Tokyo' });
});

test('the simulator shows no zone but the one that is asked for, and those that a creation names', async () => {
  const { id } = await planned('Europe/Amsterdam');
  expect((await client.get(`/meetings/${id}`, { hostEmail: host })).body).toMatchObject({ timezone: 'UTC', start: `${monday}T07:00:00Z` });
  const made = await client.post('/meetings', { ...rule, start: `${monday}T09:00:00`, end: `${monday}T10:00:00`, hostEmail: host, title: 'Quib', timezone: 'Europe/Amsterdam', sendEmail: false });
  expect(made.body).toMatchObject({ timezone: 'Europe/Amsterdam', start: `${monday}T09:00:00+02:00` });
});

test.each([
  ['of its host', 'Europe/Amsterdam'],
  ['of a host who is at home elsewhere', 'America/New_York'],
  ['of a host who plans in UTC', 'UTC'],
  ['of a host of whom nobody knows', undefined],
])('a weekly series in summer time is read and made anew by the rule in its own zone: %s', async (_, timezone) => {
  const { id } = await planned('Europe/Amsterdam');
  const old = await read(id, timezone);
  expect([old.refusal, old.changes]).toEqual([undefined, []]);
  expect(old.occurrences.map(({ start: begins }) => begins.slice(11, 16)).filter((time, i, all) => all.indexOf(time) === i).sort()).toEqual(['07:00', '08:00']);
  const { identity } = await webex.createReplacement(old, policy, 'relink:t');
  const again = await webex.readMeeting(identity, window);
  expect(again).toMatchObject({ timezone: old.timezone, occurrences: old.occurrences, refusal: undefined });
  const times = async (series: string) => (await occurrencesOf(client, host, series, { to: window.to })).map(({ start: begins }) => begins);
  expect(await times(identity.id)).toEqual(await times(id));
});

test('a series whose local Monday is a Sunday in UTC', async () => {
  const sunday = new Date(Date.parse(monday) - DAY_MS).toISOString().slice(0, 10);
  const { id } = await planned('Pacific/Auckland', { start: `${sunday}T20:00:00Z`, end: `${sunday}T21:00:00Z` });
  expect(await read(id, 'Europe/Amsterdam')).toMatchObject({ refusal: undefined, changes: [] });
});

test('changes of single occurrences are found in a series of another zone too', async () => {
  const { id } = await planned('Europe/Amsterdam');
  const fourth = (await occurrencesOf(client, host, id))[3]!;
  await client.delete(`/meetings/${fourth.id}`, { hostEmail: host, sendEmail: 'false' });
  expect(await read(id, 'America/New_York')).toMatchObject({ refusal: undefined, changes: [{ original: new Date(fourth.start).toISOString() }] });
});

test('a long series of another zone than its host’s is listed once, as any other', async () => {
  const lists = async (id: string, timezone: string): Promise<number> => {
    const calls = async () => ((await (await fetch(`${client.simulators.control}/calls`)).json()) as readonly { path: string }[]).filter(({ path }) => path === '/v1/meetings').length;
    const before = await calls();
    expect(await read(id, timezone)).toMatchObject({ refusal: undefined, changes: [] });
    return (await calls()) - before;
  };
  const { id } = await planned('America/New_York', { recurrence: 'FREQ=DAILY' });
  const pages = await lists(id, 'America/New_York');
  expect(pages).toBeGreaterThanOrEqual(4);
  for (const timezone of ['Asia/Tokyo', 'Europe/Amsterdam', 'UTC']) expect([timezone, await lists(id, timezone)]).toEqual([timezone, pages]);
});

test('an inventory knows when a series is held next, whatever zone it was planned in', async () => {
  const inWinter = { start: '2025-01-06T14:00:00Z', end: '2025-01-06T15:00:00Z', recurrence: 'FREQ=DAILY' };
  const ids = await Promise.all(['America/New_York', 'Asia/Tokyo', 'Australia/Sydney', 'UTC'].map(async (timezone) => (await planned(timezone, inWinter)).id));
  ids.push((await planned('Asia/Tokyo', { start: `${monday}T15:55:00Z`, end: `${monday}T16:25:00Z`, recurrence: 'FREQ=WEEKLY;BYDAY=TU' })).id); // its Tuesday is a Monday elsewhere
  const person = (await webex.listHosts(null)).hosts.find(({ email }) => email === host)!;
  const { meetings } = await webex.listMeetings(person, { from: new Date().toISOString(), to: wide.to });
  for (const id of ids) {
    const [first] = await occurrencesOf(client, host, id);
    expect(meetings.find(({ identity }) => identity.id === id)?.next?.start).toBe(new Date(first!.start).toISOString());
  }
});

test('an inventory knows the zone of a host, and its meetings have it', async () => {
  const { hosts } = await webex.listHosts(null);
  const person = hosts.find(({ email }) => email === host)!;
  expect(person.timezone).toEqual(expect.stringMatching(/\w/));
  const { meetings } = await webex.listMeetings(person, { from: window.from, to: wide.to });
  expect(new Set(meetings.map(({ identity }) => identity.timezone))).toEqual(new Set([person.timezone]));
});
