import { createCampaign } from '../../activities/campaign.js';
import { whileOpen } from '../../activities/context.js';
import { HostLists } from '../../activities/host-lists.js';
import { createNotices } from '../../activities/notices.js';
import { createRetirement } from '../../activities/retirement.js';
import type { RoomContext } from '../../activities/rooms.js';
import type { ConferencingVendor } from '../../domain/ports.js';
import { createPacer, whenThereIsATurn } from '../../worker/pacer.js';
import { WindowTurns } from '../../worker/window-turns.js';
import { closedUntil, weekdays, type WeeklyWindow, type Windows } from '../../domain/windows.js';
import { LedgerBench, unlimited, noSagas } from '../support/ledger.js';

const mockWaited: number[] = [];
jest.mock('node:timers/promises', () => ({ setTimeout: (ms: number) => Promise.resolve(void mockWaited.push(ms)) }));
beforeEach(() => mockWaited.splice(0));
jest.mock('@temporalio/activity', () => ({ activityInfo: () => ({ attempt: 1 }), heartbeat: () => undefined, Context: { current: () => ({ info: {} }) } }));

const bench = LedgerBench.inThisFile();
const HOUR = 3_600_000;

/** Open for two hours a day: from an hour ago, or from three hours from now on. */
function hours(which: 'open' | 'closed'): readonly WeeklyWindow[] {
  const at = new Date(Date.now() + (which === 'open' ? -1 : 3) * HOUR);
  const from = at.getUTCHours() * 60 + at.getUTCMinutes();
  return [{ days: weekdays, from, to: (from + 120) % 1440, zone: 'UTC' }];
}
const campaign = (windows: Windows) => bench.campaign(4, { windows, waves: ['rest'] });
const activities = () => createCampaign({ ledger: bench.ledger, sagas: noSagas, quotas: new Map([['ops-1', unlimited]]), identities: [] });
const claim = (name: string) => activities().claimMeetings({ campaign: name, lane: 'ops-1', wave: 1, limit: 2, claim: `t-${Math.random()}` });

/** Any call to the vendor fails the test. */
const vendor = new Proxy({} as ConferencingVendor, { get: (_, method) => () => Promise.reject(new Error(`the vendor was asked: ${String(method)}`)) });
const retirement = () => createRetirement({ ledger: bench.ledger, vendor, lists: new HostLists(vendor), listLagMs: 60_000 } as unknown as RoomContext);

test('outside its windows a campaign claims nothing, makes nothing and deletes nothing, and says when they open', async () => {
  const writes = hours('closed');
  const opens = closedUntil(writes, Date.now());
  const { name, refs } = await campaign({ writes, notices: [] });
  expect(await claim(name)).toMatchObject({ meetings: [], left: 4, order: 'pause', waitUntil: opens });
  await expect(whileOpen(bench.ledger, name)).rejects.toMatchObject({ type: 'CampaignPaused', facts: { retryAfterMs: 60_000 } });
  await bench.replaced(refs[0]!);
  await bench.told(refs[0]!);
  expect(await retirement().retireLegacy({ ...refs[0]!, released: true })).toEqual({ outcome: 'blocked', blocker: 'WindowClosed', recheckAt: opens });
  expect((await activities().progress({ campaign: name })).windows).toEqual([{ of: 'writes', rate: 0, window: null, until: opens }]);
  await bench.ledger.campaigns.setOrder(name, 'rollback'); // which waits for no window
  expect(await retirement().retireLegacy({ ...refs[0]!, released: true })).toMatchObject({ blocker: 'RollingBack' });
});

test('inside of them it works as without', async () => {
  const { name, refs } = await campaign({ writes: hours('open'), notices: hours('closed') });
  expect((await claim(name)).meetings).toHaveLength(2);
  expect((await whileOpen(bench.ledger, name)).name).toBe(name);
  await expect(whileOpen(bench.ledger, name, ['writes', 'notices'])).rejects.toMatchObject({ type: 'CampaignPaused' }); // a room, whose owner must be told at once
  expect((await activities().progress({ campaign: name })).windows).toMatchObject([{ of: 'writes', rate: null, until: expect.any(String) }, { of: 'notices', rate: 0 }]);
  await bench.replaced(refs[0]!);
  await bench.told(refs[0]!);
  await expect(retirement().retireLegacy({ ...refs[0]!, released: true })).rejects.toThrow('the vendor was asked: exists');
});

test.each(['open', 'closed'] as const)('while its windows for notices are %s the mail of a meeting that starts soon goes out, or waits', async (which) => {
  const { name, refs } = await campaign({ writes: [], notices: hours(which) });
  await bench.replaced(refs[0]!);
  let mails = 0;
  const notices = createNotices({ ledger: bench.ledger, mailer: { send: () => Promise.resolve(void mails++), verify: () => Promise.resolve() } });
  await notices.tellOrganiser({ ...refs[0]!, urgent: true, lost: [] });
  const round = await notices.sendDueDigests({ campaign: name });
  expect([mails, round]).toMatchObject(which === 'open' ? [1, { sent: 0, bounced: 0, pending: 0 }] : [0, { sent: 0, bounced: 0, pending: 1, closed: true }]);
  expect(await bench.ledger.notices.told(refs[0]!)).toBe(which === 'open' ? 'sent' : 'pending');
});

test('a round of mails that is under way when they close leaves the others for when they open', async () => {
  const windows = { writes: [], notices: hours('open') };
  const { name, refs } = await campaign(windows);
  for (const ref of refs.slice(0, 2)) await bench.replaced(ref);
  for (const ref of refs.slice(0, 2)) {
    await bench.ledger.notices.queue(ref, 'replaced', []);
    await bench.ledger.notices.assign(name, ref); // a digest for each
  }
  let mails = 0;
  const send = async () => {
    mails++;
    const { spec } = await bench.ledger.campaigns.get(name);
    await bench.ledger.campaigns.save({ ...spec, windows: { writes: [], notices: hours('closed') } });
  };
  const notices = createNotices({ ledger: bench.ledger, mailer: { send, verify: () => Promise.resolve() } });
  expect(await notices.sendDueDigests({ campaign: name })).toMatchObject({ sent: 1, bounced: 0, pending: 1, closed: true });
  expect(mails).toBe(1);
});

test('a freeze holds whatever else is open, and one with dates that are over holds nothing', async () => {
  const always: WeeklyWindow = { days: weekdays, from: 0, to: 1440, zone: 'UTC' };
  const { name } = await campaign({ writes: [always, { ...hours('open')[0]!, rate: 0 }], notices: [] });
  expect(await claim(name)).toMatchObject({ meetings: [], left: 4, order: 'pause' });
  expect((await activities().progress({ campaign: name })).windows).toMatchObject([{ of: 'writes', rate: 0, window: expect.stringMatching(/^every day \d\d:\d\d-\d\d:\d\d UTC$/) }]);
  const { name: later } = await campaign({ writes: [{ ...always, rate: 0, dates: { first: '2026-01-01', last: '2026-01-02' } }], notices: [] });
  expect((await claim(later)).meetings).toHaveLength(2);
});

describe('a window with a rate', () => {
  const slow = (rate: number): Windows => ({ writes: [{ ...hours('open')[0]!, rate }], notices: [] });
  const turns = () => new WindowTurns(bench.ledger, 'ops-1');
  const reserve = (name: string, perMinute: number) => bench.ledger.windowPace.reserve({ campaign: name, identity: 'ops-1', perMinute });

  test('gives turns at its rate to the campaign, none to wait for that is too far away, and another rate begins at once', async () => {
    const [{ name }, { name: other }] = [await campaign(slow(12)), await campaign(slow(12))];
    const given = [await reserve(name, 12), await reserve(name, 12), await reserve(name, 12), await reserve(name, 12)];
    expect(given.map(({ taken }) => taken)).toEqual([true, true, true, false]);
    expect(given.map(({ waitMs }) => waitMs > 0)).toEqual([false, true, true, true]);
    expect(given[3]!.waitMs).toBe(2_000);
    expect([await bench.ledger.windowPace.waitMs({ campaign: name, identity: 'ops-1', perMinute: 12 }), await bench.ledger.windowPace.waitMs({ campaign: name, identity: 'ops-1', perMinute: 13 })]).toEqual([2_000, 0]);
    expect([await reserve(other, 12), await reserve(name, 6_000)]).toEqual([{ taken: true, waitMs: 0 }, { taken: true, waitMs: 0 }]);
  });

  test('paces requests for meetings of its campaign, and no others', async () => {
    const [{ name }, { name: free }] = [await campaign(slow(12)), await campaign({ writes: [], notices: [] })];
    const windows = turns();
    const pacer = createPacer(bench.ledger.pace, 'ops-1', 1_000_000, windows);
    const work = whenThereIsATurn(bench.ledger.pace, 'ops-1', { ask: async ({ meeting }: { campaign: string; meeting?: string; run?: string }) => pacer.beforeRequest().then(() => meeting) }, windows);
    await work.ask({ campaign: name, meeting: 'a' });
    expect(mockWaited).toEqual([]);
    await work.ask({ campaign: name, meeting: 'b' });
    expect(mockWaited.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(0);
    mockWaited.splice(0);
    for (const input of [{ campaign: free, meeting: 'c' }, { campaign: name, run: 'inventory' }]) await work.ask(input);
    expect(mockWaited).toEqual([]);
  });

  test('whose next turn is far away keeps activities from beginning, until the campaign is rolled back', async () => {
    const { name } = await campaign(slow(1));
    let begun = 0;
    const work = (windows: WindowTurns) => whenThereIsATurn(bench.ledger.pace, 'ops-1', { begin: async ({ meeting }: { campaign: string; meeting: string }) => void (begun += meeting.length) }, windows);
    await reserve(name, 1);
    await expect(work(turns()).begin({ campaign: name, meeting: 'a' })).rejects.toMatchObject({ type: 'Throttled', facts: { retryAfterMs: 2_000 } });
    await bench.ledger.campaigns.setOrder(name, 'rollback');
    await work(turns()).begin({ campaign: name, meeting: 'a' });
    expect(begun).toBe(1);
  });
});
