import { HostLists } from '../../activities/host-lists.js';
import { createRetirement } from '../../activities/retirement.js';
import { RelinkFailure } from '../../domain/failures.js';
import type { ItemRecord, ItemRef, Ledger } from '../../domain/ledger.js';
import type { MeetingIdentity, MeetingRef, MeetingSnapshot } from '../../domain/meeting.js';
import type { ConferencingVendor, ShownMeeting } from '../../domain/ports.js';
import type { PivotFacts } from '../../domain/retire.js';
import { isLegal, type State, type StepEvent } from '../../domain/states.js';
import { inMs, unlimited } from '../support/ledger.js';
import { aSnapshot, aSpec, anIdentity } from '../support/specs.js';
jest.mock('@temporalio/activity', () => ({ activityInfo: () => ({ attempt: 1 }) }));

let ahead = 0; // beside the clock, which goes on a little by itself
const real = performance.now.bind(performance);
beforeAll(() => void jest.spyOn(performance, 'now').mockImplementation(() => real() + ahead));
beforeEach(() => (ahead = 0));
afterAll(() => jest.restoreAllMocks());

const LAG = 60_000;
const ref = (meeting: string): ItemRef => ({ campaign: 'c', meeting });
const old = (meeting: string): MeetingIdentity => anIdentity(`old-${meeting}`);
const fresh = (meeting: string): MeetingIdentity => anIdentity(`new-${meeting}`);
const shownOf = ({ id, number, link }: MeetingIdentity): ShownMeeting => ({ id, number, link, item: {} });

/** A host's meetings at the vendor, each answering by id, number and link as long as it is there; lists may show what was. */
class Vendor {
  readonly asked: string[] = [];
  readonly there = new Map<string, MeetingIdentity>();
  /** What lists show instead. */
  stale: readonly MeetingIdentity[] | undefined;
  manifold = false;
  deletions: 'answered' | 'absent' = 'answered';
  /** By id: meetings that their host does not have, because somebody else has. */
  readonly elsewhere = new Set<string>();
  constructor(meetings: readonly MeetingIdentity[]) {
    for (const meeting of meetings) this.there.set(meeting.id, meeting);
  }

  readonly port: Partial<ConferencingVendor> = {
    listHost: () => {
      this.asked.push('list');
      return Promise.resolve(this.manifold ? 'many' : (this.stale ?? [...this.there.values()]).map(shownOf));
    },
    exists: ({ id }) => {
      this.asked.push(`exists ${id}`);
      return Promise.resolve(this.there.has(id));
    },
    resolves: ({ id, number }) => {
      this.asked.push(`resolves ${id}`);
      const byNumber = [...this.there.values()].some((meeting) => meeting.number === number);
      return Promise.resolve([...(this.there.has(id) ? (['id'] as const) : []), ...(byNumber ? (['number'] as const) : [])]);
    },
    removeMeeting: ({ id }: MeetingRef) => {
      this.asked.push(`delete ${id}`);
      this.there.delete(id);
      return Promise.resolve(this.deletions === 'absent' ? { outcome: 'absent' as const } : { outcome: 'removed' as const, trackingId: 't' });
    },
    departed: { hostOf: (id: string) => Promise.resolve(this.elsewhere.has(id) ? 'noor@example.org' : undefined) } as ConferencingVendor['departed'],
    readMeeting: ({ id }) => {
      const found = this.there.get(id);
      return Promise.resolve(found ? { ...aSnapshot('any'), identity: found } : 'gone');
    },
  };
}

/** The ledger of a few meetings of one host that are replaced, told of and at the end of their grace. */
class Book {
  readonly items = new Map<string, ItemRecord>();
  readonly events: (StepEvent & { readonly meeting: string })[] = [];
  snapshot: (meeting: string) => MeetingSnapshot = (meeting) => ({ ...aSnapshot('any'), identity: old(meeting) });

  constructor(meetings: readonly string[]) {
    for (const meeting of meetings) {
      this.items.set(meeting, { state: 'replaced', wave: 1, lane: 'ops-1', kind: 'single', legacy: old(meeting), replacement: fresh(meeting), startsAt: null, failure: null, verifiedAt: inMs(-LAG), graceEndsAt: inMs(-1), retiredAt: null });
    }
  }

  one({ meeting }: ItemRef): ItemRecord {
    const item = this.items.get(meeting);
    if (!item) throw new Error('no such meeting');
    return item;
  }
  to({ meeting }: ItemRef, state: State, facts: Partial<ItemRecord> = {}): void {
    this.items.set(meeting, { ...this.one(ref(meeting)), state, ...facts });
  }

  ledger(): Ledger {
    const items: Partial<Ledger['items']> = {
      get: (at) => Promise.resolve(this.one(at)),
      move: async (at, state) => (isLegal(this.one(at).state, state) ? this.to(at, state) : Promise.reject(new Error(`not to ${state}`))),
      readSnapshot: ({ meeting }) => Promise.resolve({ snapshot: this.snapshot(meeting), fingerprint: 'f' }),
      fingerprint: () => 'f',
      hasCompanions: ({ meeting }) => Promise.resolve([...this.items].some(([key, { state }]) => key !== meeting && state === 'replaced')),
      giveTo: () => Promise.resolve(),
      stepEvents: ({ meeting }) => Promise.resolve(this.events.filter((event) => event.meeting === meeting)),
      recordStep: ({ meeting }, event) => Promise.resolve(void this.events.push({ ...event, meeting, at: inMs(0) })),
      atPivot: async (at, act) => {
        const { state, verifiedAt, graceEndsAt } = this.one(at);
        const facts: PivotFacts = { order: 'go', state, verifiedAt, told: 'sent', hasReplacement: true, fingerprint: 'f', graceEndsAt };
        const result = await act(facts);
        if (result.retired) this.to(at, 'retired', { retiredAt: inMs(0) });
        return result;
      },
    };
    const campaigns = { get: () => Promise.resolve({ spec: aSpec('c'), order: 'go', phase: 'remediating', startedAt: inMs(-LAG) }) };
    return { items, campaigns, notices: { told: () => Promise.resolve('sent') } } as unknown as Ledger;
  }
}

const worker = (vendor: Vendor, book: Book, listLagMs = 0) => {
  const port = vendor.port as ConferencingVendor;
  return createRetirement({ ledger: book.ledger(), vendor: port, lists: new HostLists(port), identity: 'ops-1', quota: unlimited, listLagMs });
};

function scene(meetings: readonly string[] = ['a'], listLagMs = 0) {
  const vendor = new Vendor(meetings.flatMap((meeting) => [old(meeting), fresh(meeting)]));
  const book = new Book(meetings);
  const first = worker(vendor, book, listLagMs);
  const retire = (meeting: string) => first.retireLegacy({ ...ref(meeting), released: false });
  const prove = (meeting: string, by = first) => by.verifyRetired(ref(meeting)).then(() => 'proven', (cause: unknown) => (cause instanceof RelinkFailure ? cause.type : String(cause)));
  /** So much time goes by. */
  const pass = (ms: number) => {
    ahead += ms;
    for (const [meeting, { state, retiredAt }] of book.items) if (retiredAt !== null) book.to(ref(meeting), state, { retiredAt: new Date(Date.parse(retiredAt) - ms).toISOString() });
  };
  return { vendor, book, retire, prove, pass, another: () => worker(vendor, book, listLagMs) };
}

describe('that an old meeting is dead', () => {
  test('one list proves for all of its host that were deleted before it was asked for, and nothing else is asked', async () => {
    const { vendor, book, retire, prove, pass } = scene(['a', 'b', 'c'], LAG);
    for (const meeting of ['a', 'b', 'c']) await retire(meeting);
    expect([await prove('a'), await prove('b'), await prove('c')]).toEqual(['NotYetVisible', 'NotYetVisible', 'NotYetVisible']);
    vendor.asked.length = 0;
    pass(2 * LAG);
    expect([await prove('a'), await prove('b'), await prove('c')]).toEqual(['proven', 'proven', 'proven']);
    expect(vendor.asked).toEqual(['list']);
    expect([...book.items.values()].map(({ state }) => state)).toEqual(['done', 'done', 'done']);
  });

  test('no list is asked for, and no failed step is written, while it may still show what is deleted', async () => {
    const { vendor, book, retire, prove } = scene(['a'], LAG);
    await retire('a');
    vendor.asked.length = 0;
    expect(await prove('a')).toBe('NotYetVisible');
    expect(vendor.asked).toEqual([]);
    expect(book.events.filter(({ step }) => step === 'verify retired')).toEqual([]);
  });

  test('is proven of one that was held after its deletion and is taken up again', async () => {
    const { book, retire, prove } = scene();
    await retire('a');
    book.to(ref('a'), 'held');
    expect([await prove('a'), book.one(ref('a')).state]).toEqual(['proven', 'done']);
  });

  test('a list that was asked for before its deletion does not prove', async () => {
    const { vendor, retire, prove } = scene(['a', 'b']);
    await retire('a');
    expect(await prove('a')).toBe('proven');
    await retire('b');
    vendor.asked.length = 0;
    expect(await prove('b')).toBe('proven');
    expect(vendor.asked).toEqual(['list']);
  });

  test('a list that was asked for within the lag of its deletion does not prove: it may still show a replacement that was deleted before', async () => {
    const { vendor, retire, prove, pass } = scene(['a', 'b'], LAG);
    await retire('a');
    await prove('a');
    pass(2 * LAG - 1_000);
    await retire('b');
    await prove('b');
    pass(1_000);
    vendor.asked.length = 0;
    expect(await prove('a')).toBe('proven');
    pass(2 * LAG - 1_000);
    expect(await prove('b')).toBe('proven');
    expect(vendor.asked).toEqual(['list', 'list']);
  });

  test('a list of another worker does not prove', async () => {
    const { vendor, retire, prove, pass, another } = scene(['a', 'b'], LAG);
    for (const meeting of ['a', 'b']) await retire(meeting);
    pass(2 * LAG);
    vendor.asked.length = 0;
    expect([await prove('a'), await prove('b', another())]).toEqual(['proven', 'proven']);
    expect(vendor.asked).toEqual(['list', 'list']);
  });

  test('the look at each handle proves where a list lags for longer than it may', async () => {
    const { vendor, retire, prove } = scene();
    await retire('a');
    vendor.stale = [old('a'), fresh('a')];
    vendor.asked.length = 0;
    expect(await prove('a')).toBe('proven');
    expect(vendor.asked).toEqual(['list', `resolves ${old('a').id}`, `exists ${fresh('a').id}`]);
  });

  test.each<[string, (vendor: Vendor) => void]>([
    ['the host has more than a list shows', (vendor) => (vendor.manifold = true)],
    ['the list does not show the replacement, which has the same times', (vendor) => (vendor.stale = [])],
    ['the vendor did not say that it deleted it', (vendor) => (vendor.deletions = 'absent')],
  ])('each handle is looked up when %s', async (_, change) => {
    const { vendor, retire, prove } = scene();
    change(vendor);
    await retire('a');
    vendor.asked.length = 0;
    expect(await prove('a')).toBe('proven');
    expect(vendor.asked).toEqual(expect.arrayContaining([`resolves ${old('a').id}`, `exists ${fresh('a').id}`]));
  });

  test('is not believed of one that the vendor did not say it deleted, and that somebody else has', async () => {
    const { vendor, retire, prove } = scene();
    vendor.deletions = 'absent';
    await retire('a');
    vendor.elsewhere.add(old('a').id);
    expect(await prove('a')).toBe('StillResolves');
  });

  test.each<[string, MeetingIdentity]>([
    ['came back', old('a')],
    ['lives on by its number under another id', { ...old('a'), id: 'other', link: 'other' }],
  ])('is not believed of one that %s', async (_, undead) => {
    const { vendor, book, retire, prove } = scene();
    await retire('a');
    vendor.there.set(undead.id, undead);
    expect(await prove('a')).toBe('StillResolves');
    expect(book.one(ref('a')).state).toBe('retired');
  });
});

describe('a replacement', () => {
  test.each([['alone', ['a']], ['with others of its host', ['a', 'b']]])('that its organiser deleted during grace keeps the old meeting: %s', async (_, meetings) => {
    const { vendor, retire } = scene(meetings, LAG);
    vendor.there.delete(fresh('a').id);
    expect(await retire('a')).toMatchObject({ outcome: 'blocked', blocker: 'ReplacementGone' });
    expect(vendor.there.has(old('a').id)).toBe(true);
  });

  const questions = (vendor: { readonly asked: readonly string[] }) => vendor.asked.filter((what) => !what.startsWith('delete'));

  test('is looked for in one list with the others whose grace is over, the last of them too', async () => {
    const { vendor, retire } = scene(['a', 'b', 'c'], LAG);
    for (const meeting of ['a', 'b', 'c']) expect(await retire(meeting)).toEqual({ outcome: 'retired' });
    expect(questions(vendor)).toEqual(['list']);
  });

  test('is looked for by itself where there are no others, be it that a list is older than lists lag', async () => {
    const { vendor, retire, pass } = scene(['a', 'b'], LAG);
    await retire('a');
    pass(LAG + 1);
    vendor.asked.length = 0;
    expect(await retire('b')).toEqual({ outcome: 'retired' });
    expect(questions(vendor)).toEqual([`exists ${fresh('b').id}`]);
  });

  test('of the last of them that was deleted just after the list is missed by the proof', async () => {
    const { vendor, retire, prove, pass } = scene(['a', 'b'], LAG);
    await retire('a');
    vendor.there.delete(fresh('b').id);
    await retire('b');
    await prove('b');
    pass(2 * LAG);
    expect(await prove('b')).toBe('ReplacementGone');
  });

  test('that a list does not show yet is asked for by itself', async () => {
    const { vendor, retire } = scene(['a', 'b'], LAG);
    vendor.stale = [old('a'), old('b')];
    expect(await retire('a')).toEqual({ outcome: 'retired' });
    expect(vendor.asked).toEqual(['list', `exists ${fresh('a').id}`, `delete ${old('a').id}`]);
  });

  test('that was deleted just after a list had shown it is missed by the proof, and a human is told', async () => {
    const { vendor, book, retire, prove, pass } = scene(['a', 'b', 'c'], LAG);
    await retire('a');
    vendor.there.delete(fresh('b').id);
    expect(await retire('b')).toEqual({ outcome: 'retired' });
    await prove('b');
    pass(2 * LAG);
    expect(await prove('b')).toBe('ReplacementGone');
    expect(book.one(ref('b')).state).toBe('retired');
  });

  test('that somebody else has by now is not missed', async () => {
    const { vendor, retire, prove } = scene();
    vendor.there.delete(fresh('a').id);
    vendor.elsewhere.add(fresh('a').id);
    expect([await retire('a'), await prove('a')]).toEqual([{ outcome: 'retired' }, 'proven']);
  });

  test('of a meeting that is over may have been cleared away', async () => {
    const { vendor, book, retire, prove } = scene();
    await retire('a');
    vendor.there.delete(fresh('a').id);
    book.snapshot = () => aSnapshot('any', { occurrences: [{ start: inMs(-2), end: inMs(-1) }] });
    expect(await prove('a')).toBe('proven');
  });
});
