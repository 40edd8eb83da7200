import fc from 'fast-check';
import { RelinkFailure } from '../../domain/failures.js';
import { isLegal, reconciles, settledStates, states, type State } from '../../domain/states.js';
import { inMs, LedgerBench } from '../support/ledger.js';
import { anIdentity } from '../support/specs.js';

const bench = LedgerBench.inThisFile();
const pastPivot: readonly State[] = ['retired', 'done', 'held'];

/** What the ledger should know of one meeting. */
interface Model {
  state: State;
  retired: boolean;
}

const mayMove = ({ state, retired }: Model, to: State): boolean =>
  (state === to && to !== 'held') || (isLegal(state, to) && (!retired || pastPivot.includes(to)));

describe('states', () => {
  // Mostly legal moves, so that sequences get far; some of any kind.
  const moves = fc.array(fc.record({ which: fc.nat(2), whichever: fc.constantFrom(...states), next: fc.nat(6), legal: fc.integer({ min: 0, max: 3 }) }), { maxLength: 20 });

  test('move as the table allows and no other way, and the counts always reconcile', async () => {
    await fc.assert(
      fc.asyncProperty(moves, async (steps) => {
        const { name, refs } = await bench.campaign(3);
        const models: Model[] = refs.map(() => ({ state: 'waiting', retired: false }));
        for (const { which, whichever, next, legal } of steps) {
          const model = models[which]!;
          const open = states.filter((state) => mayMove(model, state) && state !== model.state);
          const to = legal > 0 && open.length > 0 ? open[next % open.length]! : whichever;
          const outcome = await bench.ledger.items.move(refs[which]!, to).then(() => 'moved', (cause: unknown) => (cause instanceof RelinkFailure ? cause.type : 'broken'));
          expect(outcome).toBe(mayMove(model, to) ? 'moved' : 'InvalidInput');
          if (outcome === 'moved') Object.assign(model, { state: to, retired: to === 'retired' || (model.retired && to !== 'waiting') });
        }
        const { counts, reconciles: said } = await bench.ledger.plans.status(name, 1000);
        for (const state of states.slice(1)) expect(counts[state]).toBe(models.filter((model) => model.state === state).length);
        expect([counts.found, reconciles(counts), said]).toEqual([3, true, true]);
        for (const [i, ref] of refs.entries()) expect((await bench.ledger.items.get(ref)).retiredAt !== null).toBe(models[i]!.retired);
      }),
      { numRuns: 40 },
    );
  });

  test('of one meeting are moved one at a time: of two who move it at once, one is refused', async () => {
    const { refs } = await bench.campaign(1);
    const ref = refs[0]!;
    await bench.replaced(ref);
    const outcomes = await Promise.allSettled((['rolled-back', 'retired'] as const).map((to) => bench.ledger.items.move(ref, to)));
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test('set and clear what belongs to them', async () => {
    const { refs } = await bench.campaign(1);
    const ref = refs[0]!;
    await bench.replaced(ref);
    await bench.ledger.items.move(ref, 'held', { failure: 'LegacyChanged', failedStep: 'retire', note: 'title' });
    expect(await bench.ledger.items.get(ref)).toMatchObject({ failure: 'LegacyChanged', replacement: expect.anything(), verifiedAt: expect.any(String), graceEndsAt: expect.any(String) });
    expect(await bench.ledger.plans.rows(ref.campaign)).toMatchObject([{ failure: 'LegacyChanged', failedStep: 'retire', note: 'title' }]);
    await bench.ledger.items.move(ref, 'waiting');
    expect(await bench.ledger.items.get(ref)).toMatchObject({ failure: null, replacement: null, verifiedAt: null, graceEndsAt: null, retiredAt: null });
    expect(await bench.ledger.plans.rows(ref.campaign)).toMatchObject([{ failedStep: null, note: null }]);
    expect((await bench.claim(ref.campaign, 'again', 1)).meetings).toHaveLength(1);
  });

  test('to which a meeting is moved again stay as they are', async () => {
    const { refs } = await bench.campaign(1);
    await bench.replaced(refs[0]!);
    const before = await bench.ledger.items.get(refs[0]!);
    await bench.ledger.items.move(refs[0]!, 'replaced', { graceEndsAt: inMs(99_000_000) });
    expect(await bench.ledger.items.get(refs[0]!)).toEqual(before);
  });

  test('of a refused meeting carry the reason', async () => {
    const { refs } = await bench.campaign(1);
    await bench.ledger.items.move(refs[0]!, 'running');
    await bench.ledger.items.move(refs[0]!, 'refused', { reason: 'LiveStream' });
    expect(await bench.ledger.plans.rows(refs[0]!.campaign)).toMatchObject([{ state: 'refused', reason: 'LiveStream' }]);
  });

  test('of a meeting that the campaign does not have are refused', async () => {
    const { name } = await bench.campaign(1);
    const ref = bench.ref(name, anIdentity('nobody'));
    await expect(bench.ledger.items.move(ref, 'running')).rejects.toMatchObject({ type: 'InvalidInput' });
    await expect(bench.ledger.items.get(ref)).rejects.toMatchObject({ type: 'InvalidInput' });
  });
});

test('work in a settled state is not claimed', async () => {
  for (const state of settledStates.filter((settled) => isLegal('waiting', settled))) {
    const { name, refs } = await bench.campaign(1);
    await bench.ledger.items.move(refs[0]!, state);
    expect(await bench.claim(name, 't', 1)).toMatchObject({ meetings: [], left: 0 });
  }
});
