import { HostLists } from '../../activities/host-lists.js';
import { createNotices } from '../../activities/notices.js';
import { createRetirement } from '../../activities/retirement.js';
import { RelinkFailure } from '../../domain/failures.js';
import type { ItemRef } from '../../domain/ledger.js';
import type { ConferencingVendor, Mail, Mailer, ToldMeeting } from '../../domain/ports.js';
import { inMs, LedgerBench, unlimited } from '../support/ledger.js';
import { anIdentity, aSnapshot, aSpec } from '../support/specs.js';

/** The activity at work, as Temporal shows it to its first attempt. */
let mockContext = { info: { heartbeatDetails: undefined as unknown } };
const mockScheduledAt = Date.now();
jest.mock('@temporalio/activity', () => ({
  activityInfo: () => ({ attempt: 1, scheduledTimestampMs: mockScheduledAt }),
  heartbeat: (details: unknown) => void (mockContext.info.heartbeatDetails = details),
  Context: { current: () => mockContext },
}));

const bench = LedgerBench.inThisFile();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const { notices } = aSpec('any');
const waits = { graceMs: 24 * HOUR, notices: { ...notices, digestEveryMs: HOUR } };

/** Nothing may be asked of it. */
const vendor = new Proxy({} as ConferencingVendor, { get: (_, method) => () => Promise.reject(new Error(`the vendor was asked: ${String(method)}`)) });

class Post implements Mailer {
  readonly mails: Mail[] = [];
  isAway = false;
  verify = () => Promise.resolve();
  send = (mail: Mail) => (this.isAway ? Promise.reject(new RelinkFailure('MailUnavailable', 'away')) : Promise.resolve(void this.mails.push(mail)));
  /** A round of its own each time. */
  sendDue(campaign: string) {
    mockContext = { info: { heartbeatDetails: undefined } };
    return createNotices({ ledger: bench.ledger, mailer: this }).sendDueDigests({ campaign });
  }
  get told(): readonly ToldMeeting[] {
    return this.mails.flatMap((mail) => (mail.kind === 'announced' ? [] : mail.meetings));
  }
}

/** Replaced long ago, so that grace would be over if it counted from there. */
async function replaced(count = 1, starts: readonly number[] = [7 * 24 * HOUR]) {
  const { name, refs } = await bench.campaign(count, { ...waits, waves: ['rest'] });
  const { items } = bench.ledger;
  const occurrences = starts.map((start) => ({ start: inMs(start), end: inMs(start + 30 * MINUTE) }));
  for (const ref of refs) {
    await items.move(ref, 'running');
    await items.saveSnapshot(ref, aSnapshot(ref.meeting, { occurrences }), occurrences[0]?.start ?? null);
    await items.saveReplacement(ref, anIdentity(`new-${ref.meeting}`));
    await items.move(ref, 'replaced', { verifiedAt: inMs(-60 * HOUR), graceEndsAt: inMs(-36 * HOUR) });
    await bench.ledger.notices.queue(ref, 'replaced', []);
  }
  return { name, refs: refs as readonly [ItemRef, ...ItemRef[]] };
}

const endOf = async (ref: ItemRef): Promise<string> => (await bench.ledger.items.get(ref)).graceEndsAt ?? '';
const hoursTo = (instant: string): number => (Date.parse(instant) - Date.now()) / HOUR;
const retire = (ref: ItemRef) => createRetirement({ ledger: bench.ledger, vendor, lists: new HostLists(vendor), identity: 'ops-1', quota: unlimited, listLagMs: 0 }).retireLegacy({ ...ref, released: false });

test('whoever is told late keeps the old link for all of grace: the mail says until when, and a saga that wakes at the old end waits on', async () => {
  const { name, refs: [ref] } = await replaced();
  const post = new Post();
  await post.sendDue(name);
  const end = await endOf(ref);
  expect(hoursTo(end)).toBeGreaterThan(23.9);
  expect(hoursTo(end)).toBeLessThan(25);
  expect(post.told.map(({ oldLinkDiesAt }) => oldLinkDiesAt)).toEqual([end]);
  expect(await retire(ref)).toEqual({ outcome: 'blocked', blocker: 'InGrace', recheckAt: end });
});

test('a mail that does not get through starts nothing', async () => {
  const { name, refs: [ref] } = await replaced();
  const post = new Post();
  post.isAway = true;
  await expect(post.sendDue(name)).rejects.toMatchObject({ type: 'MailUnavailable' });
  expect(hoursTo(await endOf(ref))).toBeLessThan(-35);
  post.isAway = false;
  await post.sendDue(name);
  expect(post.told.map(({ oldLinkDiesAt }) => oldLinkDiesAt)).toEqual([await endOf(ref)]);
});

test('all that one mail tells of ends together', async () => {
  const { name, refs } = await replaced(3);
  await new Post().sendDue(name);
  expect(new Set(await Promise.all(refs.map(endOf))).size).toBe(1);
});

test('never so late that the next occurrence starts on the old link; what is over meanwhile is neither counted nor named', async () => {
  const { name, refs: [ref] } = await replaced(1, [-24 * HOUR, 3 * HOUR, 27 * HOUR]);
  const post = new Post();
  await post.sendDue(name);
  expect(Date.parse(await endOf(ref))).toBe(Date.parse(post.told[0]!.start) - 1.5 * MINUTE);
  expect(post.told.map(({ start }) => Math.round(hoursTo(start)))).toEqual([3]);
});

test.each([['is too close', MINUTE], ['is over', -2 * HOUR]])('a meeting that %s has no grace, and the mail names no time that is past', async (_, start) => {
  const { name } = await replaced(1, [start]);
  const post = new Post();
  const before = Date.now();
  await post.sendDue(name);
  for (const { oldLinkDiesAt } of post.told) expect(Date.parse(oldLinkDiesAt)).toBeGreaterThanOrEqual(before);
  expect(post.told).toHaveLength(1);
});

test('grace that lasts longer already is not cut short, nor is that of another replacement prolonged', async () => {
  const { name, refs: [long, other] } = await replaced(2);
  const end = inMs(48 * HOUR);
  const { items, notices: book } = bench.ledger;
  const [digest = ''] = await book.assign(name);
  await items.saveReplacement(other!, anIdentity(`later-${other!.meeting}`));
  await book.sent(digest, [{ meeting: long.meeting, graceEndsAt: end }, { meeting: other!.meeting, graceEndsAt: end }]);
  await book.sent(digest, [{ meeting: long.meeting, graceEndsAt: inMs(HOUR) }]);
  expect([await endOf(long), hoursTo(await endOf(other!)) < 0]).toEqual([end, true]);
});
