import { ScriptedVendor } from '../support/scripted-vendor.js';
import { aHost, aMeeting, anInvitee, aWindow, day, failureOf, HOST, items, occurrencesOf, paged, REF, aSeries, subject, type Json } from '../support/webex-answers.js';

const vendor = ScriptedVendor.inThisFile();
const link = (url: string) => ({ headers: { link: `<${url}>; rel="next"` } });

/** What the adapter lists for a host when the vendor's first listing shows `all`, and the two others nothing. */
async function listed(...all: readonly unknown[]) {
  vendor.on('GET', '/meetings', items(), { meetingType: 'scheduledMeeting' }).on('GET', '/meetings', items(...all), { meetingType: 'meetingSeries' });
  return subject(vendor.baseUrl).webex.listMeetings(aHost, aWindow());
}
const ids = ({ meetings }: Awaited<ReturnType<typeof listed>>): readonly string[] => meetings.map(({ identity }) => identity.id);

describe('pages', () => {
  test('that are empty are followed as long as there is a next one', async () => {
    vendor
      .on('GET', '/meetings', items(), { meetingType: 'scheduledMeeting' })
      .on('GET', '/meetings', { ...items(), ...link(`${vendor.baseUrl}/meetings?cursor=a`) }, { meetingType: 'meetingSeries' })
      .on('GET', '/meetings', { ...items(), ...link(`${vendor.baseUrl}/meetings?cursor=b`) }, { cursor: 'a' })
      .on('GET', '/meetings', items(aMeeting()), { cursor: 'b' });
    expect(ids(await subject(vendor.baseUrl).webex.listMeetings(aHost, aWindow()))).toEqual([REF.id]);
  });

  test('of people may be empty as well, and next is handed to the caller once there is somebody', async () => {
    vendor
      .on('GET', '/people', { ...items(), ...link(`${vendor.baseUrl}/people?cursor=a&max=100`) })
      .on('GET', '/people', { ...items({ emails: [HOST] }), ...link(`${vendor.baseUrl}/people?cursor=b&max=100`) }, { cursor: 'a' })
      .on('GET', '/people', items({ emails: ['kim@example.org'] }), { cursor: 'b' });
    const { webex } = subject(vendor.baseUrl);
    const first = await webex.listHosts(null);
    expect(first.hosts.map(({ email }) => email)).toEqual([HOST]);
    const second = await webex.listHosts(first.next);
    expect([second.hosts.map(({ email }) => email), second.next]).toEqual([['kim@example.org'], null]);
  });

  test('of people that lead to themselves are not followed for ever, whether they are empty or not', async () => {
    const itself = link(`${vendor.baseUrl}/people?cursor=a`);
    const { webex } = subject(vendor.baseUrl);
    vendor.on('GET', '/people', { ...items({ emails: [HOST] }), ...itself });
    const { next } = await webex.listHosts(null);
    expect((await failureOf(webex.listHosts(next))).type).toBe('VendorUnavailable');
    vendor.on('GET', '/people', { ...items(), ...itself });
    expect((await failureOf(webex.listHosts(next))).type).toBe('VendorUnavailable');
    expect(vendor.asked.length).toBeLessThan(60);
  });

  test('that name another server are asked of ours: the token goes nowhere else', async () => {
    const thief = new URL(vendor.origin);
    thief.hostname = 'localhost';
    vendor.on('GET', '/people', { ...items(), ...link(`${thief.origin}/v1/people?cursor=a`) }).on('GET', '/people', items({ emails: [HOST] }), { cursor: 'a' });
    expect((await subject(vendor.baseUrl).webex.listHosts(null)).hosts).toHaveLength(1);
    expect(vendor.asked.map(({ headers }) => headers.host)).toEqual(Array.from({ length: 2 }, () => new URL(vendor.origin).host));
  });

  test.each([
    ['relative', '/v1/people?cursor=a'],
    ['without a scheme', '//elsewhere.example.org/v1/people?cursor=a'],
    ['with a user in front', 'https://webexapis.com@elsewhere.example.org/v1/people?cursor=a'],
  ])('whose address is %s stay on our own base URL', async (_, address) => {
    vendor.on('GET', '/people', { ...items(), ...link(address) }).on('GET', '/people', items({ emails: [HOST] }), { cursor: 'a' });
    expect((await subject(vendor.baseUrl).webex.listHosts(null)).hosts).toHaveLength(1);
  });

  test.each([
    ['no link header', 'what is this'],
    ['no address', '<https://[oops>; rel="next"'],
  ])('whose next is %s end in a refusal of this list, not in a crash', async (_, header) => {
    vendor.on('GET', '/people', { ...items(), headers: { link: header } });
    expect((await failureOf(subject(vendor.baseUrl).webex.listHosts(null))).type).toBe('VendorRefused');
  });

  test('that lead back to where they came from end in a refusal, not in reading for ever', async () => {
    const round = { ...items(aMeeting()), ...link(`${vendor.baseUrl}/meetings?cursor=a`) };
    vendor.on('GET', '/meetings', () => (vendor.asked.length > 20 ? { status: 500 } : round));
    expect((await failureOf(subject(vendor.baseUrl).webex.listMeetings(aHost, aWindow()))).type).toBe('VendorRefused');
  });

  test.each([
    ['an object without items', { body: { meetings: [] } }],
    ['items that are no list', { body: { items: {} } }],
    ['a list', { body: [aMeeting()] }],
    ['null', { body: null }],
  ])('that are %s are refused by field name', async (_, answer) => {
    vendor.on('GET', '/meetings', answer);
    const failure = await failureOf(subject(vendor.baseUrl).webex.listMeetings(aHost, aWindow()));
    expect([failure.type, failure.facts.fields]).toEqual(['VendorRefused', ['items']]);
  });

  test('of invitees are all read', async () => {
    const invitees = Array.from({ length: 230 }, (_, i) => anInvitee(`guest-${i}@example.org`));
    vendor.on('GET', '/meetings/m1', { body: aMeeting() }).on('GET', '/meetingInvitees', paged(() => invitees, () => vendor.origin));
    const read = await subject(vendor.baseUrl).webex.readMeeting(REF, aWindow());
    expect(read).toHaveProperty('invitees.length', 230);
    expect(vendor.to('GET', '/meetingInvitees').map(({ query }) => [query.get('cursor'), query.get('max'), query.get('hostEmail')])).toEqual([null, '100', '200'].map((cursor) => [cursor, '100', HOST]));
  });
});

describe('meetings of a host', () => {
  test('are those that the host owns, in whatever case the vendor writes the address', async () => {
    const others = [aMeeting({ id: 'theirs', hostEmail: 'kim@example.org' })];
    expect(ids(await listed(...others, aMeeting({ hostEmail: 'Robin@EXAMPLE.org' })))).toEqual([REF.id]);
  });

  test('count once, however often they are listed', async () => {
    expect(ids(await listed(aMeeting(), aMeeting({ id: 'm2' }), aMeeting()))).toEqual([REF.id, 'm2']);
  });

  test('are asked for with window, page size and host in each listing', async () => {
    await listed();
    const { from, to } = aWindow();
    for (const { query } of vendor.asked) expect(Object.fromEntries(query)).toMatchObject({ hostEmail: HOST, from, to, max: '100' });
  });

  const minutes = (length: number, changes: Json = {}): Json => aMeeting({ end: new Date(Date.parse(day(3)) + length * 60_000).toISOString(), ...changes });
  test.each<[string, Json]>([
    ['less than ten minutes', minutes(9)],
    ['a day', minutes(24 * 60)],
    ['days', minutes(3 * 24 * 60)],
    ['less than ten minutes each time', minutes(5, { recurrence: 'FREQ=DAILY;COUNT=3' })],
  ])('that last %s are refused from there on, since no new meeting may', async (_, meeting) => {
    expect((await listed(meeting)).meetings.map(({ refusal }) => refusal)).toEqual(['Length']);
    vendor.on('GET', '/meetings/m1', { body: meeting });
    expect(await subject(vendor.baseUrl).webex.readMeeting(REF, aWindow())).toMatchObject({ refusal: 'Length' });
  });

  test.each<[string, Json]>([
    ['as short as may be', minutes(10)],
    ['as long as may be', minutes(24 * 60 - 1)],
    ['whatever they do while people are in them: then they show that, not what was planned', minutes(1, { state: 'inProgress' })],
  ])('are not, where they last %s', async (_, meeting) => expect((await listed(meeting)).meetings.map(({ refusal }) => refusal)).toEqual([undefined]));

  test('may have fields of which we know nothing', async () => {
    const found = await listed(aMeeting({ quantumSeats: { left: 3 }, integrationTags: ['a'], hasPolls: 'perhaps' }));
    expect([ids(found), found.unreadable]).toEqual([[REF.id], []]);
  });
});

describe('what a host costs', () => {
  const lists = () => vendor.to('GET', '/meetings').map(({ query }) => [query.get('meetingType'), query.get('current') ?? query.get('scheduledType') ?? `modified ${query.get('isModified')}`]);
  const always = [['meetingSeries', 'false'], ['scheduledMeeting', 'personalRoomMeeting']];

  test.each<[string, readonly Json[]]>([
    ['nothing', []],
    ['single meetings', [aMeeting(), aMeeting({ id: 'm2' })]],
    ['an invitation to the series of another host', [aMeeting(), aSeries({ id: 'theirs', hostEmail: 'kim@example.org' })]],
  ])('with %s is two lists', async (_, all) => {
    await listed(...all);
    expect(lists()).toEqual(always);
  });

  test('with a series of their own is four: what was changed in it, and its next occurrence', async () => {
    await listed(aMeeting(), aSeries({ id: 's1' }));
    expect(lists()).toEqual([...always, ['scheduledMeeting', 'modified true'], ['meetingSeries', 'true']]);
  });
});

describe('the next occurrence of a series', () => {
  const series = aSeries({ id: 's1', start: day(-40), end: day(-40, 11), recurrence: 'FREQ=DAILY;INTERVAL=1' });
  test.each<[string, Json]>([
    ['as the series with its times', { ...series, start: day(2, 15), end: day(2, 16) }],
    ['as the scheduled meeting itself', { ...series, recurrence: undefined, id: 's1_20260101T000000Z', meetingSeriesId: 's1', meetingType: 'scheduledMeeting', start: day(2, 15), end: day(2, 16) }],
  ])('is known, whether the vendor shows it %s', async (_, next) => {
    vendor.on('GET', '/meetings', items(next, aMeeting()), { current: 'true' });
    vendor.on('GET', '/meetings', items(), { meetingType: 'scheduledMeeting' }).on('GET', '/meetings', items(series, aMeeting()), { current: 'false' });
    const { meetings } = await subject(vendor.baseUrl).webex.listMeetings(aHost, aWindow());
    expect(meetings.map(({ identity, next: held }) => [identity.id, held?.start])).toEqual([['s1', day(2, 15)], [REF.id, day(3)]]);
  });
});

describe('what is held in a personal room', () => {
  const held = (id: string, days: number, changes: Json = {}) => aMeeting({ id, meetingType: 'scheduledMeeting', scheduledType: 'personalRoomMeeting', start: day(days), end: day(days, 11), ...changes });
  const shown = async (...rooms: readonly Json[]) => {
    vendor.on('GET', '/meetings', items(), { meetingType: 'meetingSeries' }).on('GET', '/meetings', items(...rooms), { meetingType: 'scheduledMeeting' });
    const { meetings } = await subject(vendor.baseUrl).webex.listMeetings(aHost, aWindow());
    return meetings.map(({ identity, next, hasMore, refusal }) => [identity.id, next?.start, hasMore, refusal]);
  };

  test('again and again is one meeting, named by its series and held next at the soonest', async () => {
    const weekly = [9, 2, 16].map((days) => held(`r1_${days}`, days, { meetingSeriesId: 'r1' }));
    expect(await shown(...weekly)).toEqual([['r1', day(2), true, 'PersonalRoom']]);
  });

  test('once has no more occurrences, however often it is listed', async () => {
    expect(await shown(held('r1_2', 2, { meetingSeriesId: 'r1' }), held('r1_2', 2, { meetingSeriesId: 'r1' }), held('r2', 3))).toEqual([['r1', day(2), false, 'PersonalRoom'], ['r2', day(3), false, 'PersonalRoom']]);
  });
});

describe('a list entry that cannot be read', () => {
  const broken: readonly (readonly [string, Json, readonly string[]])[] = [
    ['lacks its link', { webLink: undefined }, ['webLink']],
    ['has a number for its number', { meetingNumber: 25501110001 }, ['meetingNumber']],
    ['has several fields mistyped', { title: { secret: 'Vorla' }, telephony: { accessCode: 7 }, integrationTags: ['a', 4] }, ['title', 'telephony.accessCode', 'integrationTags.1']],
    ['begins at no time', { start: 'next tuesday' }, ['start']],
    ['ends at no time', { end: '' }, ['end']],
  ];
  test.each(broken)('because it %s is named with its fields and without their values, and the others are listed', async (_, changes, fields) => {
    const found = await listed(aMeeting({ id: 'bad', ...changes }), aMeeting());
    expect(ids(found)).toEqual([REF.id]);
    expect(found.unreadable).toEqual([{ id: 'bad', fields }]);
  });

  test.each([['null', null], ['a word', 'meeting'], ['empty', {}]])('because it is %s does not hide the others', async (_, item) => {
    const found = await listed(item, aMeeting());
    expect(ids(found)).toEqual([REF.id]);
    expect(found.unreadable).toMatchObject([{ id: 'without id' }]);
  });

  test('but says whose it is, is told to its own host alone', async () => {
    const found = await listed(aMeeting({ id: 'theirs', hostEmail: 'kim@example.org', webLink: undefined }), aMeeting());
    expect([ids(found), found.unreadable]).toEqual([[REF.id], []]);
  });
});

describe('a server that ignores the filters and answers with everything', () => {
  const series = aSeries({ id: 's1' });
  const room = aMeeting({ id: 'r1', meetingType: 'scheduledMeeting', scheduledType: 'personalRoomMeeting' });
  const held = { ...aMeeting(), id: 's1_I_1', meetingType: 'meeting', meetingSeriesId: 's1', start: day(-2), end: day(-2, 11) };
  const everything = [series, ...occurrencesOf(series), aMeeting(), room, held];

  test('makes no plain series refused, and no occurrence a meeting', async () => {
    vendor.on('GET', '/meetings', items(...everything));
    const { meetings, unreadable } = await subject(vendor.baseUrl).webex.listMeetings(aHost, aWindow());
    expect(meetings.map(({ identity, kind, refusal }) => [identity.id, kind, refusal])).toEqual([
      ['s1', 'series', undefined],
      [REF.id, 'single', undefined],
      ['r1', 'personal-room', 'PersonalRoom'],
    ]);
    expect(unreadable).toEqual([]);
  });

  test('shows when a series is held next whose next occurrence was moved', async () => {
    const [first = {}, ...rest] = occurrencesOf(series);
    vendor.on('GET', '/meetings', items(series, { ...first, isModified: true, start: day(3, 14), end: day(3, 15) }, ...rest.map((occurrence) => ({ ...occurrence, isModified: false })), aMeeting()));
    const { meetings } = await subject(vendor.baseUrl).webex.listMeetings(aHost, aWindow());
    expect(meetings.map(({ refusal, next }) => [refusal, next?.start])).toEqual([[undefined, day(3, 14)], [undefined, day(3)]]);
  });
});
