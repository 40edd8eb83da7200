import { countRequests } from '../bench/requests.js';
import type { LoggedCall, Truth } from '../bench/vendor-log.js';

const truth: Truth = {
  a: { kind: 'single', origin: 'seed' },
  'new-a': { kind: 'single', origin: 'api' },
  s: { kind: 'series', origin: 'seed' },
  'new-s': { kind: 'series', origin: 'api' },
  refused: { kind: 'single', origin: 'seed' },
};

let n = 0;
const call = (method: string, path: string, meetingId: string | null, query = ''): LoggedCall => ({ n: ++n, tick: n, at: '2026-11-24T00:00:00.000Z', method, path, query, identity: 'identity-1', status: 200, meetingId, fault: null, effect: true, refusedBy: null, mailsPeople: false });

const remediation = (id: string): readonly LoggedCall[] => [
  call('GET', `/v1/meetings/${id}`, id),
  call('POST', '/v1/meetings', `new-${id}`),
  call('GET', '/v1/meetingInvitees', `new-${id}`),
  call('DELETE', `/v1/meetings/${id}`, id),
  call('GET', '/v1/meetings', null, 'hostEmail=…&meetingNumber=…'),
];
const occurrences = call('GET', '/v1/meetings', null, 'meetingSeriesId=…&meetingType=scheduledMeeting');
const calls = [...remediation('a'), ...remediation('s'), occurrences, occurrences, call('GET', '/v1/meetings/refused', 'refused')];

test('a meeting costs what was asked about it and its replacement; what the log cannot tell apart is shared out', () => {
  const { single, series } = countRequests(calls, truth, 2);
  expect(single).toEqual({ meetings: 1, each: 5, byRequest: { 'read meeting': 1, create: 1, 'read invitees': 1, delete: 1, 'look up by number': 1 } });
  expect(series).toMatchObject({ meetings: 1, each: 7, byRequest: { 'list occurrences': 2 } });
});

test('the number over all counts every request, also of meetings that were not done', () => {
  expect(countRequests(calls, truth, 2).perMeeting).toBe(6.5);
});

test('a campaign in which nothing was done costs nothing per meeting of a kind', () => {
  expect(countRequests([], truth, 0)).toMatchObject({ perMeeting: 0, single: { meetings: 0, each: 0 } });
});
