import type { Invitee, MeetingRef } from '../../domain/meeting.js';
import { ScriptedVendor } from '../support/scripted-vendor.js';
import { aSnapshot } from '../support/specs.js';
import { aMeeting, anInvitee, aWindow, failureOf, HOST, items, paged, REF, snapshotOf, subject, type Json, type Subject } from '../support/webex-answers.js';
import { hostsOf, legacy, start, stopAll, type Client } from './simulator-client.js';

const vendor = ScriptedVendor.inThisFile();
afterAll(stopAll);
const guests = (count: number, first = 0): readonly Invitee[] =>
  Array.from({ length: count }, (_, i) => ({ email: `guest-${first + i}@example.org`, displayName: `Guest ${first + i}`, coHost: i === 0, panelist: false }));

/** Carries over a legacy meeting with these invitees. */
const invite = ({ webex }: Pick<Subject, 'webex'>, invitees: readonly Invitee[], ref: MeetingRef = REF) => webex.carryOver(ref, aSnapshot('old', { invitees }));

/** What each call to bulkInsert asked for. */
const inserted = (): readonly Json[][] => vendor.to('POST', '/meetingInvitees/bulkInsert').map(({ body }) => (body as { items: Json[] }).items);

test.each([
  ['without an address', { email: undefined }, 'invitees.email'],
  ['with a list for an address', { email: ['a@example.org'] }, 'invitees.email'],
  ['whose role is a word', { coHost: 'yes' }, 'invitees.coHost'],
])('an invitee %s is refused by field name, not a crash', async (_, changes, field) => {
  vendor.on('GET', '/meetings/m1', { body: aMeeting() }).on('GET', '/meetingInvitees', items(anInvitee('kim@example.org'), anInvitee('jo@example.org', changes)));
  const { webex } = subject(vendor.baseUrl);
  const both = await Promise.all([webex.readMeeting(REF, aWindow()), invite({ webex }, guests(1))].map(failureOf));
  expect(both.map(({ type, facts }) => [type, facts.fields])).toEqual([['VendorRefused', [field]], ['VendorRefused', [field]]]);
});

test('an invitee of whom only the address is sent is one without a role', async () => {
  const { invitees } = await snapshotOf(vendor, aMeeting(), { invitees: [{ email: 'kim@example.org' }] });
  expect(invitees).toEqual([{ email: 'kim@example.org', displayName: undefined, coHost: false, panelist: false }]);
});

test('only who is missing is added, whatever the case of the address, by hundreds, and nobody is mailed', async () => {
  const present = [...guests(150)].map(({ email }) => anInvitee(email.toUpperCase()));
  vendor.on('GET', '/meetingInvitees', paged(() => present, () => vendor.origin)).on('POST', '/meetingInvitees/bulkInsert', items());
  const wanted = guests(400).map((guest, i) => (i < 10 ? { ...guest, email: guest.email.replace('guest', 'Guest') } : guest));
  await invite(subject(vendor.baseUrl), wanted);
  expect(inserted().map((chunk) => chunk.length)).toEqual([100, 100, 50]);
  expect(inserted().flat().map(({ email }) => email)).toEqual(guests(250, 150).map(({ email }) => email));
  expect(inserted().flat().every(({ sendEmail }) => sendEmail === false)).toBe(true);
  for (const { body } of vendor.to('POST', '/meetingInvitees/bulkInsert')) expect(body).toMatchObject({ meetingId: REF.id, hostEmail: HOST });
});

test('roles and names are carried, and a name that is missing is not sent as nothing', async () => {
  vendor.on('GET', '/meetingInvitees', items()).on('POST', '/meetingInvitees/bulkInsert', items());
  await invite(subject(vendor.baseUrl), [...guests(1), { email: 'kim@example.org', coHost: false, panelist: true }]);
  expect(inserted()).toEqual([[
    { email: 'guest-0@example.org', displayName: 'Guest 0', coHost: true, panelist: false, sendEmail: false },
    { email: 'kim@example.org', coHost: false, panelist: true, sendEmail: false },
  ]]);
});

test('when all are there nothing is written', async () => {
  vendor.on('GET', '/meetingInvitees', items(...guests(3).map(({ email }) => anInvitee(email))));
  await invite(subject(vendor.baseUrl), guests(3));
  expect(inserted()).toEqual([]);
});

describe('a conflict on the way', () => {
  /** The vendor's list does not show the first fifty yet, but its insertion knows them. */
  function late(): Json[] {
    const shown: Json[] = [];
    vendor.on('GET', '/meetingInvitees', paged(() => shown, () => vendor.origin));
    vendor.on('POST', '/meetingInvitees/bulkInsert', ({ body }) => {
      const asked = (body as { items: Json[] }).items.map(({ email }) => String(email));
      const conflicts = asked.some((email) => Number(/\d+/.exec(email)?.[0]) < 50);
      if (!conflicts) shown.push(...asked.map((email) => anInvitee(email)));
      return conflicts ? { status: 409, body: { message: 'Some users in the list have been invited.' } } : items();
    });
    return shown;
  }

  test('is solved by a second call, once the list has caught up', async () => {
    const shown = late();
    const { webex } = subject(vendor.baseUrl);
    await failureOf(invite({ webex }, guests(120)));
    shown.push(...guests(50).map(({ email }) => anInvitee(email)));
    await invite({ webex }, guests(120));
    expect(shown.map(({ email }) => email)).toEqual(guests(120).map(({ email }) => email));
  });

  test('says its status, so that it can be told from a refusal', async () => {
    late();
    const { type, facts } = await failureOf(invite(subject(vendor.baseUrl), guests(120)));
    expect([type, facts.status, facts.trackingId]).toEqual(['VendorRefused', 409, 'TRACK_1']);
  });
});

describe('with the simulator', () => {
  let client: Client;
  let host = '';
  beforeAll(async () => {
    client = await start();
    [host = ''] = await hostsOf(client);
  });

  test('lists of more than a hundred come over complete, also when an earlier attempt had got half way, and nobody is mailed', async () => {
    const { id } = await legacy(client, host);
    const { webex } = subject(client.simulators.webex.url, { token: client.simulators.webex.token });
    const ref = { ...REF, id, hostEmail: host };
    await invite({ webex }, guests(130), ref);
    await invite({ webex }, guests(260), ref);
    const read = await webex.readMeeting(ref, aWindow());
    expect(read === 'gone' ? [] : read.invitees.map(({ email }) => email).toSorted()).toEqual(guests(260).map(({ email }) => email).toSorted());
    const calls = await client.control<{ path: string; mailsPeople: boolean; effect: boolean }[]>('GET', 'calls');
    expect(calls.filter(({ path, effect }) => effect && path.endsWith('bulkInsert')).map(({ mailsPeople }) => mailsPeople)).toEqual([false, false, false, false]);
  });
});
