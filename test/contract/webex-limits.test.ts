import { RelinkFailure } from '../../domain/failures.js';
import { ScriptedVendor } from '../support/scripted-vendor.js';
import { aMeeting, failureOf, html, items, REF, subject } from '../support/webex-answers.js';

const vendor = ScriptedVendor.inThisFile();
afterEach(() => jest.restoreAllMocks());

/** A 429 is about the identity; a 423 about what was asked for, which is all that has to wait. */
describe.each<[number, string, (ms: number) => readonly number[]]>([
  [429, 'the identity is hushed for all workers', (ms) => [ms]],
  [423, 'nobody else is hushed', () => []],
])('an answer of %d', (status, outcome, hushed) => {
  test.each([
    ['1', 1_000],
    ['42', 42_000],
    ['3600', 3_600_000],
  ])(`that asks for %s seconds is RateLimited for that long, and ${outcome}`, async (retryAfter, ms) => {
    vendor.on('GET', '/people/me', { status, body: html(status), headers: { 'retry-after': retryAfter } });
    const { webex, quiet } = subject(vendor.baseUrl);
    const failure = await failureOf(webex.verify());
    expect([failure.type, failure.facts.retryAfterMs, failure.facts.status]).toEqual(['RateLimited', ms, status]);
    expect(quiet).toEqual(hushed(ms));
    expect(vendor.asked).toHaveLength(1);
  });

  test('that names an instant is waited out until then', async () => {
    const now = Date.parse('2026-03-02T08:00:00Z');
    jest.spyOn(Date, 'now').mockReturnValue(now);
    vendor.on('GET', '/people/me', { status, headers: { 'retry-after': new Date(now + 1_800_000).toUTCString() } });
    const { webex, quiet } = subject(vendor.baseUrl);
    expect((await failureOf(webex.verify())).facts.retryAfterMs).toBe(1_800_000);
    expect(quiet).toEqual(hushed(1_800_000));
  });

  test('that names an instant that is over is not taken for permission to hurry', async () => {
    vendor.on('GET', '/people/me', { status, headers: { 'retry-after': new Date(0).toUTCString() } });
    expect((await failureOf(subject(vendor.baseUrl).webex.verify())).facts.retryAfterMs).toBe(1_000);
  });

  test.each([
    ['no header', undefined],
    ['a header that says nothing', 'soon'],
  ])('with %s still asks for patience, for a minute', async (_, retryAfter) => {
    vendor.on('GET', '/people/me', { status, body: html(status), headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter } });
    const { webex, quiet } = subject(vendor.baseUrl);
    expect((await failureOf(webex.verify())).facts.retryAfterMs).toBe(60_000);
    expect(quiet).toEqual(hushed(60_000));
  });

  test('to a deletion is RateLimited too: the vendor did nothing', async () => {
    vendor.on('DELETE', '/meetings/m1', { status, body: html(status), headers: { 'retry-after': '7' } });
    const { webex, quiet } = subject(vendor.baseUrl);
    expect((await failureOf(webex.removeMeeting(REF))).type).toBe('RateLimited');
    expect(quiet).toEqual(hushed(7_000));
  });
});

test('no vendor can hush an identity for longer than a day', async () => {
  vendor.on('GET', '/people/me', { status: 429, headers: { 'retry-after': '99999999' } });
  const { webex, quiet } = subject(vendor.baseUrl);
  await failureOf(webex.verify());
  expect(quiet).toEqual([24 * 3_600_000]);
});

test('an answer that is good or an outage hushes nobody, whatever its headers say', async () => {
  vendor.on('GET', '/people/me', { body: {}, headers: { 'retry-after': '5' } }).on('GET', '/meetings/m1', { status: 503, headers: { 'retry-after': '5' } });
  const { webex, quiet } = subject(vendor.baseUrl);
  await webex.verify();
  expect((await failureOf(webex.exists(REF))).type).toBe('VendorUnavailable');
  expect(quiet).toEqual([]);
});

test('each request, each page too, waits for its turn', async () => {
  vendor
    .on('GET', '/meetings/m1', { body: aMeeting() })
    .on('GET', '/meetingInvitees', () => ({ ...items(), headers: { link: `<${vendor.baseUrl}/meetingInvitees?cursor=2>; rel="next"` } }))
    .on('GET', '/meetingInvitees', items(), { cursor: '2' });
  const { webex, paced } = subject(vendor.baseUrl);
  await webex.readMeeting(REF, { from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' });
  expect([paced(), vendor.asked.length]).toEqual([3, 3]);
});

test('a request whose turn has not come is not sent', async () => {
  const turn = () => Promise.reject(new RelinkFailure('RateLimited', 'quiet', { retryAfterMs: 90_000 }));
  const failure = await failureOf(subject(vendor.baseUrl, { turn }).webex.removeMeeting(REF));
  expect([failure.type, failure.facts.retryAfterMs]).toEqual(['RateLimited', 90_000]);
  expect(vendor.asked).toEqual([]);
});
