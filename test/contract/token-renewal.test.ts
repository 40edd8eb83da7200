import type { OauthClient, TokenGrant } from '../../domain/credential.js';
import { startSimulators, type SimulatorOptions, type Simulators } from '../../simulators/start-simulators.js';
import { LedgerBench, aName } from '../support/ledger.js';
import { query } from '../support/postgres.js';
import { TokenWorker, type TokenWorkerInput } from '../support/token-worker.js';
import { failureOf } from '../support/webex-answers.js';

const bench = LedgerBench.inThisFile();
const stopping: { stop(): Promise<void> }[] = [];
afterEach(async () => void (await Promise.all(stopping.splice(0).map((each) => each.stop()))));

/** A vendor, an identity that is authorised there, and as many workers as wanted. */
class Scene {
  readonly identity = aName();
  client: OauthClient;
  private constructor(readonly simulators: Simulators) {
    const { clientId, clientSecret, refreshTokens } = simulators.app;
    this.client = { clientId, clientSecret, refreshToken: refreshTokens[0]! };
  }
  static async open(options: SimulatorOptions = {}): Promise<Scene> {
    const simulators = await startSimulators({ meetings: 0, hosts: 2, rpm: 100_000, ...options });
    stopping.push(simulators);
    return new Scene(simulators);
  }
  worker(more: Partial<TokenWorkerInput> = {}): TokenWorker {
    const worker = new TokenWorker({ store: bench.store, identity: this.identity, baseUrl: this.simulators.webex.url, configured: () => this.client, ...more });
    stopping.push(worker);
    return worker;
  }
  async control<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.simulators.control}/${path}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
    return (response.status === 204 ? undefined : await response.json()) as T;
  }
  revoke = (what: 'access' | 'refresh' | 'all'): Promise<void> => this.control('POST', 'tokens/revoke', { what });
  /** The operator authorises the app anew and puts the new refresh token where the configuration says. */
  async renewByHand(): Promise<void> {
    const { refreshToken } = await this.control<{ refreshToken: string }>('POST', 'tokens/issue', {});
    this.client = { ...this.client, refreshToken };
  }
  refreshes = async (): Promise<number> => (await this.control<{ refreshes: Record<string, number> }>('GET', 'tokens')).refreshes['identity-1'] ?? 0;
  refusals = async (): Promise<number> => (await this.control<{ refusals: number }>('GET', 'tokens')).refusals;
  state = async () => (await bench.ledger.credentials.list([this.identity]))[0]!;
  /** As if so much time had passed, for what is held back. */
  later = (seconds: number) => query(bench.store.databaseUrl, `update credential set retry_at = retry_at - make_interval(secs => $2), access_at = access_at - make_interval(secs => $2) where identity = $1`, [this.identity, seconds]);
}

/** Of 14 days ten minutes are left. */
const NEARLY_OVER = `update credential set access_at = access_at - interval '14 days' + interval '10 minutes', access_expires_at = access_expires_at - interval '14 days' + interval '10 minutes' where identity = $1`;

/** The worker is killed when the vendor has answered and before the answer is saved. */
const killedAfterwards = (grant: TokenGrant): TokenGrant => async (client) => {
  await grant(client);
  throw new Error('killed');
};

/** Opens when so many wait at it, and stays open. */
function gateFor(count: number): () => Promise<void> {
  let waiting = 0;
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return () => {
    if (++waiting === count) open();
    return opened;
  };
}

test.each([false, true])('the first request gets an access token, further ones use it, and its end is known (rotating: %s)', async (rotateRefresh) => {
  const scene = await Scene.open({ rotateRefresh });
  const worker = scene.worker();
  expect(await scene.state()).toEqual({ identity: scene.identity, accessExpiresAt: null, refreshExpiresAt: null, problem: null });
  for (let i = 0; i < 3; i++) await worker.webex.verify();
  expect(await scene.refreshes()).toBe(1);
  const { accessExpiresAt, refreshExpiresAt, problem } = await scene.state();
  expect([accessExpiresAt, refreshExpiresAt].map((at) => Math.round((Date.parse(at!) - Date.now()) / 86_400_000))).toEqual([14, 90]);
  expect(problem).toBeNull();
});

test.each([false, true])('twenty requests of two workers that meet a 401 at once lead to one refresh (rotating: %s)', async (rotateRefresh) => {
  const scene = await Scene.open({ rotateRefresh });
  const gate = gateFor(20);
  const workers = [scene.worker({ turn: gate }), scene.worker({ turn: gate })];
  await Promise.all(workers.map((worker) => worker.token()));
  await scene.revoke('access');
  const ask = () => Array.from({ length: 20 }, (_, i) => workers[i % 2]!.webex.verify());
  const failures = await Promise.all(ask().map(failureOf));
  expect(new Set(failures.map(({ type }) => type))).toEqual(new Set(['Unauthorised']));
  expect(await scene.refreshes()).toBe(1);
  await Promise.all(ask());
  expect(await scene.refreshes()).toBe(2);
  expect(await scene.refusals()).toBe(0);
});

test('a late 401 to a token that was replaced meanwhile renews nothing', async () => {
  const scene = await Scene.open();
  const worker = scene.worker();
  const old = await worker.token();
  await worker.onRefused(old);
  const fresh = await worker.token();
  await worker.onRefused(old);
  expect([await worker.token(), fresh === old, await scene.refreshes()]).toEqual([fresh, false, 2]);
});

test('a vendor that refuses what it has just given is not asked for more again and again, and that is announced', async () => {
  const scene = await Scene.open();
  const worker = scene.worker();
  for (let i = 0; i < 12; i++) await worker.onRefused(await worker.token());
  expect(await scene.refreshes()).toBe(2);
  expect((await scene.state()).problem).toBe('AccessRefused');
  await scene.later(61);
  await worker.webex.verify();
  expect([await scene.refreshes(), (await scene.state()).problem]).toEqual([3, null]);
});

test('an access token is renewed ahead of its end, by one worker, while the others go on with it', async () => {
  const scene = await Scene.open();
  const workers = [scene.worker(), scene.worker()];
  const first = await workers[0]!.token();
  await query(bench.store.databaseUrl, NEARLY_OVER, [scene.identity]);
  const tokens = await Promise.all(Array.from({ length: 20 }, (_, i) => workers[i % 2]!.token()));
  expect(await scene.refreshes()).toBe(2);
  expect(tokens.filter((token) => token !== first).length).toBeGreaterThanOrEqual(1);
});

test('a worker that is killed between refresh and save does not lock the identity out', async () => {
  const scene = await Scene.open();
  await expect(scene.worker({ around: killedAfterwards }).token()).rejects.toThrow('killed');
  await scene.worker().webex.verify();
  expect([await scene.refreshes(), (await scene.state()).problem]).toEqual([2, null]);
});

test('a worker that dies while it renews holds up nobody', async () => {
  const scene = await Scene.open();
  const [asked, dead] = [gateFor(2), gateFor(2)];
  const dying = scene.worker({ around: () => () => asked().then(dead).then(() => Promise.reject(new Error('killed'))) });
  const lost = dying.token().catch(() => undefined);
  await asked();
  const waiting = scene.worker().token();
  await query(bench.store.databaseUrl, `select pg_terminate_backend(pid) from pg_locks join pg_database d on d.oid = database where locktype = 'advisory' and granted and datname = current_database()`);
  expect(await waiting).toMatch(/^simulated-access-/);
  await dead();
  await lost;
});

test('where the vendor takes a refresh token once only, such a kill is named, nobody hammers, and a renewed token is used by itself', async () => {
  const scene = await Scene.open({ rotateRefresh: true });
  await scene.worker().webex.verify();
  await scene.revoke('access');
  const dying = scene.worker({ around: killedAfterwards });
  expect((await failureOf(dying.webex.verify())).type).toBe('Unauthorised');
  await expect(dying.token()).rejects.toThrow('killed');

  const workers = [scene.worker(), scene.worker()];
  const failures = await Promise.all(Array.from({ length: 20 }, (_, i) => failureOf(workers[i % 2]!.webex.verify())));
  expect(new Set(failures.map(({ type, message }) => `${type} ${message}`))).toEqual(new Set(['Unauthorised RefreshLost: `relink status` says what to do']));
  expect([await scene.refusals(), (await scene.state()).problem]).toEqual([1, 'RefreshLost']);

  await scene.renewByHand();
  await Promise.all(workers.map((worker) => worker.webex.verify()));
  expect([await scene.refreshes(), (await scene.state()).problem]).toEqual([3, null]);
});

test('an answer that the ledger did not take is saved by the next attempt of the same worker', async () => {
  const scene = await Scene.open({ rotateRefresh: true });
  const worker = scene.worker();
  const save = jest.spyOn(worker.ledger.credentials, 'save').mockRejectedValueOnce(new Error('the database is restarting'));
  await expect(worker.token()).rejects.toThrow('restarting');
  await worker.webex.verify();
  expect([save.mock.calls.length, await scene.refreshes(), await scene.refusals()]).toEqual([2, 1, 0]);
});

test('a revoked app is named, waits, and goes on by itself when the vendor takes its token back or the operator renews it', async () => {
  const scene = await Scene.open();
  const worker = scene.worker();
  await worker.webex.verify();
  await scene.revoke('all');
  for (let i = 0; i < 5; i++) expect((await failureOf(worker.webex.verify())).type).toBe('Unauthorised');
  expect([await scene.refusals(), (await scene.state()).problem]).toEqual([1, 'RefreshRefused']);
  await scene.later(301);
  await failureOf(worker.webex.verify());
  expect(await scene.refusals()).toBe(2);
  await scene.renewByHand();
  await worker.webex.verify();
  expect((await scene.state()).problem).toBeNull();
});

test('a wrong client secret is told apart, and mended by itself when the configuration is', async () => {
  const scene = await Scene.open();
  const right = scene.client;
  scene.client = { ...right, clientSecret: 'wrong' };
  const worker = scene.worker();
  expect((await failureOf(worker.webex.verify())).message).toContain('ClientRefused');
  scene.client = right;
  await worker.webex.verify();
});

test('a configured token that is renewed ahead of time is taken over, and an old one that another worker still has never comes back', async () => {
  const scene = await Scene.open({ rotateRefresh: true });
  const before = scene.client;
  const [ahead, behind] = [scene.worker(), scene.worker({ configured: () => before })];
  await ahead.webex.verify();
  await scene.renewByHand();
  await ahead.webex.verify();
  for (let i = 0; i < 3; i++) await Promise.all([ahead, behind].map((worker) => worker.webex.verify()));
  expect([await scene.refreshes(), await scene.refusals()]).toEqual([2, 0]);
});

test('a mistyped new token stops nothing while the access token is good, is named, and is forgotten when it is taken back', async () => {
  const scene = await Scene.open({ rotateRefresh: true });
  const worker = scene.worker();
  await worker.webex.verify();
  const good = scene.client;
  scene.client = { ...good, refreshToken: 'mistyped' };
  for (let i = 0; i < 3; i++) await worker.webex.verify();
  expect([await scene.refusals(), (await scene.state()).problem]).toEqual([1, 'RefreshRefused']);
  scene.client = good;
  await scene.later(301);
  await worker.webex.verify();
  expect([await scene.refusals(), (await scene.state()).problem]).toEqual([1, null]);
});
