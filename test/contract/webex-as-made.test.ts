import type { MeetingSnapshot } from '../../domain/meeting.js';
import type { ConferencingVendor } from '../../domain/ports.js';
import { ScriptedVendor } from '../support/scripted-vendor.js';
import { aMeeting, anInvitee, aSeries, aWindow, day, items, occurrencesOf, paged, policy, REF, subject, type Json } from '../support/webex-answers.js';
import { hostsOf, inDays, legacy as plan, start, stopAll, type Client, type Fields } from './simulator-client.js';

afterAll(stopAll);
const vendor = ScriptedVendor.inThisFile();
const window = aWindow();
const MADE = { ...REF, id: 'm2' };
const verifying = { occurrences: 'next', made: true } as const;

/** The replacement of a daily series of ten, as a vendor shows it that keeps what it says. */
const fresh = (changes: Json = {}): Json =>
  aSeries({ id: 'm2', meetingNumber: '25509990002', password: 'Pw-new-2', webLink: 'https://meet.example.org/j.php?MTID=m2', sipAddress: '25509990002@meet.example.org', telephony: { accessCode: '25509990002' }, reminderTime: 15, ...changes });

interface Held {
  /** What the creation answers. */
  readonly answer?: Json;
  /** What is really kept. */
  readonly kept?: Json;
  /** What the list of its occurrences shows. */
  readonly listed?: readonly Json[];
}

/** A vendor that has made a replacement, and an adapter that has just asked for it. */
async function made({ answer = fresh(), kept = answer, listed = occurrencesOf(kept) }: Held = {}): Promise<ConferencingVendor> {
  const series = aSeries();
  vendor.on('GET', '/meetings/m1', { body: series }).on('GET', '/meetingInvitees', items(anInvitee('kim@example.org'))).on('GET', '/meetings', items(...occurrencesOf(series)));
  const { webex } = subject(vendor.baseUrl);
  const legacy = (await webex.readMeeting(REF, window)) as MeetingSnapshot;
  vendor.on('POST', '/meetings', { body: answer }).on('GET', '/meetings/m2', { body: kept }).on('GET', '/meetings', items(...listed), { meetingSeriesId: 'm2' });
  await webex.createReplacement(legacy, policy, 'relink:t');
  vendor.asked.length = 0;
  return webex;
}

const asked = (): readonly string[] => vendor.asked.map(({ path }) => path);
const PROVEN = ['/meetings', '/meetingInvitees'];
const ITSELF = ['/meetings', '/meetings/m2', '/meetingInvitees'];

describe('a series that was just made', () => {
  test('is not asked for by itself when each of its occurrences says what the creation answered, and reads the same as if it were', async () => {
    const webex = await made();
    const seen = await webex.readMeeting(MADE, window, verifying);
    expect(asked()).toEqual(PROVEN);
    expect(seen).toEqual(await webex.readMeeting(MADE, window, { occurrences: 'next' }));
    expect(seen).toMatchObject({ kind: 'series', invitees: [{ email: 'kim@example.org' }], options: { reminderTime: 15 } });
    expect((seen as MeetingSnapshot).occurrences).toHaveLength(10);
  });

  test('is asked for by itself the second time: the answer counts once', async () => {
    const webex = await made();
    await webex.readMeeting(MADE, window, verifying);
    vendor.asked.length = 0;
    await webex.readMeeting(MADE, window, verifying);
    expect(asked().toSorted()).toEqual([...ITSELF].toSorted());
  });

  test('is asked for by itself by an adapter that did not make it', async () => {
    await made();
    await subject(vendor.baseUrl).webex.readMeeting(MADE, window, verifying);
    expect(asked()).toContain('/meetings/m2');
  });

  test('is asked for by itself by whoever does not say that it was just made, as before a deletion', async () => {
    const webex = await made();
    await webex.readMeeting(MADE, window, { occurrences: 'next' });
    expect(asked()).toContain('/meetings/m2');
  });
});

describe('what the creation answered proves nothing by itself: the meeting is asked, with no request more than without the answer, when', () => {
  const all = (changes: Json): readonly Json[] => occurrencesOf(fresh(changes));
  test.each<[string, Held, object]>([
    ['the vendor keeps another setting than it answered', { kept: fresh({ reminderTime: 60 }) }, { options: { reminderTime: 60 } }],
    ['it has a setting that the answer left out', { kept: fresh({ requireAttendeeLogin: true }) }, { options: { requireAttendeeLogin: true } }],
    ['it kept the old passcode', { kept: fresh({ password: 'Pw-legacy-1' }) }, { password: 'Pw-legacy-1' }],
    ['it has another way in', { kept: fresh({ telephony: { accessCode: '25501110001' } }) }, { identity: { accessCode: '25501110001' } }],
    ['an organiser has renamed it since', { kept: fresh({ title: 'Other Teskum' }) }, { title: 'Other Teskum' }],
    ['an organiser has described it since', { kept: fresh({ agenda: 'Bring the blorb' }) }, { agenda: 'Bring the blorb' }],
    ['its occurrences leave out a setting', { listed: all({ reminderTime: undefined }) }, { options: { reminderTime: 15 } }],
    ['its occurrences do not say by what they are reached', { listed: all({ sipAddress: undefined }) }, { identity: { sipAddress: '25509990002@meet.example.org' } }],
    ['a last one has another setting than the rest', { listed: all({}).map((each, i) => (i === 9 ? { ...each, reminderTime: 5 } : each)) }, {}],
  ])('%s', async (_, held, expected) => {
    const webex = await made(held);
    expect(await webex.readMeeting(MADE, window, verifying)).toMatchObject(expected);
    expect(asked()).toEqual(ITSELF);
  });

  test('it has breakout sessions, which nobody asked for', async () => {
    const webex = await made({ answer: fresh({ enabledBreakoutSessions: true }) });
    vendor.on('GET', '/meetings/m2/breakoutSessions', items());
    expect(await webex.readMeeting(MADE, window, verifying)).toMatchObject({ parts: { breakoutSessions: [] } });
    expect(asked()).toContain('/meetings/m2');
  });

  test('it goes on beyond what one page shows', async () => {
    const long = fresh({ recurrence: 'FREQ=DAILY;INTERVAL=1;COUNT=91' });
    const webex = await made({ answer: long, listed: occurrencesOf(long, 91) });
    vendor.on('GET', '/meetings', paged(() => occurrencesOf(long, 90), () => vendor.origin), { meetingSeriesId: 'm2' });
    await webex.readMeeting(MADE, window, verifying);
    expect(asked()).toContain('/meetings/m2');
  });

  test('it is gone', async () => {
    const webex = await made();
    vendor.on('GET', '/meetings/m2', { status: 404 }).on('GET', '/meetings', { status: 404 }, { meetingSeriesId: 'm2' });
    expect(await webex.readMeeting(MADE, window, verifying)).toBe('gone');
  });

  test('lists lag, and show none of its occurrences yet', async () => {
    const webex = await made({ listed: [] });
    expect(await webex.readMeeting(MADE, window, verifying)).toMatchObject({ refusal: 'SeriesExceptions' });
    expect(asked()).toContain('/meetings/m2');
  });

  test('an occurrence was moved since', async () => {
    const moved = occurrencesOf(fresh()).map((each, i) => (i === 3 ? { ...each, start: day(6, 14), end: day(6, 15) } : each));
    const webex = await made({ listed: moved });
    vendor.on('GET', `/meetings/${String(moved[3]?.['id'])}`, { body: moved[3] });
    expect(await webex.readMeeting(MADE, window, verifying)).toMatchObject({ changes: [{ held: { start: day(6, 14) } }] });
    expect(asked()).toContain('/meetings/m2');
  });
});

test('a single meeting has no occurrences to prove it, and is asked for by itself', async () => {
  vendor.on('GET', '/meetings/m1', { body: aMeeting() }).on('GET', '/meetingInvitees', items());
  const { webex } = subject(vendor.baseUrl);
  const legacy = (await webex.readMeeting(REF, window)) as MeetingSnapshot;
  const answer = aMeeting({ id: 'm2' });
  vendor.on('POST', '/meetings', { body: answer }).on('GET', '/meetings/m2', { body: answer });
  await webex.createReplacement(legacy, policy, 'relink:t');
  vendor.asked.length = 0;
  await webex.readMeeting(MADE, window, verifying);
  expect(asked()).toEqual(['/meetings/m2', '/meetingInvitees']);
});

describe('the simulator agrees', () => {
  let client: Client;
  let hostEmail = '';
  beforeAll(async () => {
    client = await start({ rpm: 10 ** 6 });
    [hostEmail = ''] = await hostsOf(client);
  });
  const since = async () => (await client.control<readonly unknown[]>('GET', 'calls?since=0')).length;

  /** Verifies a replacement, after `meanwhile` was done to it. */
  async function verified(meanwhile: (id: string) => Promise<unknown> = () => Promise.resolve()) {
    const { webex } = subject(client.simulators.webex.url, { token: client.simulators.webex.token });
    const { id } = await plan(client, hostEmail, { recurrence: 'FREQ=WEEKLY;INTERVAL=1;COUNT=12', start: inDays(3), end: inDays(3, 11), invitees: [{ email: 'anna@guest.example.org' }] });
    const legacy = (await webex.readMeeting({ ...REF, id, hostEmail }, window)) as MeetingSnapshot;
    const { identity } = await webex.createReplacement(legacy, policy, 'relink:t');
    await meanwhile(identity.id);
    const before = await since();
    const seen = await webex.readMeeting(identity, window, verifying);
    const calls = await client.control<readonly { path: string }[]>('GET', `calls?since=${before}`);
    return { seen, legacy, requests: calls.length, itself: calls.some(({ path }) => path === `/v1/meetings/${identity.id}`) };
  }
  const patch = (changes: Fields) => (id: string) => client.patch(`/meetings/${id}`, { hostEmail, sendEmail: false, ...changes });

  test('a series is verified with two requests', async () => {
    const { seen, legacy, requests, itself } = await verified();
    expect([requests, itself]).toEqual([2, false]);
    expect(seen).toMatchObject({ title: legacy.title, occurrences: legacy.occurrences, invitees: legacy.invitees });
  });

  test.each<[string, Fields]>([
    ['title', { title: 'Other Teskum' }],
    ['agenda', { agenda: 'Bring the blorb' }],
    ['options.enabledAutoRecordMeeting', { enabledAutoRecordMeeting: true }],
    ['recurrence', { recurrence: 'FREQ=WEEKLY;INTERVAL=1;COUNT=13' }],
  ])('%s that an organiser changed before it was verified is seen', async (field, changes) => {
    const { seen, itself } = await verified(patch(changes));
    expect(itself).toBe(true);
    expect(seen).toHaveProperty(field, field === 'recurrence' ? expect.stringContaining('COUNT=13') : Object.values(changes)[0]);
  });
});
