import pc from 'picocolors';
import { receiptText } from '../../client/commands/meeting-orders.js';
import { reportRow } from '../../client/commands/inspect.js';
import { faultOf } from '../../client/commands/inventory.js';
import { everyMs } from '../../client/commands/schedule.js';
import { faultsOf } from '../../client/demo/verdict.js';
import { demoFiles, scaleText } from '../../client/demo/settings.js';
import { failuresText, groupFailures } from '../../client/show/failures.js';
import { span } from '../../client/show/format.js';
import { campaignLink, workflowLink } from '../../client/show/links.js';
import { meetingText, rowTable, type LoggedRow } from '../../client/show/meeting.js';
import type { Status } from '../../client/show/status-figures.js';
import { rootCause } from '../../client/steer/campaign-run.js';
import { fullKey } from '../../client/steer/orders.js';
import { emptyCounts } from '../../domain/states.js';
import { ApplicationFailure } from '@temporalio/common';

const plain = pc.createColors(false);

const row = (given: Partial<LoggedRow> = {}): LoggedRow => ({
  meeting: 'abcdefghijklmnopqrstuvwxyz234567abcdefgh',
  state: 'failed',
  wave: 2,
  evidence: 'series-start',
  proof: null,
  reason: null,
  failure: 'VendorRefused',
  failedStep: 'replace',
  note: null,
  kind: 'single',
  lane: 'ops-1',
  startsAt: '2026-12-01T09:00:00.000Z',
  graceEndsAt: null,
  retiredAt: null,
  departed: false,
  steps: [],
  ...given,
});

test('a meeting whose host left says so, and when it was given to another one that this cannot be taken back', () => {
  const step = (state: 'started' | 'done') => ({ step: 'reassign host', state, at: '2026-11-01T09:00:00.000Z', attempt: 1, trackingId: null, failure: null, note: null }) as const;
  const host = (given: Partial<LoggedRow>) => meetingText(row(given), plain).find((line) => line.startsWith('host '));
  expect(host({})).toBeUndefined();
  expect(host({ departed: true, steps: [step('started')] })).toMatch(/left$/);
  expect(host({ departed: true, steps: [step('started'), step('done')] })).toMatch(/left; .*cannot be taken back/);
});

test('failures are grouped by cause and by the vendor’s code, most frequent first, each with an example and what to do', () => {
  const refused = (meeting: string, code: number) => ({ ...row({ meeting }), code });
  const held = (meeting: string) => ({ ...row({ meeting, state: 'held', failure: 'LegacyChanged' }), code: null });
  const groups = groupFailures([refused('a1', 400), held('b2'), refused('c3', 409), held('d4'), refused('e5', 400), held('f6'), { ...row({ meeting: 'g7', failure: null }), code: null }]);
  expect(groups.map(({ failure, code, failed, held: held_, example }) => [failure, code, failed, held_, example])).toEqual([
    ['LegacyChanged', null, 0, 3, 'b2'],
    ['VendorRefused', 400, 2, 0, 'a1'],
    ['VendorRefused', 409, 1, 0, 'c3'],
    ['unknown', null, 1, 0, 'g7'],
  ]);
  const text = failuresText(groups, plain).join('\n');
  expect(text).toMatch(/VendorRefused +409 +1 +0 +c3 +read the tracking id/);
  expect(text).toMatch(/LegacyChanged +– +0 +3 +b2 .*starts afresh from what it is now/);
  expect(failuresText([], plain)).toEqual(['No meeting failed and none is held.']);
});

test('a meeting is shown with its failure, the step, the remedy and its log', () => {
  const steps = [{ step: 'replace', state: 'failed', at: '2026-11-24T00:00:00.000Z', attempt: 3, trackingId: 'T-77', failure: 'VendorRefused', code: 400, note: 'title' }] as const;
  const text = meetingText(row({ steps }), plain).join('\n');
  expect(text).toContain('VendorRefused in step replace');
  expect(text).toContain('ask the vendor');
  expect(text).toMatch(/2026-11-24T00:00:00\.000Z +replace +failed +3 +VendorRefused +400 +T-77 +title/);
  expect(meetingText(row({ state: 'refused', failure: null, reason: 'Webinar' }), plain).join('\n')).toContain('Webinar: it is a webinar');
});

test('a list gives the reason of each meeting that has one, and below what it means, once', () => {
  const refused = { state: 'refused', failure: null, wave: null } as const;
  const lines = rowTable([row({ ...refused, reason: 'LiveStream' }), row({ ...refused, meeting: 'b2', reason: 'LiveStream' }), row({ ...refused, meeting: 'c3', reason: 'SpaceMeeting' }), row({ meeting: 'd4' })], plain);
  expect(lines[0]).toMatch(/^meeting +state +reason +wave/);
  expect(lines.slice(1, 5).map((line) => line.split(/ {2,}/).slice(0, 3))).toEqual([['abcdefghijkl', 'refused', 'LiveStream'], ['b2', 'refused', 'LiveStream'], ['c3', 'refused', 'SpaceMeeting'], ['d4', 'failed', '–']]);
  expect(lines.slice(5)).toEqual(['', expect.stringMatching(/^LiveStream: it streams to an outside service/), expect.stringMatching(/^SpaceMeeting: it belongs to a space/)]);
  expect(rowTable([row()], plain)[0]).not.toContain('reason');
});

test('a meeting is shown with what its evidence was found by', () => {
  expect(meetingText(row({ evidence: 'calendar', proof: 'host+start' }), plain).join('\n')).toContain('calendar, found by host+start');
  expect(meetingText(row(), plain).join('\n')).toMatch(/series-start$/m);
  expect(reportRow(row({ evidence: 'snapshot', proof: 'id' }))).toMatchObject({ evidence: 'snapshot', proof: 'id' });
});

test('an inventory is not exported when meetings may be missing that would look new later', () => {
  const whole = { ids: ['a'], sites: ['a.example.org'], hosts: 2, incompleteHosts: 0 };
  expect(faultOf(whole)).toBeNull();
  expect(faultOf({ ...whole, hosts: 0 })).toContain('export again');
  expect(faultOf({ ...whole, incompleteHosts: 1 })).toContain('not all meetings of 1 host could be read');
  expect(faultOf({ ...whole, ids: [] })).toContain('there is no meeting');
});

test('a report row says what was found and, only for a refusal, why', () => {
  expect(reportRow(row())).toMatchObject({ finding: 'affected', refusal: null, failure: 'VendorRefused' });
  expect(reportRow(row({ state: 'refused', reason: 'Webinar', failure: null }))).toMatchObject({ finding: 'refused', refusal: 'Webinar' });
  expect(reportRow(row({ state: 'excluded', reason: 'Exempted', failure: null }), 7)).toMatchObject({ finding: 'excluded', refusal: null, exclusion: 'Exempted', exemption: 7 });
  expect(reportRow(row({ state: 'unaffected', reason: 'CreatedAfter', failure: null }))).toMatchObject({ finding: 'unaffected', refusal: null });
});

test('a key may be shortened as long as it is unique', () => {
  const keys = ['abc1', 'abd2', 'abd'];
  expect(fullKey('abc', keys)).toBe('abc1');
  expect(fullKey('ABD', keys)).toBe('abd');
  expect(() => fullKey('ab', keys)).toThrow('3 meetings have a key that begins with ab; type more of it');
  expect(() => fullKey('x', keys)).toThrow('no meeting of this campaign');
  expect(() => fullKey('', keys)).toThrow('no meeting of this campaign');
});

test('a receipt says how many were reached and why others were not', () => {
  expect(receiptText({ ordered: 1, refused: 0 }, 'rollback')).toBe('1 meeting is being put back.');
  expect(receiptText({ ordered: 3, refused: 2 }, 'rollback')).toBe('3 meetings are being put back; 2 not: the old meeting is deleted and cannot come back; only a further replacement is possible.');
  expect(receiptText({ ordered: 0, refused: 0 }, 'rollback')).toBe('nothing has begun that could be put back.');
});

test('links lead to the board of a workflow and to all that belongs to a campaign', () => {
  const ui = { url: 'http://127.0.0.1:8233/', namespace: 'default' };
  expect(workflowLink(ui, 'campaign/a', 'run-1')).toBe('http://127.0.0.1:8233/namespaces/default/workflows/campaign%2Fa/run-1/user-metadata');
  expect(workflowLink(ui, 'campaign/a', undefined)).toBe('http://127.0.0.1:8233/namespaces/default/workflows/campaign%2Fa');
  expect(campaignLink(ui, 'a')).toBe('http://127.0.0.1:8233/namespaces/default/workflows?query=RelinkCampaign%3D%22a%22');
});

test('a span is told in its two largest units, rounded up', () => {
  expect([400, 59_000, 60_000, 3_600_001, 90_000_000, 86_400_000].map(span)).toEqual(['1 s', '59 s', '1 min', '1 h 1 min', '1 d 1 h', '1 d']);
});

test('how often a schedule runs is a duration of ten seconds or more', () => {
  expect(['10s', '30m', '12h', '7d'].map(everyMs)).toEqual([10_000, 1_800_000, 43_200_000, 604_800_000]);
  for (const wrong of ['', '1', '9s', '1w', '-1d', '1.5h', '0d']) expect(() => everyMs(wrong)).toThrow('like 30m, 12h or 7d');
});

test('the cause that is told is what the activity said, not what wrapped it', () => {
  const inner = ApplicationFailure.create({ type: 'InvalidInput', message: 'too many' });
  expect(rootCause(new Error('workflow failed', { cause: new Error('activity failed', { cause: inner }) }))).toBe('InvalidInput: too many');
});

const ended = (status: Partial<Status>): Status => ({ campaign: 'demo', phase: 'finished', counts: { ...emptyCounts(), found: 1, done: 1 }, reconciles: true, failures: {}, notices: { queued: 0, sent: 1, bounced: 0 }, quota: [], eta: null, exposedStarts: 0, wave: null, rate: null, deadline: null, foreseen: { planned: null, earlier: null }, workflowFailure: null, ...status });

test('a demo is well only when audit, counts and chaos all say so', () => {
  expect(faultsOf({ status: ended({}), audit: { legacyLeft: 0 } })).toEqual([]);
  expect(faultsOf({ status: ended({}), audit: { legacyLeft: 2 } })).toEqual(["the vendor's audit says legacyLeft: 2"]);
  expect(faultsOf({ status: ended({ counts: { ...emptyCounts(), found: 2, held: 1, failed: 1 } }), audit: {} })).toEqual(['1 failed', '1 are held']);
  expect(faultsOf({ status: ended({ phase: 'stopped', counts: { ...emptyCounts(), found: 1, replaced: 1 }, exposedStarts: 3 }), audit: {} })).toEqual(['1 are not settled, and the campaign is stopped', '3 began on an old link']);
  expect(faultsOf({ status: ended({}), audit: {}, kills: { worker: 9, temporal: 1, postgres: 0 } })).toHaveLength(2);
});

test('the vendor’s limits are written in real time for the scale of the demo', () => {
  const options = { meetings: 1, hosts: 1, seed: 1, faults: 'hostile', kinds: 'usual', scale: 20, chaos: false, keep: false, json: false } as const;
  const vendor = { baseUrl: 'http://127.0.0.1:1/v1', cutOff: '2024-06-04T00:00:00.000Z', heir: 'noor@example.org' };
  const { relink } = demoFiles(options, vendor);
  expect(relink).toContain('requestsPerMinute: 5820');
  expect(relink).toContain('quotaWindow: 4320s');
  expect(relink).toContain('listLag: 4s');
  expect(demoFiles({ ...options, listLag: '6s' }, vendor).relink).toContain('listLag: 6s');
  expect(scaleText(20)).toBe('a simulated minute lasts 3 s');
});
