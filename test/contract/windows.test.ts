import { createCampaign } from '../../activities/campaign.js';
import { whileOpen } from '../../activities/context.js';
import { createNotices } from '../../activities/notices.js';
import { createRetirement } from '../../activities/retirement.js';
import type { RoomContext } from '../../activities/rooms.js';
import { closedUntil, weekdays, type WeeklyWindow, type Windows } from '../../domain/windows.js';
import { LedgerBench, unlimited } from '../support/ledger.js';

jest.mock('@temporalio/activity', () => ({ activityInfo: () => ({ attempt: 1 }), heartbeat: () => undefined }));

const bench = LedgerBench.inThisFile();
const HOUR = 3_600_000;

/** Open for two hours a day: from an hour ago, or from three hours from now on. */
function hours(which: 'open' | 'closed'): readonly WeeklyWindow[] {
  const at = new Date(Date.now() + (which === 'open' ? -1 : 3) * HOUR);
  const from = at.getUTCHours() * 60 + at.getUTCMinutes();
  return [{ days: weekdays, from, to: (from + 120) % 1440, zone: 'UTC' }];
}
const campaign = (windows: Windows) => bench.campaign(4, { windows, waves: ['rest'] });
const activities = () => createCampaign({ ledger: bench.ledger, sagas: { order: () => Promise.resolve() }, quotas: new Map([['ops-1', unlimited]]) });
const claim = (name: string) => activities().claimMeetings({ campaign: name, lane: 'ops-1', wave: 1, limit: 2, claim: `t-${Math.random()}` });

/** Any call to the vendor fails the test. */
const vendor = new Proxy({}, { get: (_, method) => () => Promise.reject(new Error(`the vendor was asked: ${String(method)}`)) });
const retirement = () => createRetirement({ ledger: bench.ledger, vendor } as unknown as RoomContext);

test('outside its windows a campaign claims nothing, makes nothing and deletes nothing, and says when they open', async () => {
  const writes = hours('closed');
  const opens = closedUntil(writes, Date.now());
  const { name, refs } = await campaign({ writes, notices: [] });
  expect(await claim(name)).toMatchObject({ meetings: [], left: 4, order: 'pause', waitUntil: opens });
  await expect(whileOpen(bench.ledger, name)).rejects.toMatchObject({ type: 'CampaignPaused', facts: { retryAfterMs: 60_000 } });
  await bench.replaced(refs[0]!);
  await bench.told(refs[0]!);
  expect(await retirement().retireLegacy({ ...refs[0]!, released: true })).toEqual({ outcome: 'blocked', blocker: 'WindowClosed', recheckAt: opens });
  expect((await activities().progress({ campaign: name })).closed).toEqual({ writes: opens });
  await bench.ledger.campaigns.setOrder(name, 'rollback'); // which waits for no window
  expect(await retirement().retireLegacy({ ...refs[0]!, released: true })).toMatchObject({ blocker: 'RollingBack' });
});

test('inside of them it works as without', async () => {
  const { name, refs } = await campaign({ writes: hours('open'), notices: hours('closed') });
  expect((await claim(name)).meetings).toHaveLength(2);
  expect((await whileOpen(bench.ledger, name)).name).toBe(name);
  await expect(whileOpen(bench.ledger, name, ['writes', 'notices'])).rejects.toMatchObject({ type: 'CampaignPaused' }); // a room, whose owner must be told at once
  expect(Object.keys((await activities().progress({ campaign: name })).closed ?? {})).toEqual(['notices']);
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
  expect([mails, round]).toEqual(which === 'open' ? [1, { sent: 0, bounced: 0, pending: 0 }] : [0, { sent: 0, bounced: 0, pending: 1, closed: true }]);
  expect(await bench.ledger.notices.told(refs[0]!)).toBe(which === 'open' ? 'sent' : 'pending');
});
