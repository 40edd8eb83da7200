import { inspect } from 'node:util';
import { LedgerBench, aName } from '../support/ledger.js';
import { query } from '../support/postgres.js';
import { ScriptedVendor, type Answering } from '../support/scripted-vendor.js';
import { TokenWorker } from '../support/token-worker.js';
import { failureOf } from '../support/webex-answers.js';

const bench = LedgerBench.inThisFile();
const vendor = ScriptedVendor.inThisFile();
const workers: TokenWorker[] = [];
afterEach(async () => void (await Promise.all(workers.splice(0).map((worker) => worker.stop()))));

const planted = { clientId: 'planted-client', clientSecret: 'planted-secret', refreshToken: 'planted-refresh' };
const given = { access_token: 'planted-access', expires_in: 1_209_599, refresh_token: 'planted-next', refresh_token_expires_in: 7_775_999 };

function worker(identity = aName()): TokenWorker & { identity: string } {
  const made = new TokenWorker({ store: bench.store, identity, baseUrl: vendor.baseUrl, configured: () => planted });
  workers.push(made);
  return Object.assign(made, { identity });
}
const answering = (answer: Answering) => vendor.on('POST', '/access_token', answer);
const stateOf = async (identity: string) => (await bench.ledger.credentials.list([identity]))[0]!;
const doubt = async (identity: string) => (await query(bench.store.databaseUrl, 'select pending_since is not null as doubt from credential where identity = $1', [identity]))[0]!['doubt'];

test('a renewal is one form, and what comes back is used and kept', async () => {
  answering({ body: given });
  vendor.on('GET', '/people/me', { body: {} });
  const { webex, token } = worker();
  await webex.verify();
  await token();
  const [asked, ...more] = vendor.to('POST', '/access_token');
  expect(more).toEqual([]);
  expect(asked?.headers['content-type']).toBe('application/x-www-form-urlencoded');
  expect(asked?.body).toEqual({ grant_type: 'refresh_token', client_id: 'planted-client', client_secret: 'planted-secret', refresh_token: 'planted-refresh' });
  expect(vendor.to('GET', '/people/me')[0]?.headers.authorization).toBe('Bearer planted-access');
});

test('a vendor that gives no new refresh token and no end of it keeps the one there is', async () => {
  answering({ body: { access_token: 'planted-access', expires_in: '3600' } });
  const { token, onRefused, identity } = worker();
  await onRefused(await token());
  await token();
  expect(vendor.to('POST', '/access_token').map(({ body }) => (body as typeof planted & { refresh_token: string }).refresh_token)).toEqual(['planted-refresh', 'planted-refresh']);
  expect(await stateOf(identity)).toMatchObject({ refreshExpiresAt: null, problem: null });
});

test.each<[string, Answering, string, string | null, boolean]>([
  ['refused with 400', { status: 400, body: { message: planted.refreshToken } }, 'Unauthorised', 'RefreshRefused', false],
  ['refused with 401 in HTML', { status: 401, body: `<p>${planted.clientSecret}</p>` }, 'Unauthorised', 'RefreshRefused', false],
  ['refused for its client', { status: 401, body: { error: 'invalid_client', error_description: planted.clientSecret } }, 'Unauthorised', 'ClientRefused', false],
  ['an outage', { status: 503, body: given.access_token }, 'VendorUnavailable', 'RefreshFailed', true],
  ['no such address', { status: 404, body: {} }, 'VendorUnavailable', 'RefreshFailed', false],
  ['a redirect', { status: 302, headers: { location: 'https://example.org/planted-secret' } }, 'VendorUnavailable', 'RefreshFailed', false],
  ['a reset', 'reset', 'VendorUnavailable', 'RefreshFailed', true],
  ['an answer cut off', 'cut', 'VendorUnavailable', 'RefreshFailed', true],
  ['an answer without a token', { body: { expires_in: 5, refresh_token: given.refresh_token } }, 'VendorUnavailable', 'RefreshFailed', true],
  ['a token that would end a header', { body: { ...given, access_token: 'planted-access\r\nx: y' } }, 'VendorUnavailable', 'RefreshFailed', true],
  ['a token without an end', { body: { ...given, expires_in: 'planted-access' } }, 'VendorUnavailable', 'RefreshFailed', true],
])('%s: told without a secret, in doubt only when the token may be used up, and not asked again at once', async (_, answer, type, problem, doubtful) => {
  answering(answer);
  const { webex, identity } = worker();
  const failures = [await failureOf(webex.verify()), await failureOf(webex.verify())];
  expect(failures.map((failure) => failure.type)).toEqual([type, type]);
  expect(vendor.to('POST', '/access_token')).toHaveLength(1);
  expect([(await stateOf(identity)).problem, await doubt(identity)]).toEqual([problem, doubtful]);
  for (const failure of failures) expect(`${JSON.stringify(failure)} ${failure.stack} ${inspect(failure, { depth: null, showHidden: true })}`).not.toContain('planted');
});

test('a 429 quiets the identity for all workers, and nothing more is asked until then', async () => {
  answering({ status: 429, body: 'planted', headers: { 'retry-after': '120' } });
  const { webex, identity, ledger } = worker();
  const failures = [await failureOf(webex.verify()), await failureOf(worker(identity).webex.verify())];
  for (const { type, facts } of failures) expect([type, (facts.retryAfterMs ?? 0) > 60_000, (facts.retryAfterMs ?? 0) <= 120_000]).toEqual(['RateLimited', true, true]);
  expect(await ledger.pace.quietMs(identity)).toBeGreaterThan(60_000);
  expect(vendor.to('POST', '/access_token')).toHaveLength(1);
  expect((await stateOf(identity)).problem).toBeNull();
});

test('an outage of the renewal stops nothing while the access token is good', async () => {
  answering({ body: given });
  const { token, identity } = worker();
  await token();
  await query(bench.store.databaseUrl, `update credential set access_at = access_at - interval '14 days', access_expires_at = clock_timestamp() + interval '5 minutes' where identity = $1`, [identity]);
  answering({ status: 503, body: 'planted' });
  expect([await token(), await token()]).toEqual(['planted-access', 'planted-access']);
  expect(vendor.to('POST', '/access_token')).toHaveLength(2);
});

test('no token and no secret is in the database in the clear, and a sealed one opens in its own place only', async () => {
  answering({ body: given });
  const { token, identity, ledger } = worker();
  await token();
  const [line] = await query(bench.store.databaseUrl, 'select c::text as line from credential c where identity = $1', [identity]);
  const text = String(line!['line']);
  const clear = text.replace(/\\+x([0-9a-f]+)/g, (_, hex: string) => Buffer.from(hex, 'hex').toString('latin1'));
  expect(text).toContain(identity);
  for (const shown of [text, clear]) expect(shown).not.toContain('planted');
  for (const hidden of [Buffer.from('planted').toString('hex'), Buffer.from('planted').toString('base64').slice(0, 8)]) expect(text).not.toContain(hidden);
  await query(bench.store.databaseUrl, 'update credential set access = refresh where identity = $1', [identity]);
  await expect(ledger.credentials.read(identity, planted)).rejects.toMatchObject({ type: 'InvalidInput' });
});
