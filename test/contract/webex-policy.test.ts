import { compare, type ComparedField } from '../../domain/compare.js';
import type { ReplacementPolicy } from '../../domain/meeting.js';
import { readMeeting } from '../support/whole-job.js';
import { policy as usual, REF, subject } from '../support/webex-answers.js';
import { hostsOf, legacy as plan, start, stopAll, type Client, type Fields } from './simulator-client.js';

let client: Client;
let hostEmail = '';
beforeAll(async () => {
  client = await start({ rpm: 10 ** 6 });
  [hostEmail = ''] = await hostsOf(client);
});
afterAll(stopAll);

/** Listed, without a lock, and with a tone that nobody hears. */
const before = { publicMeeting: true, enableAutomaticLock: false, automaticLockMinutes: 0, audioConnectionOptions: { entryAndExitTone: 'noTone', muteAttendeeUponEntry: false } };

async function replaced(policy: ReplacementPolicy, { settings = before, forced = {} }: { readonly settings?: Fields; readonly forced?: Fields } = {}) {
  const { webex } = subject(client.simulators.webex.url, { token: client.simulators.webex.token });
  const { id } = await plan(client, hostEmail);
  await client.control('POST', `meetings/${id}/edit`, { settings });
  const legacy = await readMeeting(webex, { ...REF, id, hostEmail });
  await client.control('POST', 'site', { force: forced });
  const { identity } = await webex.createReplacement(legacy, policy, 'relink:t');
  await client.control('POST', 'site', { force: {} });
  const replacement = await readMeeting(webex, identity);
  const { options: intended, ...known } = webex.intendedOptions(legacy, policy);
  return { legacy, replacement, rows: compare({ legacy, replacement, intended, ...known, now: Date.now() }) };
}
const of = (rows: readonly ComparedField[], verdict: ComparedField['verdict']): readonly string[] => rows.flatMap((row) => (row.verdict === verdict && /^(public|automaticLock|enableAutomaticLock|audio)/.test(row.field) ? [row.field] : []));
const audioIn = (options: Fields): Fields => options['audioConnectionOptions'] as Fields;

test.each<[string, ReplacementPolicy]>([
  ['names nothing', usual],
  ['says as before', { ...usual, publicListing: 'as-before', automaticLock: 'as-before', entryTone: 'as-before', audio: 'as-before' }],
])('where the policy %s, listing, lock, tone and audio are as the old meeting has them', async (_, policy) => {
  const { replacement, rows } = await replaced(policy);
  expect([of(rows, 'different'), of(rows, 'intended')]).toEqual([[], []]);
  expect(replacement.options).toMatchObject(before);
});

test('what the policy asks for the new meeting has, as intended differences, and all else of its audio is as it was', async () => {
  const { replacement, rows } = await replaced({ ...usual, publicListing: 'never', automaticLock: 5, entryTone: 'announce-name' });
  expect(replacement.options).toMatchObject({ publicMeeting: false, enableAutomaticLock: true, automaticLockMinutes: 5, audioConnectionOptions: { entryAndExitTone: 'announceName', muteAttendeeUponEntry: false, audioConnectionType: 'webexAudio' } });
  expect(of(rows, 'different')).toEqual([]);
  expect(of(rows, 'intended').toSorted()).toEqual(['audioConnectionOptions.entryAndExitTone', 'automaticLockMinutes', 'enableAutomaticLock', 'publicMeeting']);
});

test('a lock at once is a lock', async () => expect((await replaced({ ...usual, automaticLock: 0 })).replacement.options).toMatchObject({ enableAutomaticLock: true, automaticLockMinutes: 0 }));

test('audio by computer alone is asked for without what is about telephones, of which the vendor may make what it likes', async () => {
  const { replacement, rows } = await replaced({ ...usual, audio: 'computer-only' }, { forced: { audioConnectionOptions: { enabledTollFreeCallIn: false, entryAndExitTone: 'beep' } } });
  expect(audioIn(replacement.options)).toMatchObject({ audioConnectionType: 'VoIP', muteAttendeeUponEntry: false, enabledTollFreeCallIn: false });
  expect(of(rows, 'different')).toEqual([]);
  expect(of(rows, 'intended').toSorted()).toEqual(['audioConnectionOptions.audioConnectionType', 'audioConnectionOptions.enabledTollFreeCallIn', 'audioConnectionOptions.entryAndExitTone']);
});

test('phones are let in again where the policy says so', async () => {
  const { replacement } = await replaced({ ...usual, audio: 'computer-and-phone', entryTone: 'beep' }, { settings: { audioConnectionOptions: { audioConnectionType: 'VoIP', entryAndExitTone: 'noTone' } } });
  expect(audioIn(replacement.options)).toMatchObject({ audioConnectionType: 'webexAudio', entryAndExitTone: 'beep' });
});

test.each<[string, ReplacementPolicy, Fields]>([
  ['publicMeeting', { ...usual, publicListing: 'never' }, { publicMeeting: true }],
  ['automaticLockMinutes', { ...usual, automaticLock: 10 }, { automaticLockMinutes: 20 }],
  ['audioConnectionOptions.entryAndExitTone', { ...usual, entryTone: 'beep' }, { audioConnectionOptions: { entryAndExitTone: 'noTone' } }],
  ['audioConnectionOptions.audioConnectionType', { ...usual, audio: 'computer-only' }, { audioConnectionOptions: { audioConnectionType: 'webexAudio' } }],
])('a site that gives every new meeting another %s than the policy asks for is found out by name', async (field, policy, forced) => {
  expect(of((await replaced(policy, { forced })).rows, 'different')).toEqual([field]);
});

test('no passcode is named in a creation: the vendor makes new ones, for phones too, and none is an old one', async () => {
  const { legacy, replacement, rows } = await replaced(usual);
  for (const { password, phonePassword } of [legacy, replacement]) expect([password, phonePassword]).toEqual([expect.stringMatching(/.{8,}/), expect.stringMatching(/^\d{8}$/)]);
  expect(rows.filter(({ field }) => /password/i.test(field) && field !== 'excludePassword')).toEqual([{ field: 'password', verdict: 'intended' }, { field: 'phonePassword', verdict: 'intended' }]);
});
