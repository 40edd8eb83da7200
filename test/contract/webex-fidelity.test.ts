import { compare, fieldsThatDiffer, type ComparedField } from '../../domain/compare.js';
import type { MeetingSnapshot } from '../../domain/meeting.js';
import type { ConferencingVendor } from '../../domain/ports.js';
import { readMeeting, replaceMeeting } from '../support/whole-job.js';
import { policy, REF, subject } from '../support/webex-answers.js';
import { hostsOf, legacy as plan, start, stopAll, type Client, type Fields } from './simulator-client.js';

let client: Client;
let hostEmail = '';
let webex: ConferencingVendor;
beforeAll(async () => {
  client = await start({ rpm: 10 ** 6 });
  [hostEmail = ''] = await hostsOf(client);
  ({ webex } = subject(client.simulators.webex.url, { token: client.simulators.webex.token }));
});
afterAll(stopAll);

const planned = async (more: Fields = {}) => ({ ...REF, id: (await plan(client, hostEmail, { agenda: 'Bring the blorb', invitees: [{ email: 'anna@guest.example.org' }], ...more })).id, hostEmail });
const compared = (legacy: MeetingSnapshot, replacement: MeetingSnapshot): readonly ComparedField[] => {
  const { options: intended, lost } = webex.intendedOptions(legacy, policy);
  return compare({ legacy, replacement, intended, lost, now: Date.now() });
};
const of = (rows: readonly ComparedField[], verdict: ComparedField['verdict']): readonly string[] => rows.flatMap((row) => (row.verdict === verdict ? [row.field] : []));
const patch = (id: string, changes: Fields) => client.patch(`/meetings/${id}`, { hostEmail, sendEmail: false, ...changes });

const NEW = ['id', 'number', 'link', 'sipAddress', 'accessCode', 'password', 'phonePassword', 'tags'];
const POLICY = ['enabledJoinBeforeHost', 'unlockedMeetingJoinSecurity'];

test('a single meeting differs from its replacement on purpose in handles, passcode, mark and policy, loses the host key, and is equal in all else', async () => {
  const ref = await planned();
  await patch(ref.id, { enabledJoinBeforeHost: true, unlockedMeetingJoinSecurity: 'allowJoin', meetingOptions: { enabledChat: false } });
  const { legacy, replacement } = await replaceMeeting(webex, ref);
  const rows = compared(legacy, replacement);
  expect([of(rows, 'different'), of(rows, 'lost')]).toEqual([[], ['hostKey']]);
  expect(of(rows, 'intended').toSorted()).toEqual([...NEW, ...POLICY].toSorted());
  for (const field of ['agenda', 'title', 'invitees', 'occurrences', 'changes', 'meetingOptions.enabledChat', 'host', 'site']) expect(of(rows, 'equal')).toContain(field);
});

test('a series begins later on purpose, with what remains of its rule, and with its occurrences as they were', async () => {
  const begin = new Date(Date.now() - 10 * 86_400_000).toISOString().slice(0, 11);
  const { legacy, replacement } = await replaceMeeting(webex, await planned({ start: `${begin}10:00:00Z`, end: `${begin}11:00:00Z`, recurrence: 'FREQ=WEEKLY;COUNT=8', breakouts: [{ name: 'Plim', invitees: [] }] }));
  const rows = compared(legacy, replacement);
  expect(of(rows, 'different')).toEqual([]);
  expect(of(rows, 'intended')).toEqual(expect.arrayContaining(['start', 'end', 'recurrence']));
  expect(of(rows, 'equal')).toEqual(expect.arrayContaining(['occurrences', 'timezone', 'breakoutSessions', 'agenda']));
});

test('a live stream goes along, compared address by address', async () => {
  const ref = await planned({ liveStream: { destination: 'Example', rtmpUrl: 'rtmps://stream.example.org:1935/live/key-1', streamUrl: 'https://stream.example.org/live' } });
  const { legacy, made, replacement } = await replaceMeeting(webex, ref);
  expect(of(compared(legacy, replacement), 'equal')).toEqual(expect.arrayContaining(['enabledLiveStream', 'liveStream.destination', 'liveStream.rtmpUrl', 'liveStream.streamUrl']));
  await client.control('POST', `meetings/${made.id}/edit`, { settings: { liveStream: { destination: 'Example', rtmpUrl: 'rtmps://stream.example.org:1935/live/key-2', streamUrl: 'https://stream.example.org/live' } } });
  expect(fieldsThatDiffer(compared(legacy, await readMeeting(webex, made)))).toEqual(['liveStream.rtmpUrl']);
});

test('a stream that nobody asked for is found out', async () => {
  const { legacy, made } = await replaceMeeting(webex, await planned());
  expect((await patch(made.id, { enabledLiveStream: true, liveStream: { destination: 'Example', rtmpUrl: 'rtmps://stream.example.org:1935/other', streamUrl: 'https://stream.example.org/other' } })).status).toBe(200);
  expect(fieldsThatDiffer(compared(legacy, await readMeeting(webex, made)))).toEqual(['enabledLiveStream']);
});

test.each<[string, Fields]>([
  ['agenda', { agenda: 'Bring another blorb' }],
  ['agenda', { agenda: null }],
  ['title', { title: 'Other Teskum' }],
  ['meetingOptions.enabledChat', { meetingOptions: { enabledChat: false } }],
  ['unlockedMeetingJoinSecurity', { unlockedMeetingJoinSecurity: 'allowJoin' }],
])('a replacement whose %s the vendor holds otherwise is found out by name', async (field, changes) => {
  const { legacy, made } = await replaceMeeting(webex, await planned());
  expect((await patch(made.id, changes)).status).toBe(200);
  expect(fieldsThatDiffer(compared(legacy, await readMeeting(webex, made)))).toEqual([field]);
});
