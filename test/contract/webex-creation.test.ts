import { ScriptedVendor } from '../support/scripted-vendor.js';
import { aMeeting, anInvitee, aSeries, aWindow, day, failureOf, HOST, occurrencesOf, policy, REF, snapshotOf, subject, type Json } from '../support/webex-answers.js';
import type { ReplacementPolicy } from '../../domain/meeting.js';

const vendor = ScriptedVendor.inThisFile();
afterEach(() => jest.restoreAllMocks());

interface Setting {
  readonly occurrences?: readonly Json[];
  readonly invitees?: readonly Json[];
  readonly policy?: ReplacementPolicy;
  /** Length of the window in which the legacy meeting is read. */
  readonly days?: number;
}

/** The body of the creation that replaces `legacy`. */
async function bodyFor(legacy: Json, setting: Setting = {}): Promise<Json> {
  const snapshot = await snapshotOf(vendor, legacy, setting);
  expect(snapshot.refusal).toBeUndefined();
  vendor.on('POST', '/meetings', { body: aMeeting({ id: 'm2' }) });
  await subject(vendor.baseUrl).webex.createReplacement(snapshot, setting.policy ?? policy, 'relink:t');
  return vendor.to('POST', '/meetings').at(-1)?.body as Json;
}

test('a replacement is planned silently, for the same host on the same site, and without a passcode', async () => {
  const body = await bodyFor(aMeeting({ siteUrl: 'second.example.org', agenda: 'Sprent', trackingCodes: [{ name: 'a', value: 'b' }], sessionTypeId: 3 }));
  expect(body).toMatchObject({ title: 'Vorla Teskum', agenda: 'Sprent', sendEmail: false, hostEmail: HOST, siteUrl: 'second.example.org', trackingCodes: [{ name: 'a', value: 'b' }], sessionTypeId: 3 });
  for (const name of ['password', 'id', 'meetingNumber', 'webLink', 'sipAddress', 'telephony', 'hostKey', 'phoneAndVideoSystemPassword']) expect(body).not.toHaveProperty(name);
  expect(JSON.stringify(body)).not.toMatch(/Pw-legacy-1|25501110001/);
});

describe('a live stream', () => {
  const liveStream = { destination: 'Example', rtmpUrl: 'rtmps://stream.example.org:1935/live/key-1', streamUrl: 'https://stream.example.org/live', layoutWithSharedContent: 'stack', resolution: '1920x1080' };

  test('goes with it, as the vendor shows it', async () => expect(await bodyFor(aMeeting({ enabledLiveStream: true, liveStream }))).toMatchObject({ enabledLiveStream: true, liveStream }));

  test('is not asked for where there is none, nor what is left of one that is off', async () => {
    for (const meeting of [aMeeting(), aMeeting({ enabledLiveStream: false, liveStream })]) expect(Object.keys(await bodyFor(meeting)).filter((name) => /livestream/i.test(name))).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['at all', undefined],
    ['in full', { ...liveStream, rtmpUrl: '' }],
    ['so that it can be planned anew', { ...liveStream, streamUrl: undefined }],
  ])('whose address is not shown %s refuses the meeting', async (_, shown) => {
    expect((await snapshotOf(vendor, aMeeting({ enabledLiveStream: true, liveStream: shown }))).refusal).toBe('LiveStream');
  });
});

test('invitees go with it, as they are', async () => {
  const body = await bodyFor(aMeeting(), { invitees: [anInvitee('kim@example.org', { coHost: true }), { email: 'jo@example.org' }] });
  expect(body['invitees']).toEqual([
    { email: 'kim@example.org', displayName: 'kim@example.org', coHost: true, panelist: false },
    { email: 'jo@example.org', coHost: false, panelist: false },
  ]);
});

test('invitees beyond a thousand are left for later, and the caller is told', async () => {
  const invitees = Array.from({ length: 1001 }, (_, i) => anInvitee(`guest-${i}@example.org`));
  const snapshot = await snapshotOf(vendor, aMeeting(), { invitees });
  vendor.on('POST', '/meetings', { body: aMeeting({ id: 'm2' }) });
  expect(await subject(vendor.baseUrl).webex.createReplacement(snapshot, policy, 'relink:t')).toMatchObject({ complete: false, trackingId: 'TRACK_1', identity: { id: 'm2' } });
  expect(vendor.to('POST', '/meetings')).toHaveLength(1);
  expect(vendor.to('POST', '/meetings')).toHaveProperty('0.body.invitees.length', 1000);
});

describe('the safe settings', () => {
  const open = { enabledJoinBeforeHost: true, enableConnectAudioBeforeHost: true, joinBeforeHostMinutes: 15, unlockedMeetingJoinSecurity: 'allowJoin', publicMeeting: false };

  test('are put on whatever the legacy meeting had', async () => {
    const body = await bodyFor(aMeeting(open));
    expect(body).toMatchObject({ enabledJoinBeforeHost: false, enableConnectAudioBeforeHost: false, unlockedMeetingJoinSecurity: 'allowJoinWithLobby', publicMeeting: false });
    expect(body).not.toHaveProperty('joinBeforeHostMinutes');
  });

  test('do not loosen a stricter lobby', async () => expect(await bodyFor(aMeeting({ unlockedMeetingJoinSecurity: 'blockFromJoin' }))).toMatchObject({ unlockedMeetingJoinSecurity: 'blockFromJoin' }));

  test('are left as they were when the policy says so', async () => expect(await bodyFor(aMeeting(open), { policy: { lobby: 'as-before', joinBeforeHost: true } })).toMatchObject(open));
});

describe('times', () => {
  test.each([
    ['in winter', 'Europe/Amsterdam', '2027-01-12T09:00:00Z', '2027-01-12T10:00:00+01:00'],
    ['in summer', 'Europe/Amsterdam', '2027-07-12T08:00:00Z', '2027-07-12T10:00:00+02:00'],
    ['in the first of the hours that come twice', 'Europe/Amsterdam', '2027-10-31T00:30:00Z', '2027-10-31T02:30:00+02:00'],
    ['in the second of the hours that come twice', 'Europe/Amsterdam', '2027-10-31T01:30:00Z', '2027-10-31T02:30:00+01:00'],
    ['west of Greenwich', 'America/St_Johns', '2027-01-12T09:00:00Z', '2027-01-12T05:30:00-03:30'],
    ['in UTC', 'UTC', '2027-01-12T09:00:00Z', '2027-01-12T09:00:00+00:00'],
    ['across midnight', 'Pacific/Auckland', '2027-01-12T11:00:00Z', '2027-01-13T00:00:00+13:00'],
  ])('%s carry the offset of the zone', async (_, timezone, start, local) => {
    jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2026-12-01T00:00:00Z'));
    const end = new Date(Date.parse(start) + 3_600_000).toISOString();
    const body = await bodyFor(aMeeting({ timezone, start, end }), { days: 3650 });
    expect([body['timezone'], body['start']]).toEqual([timezone, local]);
    expect(Date.parse(String(body['end']))).toBe(Date.parse(end));
  });

  test('in a zone that nobody knows are refused by field name, at reading or at creation', async () => {
    const failure = await failureOf(bodyFor(aMeeting({ timezone: 'Nowhere/Plim' })));
    expect([failure.type, failure.facts.fields]).toEqual(['VendorRefused', ['timezone']]);
  });
});

describe('a series', () => {
  /** A daily series from the third day on, of which the vendor lists so many. */
  const dailyFor = async (recurrence: string, listed: number, days = 400) => {
    const series = aSeries({ recurrence });
    return bodyFor(series, { occurrences: occurrencesOf(series, listed), days });
  };

  test('goes on from its next occurrence, with as many as are left', async () => {
    jest.spyOn(Date, 'now').mockReturnValue(Date.parse(day(6, 12)));
    const body = await dailyFor('FREQ=DAILY;INTERVAL=1;COUNT=10', 10);
    expect([body['start'], body['end'], body['recurrence']]).toEqual([day(7).replace('.000Z', '+00:00'), day(7, 11).replace('.000Z', '+00:00'), 'FREQ=DAILY;INTERVAL=1;COUNT=6']);
  });

  test('with a last day keeps it', async () => {
    const until = `FREQ=DAILY;INTERVAL=1;UNTIL=${day(8, 0).slice(0, 10).replaceAll('-', '')}T230000Z`;
    expect((await dailyFor(until, 6))['recurrence']).toBe(until);
  });

  test('without an end stays without one', async () => expect((await dailyFor('FREQ=DAILY;INTERVAL=1', 7, 10))['recurrence']).toBe('FREQ=DAILY;INTERVAL=1'));

  test('that goes on beyond the window in which it was read loses none of its occurrences', async () => {
    expect((await dailyFor('FREQ=DAILY;INTERVAL=1;COUNT=30', 7, 10))['recurrence']).toBe('FREQ=DAILY;INTERVAL=1;COUNT=30');
  });

  test('keeps its local time over a change of the clocks', async () => {
    jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2027-10-29T12:00:00Z'));
    const series = aSeries({ timezone: 'Europe/Amsterdam', start: '2027-10-29T08:00:00Z', end: '2027-10-29T09:00:00Z', recurrence: 'FREQ=DAILY;INTERVAL=1;COUNT=4' });
    const hours = ['2027-10-29T08', '2027-10-30T08', '2027-10-31T09', '2027-11-01T09'];
    const occurrences = occurrencesOf(series, 4).map((occurrence, i) => ({ ...occurrence, start: `${hours[i]}:00:00Z`, end: new Date(Date.parse(`${hours[i]}:00:00Z`) + 3_600_000).toISOString() }));
    const body = await bodyFor(series, { occurrences, days: 3650 });
    expect([body['start'], body['recurrence']]).toEqual(['2027-10-30T10:00:00+02:00', 'FREQ=DAILY;INTERVAL=1;COUNT=3']);
  });
});

describe('tags', () => {
  test.each([
    ['none of its own', [], ['relink:t']],
    ['one of its own', ['a'], ['a', 'relink:t']],
    ['three of its own', ['a', 'b', 'c'], ['a', 'b', 'relink:t']],
    ['one of an earlier replacement', ['relink:earlier', 'a', 'b'], ['a', 'b', 'relink:t']],
  ])('of a meeting with %s are ours and at most two others', async (_, integrationTags, expected) => {
    expect((await bodyFor(aMeeting({ integrationTags })))['integrationTags']).toEqual(expected);
  });

  test('that do not fit are told as lost', async () => {
    const { webex } = subject(vendor.baseUrl);
    const lost = async (integrationTags: readonly string[]) => webex.intendedOptions(await snapshotOf(vendor, aMeeting({ integrationTags })), policy).lost;
    expect(await lost(['a', 'b', 'c'])).toContain('tags');
    expect(await lost(['relink:earlier', 'a', 'b'])).not.toContain('tags');
  });
});

describe('what the vendor answers', () => {
  test.each([400, 403, 409, 422])('by %d to a creation has not taken effect, and is not looked for', async (status) => {
    const legacy = await snapshotOf(vendor, aMeeting());
    vendor.on('POST', '/meetings', { status, body: { message: 'Vorla Teskum is not welcome' } });
    const failure = await failureOf(subject(vendor.baseUrl).webex.createReplacement(legacy, policy, 'relink:t'));
    expect(failure.type).toBe(status === 403 ? 'Forbidden' : 'VendorRefused');
  });

  test('by 404 to a creation does not mean that the legacy meeting is gone', async () => {
    const legacy = await snapshotOf(vendor, aMeeting());
    vendor.on('POST', '/meetings', { status: 404, body: { message: 'timezone and offset do not match' } });
    expect((await failureOf(subject(vendor.baseUrl).webex.createReplacement(legacy, policy, 'relink:t'))).type).toBe('VendorRefused');
  });
});

describe('a deletion', () => {
  test('is silent and names the host in the query', async () => {
    vendor.on('DELETE', '/meetings/m1', { status: 204 });
    expect(await subject(vendor.baseUrl).webex.removeMeeting(REF)).toEqual({ outcome: 'removed', trackingId: 'TRACK_1' });
    const [asked] = vendor.asked;
    expect([asked?.query.get('sendEmail'), asked?.query.get('hostEmail'), asked?.body]).toEqual(['false', HOST, undefined]);
  });

  test.each([404, 410])('answered by %d found nothing to delete', async (status) => {
    vendor.on('DELETE', '/meetings/m1', { status, body: { message: 'The meeting is not found.' } });
    expect(await subject(vendor.baseUrl).webex.removeMeeting(REF)).toEqual({ outcome: 'absent' });
  });

  test('of an id with strange characters deletes that meeting and no other', async () => {
    vendor.on('DELETE', '/meetings/..%2Fm1%3Fx', { status: 204 });
    expect((await subject(vendor.baseUrl).webex.removeMeeting({ ...REF, id: '../m1?x' })).outcome).toBe('removed');
  });
});

test('a meeting that answers 404 is gone, and exists no more', async () => {
  vendor.on('GET', '/meetings/m1', { status: 404, body: { message: 'The meeting is not found.' } });
  const { webex } = subject(vendor.baseUrl);
  expect([await webex.readMeeting(REF, aWindow()), await webex.exists(REF)]).toEqual(['gone', false]);
});
