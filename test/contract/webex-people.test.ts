import { ScriptedVendor } from '../support/scripted-vendor.js';
import { items, subject, type Json } from '../support/webex-answers.js';

const vendor = ScriptedVendor.inThisFile();
const person = (changes: Json = {}): Json => ({ id: 'p1', emails: ['robin@example.org'], displayName: 'Robin Vos', siteUrls: ['meet.example.org'], loginEnabled: true, ...changes });

/** Who hosts, of these people. */
async function hostsAmong(...people: readonly unknown[]) {
  vendor.on('GET', '/people', items(...people));
  return (await subject(vendor.baseUrl).webex.listHosts(null)).hosts;
}

test('a person who hosts on a site is a host there, and where they only attend is left out', async () => {
  expect(await hostsAmong(person({ siteUrls: ['meet.example.org', 'other.example.org#attendee'] }))).toEqual([
    { email: 'robin@example.org', displayName: 'Robin Vos', sites: ['meet.example.org'] },
  ]);
});

test.each<[string, Json]>([
  ['who only attends everywhere', { siteUrls: ['meet.example.org#attendee', 'other.example.org#attendee'] }],
  ['with no site at all', { siteUrls: [] }],
  ['who may not log in', { loginEnabled: false }],
  ['who may not log in, said in words', { loginEnabled: 'false' }],
])('a person %s is no host', async (_, changes) => expect(await hostsAmong(person(changes))).toEqual([]));

test.each<[string, Json]>([
  ['sites', { siteUrls: undefined }],
  ['login', { loginEnabled: undefined }],
  ['name', { displayName: undefined }],
])('a person of whom the vendor does not tell the %s is asked for meetings all the same', async (_, changes) => {
  expect((await hostsAmong(person(changes))).map(({ email }) => email)).toEqual(['robin@example.org']);
});

test.each<[string, Json]>([
  ['sites are null', { siteUrls: null }],
  ['name is null', { displayName: null }],
  ['login is null', { loginEnabled: null }],
])('a person whose %s is not lost: their meetings would be seen by nobody', async (_, changes) => {
  expect((await hostsAmong(person(changes))).map(({ email }) => email)).toEqual(['robin@example.org']);
});

test('a person with several addresses is a host under each', async () => {
  const emails = ['robin@example.org', 'r.vos@example.org', 'vos@example.org'];
  expect((await hostsAmong(person({ emails }))).map(({ email }) => email)).toEqual(emails);
});

test.each<[string, unknown, { readonly id: string; readonly fields: readonly string[] }]>([
  ['without addresses', person({ emails: undefined }), { id: 'p1', fields: ['emails'] }],
  ['with an empty list of addresses', person({ emails: [] }), { id: 'p1', fields: ['emails'] }],
  ['that is null', null, { id: 'without id', fields: ['all'] }],
  ['that is a word', 'robin', { id: 'without id', fields: ['all'] }],
])('an entry %s is not lost: it is named with its fields, and does not keep the others out', async (_, entry, named) => {
  vendor.on('GET', '/people', items(entry, person({ emails: ['kim@example.org'] })));
  const { hosts, unreadable } = await subject(vendor.baseUrl).webex.listHosts(null);
  expect([hosts.map(({ email }) => email), unreadable]).toEqual([['kim@example.org'], [named]]);
});

test('people are asked for a hundred at a time', async () => {
  await hostsAmong();
  expect(vendor.asked.map(({ query }) => query.get('max'))).toEqual(['100']);
});
