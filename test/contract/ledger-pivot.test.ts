import { openLedger } from '../../adapters/ledger/index.js';
import type { ItemRef } from '../../domain/ledger.js';
import type { StepName } from '../../domain/states.js';
import { inMs, LedgerBench } from '../support/ledger.js';

const bench = LedgerBench.inThisFile();
const began = (step: StepName) => ({ step, state: 'started', attempt: 1, trackingId: null, failure: null, note: null }) as const;

/** A promise and the key to it. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

describe('the pivot', () => {
  test('sees every fact of the moment, and marks the deletion', async () => {
    const { refs } = await bench.campaign(1);
    const ref = refs[0]!;
    await bench.replaced(ref);
    await bench.told(ref);
    const { seen } = await bench.ledger.items.atPivot(ref, async (facts) => ({ retired: false, seen: facts }));
    const { verifiedAt, graceEndsAt } = await bench.ledger.items.get(ref);
    const { fingerprint } = await bench.ledger.items.readSnapshot(ref);
    expect(seen).toEqual({ order: 'go', state: 'replaced', told: 'sent', hasReplacement: true, fingerprint, verifiedAt, graceEndsAt });
    expect(await bench.stateOf(ref)).toBe('replaced');
    await bench.ledger.items.atPivot(ref, async () => ({ retired: true }));
    expect(await bench.ledger.items.get(ref)).toMatchObject({ state: 'retired', retiredAt: expect.any(String) });
  });

  test.each(['pause', 'stop', 'rollback'] as const)('that has begun holds the order %s up until it is over; one that begins later sees it', async (order) => {
    const { name, refs } = await bench.campaign(2);
    for (const ref of refs) await bench.replaced(ref);
    const events: string[] = [];
    const [begun, vendor] = [gate(), gate()];
    const deletion = bench.ledger.items.atPivot(refs[0]!, async () => {
      begun.open();
      await vendor.opened;
      events.push('deleted');
      return { retired: true };
    });
    await begun.opened;
    const ordering = bench.ledger.campaigns.setOrder(name, order).then(() => events.push('ordered'));
    let seen = 'go';
    while (seen === 'go') seen = (await bench.ledger.items.atPivot(refs[1]!, async (facts) => ({ retired: false, order: facts.order }))).order;
    expect(seen).toBe(order);
    expect(events).toEqual([]);
    vendor.open();
    await Promise.all([deletion, ordering]);
    expect(events).toEqual(['deleted', 'ordered']);
  });

  test.each(['go', 'pause', 'stop'] as const)('sees under %s that its meeting was ordered to be put back, as long as its replacement is the one of then', async (standing) => {
    const { name, refs } = await bench.campaign(2);
    const [ref, other] = refs as [ItemRef, ItemRef];
    for (const each of refs) await bench.replaced(each);
    await bench.ledger.campaigns.setOrder(name, standing);
    await bench.ledger.orders.give(name, { verb: 'rollback', scope: {}, meetings: [ref.meeting], seen: 0 }, { by: 'Robin Vael', reason: null });
    const orderOf = async (each: ItemRef) => (await bench.ledger.items.atPivot(each, async ({ order }) => ({ retired: false, order }))).order;
    expect([await orderOf(ref), await orderOf(other)]).toEqual(['rollback', standing]);
    await bench.ledger.items.move(ref, 'waiting');
    await bench.replaced(ref, 'again');
    expect(await orderOf(ref)).toBe(standing);
  });

  test('sees an order to put its meeting back that came while it was being replaced: what was verified since is what the order was for', async () => {
    const { name, refs: [ref] } = (await bench.campaign(1)) as { name: string; refs: [ItemRef] };
    const snapshot = () => bench.ledger.items.recordStep(ref, { step: 'snapshot', state: 'started', attempt: 1, trackingId: null, failure: null, note: null });
    const order = async () => (await bench.ledger.items.atPivot(ref, async (facts) => ({ retired: false, order: facts.order }))).order;
    await snapshot();
    await bench.ledger.orders.give(name, { verb: 'rollback', scope: {}, meetings: [ref.meeting], seen: 0 }, { by: 'Robin Vael', reason: null });
    await bench.replaced(ref);
    expect(await order()).toBe('rollback');
    await bench.ledger.items.move(ref, 'waiting');
    await snapshot();
    await bench.replaced(ref, 'again');
    expect(await order()).toBe('go');
  });

  test('does not hold up other meetings, nor the orders of other campaigns', async () => {
    const { refs } = await bench.campaign(2);
    const other = await bench.campaign(1);
    for (const ref of refs) await bench.replaced(ref);
    const both = gate();
    let inside = 0;
    await Promise.all(
      refs.map((ref) =>
        bench.ledger.items.atPivot(ref, async () => {
          if (++inside === refs.length) both.open();
          await both.opened;
          await bench.ledger.campaigns.setOrder(other.name, 'pause');
          return { retired: true };
        }),
      ),
    );
    expect(await Promise.all(refs.map((ref) => bench.stateOf(ref)))).toEqual(['retired', 'retired']);
  });

  test('that fails moves nothing and passes the error on', async () => {
    const { refs } = await bench.campaign(1);
    await bench.replaced(refs[0]!);
    await expect(bench.ledger.items.atPivot(refs[0]!, () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
    expect(await bench.stateOf(refs[0]!)).toBe('replaced');
  });

  test('never starves its own log and pace, however many deletions are under way', async () => {
    const { refs } = await bench.campaign(8, { waves: ['rest'] });
    const small = openLedger({ databaseUrl: bench.store.databaseUrl, keyring: bench.store.keyring, poolSize: 2 });
    try {
      const deletions = refs.map(async (ref) => {
        await bench.replaced(ref);
        return small.items.atPivot(ref, async () => {
          await small.items.recordStep(ref, began('retire'));
          await small.pace.reserveRequest('crowded', 60_000);
          return { retired: true };
        });
      });
      expect(await Promise.all(deletions)).toEqual(refs.map(() => ({ retired: true })));
    } finally {
      await small.close();
    }
  });

  test('of a meeting that the campaign does not have is refused', async () => {
    const { name } = await bench.campaign(1);
    await expect(bench.ledger.items.atPivot({ campaign: name, meeting: 'other' }, async () => ({ retired: true }))).rejects.toMatchObject({ type: 'InvalidInput' });
  });
});

describe('past the pivot', () => {
  async function retired(): Promise<ItemRef> {
    const { refs } = await bench.campaign(1);
    await bench.replaced(refs[0]!);
    await bench.ledger.items.move(refs[0]!, 'retired');
    return refs[0]!;
  }

  test.each(['waiting', 'rolled-back', 'replaced', 'gone'] as const)('a held meeting cannot go to %s, and keeps its replacement', async (state) => {
    const ref = await retired();
    await bench.ledger.items.move(ref, 'held', { failure: 'StillResolves' });
    await expect(bench.ledger.items.move(ref, state)).rejects.toMatchObject({ type: 'InvalidInput' });
    expect(await bench.ledger.items.get(ref)).toMatchObject({ state: 'held', failure: 'StillResolves', replacement: expect.anything() });
  });

  test('a held meeting can be looked at again and be done', async () => {
    const ref = await retired();
    const { retiredAt } = await bench.ledger.items.get(ref);
    await bench.ledger.items.move(ref, 'held', { failure: 'StillResolves' });
    await bench.ledger.items.move(ref, 'retired');
    await bench.ledger.items.move(ref, 'done');
    expect(await bench.ledger.items.get(ref)).toMatchObject({ state: 'done', failure: null, retiredAt });
  });
});

describe('an order', () => {
  test('stays when the file of the campaign is saved again', async () => {
    const { name } = await bench.campaign(1);
    await bench.ledger.campaigns.setOrder(name, 'pause');
    await bench.ledger.campaigns.setPhase(name, 'paused');
    const { spec } = await bench.ledger.campaigns.get(name);
    await bench.ledger.campaigns.save({ ...spec, graceMs: 5 });
    expect(await bench.ledger.campaigns.get(name)).toMatchObject({ order: 'pause', phase: 'paused', startedAt: null, spec: { graceMs: 5 } });
  });

  test('the start of writing is the first one', async () => {
    const { name } = await bench.campaign(1);
    await bench.ledger.campaigns.begin(name);
    const { startedAt } = await bench.ledger.campaigns.get(name);
    await bench.ledger.campaigns.begin(name);
    expect((await bench.ledger.campaigns.get(name)).startedAt).toBe(startedAt);
    expect(Date.parse(startedAt!)).toBeLessThan(Date.parse(inMs(60_000)));
  });

  test('about a campaign that nobody saved is refused with a remedy', async () => {
    await expect(bench.ledger.campaigns.get('nobody')).rejects.toMatchObject({ type: 'InvalidInput', message: expect.stringContaining('there is no campaign nobody') });
    await expect(bench.ledger.plans.status('nobody', 1000)).rejects.toMatchObject({ type: 'InvalidInput' });
  });
});
