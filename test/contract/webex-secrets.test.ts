import { inspect } from 'node:util';
import type { RelinkFailure } from '../../domain/failures.js';
import { ScriptedVendor, type Answering } from '../support/scripted-vendor.js';
import { aHost, aMeeting, anInvitee, aWindow, failureOf, items, policy, snapshotOf, subject, type Json } from '../support/webex-answers.js';

const vendor = ScriptedVendor.inThisFile();

/** Planted in bodies, headers and addresses; none of it may come back out. */
const secrets = {
  token: 'tok-planted-77',
  id: 'id-planted-77',
  link: 'https://meet.example.org/j.php?MTID=planted77',
  number: '25507770077',
  passcode: 'Pw-planted-77',
  title: 'Planted Teskum',
  agenda: 'Planted agenda',
  host: 'planted.host@example.org',
  guest: 'planted.guest@example.org',
};
const REF = { vendor: 'webex', site: 'meet.example.org', id: secrets.id, hostEmail: secrets.host };
const host = { ...aHost, email: secrets.host };
const planted = (changes: Json = {}): Json => aMeeting({ id: secrets.id, meetingNumber: secrets.number, title: secrets.title, agenda: secrets.agenda, password: secrets.passcode, hostEmail: secrets.host, webLink: secrets.link, ...changes });
const prose = { message: `${Object.values(secrets).join(' ')} failed`, errors: [{ description: secrets.link }], trackingId: 'TRACK_2' };
const headers = { warning: secrets.link, location: secrets.link, 'www-authenticate': `Bearer ${secrets.token}` };
/** Patient, but where nothing answers. */
const adapter = (answer?: Answering) => subject(vendor.baseUrl, { token: secrets.token, ...(answer === 'silence' ? { timeoutMs: 200 } : {}) }).webex;

/** Everything that a log, a history or a report could print of an error. */
const shown = (failure: RelinkFailure): string => [JSON.stringify(failure), failure.message, failure.stack, inspect(failure, { depth: null, showHidden: true })].join('\n');

/** Asks in every way there is, against a vendor that always gives the same answer. */
async function askAll(answer: Answering): Promise<readonly RelinkFailure[]> {
  const legacy = await legacySnapshot();
  for (const [method, path] of [['GET', '/people'], ['GET', '/people/me'], ['GET', '/meetings'], ['GET', `/meetings/${secrets.id}`], ['GET', '/meetingInvitees'], ['POST', '/meetings'], ['DELETE', `/meetings/${secrets.id}`]] as const) vendor.on(method, path, answer);
  const webex = adapter(answer);
  const calls = [webex.verify(), webex.listHosts(null), webex.listMeetings(host, aWindow()), webex.readMeeting(REF, aWindow()), webex.findByTag(REF, secrets.title), webex.createReplacement(legacy, policy, 'relink:t'), webex.removeMeeting(REF), webex.resolves(legacy.identity), webex.carryOver(REF, legacy, policy)];
  return Promise.all(calls.map(failureOf));
}
async function legacySnapshot() {
  const legacy = await snapshotOf(vendor, aMeeting(), { invitees: [anInvitee(secrets.guest)] });
  return { ...legacy, title: secrets.title, agenda: secrets.agenda, password: secrets.passcode, identity: { ...legacy.identity, ...REF, number: secrets.number, link: secrets.link } };
}
function expectSilence(failures: readonly RelinkFailure[]): void {
  for (const failure of failures) for (const secret of Object.values(secrets)) expect(shown(failure)).not.toContain(secret);
}

test.each([
  [401, 'Unauthorised'],
  [403, 'Forbidden'],
  [400, 'VendorRefused'],
  [302, 'VendorRefused'],
  [429, 'RateLimited'],
])('an answer of %d is %s whatever was asked, and tells nothing of what it was about', async (status, type) => {
  const failures = await askAll({ status, body: prose, headers });
  expect(new Set(failures.map((failure) => failure.type))).toEqual(new Set([type]));
  expectSilence(failures);
});

test.each<[string, Answering]>([
  ['an outage', { status: 503, body: prose, headers }],
  ['a page of HTML', { body: `<html>${JSON.stringify(prose)}</html>` }],
  ['a cut-off answer', { body: JSON.stringify(planted()).slice(0, -5) }],
  ['a reset', 'reset'],
  ['silence', 'silence'],
])('%s tells nothing of what it was about', async (_, answer) => expectSilence(await askAll(answer)));

test.each<[string, Json]>([
  ['a title', { title: { text: secrets.title } }],
  ['a link', { webLink: [secrets.link] }],
  ['an address', { hostEmail: { address: secrets.host } }],
  ['a passcode', { password: [secrets.passcode] }],
  ['tags', { integrationTags: { [secrets.title]: secrets.link } }],
])('%s of a type that nobody expected is told by the name of its field alone', async (_, changes) => {
  const legacy = await legacySnapshot();
  vendor.on('GET', `/meetings/${secrets.id}`, { body: planted(changes) }).on('POST', '/meetings', { body: planted(changes) });
  const failures = await Promise.all([adapter().readMeeting(REF, aWindow()), adapter().createReplacement(legacy, policy, 'relink:t')].map(failureOf));
  expect(failures.map(({ type, facts }) => [type, facts.fields])).toEqual([['VendorRefused', Object.keys(changes)], ['NetworkAmbiguous', Object.keys(changes)]]);
  expectSilence(failures);
});

test('an invitee that cannot be read is not named', async () => {
  vendor.on('GET', `/meetings/${secrets.id}`, { body: planted({ agenda: undefined }) }).on('GET', '/meetingInvitees', items(anInvitee(secrets.guest, { coHost: secrets.guest })));
  expectSilence([await failureOf(adapter().readMeeting(REF, aWindow()))]);
});

test('the token goes into one header, and into no address', async () => {
  vendor.on('GET', '/people/me', { body: {} });
  await adapter().verify();
  const [asked] = vendor.asked;
  expect(asked?.headers.authorization).toBe(`Bearer ${secrets.token}`);
  expect(`${asked?.path}?${asked?.query}`).not.toContain(secrets.token);
});
