import pc from 'picocolors';
import { failureTexts, holdTexts, outlookTexts } from '../../domain/board-texts.js';
import type { CampaignSpec } from '../../domain/campaign.js';
import { REQUESTS_PER_MEETING } from '../../domain/forecast.js';
import type { CampaignStatus } from '../../domain/ledger.js';
import { outlookOf, type Foreseen, type OutlookFacts } from '../../domain/outlook.js';
import { emptyCounts } from '../../domain/states.js';
import { weekdays, type WeeklyWindow } from '../../domain/windows.js';
import { board as watched, statusText } from '../../client/show/status.js';
import { board } from '../../workflows/lib/board.js';

jest.mock('@temporalio/workflow', () => ({ setCurrentDetails: () => undefined, defineUpdate: () => undefined, defineSignal: () => undefined }));

const plain = pc.createColors(false);
const NOW = Date.parse('2026-11-24T00:00:00.000Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const at = (ms: number): string => new Date(NOW + ms).toISOString();
const nights: WeeklyWindow = { days: weekdays, from: 20 * 60, to: 6 * 60, zone: 'UTC' };

const spec = { name: 'spring', identities: ['ops-1'], graceMs: HOUR, notices: { digestEveryMs: MINUTE } } as unknown as CampaignSpec;
const counts = { ...emptyCounts(), found: 20, waiting: 10, failed: 3, held: 1, done: 6 };
const status: CampaignStatus = {
  campaign: 'spring', phase: 'remediating', counts, reconciles: true, failures: { VerificationFailed: 3, UndoFailed: 1 }, notices: { queued: 1, sent: 6, bounced: 0 },
  quota: [{ identity: 'ops-1', createsUsed: 6, quietUntil: null }], exposedStarts: 0, replacedLately: 4, deadline: at(9 * HOUR), order: 'go', remaining: 10, latestGraceEnd: null, wave: { current: 2, last: 3 }, elsewhere: 0, outages: [],
};
const facts: OutlookFacts = {
  spec, status, load: [{ wave: 2, lane: 'ops-1', meetings: 10 }], throttles: [], now: NOW,
  limits: [{ name: 'ops-1', requestsPerMinute: 10 * REQUESTS_PER_MEETING, createsPerDay: { identity: 3000, host: 800, reserve: 6 }, quotaWindowMs: 24 * HOUR }, { name: 'other', requestsPerMinute: 1, createsPerDay: { identity: 1, host: 1, reserve: 0 }, quotaWindowMs: HOUR }],
};
const outlook = (given: Partial<OutlookFacts> = {}) => outlookOf({ ...facts, ...given });

test('the end is when the last meeting is replaced, its organiser told, and its grace over, in windows that are open', () => {
  expect(outlook().eta).toBe(at(MINUTE + MINUTE + HOUR + MINUTE));
  expect(outlook({ spec: { ...spec, windows: { writes: [nights], notices: [] } } }).eta).toBe(at(MINUTE + MINUTE + HOUR + MINUTE));
  expect(outlook({ spec: { ...spec, windows: { writes: [nights], notices: [] } }, now: NOW + 5.5 * HOUR }).eta).toBe(at(20 * HOUR)); // grace ends when it is closed
  expect(outlook({ status: { ...status, counts: { ...emptyCounts(), replaced: 1 }, latestGraceEnd: at(2 * HOUR) }, load: [] }).eta).toBe(at(2 * HOUR));
});

test('of what is replaced and not told grace has not begun: the end waits for the mail, and for the windows in which it goes out', () => {
  const inGrace = { ...status, counts: { ...emptyCounts(), replaced: 1 }, latestGraceEnd: at(5 * MINUTE) };
  const endOf = (queued: number, notices: readonly WeeklyWindow[] = []) => outlook({ status: { ...inGrace, notices: { ...status.notices, queued } }, load: [], spec: { ...spec, windows: { writes: [], notices } } }).eta;
  expect([endOf(0), endOf(1), endOf(1, [{ ...nights, from: 8 * 60, to: 18 * 60 }])]).toEqual([at(5 * MINUTE), at(MINUTE + HOUR + MINUTE), at(8 * HOUR + HOUR + MINUTE)]);
});

test('what silences of the vendor have left of the rate is allowed now, said so, and what the end is reckoned with; it comes back', () => {
  const after = (ageMs: number, given: Partial<OutlookFacts> = {}) =>
    outlook({ status: { ...status, quota: [{ identity: 'ops-1', createsUsed: 6, quietUntil: null, learned: { perMinute: 55, ageMs } }] }, ...given });
  expect(after(0).rate?.most).toEqual([{ identity: 'ops-1', requestsPerMinute: 55, learned: true }]);
  expect([after(0).eta, after(0).quota]).toEqual([at(2 * MINUTE + MINUTE + HOUR + MINUTE), outlook().quota]);
  expect(outlookTexts(after(0), NOW)[1]).toContain('allowed are 55 requests a minute of ops-1 (slower since the vendor asked for silence).');
  expect(after(10 * MINUTE).rate?.most).toEqual([{ identity: 'ops-1', requestsPerMinute: 110 }]);
  expect(after(0, { throttles: [{ limit: 'requests', of: 'ops-1', value: 20 }] }).rate?.most).toEqual([{ identity: 'ops-1', requestsPerMinute: 20 }]);
  expect(after(0, { spec: { ...spec, windows: { writes: [{ ...nights, rate: 30 }], notices: [] } } }).rate?.most).toEqual([{ identity: 'ops-1', requestsPerMinute: 30 }]);
});

test.each([
  ['a pause', { status: { ...status, order: 'pause' } }],
  ['a gate', { status: { ...status, phase: 'awaiting-approval' } }],
  ['a frozen identity', { throttles: [{ limit: 'requests', of: 'ops-1', value: 0 }] }],
  ['its end', { status: { ...status, phase: 'finished' } }],
] as const)('nothing is foreseen with %s', (_, given) => expect(outlook(given as Partial<OutlookFacts>).eta).toBeNull());

test('the rate that is allowed now is the lowest of relink.yaml, throttle and window; of a campaign that is over there is none, and no deadline', () => {
  const most = (given: Partial<OutlookFacts>) => outlook(given).rate?.most;
  const by = (requestsPerMinute: number) => [{ identity: 'ops-1', requestsPerMinute }];
  const slow = { ...spec, windows: { writes: [{ ...nights, rate: 30 }], notices: [] } };
  expect([most({}), most({ spec: slow }), most({ throttles: [{ limit: 'requests', of: 'ops-1', value: 20 }], spec: slow }), most({ spec: slow, now: NOW + 12 * HOUR })]).toEqual([by(110), by(30), by(20), by(0)]);
  expect(outlook({ status: { ...status, phase: 'finished' } })).toMatchObject({ rate: null, deadline: null, eta: null });
});

const texts = (foreseen: Foreseen, eta = at(HOUR)) => outlookTexts({ ...outlook(), eta, foreseen }, NOW).find((line) => line.includes('expected'));

test('how the end has moved is told against the plan and against an hour ago', () => {
  expect(texts({ planned: at(40 * MINUTE), earlier: { at: at(-62 * MINUTE), endsAt: at(65 * MINUTE) } })).toBe('The last old link is expected to be dead at 2026-11-24 01:00 UTC, 20 min later than the plan foresaw, 5 min earlier than an hour ago.');
  expect(texts({ planned: at(HOUR + 30_000), earlier: { at: at(-HOUR), endsAt: at(HOUR - 59_000) } })).toBe('The last old link is expected to be dead at 2026-11-24 01:00 UTC, as the plan foresaw, as an hour ago.');
  expect(texts({ planned: null, earlier: { at: at(-5 * HOUR), endsAt: at(3 * HOUR) } })).toBe('The last old link is expected to be dead at 2026-11-24 01:00 UTC, 2 h earlier than 5 h ago.');
  expect(texts({ planned: null, earlier: null })).toBe('The last old link is expected to be dead at 2026-11-24 01:00 UTC.');
});

test('the most frequent failure classes are named, the others counted with the command that shows them', () => {
  const lines = failureTexts('spring', { VendorRefused: 1, UndoFailed: 7, VerificationFailed: 9, Forbidden: 2, LegacyChanged: 3, OrganiserUnreachable: 4, UnsupportedMeeting: 1 });
  expect(lines.map((line) => line.split(':')[0])).toEqual(['VerificationFailed 9', 'UndoFailed 7', 'OrganiserUnreachable 4', 'LegacyChanged 3', 'Forbidden 2', 'and 2 meetings of other classes']);
  expect(lines.at(-1)).toContain('`relink failures spring`');
});

test('what holds a campaign up is named with the command that resolves it', () => {
  expect(holdTexts('spring', { phase: 'paused', order: 'pause', counts: emptyCounts() })).toEqual(['Held by a pause: nothing is created or deleted. Go on with `relink resume spring`.']);
  expect(holdTexts('spring', { phase: 'stopped', order: 'stop', counts: emptyCounts() })[0]).toContain('`relink start spring`');
  expect(holdTexts('spring', { phase: 'remediating', order: 'go', counts })).toEqual(['3 failed, 1 held: see them with `relink failures spring`, take them up again with `relink retry spring --class TYPE`.']);
  expect(holdTexts('spring', { phase: 'awaiting-approval', order: 'pause', counts: emptyCounts() })).toEqual([]);
});

test('the board in the Temporal UI, watch and status tell the same numbers in the same words', () => {
  const foreseen = { planned: at(40 * MINUTE), earlier: { at: at(-HOUR), endsAt: at(90 * MINUTE) } };
  const given = outlook();
  const { order, phase, failures, exposedStarts, reconciles, notices, wave } = status;
  const windows = [{ of: 'writes', rate: 30, window: 'every day 20:00-06:00 UTC', until: at(6 * HOUR) }] as const;
  const outages = [{ identity: 'ops-1', failure: 'Unauthorised', meetings: 3 }] as const;
  const figures = { order, warnings: [], status: { campaign: 'spring', phase, counts, reconciles, failures, notices, exposedStarts, wave, elsewhere: 4, outages, ...given, foreseen, workflowFailure: null, windows } };
  const shown = [
    board('spring', phase, { counts, reconciles, order, pendingNotices: 1, open: [], latestGraceEnd: null, failures, exposedStarts, windows, figures: { ...given, foreseen, wave, notices, elsewhere: 4, outages } }, NOW),
    statusText(figures, plain, NOW).join('\n'),
    watched(figures, plain, 80, NOW).block.join('\n'),
  ];
  const expected = [
    'remediating, wave 2 of 3',
    'Window every day 20:00-06:00 UTC, until 2026-11-24T06:00:00.000Z: at most 30 requests a minute of each identity.',
    '4 waiting meetings are with another campaign: nothing is begun here before that is over or put back.',
    '3 meetings get no further with identity ops-1, Unauthorised at every attempt: renew the token of the identity; work goes on by itself.',
    '3 failed, 1 held: see them with `relink failures spring`',
    'Identity ops-1: 6 of 3000 creations.',
    'Rate now: 4 meetings replaced in the last 10 minutes; allowed are 110 requests a minute of ops-1.',
    'The last old link is expected to be dead at 2026-11-24 01:03 UTC, 23 min later than the plan foresaw, 27 min earlier than an hour ago.',
    'Next deadline: 2026-11-24 09:00 UTC, when a meeting starts that has no new link yet.',
    'Every one of the 20 meetings found is in exactly one state.',
    'No meeting began on an old link.',
    'Notices: 1 queued, 6 sent, 0 bounced.',
    'VerificationFailed 3: the replacement differed and was removed',
    'UndoFailed 1:',
  ];
  for (const text of shown) for (const line of expected) expect(text).toContain(line);
});
