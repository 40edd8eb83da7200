import { createInventory } from '../../activities/inventory.js';
import { RelinkFailure, type FailureType } from '../../domain/failures.js';
import type { Ledger } from '../../domain/ledger.js';
import type { Host, ListedMeeting } from '../../domain/meeting.js';
import type { ConferencingVendor, Unreadable } from '../../domain/ports.js';
import { aSpec, anIdentity, noLists } from '../support/specs.js';

const mockBeats: unknown[] = [];
/** For how long the chunk has been asked for. Milliseconds. */
let mockTriedMs = 0;
jest.mock('@temporalio/activity', () => ({ heartbeat: (...details: readonly unknown[]) => void mockBeats.push(details), activityInfo: () => ({ scheduledTimestampMs: Date.now() - mockTriedMs }) }));
beforeEach(() => {
  mockBeats.splice(0);
  mockTriedMs = 0;
});

const people = (count: number): readonly Host[] => Array.from({ length: count }, (_, i) => ({ email: `host-${i}@example.org`, displayName: `Host ${i}`, sites: ['meet.example.org'] }));
const meetingOf = ({ email }: Host): ListedMeeting => {
  const start = new Date(Date.now() + 86_400_000).toISOString();
  return { identity: anIdentity(email, email), kind: 'single', firstStart: start, next: { start, end: start }, hasMore: false, tags: [] };
};

type Listing = { readonly meetings: readonly ListedMeeting[]; readonly unreadable: readonly Unreadable[] };
type Finished = Parameters<Ledger['inventory']['finishHost']>[0];

/** An inventory of these hosts, with what the vendor says to each. */
class Bench {
  readonly finished: Finished[] = [];
  readonly asked: string[] = [];
  most = 0;
  /** Who was listed once more, to see whether the vendor lists anybody. */
  readonly looks: string[] = [];
  outage = false;
  private inFlight = 0;
  constructor(
    private readonly hosts: readonly Host[],
    private readonly answer: (host: Host) => Listing,
    private readonly spec = aSpec('c'),
    private readonly rooms: object = {},
  ) {}

  /** Of one chunk. */
  run = () => createInventory({ ledger: this.ledger(), vendor: this.vendor(), lists: noLists(), identity: 'ops-1', quota: { identity: 1, host: 1, windowMs: 86_400_000 }, listLagMs: 0 }).inventoryMeetings({ campaign: 'c', run: 'r', lane: 'ops-1' });

  done = (): readonly string[] => this.finished.map(({ host }) => host.email).toSorted();

  private ledger(): Ledger {
    const isDone = ({ email }: Host): boolean => this.finished.some(({ host }) => host.email === email);
    const inventory: Pick<Ledger['inventory'], 'nextHosts' | 'listedAny' | 'someListed' | 'exemptions' | 'replacedAt' | 'finishHost'> = {
      nextHosts: (_campaign, _run, _lane, limit) => Promise.resolve(this.hosts.filter((host) => !isDone(host)).slice(0, limit)),
      listedAny: () => Promise.resolve(this.finished.some(({ findings }) => findings.length > 0)),
      someListed: () => Promise.resolve(this.finished.find(({ findings }) => findings.length > 0)?.host),
      exemptions: () => Promise.resolve({ covers: () => false }),
      replacedAt: () => Promise.resolve(null),
      finishHost: (found) => Promise.resolve(void this.finished.push(found)),
    };
    return { campaigns: { get: () => Promise.resolve({ spec: this.spec, order: 'go', phase: 'planning', startedAt: null }) }, inventory } as unknown as Ledger;
  }

  private vendor(): ConferencingVendor {
    const listMeetings = async (host: Host): Promise<Listing> => {
      this.asked.push(host.email);
      this.most = Math.max(this.most, ++this.inFlight);
      await Promise.resolve();
      this.inFlight--;
      return this.answer(host);
    };
    const listHost = ({ hostEmail }: { readonly hostEmail: string }) => {
      this.looks.push(hostEmail);
      return this.outage ? Promise.reject(new RelinkFailure('VendorUnavailable', 'trouble')) : Promise.resolve([]);
    };
    return { listMeetings, listHost, rooms: this.rooms } as unknown as ConferencingVendor;
  }
}

const good = (host: Host): Listing => ({ meetings: [meetingOf(host)], unreadable: [] });
/** Hosts of these numbers fail, the others are well. */
const failing = (type: FailureType, ...numbers: readonly number[]) => (host: Host): Listing => {
  if (numbers.includes(Number(/\d+/.exec(host.email)?.[0]))) throw new RelinkFailure(type, 'trouble', { retryAfterMs: 7_000 });
  return good(host);
};
const typeOf = (run: Promise<unknown>): Promise<unknown> => run.then(() => 'it went well', (cause: unknown) => (cause instanceof RelinkFailure ? cause.type : cause));

test('a chunk of well hosts is finished, a few side by side, with a beat in between', async () => {
  const bench = new Bench(people(10), good);
  expect(await bench.run()).toEqual({ left: 0 });
  expect(bench.done()).toHaveLength(10);
  expect(bench.most).toBe(4);
  expect(mockBeats).toHaveLength(3);
});

test.each(['VendorUnavailable', 'RateLimited', 'Unauthorised'] as const)('one host that meets %s does not keep the others of its chunk from being finished, and stays to be asked', async (type) => {
  const bench = new Bench(people(10), failing(type, 0));
  expect(await bench.run()).toEqual({ left: 1 });
  expect(bench.done()).toEqual(people(10).slice(1).map(({ email }) => email).toSorted());
});

test('when only hosts in trouble are left it is for Temporal to wait: the trouble is thrown with its patience', async () => {
  const bench = new Bench(people(10), failing('RateLimited', 2, 5));
  await bench.run();
  expect(await bench.run().catch((cause: unknown) => cause)).toMatchObject({ type: 'RateLimited', facts: { retryAfterMs: 7_000 } });
  expect(bench.asked.slice(10)).toEqual(['host-2@example.org', 'host-5@example.org']);
});

test('a chunk in which everybody fails throws, and nobody counts as finished', async () => {
  const bench = new Bench(people(6), failing('VendorUnavailable', 0, 1, 2, 3, 4, 5));
  expect(await typeOf(bench.run())).toBe('VendorUnavailable');
  expect(bench.finished).toEqual([]);
});

test('what patience does not solve is thrown although all the others went well, before another chunk is asked', async () => {
  const bench = new Bench(people(40), failing('InvalidInput', 1));
  expect(await typeOf(bench.run())).toBe('InvalidInput');
  expect(bench.asked.length).toBeLessThanOrEqual(24);
});

test('and also when another host met an outage before it', async () => {
  const bench = new Bench(people(6), (host) => failing(host.email.includes('-0@') ? 'VendorUnavailable' : 'InvalidInput', 0, 3)(host));
  expect(await typeOf(bench.run())).toBe('InvalidInput');
});

test('an identity that may list nobody lacks a scope: that ends the inventory, and nobody counts as finished', async () => {
  const bench = new Bench(people(40), failing('Forbidden', ...people(40).keys()));
  expect(await typeOf(bench.run())).toBe('Forbidden');
  expect([bench.finished, bench.asked.length]).toEqual([[], 24]);
});

test('hosts whom it may not list do not end the inventory once it has listed others, be it in an earlier chunk', async () => {
  const bench = new Bench(people(26), failing('Forbidden', 3, 24, 25));
  expect([await bench.run(), await bench.run()]).toEqual([{ left: 1 }, { left: 0 }]);
  expect(bench.done()).toHaveLength(26);
});

test('nor does one whom it may not list end it while an outage hides all others: nobody knows yet whether it may list anybody', async () => {
  const bench = new Bench(people(6), (host) => failing(host.email.includes('-0@') ? 'Forbidden' : 'VendorUnavailable', ...people(6).keys())(host));
  expect(await typeOf(bench.run())).toBe('VendorUnavailable');
  expect(bench.finished).toEqual([]);
});

test('who forbids only their room is listed all the same, and the room stands for itself', async () => {
  const rooms = { list: ({ email }: Host) => (email.includes('-1@') ? Promise.reject(new RelinkFailure('Forbidden', 'trouble')) : Promise.resolve({ meetings: [], unreadable: [] })) };
  const bench = new Bench(people(3), good, { ...aSpec('c'), scope: { ...aSpec('c').scope, personalRooms: true } }, rooms);
  expect(await bench.run()).toEqual({ left: 0 });
  expect(bench.finished.find(({ host }) => host.email === 'host-1@example.org')).toMatchObject({ findings: [{ kind: 'single' }], unreadable: [{ identity: { id: 'room of host-1@example.org' }, fields: ['room'] }] });
});

test('a fault of our own is not taken for one host’s trouble', async () => {
  const fault = new TypeError('a bug');
  const bench = new Bench(people(6), (host) => {
    if (host.email.includes('-2@')) throw fault;
    return good(host);
  });
  expect(await typeOf(bench.run())).toBe(fault);
});

describe('a host whom the vendor refuses to list', () => {
  test.each(['VendorRefused', 'MeetingGone', 'Forbidden'] as const)('by %s is finished with one failed entry that stands for all of its meetings', async (type) => {
    const bench = new Bench(people(3), failing(type, 1));
    expect(await bench.run()).toEqual({ left: 0 });
    const refused = bench.finished.find(({ host }) => host.email === 'host-1@example.org');
    expect(refused).toMatchObject({ findings: [], unreadable: [{ fields: ['host'], identity: { hostEmail: 'host-1@example.org', site: 'meet.example.org', number: '', link: '' } }] });
  });

  test('is not mistaken for another one of the same site', async () => {
    const bench = new Bench(people(3), failing('VendorRefused', 0, 1, 2));
    await bench.run();
    const keys = bench.finished.flatMap(({ unreadable }) => unreadable.map(({ identity }) => `${identity.vendor} ${identity.site} ${identity.id}`));
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(3);
  });
});

describe('hosts whose lists fail again and again, when they alone are left,', () => {
  const HALF_HOUR = 1_800_000;
  /** All others were listed; these were asked for so long. */
  async function stuck(ms: number, answer = failing('VendorUnavailable', 1, 4)) {
    const bench = new Bench(people(6), answer);
    await bench.run();
    mockTriedMs = ms;
    return bench;
  }

  test('stand as not listed after half an hour, while the vendor lists others', async () => {
    const bench = await stuck(HALF_HOUR);
    expect([await bench.run(), bench.looks.length]).toEqual([{ left: 0 }, 1]);
    expect(bench.finished.filter(({ unreadable }) => unreadable.length > 0)).toMatchObject([1, 4].map((i) => ({ findings: [], unreadable: [{ fields: ['host'], identity: { hostEmail: `host-${i}@example.org` } }] })));
  });

  test('are waited for before that', async () => {
    const bench = await stuck(HALF_HOUR - 1_000);
    expect([await typeOf(bench.run()), bench.looks, bench.finished.length]).toEqual(['VendorUnavailable', [], 4]);
  });

  test('are waited for as long as it takes in an outage: who was listed before cannot be listed either', async () => {
    const bench = await stuck(10 * HALF_HOUR);
    bench.outage = true;
    expect([await typeOf(bench.run()), bench.finished.length]).toEqual(['VendorUnavailable', 4]);
  });

  test('and so are those whom the vendor asks to wait, and all of them where nobody was listed', async () => {
    const limited = await stuck(10 * HALF_HOUR, (host) => failing(host.email.includes('-1@') ? 'RateLimited' : 'VendorUnavailable', 1, 4)(host));
    expect([await limited.run(), await typeOf(limited.run())]).toEqual([{ left: 1 }, 'RateLimited']);
    mockTriedMs = 10 * HALF_HOUR;
    expect(await typeOf(new Bench(people(3), failing('VendorUnavailable', 0, 1, 2)).run())).toBe('VendorUnavailable');
  });
});

test('entries that cannot be read go into the ledger with their fields, beside those that can', async () => {
  const bench = new Bench(people(1), (host) => ({ ...good(host), unreadable: [{ id: 'bad', fields: ['webLink'] }] }));
  await bench.run();
  expect(bench.finished).toMatchObject([{ findings: [{ kind: 'single' }], unreadable: [{ identity: { id: 'bad' }, fields: ['webLink'] }] }]);
});
