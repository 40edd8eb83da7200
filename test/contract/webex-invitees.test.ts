import type { Invitee, MeetingRef } from '../../domain/meeting.js';
import { ScriptedVendor } from '../support/scripted-vendor.js';
import { aSnapshot } from '../support/specs.js';
import { aMeeting, anInvitee, aWindow, failureOf, HOST, items, paged, policy, REF, snapshotOf, subject, type Json, type Subject } from '../support/webex-answers.js';
import { hostsOf, legacy, start, stopAll, type Client } from './simulator-client.js';

const vendor = ScriptedVendor.inThisFile();
afterAll(stopAll);
const guests = (count: number, first = 0): readonly Invitee[] =>
  Array.from({ length: count }, (_, i) => ({ email: `guest-${first + i}@example.org`, displayName: `Guest ${first + i}`, coHost: i === 0, panelist: false }));

/** Carries over a legacy meeting with these invitees. */
const invite = ({ webex }: Pick<Subject, 'webex'>, invitees: readonly Invitee[], ref: MeetingRef = REF) => webex.carryOver(ref, aSnapshot('old', { invitees }), policy);

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
  const addresses = (people: readonly { readonly email?: unknown }[]): readonly string[] => people.map(({ email }) => String(email));

  /** Its insertion knows whom `isKnown` says, and takes nobody of a call with one of them; its list shows whom it took, and at first nobody else. */
  function vendorThatKnows(isKnown: (n: number) => boolean): Json[] {
    const shown: Json[] = [];
    vendor.on('GET', '/meetingInvitees', paged(() => shown, () => vendor.origin));
    vendor.on('POST', '/meetingInvitees/bulkInsert', ({ body }) => {
      const asked = addresses((body as { items: Json[] }).items);
      const conflicts = asked.some((email) => isKnown(Number(/\d+/.exec(email)?.[0])) || addresses(shown).includes(email));
      if (!conflicts) shown.push(...asked.map((email) => anInvitee(email)));
      return conflicts ? { status: 409, body: { message: 'Some users in the list have been invited.' } } : items();
    });
    return shown;
  }

  test('has the list read again and the others invited one by one: nobody is left out, and who is known by another address is named for the comparison', async () => {
    const shown = vendorThatKnows((n) => n === 7);
    const { aliases } = await invite(subject(vendor.baseUrl), guests(120));
    expect(aliases).toEqual(['guest-7@example.org']);
    expect(addresses(shown).toSorted()).toEqual(addresses(guests(120)).filter((email) => email !== 'guest-7@example.org').toSorted());
    expect(inserted().map((some) => some.length).filter((count) => count > 1)).toEqual([100, 20]);
  });

  test('in which the vendor took some before it refused repeats nobody of them', async () => {
    const shown: Json[] = [];
    vendor.on('GET', '/meetingInvitees', paged(() => shown, () => vendor.origin));
    vendor.on('POST', '/meetingInvitees/bulkInsert', ({ body }) => {
      const some = addresses((body as { items: Json[] }).items);
      if (some.length > 1) shown.push(...some.slice(0, 60).map((email) => anInvitee(email)));
      else shown.push(anInvitee(some[0] ?? ''));
      return some.length > 1 ? { status: 409 } : items();
    });
    await invite(subject(vendor.baseUrl), guests(80));
    expect(inserted().slice(1).flat().map(({ email }) => email)).toEqual(addresses(guests(80)).slice(60));
    expect(addresses(shown).toSorted()).toEqual(addresses(guests(80)).toSorted());
  });

  test('about one who is shown by now is none', async () => {
    const shown = vendorThatKnows(() => false);
    vendor.on('POST', '/meetingInvitees/bulkInsert', () => {
      shown.push(anInvitee('guest-0@example.org'));
      return { status: 409 };
    });
    expect((await invite(subject(vendor.baseUrl), guests(1))).aliases).toBeUndefined();
    expect(inserted()).toHaveLength(1);
  });
});

describe('a vendor that refuses somebody as a co-host', () => {
  const refusing = (refuses: (item: Json) => boolean) => {
    vendor.on('GET', '/meetingInvitees', items());
    vendor.on('POST', '/meetingInvitees/bulkInsert', ({ body }) => ((body as { items: Json[] }).items.some(refuses) ? { status: 400, body: { message: 'wobbly-prose' } } : items()));
  };

  test('has them invited as a guest, the others as they were', async () => {
    refusing(({ coHost }) => coHost === true);
    await invite(subject(vendor.baseUrl), guests(3));
    expect(inserted().map((some) => some.map(({ email, coHost }) => [email, coHost]))).toEqual([
      [['guest-0@example.org', true], ['guest-1@example.org', false], ['guest-2@example.org', false]],
      [['guest-0@example.org', true]], [['guest-0@example.org', false]], [['guest-1@example.org', false]], [['guest-2@example.org', false]],
    ]);
    expect(inserted().flat().every(({ sendEmail }) => sendEmail === false)).toBe(true);
  });

  test('and as a guest too has refused them', async () => {
    refusing(({ email }) => email === 'guest-0@example.org');
    expect((await failureOf(invite(subject(vendor.baseUrl), guests(3)))).facts.status).toBe(400);
  });

  test('is told from one that refuses a guest', async () => {
    refusing(() => true);
    expect((await failureOf(invite(subject(vendor.baseUrl), guests(3, 1).map((guest) => ({ ...guest, coHost: false }))))).facts).toMatchObject({ status: 400, trackingId: 'TRACK_1' });
    expect(inserted()).toHaveLength(1);
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
