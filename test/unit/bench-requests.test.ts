import { countRequests } from '../bench/requests.js';
import type { LoggedCall, Truth } from '../bench/vendor-log.js';

const truth: Truth = {
  a: { kind: 'single', origin: 'seed', host: 'person-1' },
  'new-a': { kind: 'single', origin: 'api', host: 'person-1', standsFor: 'a' },
  form: { kind: 'registration', origin: 'seed', host: 'person-1' },
  'new-form': { kind: 'single', origin: 'api', host: 'person-1', standsFor: 'form' },
  s: { kind: 'series', origin: 'seed', host: 'person-2' },
  'new-s': { kind: 'series', origin: 'api', host: 'person-2', standsFor: 's' },
  refused: { kind: 'single', origin: 'seed', host: 'person-1' },
};

let n = 0;
const call = (method: string, path: string, meetingId: string | null, { query = '', host = null }: { query?: string; host?: string | null } = {}): LoggedCall => ({ n: ++n, tick: n, at: '2026-11-24T00:00:00.000Z', method, path, query, identity: 'identity-1', status: 200, meetingId, host, fault: null, effect: true, refusedBy: null, mailsPeople: false });

const remediation = (id: string): readonly LoggedCall[] => [
  call('GET', `/v1/meetings/${id}`, id),
  call('POST', '/v1/meetings', `new-${id}`),
  call('GET', '/v1/meetingInvitees', `new-${id}`),
  call('DELETE', `/v1/meetings/${id}`, id),
];
const list = (host: string) => call('GET', '/v1/meetings', null, { query: 'hostEmail=…&meetingType=meetingSeries', host });
const occurrences = call('GET', '/v1/meetings', 's', { query: 'meetingSeriesId=…&meetingType=scheduledMeeting' });
const calls = [
  ...['a', 'form', 's'].flatMap(remediation),
  ...['person-1', 'person-2', 'person-3'].map(list),
  occurrences,
  occurrences,
  call('GET', '/v1/meetings/form/registrants', 'form'),
  call('DELETE', '/v1/meetings/refused_20270101T090000Z', 'refused'),
  call('GET', '/v1/meetings/refused', 'refused'),
];

test('a meeting costs what was asked about it and its replacement, and its share of what was asked for all of its host', () => {
  const { kinds } = countRequests(calls, truth, 3);
  expect(kinds).toMatchObject({
    single: { meetings: 1, each: 4.5, byRequest: { 'read meeting': 1, create: 1, 'read invitees': 1, delete: 1, 'list of the host': 0.5 } },
    registration: { meetings: 1, each: 5.5, byRequest: { 'read registrants': 1 } },
    series: { meetings: 1, each: 7, byRequest: { 'list occurrences': 2, 'list of the host': 1 } },
  });
});

test('meetings of hosts with one alone are told apart, and how many a host has', () => {
  const { alone, perHost, shortSeries } = countRequests(calls, { ...truth, form: { ...truth['form']!, host: 'person-4' } }, 3);
  expect([alone.meetings, alone.each, perHost]).toEqual([1, 5, 1]);
  expect(shortSeries).toMatchObject({ meetings: 1, each: 7 });
  expect(countRequests(calls, truth, 3)).toMatchObject({ alone: { meetings: 0 }, perHost: 1.5 });
  expect(countRequests([...calls, occurrences, occurrences], truth, 3).shortSeries.meetings).toBe(0);
});

test('the number over all counts every request, also of meetings that were not done', () => {
  expect(countRequests(calls, truth, 2).perMeeting).toBe(calls.length / 2);
});

test('a campaign in which nothing was done costs nothing', () => {
  expect(countRequests([], truth, 0)).toMatchObject({ perMeeting: 0, kinds: {}, alone: { meetings: 0, each: 0 }, perHost: 0 });
});
