import { createServer, type AddressInfo } from 'node:net';
import { ScriptedVendor, type Answering } from '../support/scripted-vendor.js';
import { aMeeting, aWindow, failureOf, html, items, policy, REF, snapshotOf, subject, type Subject } from '../support/webex-answers.js';

const vendor = ScriptedVendor.inThisFile();
const patient = () => subject(vendor.baseUrl).webex;
/** Waits for no answer that does not come; with so little patience a busy machine would be taken for a silent vendor. */
const enduring = (answer: Answering) => (answer === 'silence' || answer === 'stall' || answer === 'drip' ? subject(vendor.baseUrl, { timeoutMs: 2_000 }).webex : patient());
const create = async (webex: Subject['webex']) => webex.createReplacement(await snapshotOf(vendor, aMeeting()), policy, 'relink:t');

/** The five ways to ask, each with an answer of its own. */
const reading = (answer: Answering) => {
  vendor.on('GET', '/meetings/m1', answer).on('GET', '/people', answer).on('GET', '/meetings', answer);
  const webex = enduring(answer);
  return { 'reading a meeting': webex.readMeeting(REF, aWindow()), 'listing people': webex.listHosts(null), 'looking for a tag': webex.findByTag(REF, 'relink:t') };
};
const writing = async (answer: Answering) => {
  const legacy = await snapshotOf(vendor, aMeeting());
  vendor.on('POST', '/meetings', answer).on('DELETE', '/meetings/m1', answer).on('POST', '/meetingInvitees/bulkInsert', answer);
  const webex = enduring(answer);
  const ghost = [{ email: 'kim@example.org', coHost: false, panelist: false }];
  return { 'creating': webex.createReplacement(legacy, policy, 'relink:t'), 'deleting': webex.removeMeeting(REF), 'inviting': webex.carryOver(REF, { ...legacy, invitees: ghost }, policy) };
};
const typesOf = async (calls: Readonly<Record<string, Promise<unknown>>>) => {
  const failures = await Promise.all(Object.entries(calls).map(async ([name, call]) => [name, (await failureOf(call)).type] as const));
  return Object.fromEntries(failures);
};
const allRead = (type: string) => ({ 'reading a meeting': type, 'listing people': type, 'looking for a tag': type });
const allWritten = (type: string) => ({ creating: type, deleting: type, inviting: type });

describe.each([500, 502, 503, 504])('an outage page of %d', (status) => {
  test('to a question is VendorUnavailable', async () => expect(await typesOf(reading({ status, body: html(status) }))).toEqual(allRead('VendorUnavailable')));

  test('to a write leaves open what has happened', async () => expect(await typesOf(await writing({ status, body: html(status) }))).toEqual(allWritten('NetworkAmbiguous')));

  test('is not quoted', async () => {
    vendor.on('GET', '/people/me', { status, body: html(status) });
    const failure = await failureOf(patient().verify());
    expect(`${JSON.stringify(failure)} ${failure.message} ${failure.stack}`).not.toContain('wobbly');
    expect(failure.facts).toMatchObject({ status, trackingId: 'TRACK_1' });
  });
});

const lies: readonly (readonly [string, Answering])[] = [
  ['whose body is HTML', { body: html(200) }],
  ['whose JSON is cut off', { body: '{"items":[{"id":"m1","title":"Vorla' }],
  ['that ends before its length', 'cut'],
  ['that begins and never ends', 'stall'],
  ['that drips, and is complete long after the time-out', 'drip'],
];
describe.each(lies)('an answer of 200 %s', (_, answer) => {
  test('to a question is an outage', async () => expect(await typesOf(reading(answer))).toEqual(allRead('VendorUnavailable')));

  test('to a write leaves open what has happened', async () => expect(await typesOf(await writing(answer))).toEqual(allWritten('NetworkAmbiguous')));
});

test('a gateway’s page that says 404 or 410 is an outage: nothing is gone because of it', async () => {
  for (const status of [404, 410]) {
    const page = { status, body: html(status) };
    expect(await typesOf(reading(page))).toEqual(allRead('VendorUnavailable'));
    expect(await typesOf(await writing(page))).toEqual(allWritten('NetworkAmbiguous'));
  }
});

test('a 404 or 410 without a word is the vendor’s only when it has the tracking id that each answer of the vendor has', async () => {
  for (const status of [404, 410]) {
    const mute = { status, headers: { trackingid: '' } };
    expect(await typesOf(reading(mute))).toEqual(allRead('VendorUnavailable'));
    expect(await typesOf(await writing(mute))).toEqual(allWritten('NetworkAmbiguous'));
    vendor.on('GET', '/meetings/m1', { status });
    expect(await subject(vendor.baseUrl).webex.exists(REF)).toBe(false);
  }
});

test('a creation answered by 200 and nothing else leaves open what has happened', async () => {
  vendor.on('POST', '/meetings', {});
  expect((await failureOf(create(patient()))).type).toBe('NetworkAmbiguous');
});

describe.each(['reset', 'silence'] as const)('after %s', (misbehaviour) => {
  test('a question is an outage', async () => expect(await typesOf(reading(misbehaviour))).toEqual(allRead('VendorUnavailable')));

  test('a write may have taken effect, and is not repeated here', async () => {
    expect(await typesOf(await writing(misbehaviour))).toEqual(allWritten('NetworkAmbiguous'));
    expect(vendor.asked.filter(({ method }) => method !== 'GET')).toHaveLength(3);
  });
});

test('a vendor that cannot be reached has done nothing, whatever was asked of it', async () => {
  const legacy = await snapshotOf(vendor, aMeeting());
  const { webex } = subject(await nobody());
  const calls = { reading: webex.exists(REF), creating: webex.createReplacement(legacy, policy, 'relink:t'), deleting: webex.removeMeeting(REF) };
  expect(await typesOf(calls)).toEqual({ reading: 'VendorUnavailable', creating: 'VendorUnavailable', deleting: 'VendorUnavailable' });
});

/** A port of this machine on which nobody listens. */
async function nobody(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/v1`;
}

test('a redirect is not followed: the token goes to nobody else', async () => {
  vendor.on('GET', '/people/me', { status: 302, headers: { location: `${vendor.baseUrl}/people/thief` } });
  expect((await failureOf(patient().verify())).type).toBe('VendorRefused');
  expect(vendor.asked).toHaveLength(1);
});

describe('a creation whose answer cannot be read', () => {
  test.each([
    ['is missing', undefined],
    ['is a number', 25501110002],
  ])('because meetingNumber %s leaves open what has happened, and names the field', async (_, meetingNumber) => {
    vendor.on('POST', '/meetings', { body: aMeeting({ id: 'm2', meetingNumber }) });
    const failure = await failureOf(create(patient()));
    expect([failure.type, failure.facts.fields, failure.facts.trackingId]).toEqual(['NetworkAmbiguous', ['meetingNumber'], 'TRACK_1']);
  });

  const unreadable = { meetingNumber: 7, webLink: null, title: undefined, start: undefined, timezone: null };
  test.each([
    ['are missing', { hostEmail: undefined, siteUrl: undefined }],
    ['cannot be read', { hostEmail: null, siteUrl: 4 }],
  ])('has made a meeting that its tag still finds, even when host and site %s too', async (_, more) => {
    const made = { ...aMeeting({ id: 'm2', integrationTags: ['theirs', 'relink:t'] }), ...unreadable, ...more };
    vendor.on('GET', '/meetings', items(made), { integrationTag: 'relink:t' });
    expect(await patient().findByTag(REF, 'relink:t')).toMatchObject([{ vendor: 'webex', id: 'm2', hostEmail: REF.hostEmail }]);
  });
});

test('a meeting without the tag is not taken for ours, although the vendor answers with it', async () => {
  vendor.on('GET', '/meetings', items(aMeeting(), aMeeting({ id: 'm2', integrationTags: ['relink:other'] }), null, 'x', { integrationTags: ['relink:t'] }));
  expect(await patient().findByTag(REF, 'relink:t')).toEqual([]);
});
