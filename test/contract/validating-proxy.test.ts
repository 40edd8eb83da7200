import { ScriptedVendor, type Reply } from '../support/scripted-vendor.js';
import { ValidatingProxy } from '../support/validating-proxy.js';
import { aMeeting, HOST, items } from '../support/webex-answers.js';
import { hostsOf, inDays, replacementBody, start, stopAll } from './simulator-client.js';

const vendor = ScriptedVendor.inThisFile();
afterAll(stopAll);

/** What the proxy has to say of one request, and of the answer to it. */
async function violations({ method = 'GET', path = '/meetings/m1', body, type = 'application/json', answer = { body: {} } }: { method?: string; path?: string; body?: unknown; type?: string; answer?: Reply }): Promise<readonly string[]> {
  const proxy = await ValidatingProxy.before(vendor.baseUrl);
  vendor.on(method, path.split('?')[0] ?? path, answer);
  await fetch(`${proxy.url}${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': type } }) });
  await proxy.stop();
  return proxy.violations;
}

/** With all that the document requires of an answer. */
const shown = (changes = {}) => aMeeting({ hostUserId: 'u1', hostKey: '1', enabledBreakoutSessions: false, telephony: { accessCode: '1', callInNumbers: [], links: [] }, ...changes });
const listed = { body: shown({ meetingSeriesId: 'm1' }) };

const creation = { title: 'Vorla', start: inDays(3), end: inDays(3, 11), hostEmail: HOST, sendEmail: false };

describe('the proxy before the vendor lets pass', () => {
  test.each([
    ['a meeting as the document shows it', { answer: { body: shown() } }],
    ['an empty list', { path: `/meetings?hostEmail=${HOST}&meetingType=meetingSeries&max=100`, answer: items() }],
    ['a page by a link that only the vendor can make', { path: `/meetings?hostEmail=${HOST}&cursor=abc`, answer: items() }],
    ['a creation', { method: 'POST', path: '/meetings', body: creation, answer: { body: shown() } }],
    ['a change of one meeting, in the media type of the document', { method: 'PATCH', body: { title: 'Vorla' }, type: 'application/json-patch+json', answer: listed }],
    ['a deletion without a body', { method: 'DELETE', path: `/meetings/m1?hostEmail=${HOST}&sendEmail=false`, answer: { status: 204 } }],
    ['an error that the vendor documents for its whole API', { answer: { status: 404, body: { message: 'gone' } } }],
    ['an answer of a gateway', { answer: { status: 502, body: '<html>', headers: { 'content-type': 'text/html' } } }],
  ])('%s', async (_, exchange) => expect(await violations(exchange)).toEqual([]));
});

describe('the proxy before the vendor finds', () => {
  test.each<[string, Parameters<typeof violations>[0], string]>([
    ['a parameter of the query that the document does not name', { path: `/meetings?hostEmail=${HOST}&owner=x`, answer: items() }, 'listMeetings'],
    ['a parameter of another type', { path: `/meetings?hostEmail=${HOST}&max=many`, answer: items() }, 'listMeetings'],
    ['a creation without what it must have', { method: 'POST', path: '/meetings', body: { ...creation, title: undefined }, answer: { body: shown() } }, 'createMeeting'],
    ['a field of another type in a creation', { method: 'POST', path: '/meetings', body: { ...creation, sendEmail: 'no' }, answer: { body: shown() } }, 'createMeeting'],
    ['an invented field in a creation', { method: 'POST', path: '/meetings', body: { ...creation, owner: HOST }, answer: { body: shown() } }, 'createMeeting'],
    ['a change in another media type', { method: 'PATCH', body: { title: 'Vorla' }, answer: listed }, 'patchMeeting'],
    ['an operation that the document does not have', { method: 'PUT', body: { title: 'Vorla' }, answer: { body: shown() } }, 'no such operation'],
    ['an answer with a field of another type', { answer: { body: shown({ title: 5 }) } }, 'readMeeting'],
    ['an answer with an invented field', { answer: { body: shown({ createdAt: inDays(1) }) } }, 'readMeeting'],
    ['a status that the document does not have', { answer: { status: 202, body: shown() } }, 'status 202'],
    ['a bad request, although a gateway broke the answer', { path: '/meetings/m1?owner=x', answer: { status: 502, body: '<html>', headers: { 'content-type': 'text/html' } } }, 'readMeeting'],
  ])('%s', async (_, exchange, named) => {
    const found = await violations(exchange);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(named);
    expect(found[0]).not.toContain(HOST);
  });
});

test('the simulator and the proxy know each other: what is sent arrives, and what breaks breaks', async () => {
  const client = await start();
  const proxy = await ValidatingProxy.before(client.simulators.webex.url);
  const [hostEmail = ''] = await hostsOf(client);
  const headers = { authorization: `Bearer ${client.simulators.webex.token}`, 'content-type': 'application/json' };
  const made = await fetch(`${proxy.url}/meetings`, { method: 'POST', headers, body: JSON.stringify(replacementBody(hostEmail)) });
  const { id } = (await made.json()) as { id: string };
  expect((await client.get(`/meetings/${id}`, { hostEmail })).status).toBe(200);
  await client.simulators.stop();
  await expect(fetch(`${proxy.url}/meetings/${id}`, { headers })).rejects.toThrow('fetch failed');
  await proxy.stop();
  expect([proxy.violations, [...proxy.seen]]).toEqual([[], [['createMeeting', 1]]]);
});
