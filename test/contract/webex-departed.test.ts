import { ScriptedVendor, type Reply } from '../support/scripted-vendor.js';
import { aMeeting, aSeries, aWindow, day, failureOf, HOST, items, occurrencesOf, REF, subject, type Json } from '../support/webex-answers.js';

const vendor = ScriptedVendor.inThisFile();
const departed = () => subject(vendor.baseUrl).webex.departed;
const LIST = '/admin/meetings';
const REASSIGN = '/meetings/reassignHost';
const HEIR = 'noor@example.org';

/** As an administrator is shown a meeting. */
const hidden = { agenda: undefined, password: undefined, webLink: undefined, sipAddress: undefined, telephony: { callInNumbers: [] } };
const shown = (changes: Json = {}): Json => aMeeting({ ...hidden, ...changes });

describe('a meeting is looked up', () => {
  const find = (by: 'number' | 'link' | 'id', key: string) => departed().find({ by, key }, aWindow());

  test('by number, whatever its host is', async () => {
    vendor.on('GET', LIST, items(shown()));
    expect(await find('number', '25501110001')).toMatchObject({ identity: { ...REF, number: '25501110001', link: '', hostEmail: HOST }, kind: 'single', firstStart: day(3), next: { start: day(3), end: day(3, 11) }, hasMore: false });
    expect(vendor.to('GET', LIST).map(({ query }) => [...query])).toEqual([[['meetingNumber', '25501110001'], ['current', 'false']]]);
  });

  test('by link, which is then one of its handles', async () => {
    vendor.on('GET', LIST, items(shown()));
    expect(await find('link', 'go.webex.com/go/j.php?MTID=m1')).toMatchObject({ identity: { link: 'https://go.webex.com/go/j.php?MTID=m1' } });
    expect(vendor.to('GET', LIST)[0]?.query.get('webLink')).toBe('https://go.webex.com/go/j.php?MTID=m1');
  });

  test('by id', async () => {
    vendor.on('GET', `${LIST}/m1`, { body: { ...aSeries(), ...hidden } });
    expect(await find('id', 'm1')).toMatchObject({ kind: 'series', hasMore: true });
  });

  test('behind the number of one occurrence: its series is asked for', async () => {
    const series = aSeries(hidden);
    vendor.on('GET', LIST, items(...occurrencesOf(series, 1))).on('GET', `${LIST}/m1`, { body: series });
    expect(await find('number', '25501110009')).toMatchObject({ identity: { id: 'm1' }, kind: 'series' });
  });

  test.each([
    ['a personal room', { scheduledType: 'personalRoomMeeting' }, 'PersonalRoom'],
    ['a space', { roomId: 'space' }, 'SpaceMeeting'],
    ['a rule that cannot be read', { recurrence: 'FREQ=NEVER' }, 'UnknownRecurrence'],
  ])('and what it is of shows without its secrets: %s', async (_what, changes, refusal) => {
    vendor.on('GET', `${LIST}/m1`, { body: shown(changes) });
    expect(await find('id', 'm1')).toMatchObject({ refusal });
  });

  test.each([['an empty list', items()], ['404', { status: 404 }], ['400', { status: 400 }]])('and is none of ours after %s', async (_what, answer) => {
    vendor.on('GET', LIST, answer);
    expect(await find('number', '1')).toBe('none');
  });

  test('without a request where the link leads to another service', async () => {
    for (const link of ['example.org/j/123', 'webex.com.example.org/j', 'notwebex.com/j']) expect(await find('link', link)).toBe('none');
  });

  test.each([[403, 'Forbidden'], [401, 'Unauthorised'], [429, 'RateLimited'], [503, 'VendorUnavailable']])('and an answer of %i is not taken for none: %s', async (status, type) => {
    vendor.on('GET', LIST, { status });
    expect((await failureOf(find('number', '1'))).type).toBe(type);
  });

  test('and one that cannot be read says which fields, never what is in them', async () => {
    vendor.on('GET', LIST, items(shown({ start: 'planted', hostEmail: 5 })));
    const { type, message, facts } = await failureOf(find('number', '1'));
    expect([type, [...(facts.fields ?? [])].sort()]).toEqual(['VendorRefused', ['hostEmail', 'start']]);
    expect(message).not.toContain('planted');
  });
});

describe('who has a meeting', () => {
  const hostOf = () => departed().hostOf('m1');

  test('is asked of an administrator, by its id', async () => {
    vendor.on('GET', `${LIST}/m1`, { body: shown({ hostEmail: HEIR }) });
    expect(await hostOf()).toBe(HEIR);
  });

  test.each([404, 400])('is nobody after %i', async (status) => {
    vendor.on('GET', `${LIST}/m1`, { status });
    expect(await hostOf()).toBeUndefined();
  });

  test.each<[string, Json, string]>([['403', { status: 403 }, 'Forbidden'], ['503', { status: 503 }, 'VendorUnavailable'], ['what cannot be read', { body: shown({ hostEmail: 5 }) }, 'VendorRefused']])('is not known after %s', async (_what, answer, type) => {
    vendor.on('GET', `${LIST}/m1`, answer);
    expect((await failureOf(hostOf())).type).toBe(type);
  });
});

describe('whether a host left', () => {
  const person = (changes: Json = {}): Json => ({ id: 'p1', emails: [HOST], siteUrls: [REF.site], ...changes });

  test.each<[string, Reply, boolean]>([
    ['nobody has the address', items(), true],
    ['the vendor knows nobody by it', { status: 404 }, true],
    ['they may only attend', items(person({ siteUrls: [`${REF.site}#attendee`] })), true],
    ['they may not log in', items(person({ loginEnabled: false })), true],
    ['they may host', items(person()), false],
    ['the entry cannot be read', items(person({ emails: undefined })), false],
  ])('is asked of them alone: %s', async (_what, answer, left) => {
    vendor.on('GET', '/people', answer);
    expect(await departed().hasLeft(HOST)).toBe(left);
    expect(vendor.to('GET', '/people').map(({ query }) => query.get('email'))).toEqual([HOST]);
  });

  test('an outage does not say', async () => {
    vendor.on('GET', '/people', { status: 503 });
    expect((await failureOf(departed().hasLeft(HOST))).type).toBe('VendorUnavailable');
  });
});

describe('a meeting gets another host', () => {
  const reassign = () => departed().reassign(REF, HEIR);
  const item = (httpStatus: string | number, meetingId = REF.id): Json => ({ meetingId, httpStatus, message: 'wobbly-prose', errors: [{ description: HEIR }] });

  test('by one request, with the site of the meeting in a header', async () => {
    vendor.on('POST', REASSIGN, { status: 204, headers: { trackingid: 'T1' } });
    expect(await reassign()).toEqual({ trackingId: 'T1' });
    expect(vendor.to('POST', REASSIGN).map(({ headers, body }) => [headers['siteurl'], body])).toEqual([[REF.site, { hostEmail: HEIR, meetingIds: [REF.id] }]]);
  });

  test.each<[string, readonly Json[]]>([['says so', [item('204'), item('404', 'other')]], ['does not name it', [item('404', 'other')]]])('also when an answer about several %s', async (_what, answered) => {
    vendor.on('POST', REASSIGN, { status: 207, body: { items: answered } });
    await reassign();
  });

  test.each<[string | number, string]>([['404', 'NotReassigned'], [403, 'NotReassigned'], ['400', 'NotReassigned'], ['409', 'NotReassigned'], ['429', 'RateLimited'], ['423', 'RateLimited'], ['503', 'NetworkAmbiguous'], ['what', 'NotReassigned']])('or does not: an item with %s is %s', async (status, type) => {
    vendor.on('POST', REASSIGN, { status: 207, body: { items: [item(status)] }, headers: { trackingid: 'T2' } });
    const failure = await failureOf(reassign());
    expect([failure.type, failure.facts.trackingId]).toEqual([type, 'T2']);
    expect(failure.message).not.toMatch(/wobbly|noor/);
  });

  test.each([[403, 'NotReassigned'], [404, 'NotReassigned'], [400, 'NotReassigned'], [401, 'Unauthorised'], [429, 'RateLimited'], [500, 'NetworkAmbiguous']])('or does not: an answer of %i is %s', async (status, type) => {
    vendor.on('POST', REASSIGN, { status });
    expect((await failureOf(reassign())).type).toBe(type);
  });

  test.each<[string, Json | 'reset']>([['that cannot be read', { status: 207, body: { items: 'many' } }], ['that breaks off', 'reset']])('perhaps: after an answer %s it is looked up before it is repeated', async (_what, answer) => {
    vendor.on('POST', REASSIGN, answer);
    expect((await failureOf(reassign())).type).toBe('NetworkAmbiguous');
  });
});
