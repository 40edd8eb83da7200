import { createRooms } from '../../activities/rooms.js';
import { RelinkFailure } from '../../domain/failures.js';
import type { ItemRecord, Ledger } from '../../domain/ledger.js';
import type { MeetingIdentity, MeetingSnapshot } from '../../domain/meeting.js';
import type { ConferencingVendor } from '../../domain/ports.js';
import type { PersonalRooms } from '../../domain/rooms.js';
import type { StepEvent } from '../../domain/states.js';
import { aSnapshot, aSpec, anIdentity, noLists } from '../support/specs.js';

let mockAttempt = 1;
jest.mock('@temporalio/activity', () => ({ activityInfo: () => ({ attempt: mockAttempt }), heartbeat: () => undefined }));

/** The clock of this file: it moves only when something takes time. */
let now = Date.parse('2026-06-01T12:00:00.000Z');
beforeEach(() => {
  mockAttempt = 1;
  jest.spyOn(Date, 'now').mockImplementation(() => now);
});
afterEach(() => jest.restoreAllMocks());

const LAG = 30 * 60_000;
const REF = { campaign: 'c', meeting: 'm' };
const old = anIdentity('old');
const roomAs = (identity: MeetingIdentity): MeetingSnapshot => ({ ...aSnapshot('old'), kind: 'room', identity, options: { topic: 'Plim' } });

/** A vendor that shows what a room was for a while, and a ledger that remembers; both in memory. */
class Bench {
  readonly events: StepEvent[] = [];
  readonly ids: { readonly identity: MeetingIdentity; readonly visibleAt: number }[] = [{ identity: old, visibleAt: 0 }];
  item: ItemRecord = { state: 'running', wave: 1, lane: 'ops-1', kind: 'room', legacy: old, replacement: null, startsAt: null, failure: null, verifiedAt: null, graceEndsAt: null, retiredAt: null };
  lagMs = LAG - 1;
  /** What becomes of the next change once it has happened at the vendor. */
  ends: 'well' | 'in silence' | 'refused' = 'well';
  /** While the change waits for its turn. */
  meanwhile: () => void = () => undefined;

  get id(): string | undefined {
    return this.ids.at(-1)?.identity.id;
  }

  async do(name: 'refreshRoom' | 'verifyRoom' | 'restoreRoom'): Promise<unknown> {
    return createRooms(this.#context())[name](REF).then(() => 'well', (cause: unknown) => (cause instanceof RelinkFailure ? cause.type : cause));
  }

  /** Attempts, eight minutes apart, until one is through or gives up. */
  async until(name: Parameters<Bench['do']>[0]): Promise<unknown> {
    for (mockAttempt = 1; ; mockAttempt++) {
      const outcome = await this.do(name);
      if (outcome !== 'NotYetVisible' && outcome !== 'NetworkAmbiguous') return outcome;
      this.ends = 'well';
      now += 8 * 60_000;
    }
  }

  #rooms(): Partial<PersonalRooms> {
    return {
      read: () => Promise.resolve(roomAs(this.ids.findLast(({ visibleAt }) => visibleAt <= now)?.identity ?? old)),
      propose: () => anIdentity(`new-${this.ids.length}`),
      assign: async (ref, lastLook) => {
        this.meanwhile();
        await lastLook?.();
        if (this.ends === 'refused') throw new RelinkFailure('VendorRefused', 'status 400', { status: 400 });
        const key = ref.id.replace('secret-id-', '');
        if (this.id !== ref.id) this.ids.push({ identity: { ...anIdentity(key), number: `number-${this.ids.length}` }, visibleAt: now + this.lagMs });
        if (this.ends === 'in silence') throw new RelinkFailure('NetworkAmbiguous', 'no answer');
        return {};
      },
    };
  }

  #context() {
    const items: Partial<Ledger['items']> = {
      get: () => Promise.resolve(this.item),
      readSnapshot: () => Promise.resolve({ snapshot: roomAs(old), fingerprint: 'f' }),
      stepEvents: () => Promise.resolve([...this.events]),
      recordStep: (_, event) => Promise.resolve(void this.events.push({ ...event, at: new Date(now).toISOString() })),
      saveReplacement: (_, replacement) => Promise.resolve(void (this.item = { ...this.item, replacement })),
      clearReplacement: () => Promise.resolve(void (this.item = { ...this.item, replacement: null })),
      move: (_, state) => Promise.resolve(void (this.item = { ...this.item, state })),
    };
    const campaigns = { get: () => Promise.resolve({ spec: aSpec('c'), order: 'go', phase: 'remediating', startedAt: null }) };
    const vendor = { rooms: this.#rooms() } as unknown as ConferencingVendor;
    return { ledger: { campaigns, items } as unknown as Ledger, vendor, lists: noLists(), identity: 'ops-1', quota: { identity: 1, host: 1, windowMs: 1 }, listLagMs: 0, roomLagMs: LAG };
  }
}

test('an answer that was lost makes no second id: the one that was chosen is asked for again', async () => {
  const bench = new Bench();
  bench.ends = 'in silence';
  expect(await bench.until('refreshRoom')).toBe('well');
  expect(bench.ids).toHaveLength(2);
  expect(bench.item.replacement?.id).toBe(bench.id);
});

test('a room that still shows its old id is looked at again until the vendor’s half hour is over, and found to have failed only then', async () => {
  const bench = new Bench();
  await bench.do('refreshRoom');
  expect(await bench.do('verifyRoom')).toBe('NotYetVisible');
  expect(await bench.until('verifyRoom')).toBe('well');
  expect(bench.item).toMatchObject({ state: 'replaced', replacement: { number: 'number-1' } });

  const stuck = new Bench();
  stuck.lagMs = 2 * LAG;
  await stuck.do('refreshRoom');
  expect(await stuck.until('verifyRoom')).toBe('VerificationFailed');
});

test.each(['well', 'in silence'] as const)('a refresh that ended %s is undone although the vendor still shows the old id', async (ends) => {
  const bench = new Bench();
  bench.ends = ends;
  await bench.do('refreshRoom');
  bench.ends = 'well';
  expect(await bench.until('restoreRoom')).toBe('well');
  expect([bench.id, bench.item.replacement]).toEqual([old.id, null]);
  now += LAG;
  expect(bench.ids).toHaveLength(3);
});

test('the undo waits until the vendor shows the old id again', async () => {
  const bench = new Bench();
  await bench.do('refreshRoom');
  now += LAG;
  expect(await bench.do('restoreRoom')).toBe('NotYetVisible');
  expect(bench.item.replacement).not.toBeNull();
  expect(await bench.until('restoreRoom')).toBe('well');
});

test('what never happened, or was refused, has nothing to undo', async () => {
  const bench = new Bench();
  expect(await bench.do('restoreRoom')).toBe('well');
  bench.ends = 'refused';
  expect(await bench.do('refreshRoom')).toBe('VendorRefused');
  expect(bench.events.at(-1)).toMatchObject({ state: 'failed', failure: 'VendorRefused', code: 400, note: null });
  expect(await bench.do('restoreRoom')).toBe('well');
  expect([bench.ids.length, bench.item.replacement]).toEqual([1, null]);
});

test('an old id that somebody else has taken is an undo that did not succeed, and the room keeps what it has', async () => {
  const bench = new Bench();
  await bench.do('refreshRoom');
  now += LAG;
  bench.ends = 'refused';
  expect(await bench.do('restoreRoom')).toBe('VendorRefused');
  expect(bench.item.replacement?.id).toBe(bench.id);
});

test('an owner’s own choice is not undone', async () => {
  const bench = new Bench();
  await bench.do('refreshRoom');
  bench.ids.push({ identity: anIdentity('chosen'), visibleAt: now });
  expect(await bench.do('restoreRoom')).toBe('well');
  expect(bench.id).toBe('secret-id-chosen');
});

test('an attempt that was given up while it waited its turn does not rename a room that was put back', async () => {
  const bench = new Bench();
  bench.meanwhile = () => bench.events.push({ step: 'restore room', state: 'done', at: new Date(now).toISOString(), attempt: 1, trackingId: null, failure: null, note: null });
  expect(await bench.do('refreshRoom')).toBe('NetworkAmbiguous');
  expect(bench.ids).toHaveLength(1);
});

test('nor does one that began only after that', async () => {
  const bench = new Bench();
  bench.meanwhile = () => (bench.item = { ...bench.item, state: 'rolled-back' });
  expect(await bench.do('refreshRoom')).toBe('RolledBack');
  expect(bench.ids).toHaveLength(1);
});
