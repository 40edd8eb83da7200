import fc from 'fast-check';
import { createRecheck } from '../../activities/recheck.js';
import type { VendorContext } from '../../activities/context.js';
import { RelinkFailure } from '../../domain/failures.js';
import type { ItemRef } from '../../domain/ledger.js';
import type { ConferencingVendor } from '../../domain/ports.js';
import { inMs, LedgerBench, unlimited } from '../support/ledger.js';
import { aSnapshot, anIdentity, noLists } from '../support/specs.js';

const mockContext = { info: { heartbeatDetails: undefined } };
jest.mock('@temporalio/activity', () => ({ activityInfo: () => ({ attempt: 1 }), heartbeat: () => undefined, Context: { current: () => mockContext } }));

const bench = LedgerBench.inThisFile();

/** Meetings that are done, half an hour apart. */
async function done(meetings: number, changes: Parameters<LedgerBench['campaign']>[1] = {}) {
  const { name, refs } = await bench.campaign(meetings, changes);
  for (const [i, ref] of refs.entries()) {
    await bench.replaced(ref, `${name}-${i}`);
    await bench.ledger.items.move(ref, 'retired');
    await bench.ledger.items.move(ref, 'done');
  }
  return { name, refs };
}

/** A vendor at which these handles still, or no longer, lead somewhere. */
class Vendor {
  readonly asked: string[] = [];
  constructor(private readonly found: { readonly gone?: readonly string[]; readonly elsewhere?: readonly string[]; readonly alive?: readonly string[]; readonly silent?: boolean } = {}) {}

  readonly port = {
    exists: ({ id }: { id: string }) => {
      this.asked.push(id);
      return this.found.silent ? Promise.reject(new RelinkFailure('VendorUnavailable', 'no answer')) : Promise.resolve(!this.found.gone?.includes(id) && !this.found.elsewhere?.includes(id));
    },
    departed: { hostOf: (id: string) => Promise.resolve(this.found.elsewhere?.includes(id) ? 'noor@example.org' : undefined) },
    resolves: ({ id }: { id: string }) => Promise.resolve(this.found.alive?.includes(id) ? ['number' as const] : []),
  } as unknown as ConferencingVendor;

  recheck(campaign: string, run: string, after = '') {
    const context: VendorContext = { ledger: bench.ledger, vendor: this.port, lists: noLists(), identity: 'ops-1', quota: unlimited, listLagMs: 0 };
    return createRecheck(context).recheckMeetings({ campaign, run, lane: 'ops-1', after });
  }
}

const idOf = async (ref: ItemRef): Promise<string> => (await bench.ledger.items.get(ref)).replacement?.id ?? '';

test('what stands as it was left is looked at, and nothing is said of it but that', async () => {
  const { name } = await done(3, { recheckShare: 1 });
  expect(await new Vendor().recheck(name, 'run-1')).toEqual({ checked: 3, next: null });
  expect(await bench.ledger.rechecks.drifted(name)).toEqual({ rechecked: 3, drifted: [] });
});

test('a replacement that was deleted and an old link that answers again are told apart, each with one to look at', async () => {
  const { name, refs } = await done(4, { recheckShare: 1 });
  await new Vendor({ gone: [await idOf(refs[1]!)], alive: [anIdentity(`${name}-2`).id] }).recheck(name, 'run-1');
  const legacy = (await bench.ledger.items.get(refs[2]!)).legacy.id;
  await new Vendor({ gone: [await idOf(refs[1]!)], alive: [legacy] }).recheck(name, 'run-2');
  expect(await bench.ledger.rechecks.drifted(name)).toEqual({
    rechecked: 4,
    drifted: [
      { drift: 'ReplacementGone', meetings: 1, example: refs[1]!.meeting },
      { drift: 'StillResolves', meetings: 1, example: refs[2]!.meeting },
    ],
  });
  expect((await bench.ledger.plans.status(name, 1)).counts.done).toBe(4);
});

test('a replacement that somebody else has by now was not deleted', async () => {
  const { name, refs } = await done(1);
  await new Vendor({ elsewhere: [await idOf(refs[0]!)] }).recheck(name, 'run-1');
  expect(await bench.ledger.rechecks.drifted(name)).toEqual({ rechecked: 1, drifted: [] });
});

test('the last look counts: what is well again is no drift', async () => {
  const { name, refs } = await done(1);
  await new Vendor({ gone: [await idOf(refs[0]!)] }).recheck(name, 'run-1');
  await new Vendor().recheck(name, 'run-2');
  expect(await bench.ledger.rechecks.drifted(name)).toEqual({ rechecked: 1, drifted: [] });
});

test('a vendor that does not answer is no drift: the look is repeated', async () => {
  const { name } = await done(1);
  await expect(new Vendor({ silent: true }).recheck(name, 'run-1')).rejects.toThrow('no answer');
  expect(await bench.ledger.rechecks.drifted(name)).toEqual({ rechecked: 0, drifted: [] });
});

test('what is over is left alone: it may have been cleared away', async () => {
  const { name, refs } = await done(1);
  await bench.ledger.items.saveSnapshot(refs[0]!, aSnapshot('over', { occurrences: [{ start: inMs(-7_200_000), end: inMs(-3_600_000) }] }), null);
  const vendor = new Vendor();
  await vendor.recheck(name, 'run-1');
  expect(vendor.asked).toEqual([]);
});

test('of the first wave all are looked at, of the others a share that differs from rerun to rerun, and nobody twice', async () => {
  const { name, refs } = await done(60, { waves: [5, 'rest'], recheckShare: 0.3 });
  const sampled = async (run: string): Promise<readonly string[]> => {
    const found: string[] = [];
    for (let after: string | undefined = ''; after !== undefined; ) {
      const some: readonly string[] = await bench.ledger.rechecks.sample({ campaign: name, lane: 'ops-1', run, share: 0.3, after, limit: 7 });
      found.push(...some);
      after = some.length < 7 ? undefined : some.at(-1);
    }
    return found;
  };
  const first = refs.slice(0, 5).map(({ meeting }) => meeting);
  const rest = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.uuid(), async (run) => {
      const found = await sampled(run);
      expect(found).toEqual([...new Set(found)].sort());
      expect(found).toEqual(expect.arrayContaining(first));
      for (const meeting of found) if (!first.includes(meeting)) rest.add(meeting);
      expect(found.length).toBeLessThan(50);
    }),
    { numRuns: 40 },
  );
  expect(rest.size).toBe(55);
});

test('a share of nothing looks at nothing, not even at the first wave', async () => {
  const { name } = await done(2, { recheckShare: 0 });
  expect(await new Vendor().recheck(name, 'run-1')).toEqual({ checked: 0, next: null });
});
