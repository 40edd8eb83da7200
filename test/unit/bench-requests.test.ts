import { countRequests } from '../bench/requests.js';
import type { LoggedCall, Truth } from '../bench/vendor-log.js';

const seed = (kind: string, host: string, more: Partial<Truth[string]> = {}): Truth[string] => ({ kind, origin: 'seed', host, toCome: 1, invitees: 3, ...more });
const api = (kind: string, host: string, standsFor: string): Truth[string] => ({ ...seed(kind, host), origin: 'api', standsFor });
const truth: Truth = {
  a: seed('single', 'person-1'),
  'new-a': api('single', 'person-1', 'a'),
  form: seed('registration', 'person-1'),
  'new-form': api('single', 'person-1', 'form'),
  s: seed('series', 'person-2', { toCome: 90, invitees: 100 }),
  'new-s': api('series', 'person-2', 's'),
  refused: seed('single', 'person-1'),
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
const occurrences = (id: string) => call('GET', '/v1/meetings', id, { query: 'meetingSeriesId=…&meetingType=scheduledMeeting' });
const calls = [
  ...['a', 'form', 's'].flatMap(remediation),
  ...['person-1', 'person-2', 'person-3'].map(list),
  occurrences('s'),
  occurrences('new-s'),
  occurrences('s'),
  call('GET', '/v1/meetings/form/registrants', 'form'),
  call('DELETE', '/v1/meetings/refused_20270101T090000Z', 'refused'),
  call('GET', '/v1/meetings/refused', 'refused'),
];

test('a meeting costs what was asked about it and its replacement, and its share of what was asked for all of its host', () => {
  const { sorts } = countRequests(calls, truth, 3);
  expect(sorts).toMatchObject({
    single: { meetings: 1, each: 4.5, byRequest: { 'read meeting': 1, create: 1, 'read new invitees': 1, delete: 1, 'list of the host': 0.5 } },
    registration: { meetings: 1, each: 5.5, byRequest: { 'read registrants': 1 } },
    'plain series': { meetings: 1, each: 8, byRequest: { 'read occurrences': 2, 'read new occurrences': 1, 'list of the host': 1 } },
  });
});

test.each<[string, Partial<Truth[string]>]>([
  ['plain series', {}],
  ['long series', { toCome: 91 }],
  ['long series', { toCome: 91, invitees: 101 }],
  ['series of many people', { invitees: 101 }],
  ['series with changed occurrences', { kind: 'exceptions' }],
])('a series is a %s by what it is, whatever it cost: %j', (sort, facts) => {
  for (const spent of [calls, [...calls, ...Array.from({ length: 9 }, () => occurrences('s'))]]) {
    const { sorts, allSeries } = countRequests(spent, { ...truth, s: { ...truth['s']!, ...facts } }, 3);
    expect(Object.keys(sorts).toSorted()).toEqual(['registration', sort, 'single'].toSorted());
    expect(allSeries).toEqual(sorts[sort]);
  }
});

test('meetings of hosts with one alone are told apart, and how many a host has', () => {
  const { alone, perHost } = countRequests(calls, { ...truth, form: { ...truth['form']!, host: 'person-4' } }, 3);
  expect([alone.meetings, alone.each, perHost]).toEqual([1, 5, 1]);
  expect(countRequests(calls, truth, 3)).toMatchObject({ alone: { meetings: 0 }, perHost: 1.5 });
});

test('the number over all counts every request, also of meetings that were not done', () => {
  expect(countRequests(calls, truth, 2).perMeeting).toBe(calls.length / 2);
});

test('a campaign in which nothing was done costs nothing', () => {
  expect(countRequests([], truth, 0)).toMatchObject({ perMeeting: 0, sorts: {}, alone: { meetings: 0, each: 0 }, perHost: 0 });
});
