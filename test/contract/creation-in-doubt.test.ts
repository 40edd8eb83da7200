import { createRemediation } from '../../activities/remediation.js';
import type { CampaignOrder } from '../../domain/campaign.js';
import { RelinkFailure, type FailureType } from '../../domain/failures.js';
import type { Beside } from '../../domain/futile.js';
import type { ItemRecord, Ledger } from '../../domain/ledger.js';
import type { ConferencingVendor } from '../../domain/ports.js';
import type { StepEvent } from '../../domain/states.js';
import { isKeptBack } from '../../domain/verdict.js';
import { aSnapshot, aSpec, anIdentity, noLists } from '../support/specs.js';

let mockAttempt = 1;
jest.mock('@temporalio/activity', () => ({ activityInfo: () => ({ attempt: mockAttempt }), heartbeat: () => undefined }));

/** The clock of this file: it moves only when something takes time. */
let now = Date.parse('2026-06-01T12:00:00.000Z');
beforeEach(() => void jest.spyOn(Date, 'now').mockImplementation(() => now));
afterEach(() => jest.restoreAllMocks());

const LAG = 60_000;
const REF = { campaign: 'c', meeting: 'm' };
const legacy = aSnapshot('old');

/** A vendor whose lists show a creation after a while, and a ledger that remembers; both in memory. */
class Bench {
  readonly events: StepEvent[] = [];
  readonly made: { readonly id: string; readonly visibleAt: number }[] = [];
  item: ItemRecord = { state: 'running', wave: 1, lane: 'ops-1', kind: 'single', legacy: legacy.identity, replacement: null, startsAt: null, failure: null, verifiedAt: null, graceEndsAt: null, retiredAt: null };
  /** Under which limit each creation was counted. */
  readonly spent: number[] = [];
  /** How long the vendor's look-up by tag waits for its turn. */
  lookTakesMs = 0;
  /** What becomes of the next creation once it has happened at the vendor. */
  creationEnds: 'well' | 'in silence' = 'well';
  readonly returned: string[] = [];
  /** The operator's. */
  order: CampaignOrder = 'go';
  snapshot = legacy;
  /** Once the creation is sent. */
  answer: () => void = () => undefined;
  /** How long the last attempt that failed asked to wait. */
  waitMs: number | undefined;
  /** Creations of other meetings. */
  beside: readonly Beside[] = [];
  quotaWindowMs = 1;
  /** While the creation waits for its turn. */
  meanwhile: () => void = () => undefined;

  log(state: StepEvent['state'], failure: FailureType | null = null): void {
    this.events.push({ step: 'replace', state, at: new Date(now).toISOString(), attempt: mockAttempt, trackingId: null, failure, note: null });
  }

  async ensure(): Promise<unknown> {
    return createRemediation(this.#context()).ensureReplacement(REF).then(({ stale }) => (stale ? 'stale' : 'replaced'), (cause: unknown) => {
      this.waitMs = cause instanceof RelinkFailure ? cause.facts.retryAfterMs : undefined;
      return cause instanceof RelinkFailure ? cause.type : cause;
    });
  }

  #context() {
    const items: Pick<Ledger['items'], 'get' | 'readSnapshot' | 'stepEvents' | 'recordStep' | 'saveReplacement' | 'creationsBeside'> = {
      creationsBeside: (_ref, _lane, since) => Promise.resolve(this.beside.filter(({ at }) => at > since)),
      get: () => Promise.resolve(this.item),
      readSnapshot: () => Promise.resolve({ snapshot: this.snapshot, fingerprint: 'f' }),
      stepEvents: () => Promise.resolve([...this.events]),
      recordStep: (_, event) => Promise.resolve(void this.events.push({ ...event, at: new Date(now).toISOString() })),
      saveReplacement: (_, replacement) => Promise.resolve(void (this.item = { ...this.item, replacement })),
    };
    const vendor: Pick<ConferencingVendor, 'findByTag' | 'createReplacement' | 'identify'> = {
      findByTag: () => {
        const seen = this.made.filter(({ visibleAt }) => visibleAt <= now).map(({ id }) => anIdentity(id));
        now += this.lookTakesMs;
        return Promise.resolve(seen);
      },
      createReplacement: async (_legacy, _policy, _tag, lastLook) => {
        this.meanwhile();
        await lastLook?.();
        this.answer();
        this.made.push({ id: `new-${this.made.length}`, visibleAt: now + LAG - 1 });
        if (this.creationEnds === 'in silence') throw new RelinkFailure('NetworkAmbiguous', 'no answer');
        return { identity: anIdentity(`new-${this.made.length - 1}`), complete: true };
      },
      identify: (ref) => Promise.resolve({ ...legacy.identity, ...ref }),
    };
    const campaigns = { get: () => Promise.resolve({ spec: aSpec('c'), order: this.order, phase: 'remediating', startedAt: null }) };
    const pace = { spendCreation: (_identity: string, _host: string, { identity }: { identity: number }) => Promise.resolve({ allowed: true, spend: String(this.spent.push(identity)) }), creationAnswered: () => Promise.resolve(), returnCreation: (spend: string) => Promise.resolve(void this.returned.push(spend)) };
    return { ledger: { campaigns, items, pace } as unknown as Ledger, vendor: vendor as unknown as ConferencingVendor, lists: noLists(), identity: 'ops-1', quota: { identity: 100, host: 100, windowMs: this.quotaWindowMs, fresh: { identity: 94, host: 94 } }, listLagMs: LAG };
  }
}

/** Attempts, ten seconds apart, until one is through. */
async function untilReplaced(bench: Bench): Promise<void> {
  for (mockAttempt++; (await bench.ensure()) !== 'replaced'; mockAttempt++) now += 10_000;
}

test('a lost creation that reached the vendor late in its attempt is found, not repeated', async () => {
  const bench = new Bench();
  bench.creationEnds = 'in silence';
  bench.meanwhile = () => (now += 2 * LAG);
  expect(await bench.ensure()).toBe('NetworkAmbiguous');
  bench.creationEnds = 'well';
  await untilReplaced(bench);
  expect(bench.made).toHaveLength(1);
});

test('a look that began before the lists can have caught up does not count, however long it took', async () => {
  const bench = new Bench();
  bench.creationEnds = 'in silence';
  expect(await bench.ensure()).toBe('NetworkAmbiguous');
  bench.creationEnds = 'well';
  bench.lookTakesMs = 2 * LAG;
  await untilReplaced(bench);
  expect(bench.made).toHaveLength(1);
});

test('an attempt whose worker died may have spoken to the vendor until its successor began', async () => {
  const bench = new Bench();
  bench.log('started');
  now += 2 * LAG;
  bench.made.push({ id: 'new-0', visibleAt: now + LAG - 1 });
  await untilReplaced(bench);
  expect(bench.made).toHaveLength(1);
  expect(bench.item.replacement?.id).toBe(anIdentity('new-0').id);
});

test('an attempt that another one has taken over from does not create any more', async () => {
  const bench = new Bench();
  bench.meanwhile = () => {
    mockAttempt = 2;
    bench.log('started');
    mockAttempt = 1;
  };
  mockAttempt = 1;
  expect(await bench.ensure()).toBe('NetworkAmbiguous');
  expect(bench.made).toEqual([]);
});

test('an attempt that was given up before it began does not create once its meeting was put back', async () => {
  const bench = new Bench();
  bench.meanwhile = () => (bench.item = { ...bench.item, state: 'rolled-back' });
  expect(await bench.ensure()).toBe('RolledBack');
  expect(bench.made).toEqual([]);
});

test('a creation that is paused while it waits for its turn is kept back', async () => {
  const bench = new Bench();
  bench.meanwhile = () => (bench.order = 'pause');
  expect(await bench.ensure()).toBe('CampaignPaused');
  expect([bench.made, bench.returned]).toEqual([[], ['1']]);
});

describe('what a replacement is to be made from is read anew first', () => {
  const HOUR = 3_600_000;
  const at = (ms: number): string => new Date(now + ms).toISOString();
  const read = (bench: Bench): void => void bench.events.push({ step: 'snapshot', state: 'done', at: at(0), attempt: 1, trackingId: null, failure: null, note: null });

  test('when it was read long ago, but not while a creation is in doubt', async () => {
    const bench = new Bench();
    bench.snapshot = { ...legacy, occurrences: [{ start: at(9 * HOUR), end: at(10 * HOUR) }] };
    read(bench);
    now += 2 * HOUR;
    expect([await bench.ensure(), bench.made, bench.spent]).toEqual(['stale', [], []]);
    read(bench);
    bench.creationEnds = 'in silence';
    expect(await bench.ensure()).toBe('NetworkAmbiguous');
    bench.creationEnds = 'well';
    now += 2 * HOUR;
    await untilReplaced(bench);
    expect(bench.made).toHaveLength(1);
  });

  test.each<[string, number, number]>([
    ['is about to start', 30_000, HOUR],
    ['is being held', -HOUR, HOUR],
    ['was held', -2 * HOUR, -HOUR],
  ])('when by now it %s', async (_, start, end) => {
    const bench = new Bench();
    bench.snapshot = { ...legacy, occurrences: [{ start: at(start), end: at(end) }] };
    read(bench);
    expect([await bench.ensure(), bench.made]).toEqual(['stale', []]);
  });
});

test('a first attempt leaves the reserve of the quota alone, a repeat may use it', async () => {
  const bench = new Bench();
  bench.answer = () => {
    throw new RelinkFailure('RateLimited', 'status 429', { status: 429 });
  };
  expect(await bench.ensure()).toBe('RateLimited');
  bench.answer = () => undefined;
  now += 2 * LAG;
  await untilReplaced(bench);
  expect(bench.spent).toEqual([94, 100]);
});

describe('a creation', () => {
  const failing = (type: FailureType, status?: number) => () => {
    throw new RelinkFailure(type, 'kept back', { status });
  };
  async function attempts(bench: Bench, ends: readonly (readonly ['meanwhile' | 'answer', () => never])[]): Promise<void> {
    for (const [when, end] of ends) {
      Object.assign(bench, { meanwhile: () => undefined, answer: () => undefined, [when]: end });
      mockAttempt++;
      await bench.ensure();
      now += 2 * LAG;
    }
  }

  test.each<[string, 'meanwhile' | 'answer', () => never]>([
    ['a throttle keeps it back', 'meanwhile', failing('Throttled')],
    ['the identity is quiet', 'meanwhile', failing('RateLimited')],
    ['no token is to be had', 'meanwhile', failing('Unauthorised')],
    ['the vendor does not answer a renewal of tokens', 'meanwhile', failing('VendorUnavailable', 503)],
    ['another attempt has taken over', 'meanwhile', failing('NetworkAmbiguous')],
    ['there is no connection', 'answer', failing('VendorUnavailable')],
    ['the vendor does not know the token', 'answer', failing('Unauthorised', 401)],
  ])('counts no longer when %s, and the next attempt is the first', async (_, when, end) => {
    const bench = new Bench();
    await attempts(bench, [[when, end], [when, end], [when, end]]);
    expect([bench.returned, bench.spent]).toEqual([['1', '2', '3'], [94, 94, 94]]);
    expect(bench.events.filter(({ state }) => state === 'failed').map(isKeptBack)).toEqual([true, true, true]);
  });

  test.each<[string, () => never]>([
    ['refused for its rate', failing('RateLimited', 429)],
    ['refused', failing('VendorRefused', 400)],
    ['answered by nobody, perhaps after it was carried out', failing('NetworkAmbiguous')],
  ])('that was %s counts', async (_, end) => {
    const bench = new Bench();
    await attempts(bench, [['answer', end], ['answer', end]]);
    expect([bench.returned, bench.spent]).toEqual([[], [94, 100]]);
    expect(bench.events.filter(({ state }) => state === 'failed').map(isKeptBack)).toEqual([false, false]);
  });
});

describe('a creation at which the vendor fails at each attempt', () => {
  const MINUTE = 60_000;
  const failing = () => {
    throw new RelinkFailure('NetworkAmbiguous', 'status 500', { status: 500, trackingId: 't-500' });
  };
  /** Repeats it as Temporal does until it is given up, or for so many minutes. @returns what was waited before each attempt, in minutes, and how it ended */
  async function repeated(bench: Bench, minutes: number) {
    const waits: number[] = [];
    for (const end = now + minutes * MINUTE; ; mockAttempt++) {
      const outcome = await bench.ensure();
      if (outcome !== 'NetworkAmbiguous' || now > end) return { waits, outcome };
      waits.push(bench.waitMs! / MINUTE);
      now += Math.max(bench.waitMs!, LAG);
    }
  }
  const scene = (): Bench => Object.assign(new Bench(), { quotaWindowMs: 1440 * MINUTE, answer: failing });
  /** Another meeting is made every twenty seconds. */
  const others = (made: boolean): readonly Beside[] => Array.from({ length: 3 * 60 * 24 }, (_, i) => ({ at: new Date(now + i * 20_000 - 60 * MINUTE + 7).toISOString(), made }));

  test('while it makes others is given up after more than an hour: nothing is left, and an operator may have it tried again', async () => {
    const bench = scene();
    bench.beside = others(true);
    expect(await repeated(bench, 600)).toEqual({ waits: [1, 2, 4, 8, 16, 30, 30], outcome: 'VendorRefused' });
    expect([bench.spent.length, bench.made, bench.events.at(-1)]).toMatchObject([7, [], { step: 'replace', state: 'failed', failure: 'VendorRefused', code: 500, trackingId: 't-500' }]);
    expect(isKeptBack(bench.events.at(-1)!)).toBe(true); // of the quota it has used nothing
    mockAttempt = 1;
    expect(await bench.ensure()).toBe('NetworkAmbiguous');
    expect(bench.spent).toHaveLength(8);
  });

  test.each([false, true])('and at all others is repeated as long as it takes, each half hour in the end; others are tried: %s', async (tried) => {
    const bench = scene();
    bench.beside = tried ? others(false) : [];
    const { waits, outcome } = await repeated(bench, 300);
    expect([outcome, waits.slice(5).every((minutes) => minutes === 30), waits.length]).toEqual(['NetworkAmbiguous', true, 14]);
    bench.answer = () => undefined;
    now += 30 * MINUTE;
    expect(await bench.ensure()).toBe('replaced');
  });

  test('but had made it after all is found, and not given up', async () => {
    const bench = scene();
    bench.beside = others(true);
    for (mockAttempt = 1; bench.spent.length < 7; mockAttempt++) {
      await bench.ensure();
      now += Math.max(bench.waitMs!, LAG);
    }
    bench.made.push({ id: 'new-0', visibleAt: now - 1 });
    expect([await bench.ensure(), bench.item.replacement?.id]).toEqual(['replaced', anIdentity('new-0').id]);
  });

  test('without an answer is looked for and repeated as before', async () => {
    const bench = scene();
    bench.answer = () => {
      throw new RelinkFailure('NetworkAmbiguous', 'no answer');
    };
    expect([await bench.ensure(), bench.waitMs]).toEqual(['NetworkAmbiguous', undefined]);
  });
});
