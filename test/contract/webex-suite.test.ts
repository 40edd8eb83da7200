import { fieldName } from '../../adapters/mail/field-names.js';
import { compare } from '../../domain/compare.js';
import { ScriptedVendor } from '../support/scripted-vendor.js';
import { aMeeting, policy, snapshotOf, subject, type Json } from '../support/webex-answers.js';
import { readMeeting } from '../support/whole-job.js';
import { GraceBench, type InGrace } from './in-grace.js';
import { replacementBody, type Fields } from './simulator-client.js';

const mockContext = { info: { heartbeatDetails: undefined } };
jest.mock('@temporalio/activity', () => ({ activityInfo: () => ({ attempt: 1, activityId: '1' }), heartbeat: () => undefined, Context: { current: () => mockContext } }));

const vendor = ScriptedVendor.inThisFile();
const grace = GraceBench.inThisFile();
const SITE = 'example.webex.com';
beforeAll(() => grace.client.control('POST', `sites/${SITE}/suite`, { migrated: true }));

/** What old meetings still show, and the site does not know any more. */
const settings = {
  publicMeeting: true,
  meetingOptions: { enabledNote: false, enabledPolling: false, enabledUCFRichMedia: true, enabledChat: false },
  attendeePrivileges: { enabledAnnotate: true, enabledChatHost: false, enabledShareContent: false },
  audioConnectionOptions: { entryAndExitTone: 'noTone', audioConnectionType: 'VoIP', muteAttendeeUponEntry: false },
};
const gone = [
  'attendeePrivileges.enabledAnnotate', 'attendeePrivileges.enabledChatHost', 'audioConnectionOptions.audioConnectionType', 'audioConnectionOptions.entryAndExitTone',
  'meetingOptions.enabledNote', 'meetingOptions.enabledPolling', 'meetingOptions.enabledUCFRichMedia', 'publicMeeting',
];

const lostIn = async ({ ref }: InGrace) => (await grace.ledgers.ledger.items.fidelity(ref)).flatMap(({ field, verdict }) => (verdict === 'lost' && field !== 'hostKey' ? [field] : [])).toSorted();
const replaced = (more: Fields = {}) => grace.meeting(more, undefined, (id) => grace.edit(id, { settings }));

describe('on a site that was migrated to the platform of the suite', () => {
  test('a creation takes what the site does not know without an error, gives its own instead, and warns', async () => {
    const { status, headers, body } = await grace.client.post('/meetings', replacementBody(grace.hostEmail, settings));
    expect([status, headers.get('warning')]).toEqual([200, expect.stringMatching(/^1001 /)]);
    expect(body).toMatchObject({ publicMeeting: false, meetingOptions: { enabledNote: true, enabledChat: false }, attendeePrivileges: { enabledAnnotate: false, enabledShareContent: false } });
  });

  test.each<[string, Fields]>([
    ['a single meeting', {}],
    ['a series', { recurrence: 'FREQ=WEEKLY;COUNT=6' }],
  ])('%s is replaced, deleted, and what the site does not know is named as lost; all else is as it was', async (_what, more) => {
    const scene = await replaced(more);
    expect([await grace.differing(scene), await lostIn(scene)]).toEqual([[], gone]);
    expect((await readMeeting(grace.webex, scene.made)).options).toMatchObject({ meetingOptions: { enabledChat: false }, attendeePrivileges: { enabledShareContent: false }, audioConnectionOptions: { muteAttendeeUponEntry: false } });
    expect(await scene.retire()).toEqual({ outcome: 'retired' });
  });

  test('an edit in grace of something that it does not know is followed, and told as lost', async () => {
    const scene = await grace.meeting();
    await grace.edit(scene.id, { settings: { meetingOptions: { enabledNote: false, enabledFileTransfer: false } } });
    expect(await scene.retire()).toMatchObject({ outcome: 'followed' });
    expect([await grace.differing(scene), await lostIn(scene)]).toEqual([[], ['meetingOptions.enabledNote']]);
    expect((await grace.mailed(scene.ref))[0]?.entries[0]?.lost).toContain('meetingOptions.enabledNote');
  });
});

test('on another site an edit in grace of such a setting is carried into the new meeting', async () => {
  await grace.client.control('POST', `sites/${SITE}/suite`, { migrated: false });
  const scene = await grace.meeting();
  await grace.edit(scene.id, { settings: { meetingOptions: { enabledNote: false } } });
  expect(await scene.retire()).toMatchObject({ outcome: 'followed' });
  expect([(await readMeeting(grace.webex, scene.made)).options, await lostIn(scene)]).toEqual([expect.objectContaining({ meetingOptions: expect.objectContaining({ enabledNote: false }) as unknown }), []]);
  await grace.client.control('POST', `sites/${SITE}/suite`, { migrated: true });
});

describe('a new meeting that shows', () => {
  const differing = async (was: Json, is: Json) => {
    const legacy = await snapshotOf(vendor, aMeeting(was));
    const { options: intended, ...known } = subject(vendor.baseUrl).webex.intendedOptions(legacy, policy);
    const rows = compare({ legacy, replacement: { ...legacy, options: { ...intended, ...is } }, intended, ...known, now: Date.now() });
    return rows.flatMap(({ field, verdict }) => (verdict === 'different' && Object.hasOwn({ ...was, ...is }, field.split('.')[0] ?? '') ? [field] : []));
  };

  test.each<[string, Json, Json, readonly string[]]>([
    ['what no site may make of it: the lobby', { unlockedMeetingJoinSecurity: 'allowJoin' }, { unlockedMeetingJoinSecurity: 'allowJoin' }, ['unlockedMeetingJoinSecurity']],
    ['that people may come in before the host', {}, { enabledJoinBeforeHost: true }, ['enabledJoinBeforeHost']],
    ['itself on a public list, where the old one was on none', { publicMeeting: false }, { publicMeeting: true }, ['publicMeeting']],
    ['itself on no public list any more', { publicMeeting: true }, { publicMeeting: false }, []],
    ['an option that every site knows', { meetingOptions: { enabledChat: true, enabledNote: true } }, { meetingOptions: { enabledChat: false, enabledNote: false } }, ['meetingOptions.enabledChat']],
    ['a privilege that every site knows', { attendeePrivileges: { enabledShareContent: true } }, { attendeePrivileges: {} }, ['attendeePrivileges.enabledShareContent']],
    ['nothing of a privilege that the site does not know', { attendeePrivileges: { enabledAnnotate: true } }, { attendeePrivileges: {} }, []],
    ['an option of its own that the old one did not have', { meetingOptions: { enabledChat: true } }, { meetingOptions: { enabledChat: true, noteType: 'allowAll' } }, []],
  ])('%s', async (_what, was, is, fields) => expect(await differing(was, is)).toEqual(fields));
});

test('what is lost on such a site is told in plain words', () => {
  for (const field of gone) expect(fieldName('en', field)).not.toMatch(/^enabled|UCF|[A-Z]/);
  expect(new Set(gone.filter((field) => field.startsWith('attendee')).map((field) => fieldName('nl', field)))).toEqual(new Set(['wat deelnemers mogen']));
});
