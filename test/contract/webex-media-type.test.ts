import type { MeetingSnapshot } from '../../domain/meeting.js';
import { ScriptedVendor } from '../support/scripted-vendor.js';
import { aMeeting, policy, REF, snapshotOf, subject } from '../support/webex-answers.js';

const vendor = ScriptedVendor.inThisFile();
const DOCUMENTED = 'application/json-patch+json';
const PLAIN = 'application/json';
/** What PATCH requests so far were sent as. */
const sentAs = () => vendor.to('PATCH', '/meetings/m1').map(({ headers }) => headers['content-type']);
const renamed = (before: MeetingSnapshot) => ({ before, after: { ...before, title: 'Plim' }, policy });
/** A vendor that takes these media types of a change. */
const takes = (...types: readonly string[]) => vendor.on('PATCH', '/meetings/m1', ({ headers }) => (types.includes(headers['content-type'] ?? '') ? { body: aMeeting() } : { status: 415 }));

test('a change is sent as the vendor’s document says', async () => {
  const before = await snapshotOf(vendor, aMeeting());
  takes(DOCUMENTED, PLAIN);
  expect(await subject(vendor.baseUrl).webex.adjust(REF, renamed(before))).toMatchObject({ trackingId: 'TRACK_1' });
  expect(sentAs()).toEqual([DOCUMENTED]);
});

test('where that is no media type, the plain one is used at once, and from then on; another adapter begins anew', async () => {
  const before = await snapshotOf(vendor, aMeeting());
  takes(PLAIN);
  const { webex, paced } = subject(vendor.baseUrl);
  for (let i = 0; i < 2; i++) expect(await webex.adjust(REF, renamed(before))).toMatchObject({ trackingId: 'TRACK_1' });
  expect([sentAs(), paced()]).toEqual([[DOCUMENTED, PLAIN, PLAIN], 3]);
  await subject(vendor.baseUrl).webex.adjust(REF, renamed(before));
  expect(sentAs().slice(3)).toEqual([DOCUMENTED, PLAIN]);
});

test('where neither is, the change is refused after two requests', async () => {
  const before = await snapshotOf(vendor, aMeeting());
  takes();
  expect(await subject(vendor.baseUrl).webex.adjust(REF, renamed(before))).toBe('impossible');
  expect(sentAs()).toEqual([DOCUMENTED, PLAIN]);
});

test('no other failure of a change is repeated here', async () => {
  const before = await snapshotOf(vendor, aMeeting());
  vendor.on('PATCH', '/meetings/m1', { status: 400 });
  expect(await subject(vendor.baseUrl).webex.adjust(REF, renamed(before))).toBe('impossible');
  expect(sentAs()).toEqual([DOCUMENTED]);
});
