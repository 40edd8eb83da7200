import fc from 'fast-check';
import { beyondPlan, planChanges, planFields, type PlanLine } from '../../domain/plan-documents.js';
import { LedgerBench } from '../support/ledger.js';
import { aFinding, anIdentity } from '../support/specs.js';

const bench = LedgerBench.inThisFile();

test('a plan is kept under the next number, and under the same one while it says the same', async () => {
  const { name } = await bench.campaign(3);
  const { planDocuments } = bench.ledger;
  const first = await planDocuments.keep(name);
  expect(first.number).toBe(1);
  expect(await planDocuments.keep(name)).toEqual(first);
  expect(await planDocuments.lines(name, 1)).toHaveLength(3);
  expect(await planDocuments.changes(name, 1, 1)).toEqual([]);
});

test('asked for at once by several, it is kept once', async () => {
  const { name } = await bench.campaign(3);
  const kept = await Promise.all(Array.from({ length: 5 }, () => bench.ledger.planDocuments.keep(name)));
  expect(new Set(kept.map(({ number }) => number))).toEqual(new Set([1]));
});

test('what came, what was begun and what is judged otherwise is told apart', async () => {
  const { name, refs } = await bench.campaign(3);
  const { planDocuments } = bench.ledger;
  await planDocuments.keep(name);
  const identity = anIdentity(`${name}-late`);
  await bench.find(name, [aFinding(`${name}-late`, { identity })]);
  await bench.ledger.items.move(refs[0]!, 'running');
  await bench.ledger.items.postpone(refs[1]!, new Date(Date.now() + 60_000).toISOString());
  expect((await planDocuments.keep(name)).number).toBe(2);
  const changes = await planDocuments.changes(name, 1, 2);
  expect(changes).toContainEqual({ meeting: bench.ref(name, identity).meeting, change: 'new', fields: [] });
  expect(changes).toContainEqual({ meeting: refs[0]!.meeting, change: 'gone', fields: [] });
});

test('a plan that was never made is refused, by the number of the last', async () => {
  const { name } = await bench.campaign(1);
  await expect(bench.ledger.planDocuments.mustExist(name, 1)).rejects.toMatchObject({ type: 'InvalidInput' });
  await expect(bench.ledger.planDocuments.lines(name, 1)).rejects.toMatchObject({ type: 'InvalidInput', message: expect.stringContaining('makes the first') as string });
  await bench.ledger.planDocuments.keep(name);
  await bench.ledger.planDocuments.mustExist(name, 1);
  await expect(bench.ledger.planDocuments.changes(name, 1, 7)).rejects.toMatchObject({ message: expect.stringContaining('its last is 1') as string });
});

const line = fc.record<PlanLine>({
  meeting: fc.constantFrom('a', 'b', 'c', 'd'),
  state: fc.constantFrom('waiting', 'refused'),
  wave: fc.constantFrom(null, 1, 2),
  kind: fc.constantFrom('single', 'series'),
  lane: fc.constantFrom('ops-1', 'ops-2'),
  evidence: fc.constantFrom('calendar', 'none'),
  reason: fc.constantFrom(null, 'Webinar'),
  departed: fc.boolean(),
  startsAt: fc.constantFrom(null, '2026-11-24T03:10:00.000Z'),
});
const plan = fc.uniqueArray(line, { selector: ({ meeting }) => meeting });

test('of the changes those go beyond a plan by which more is done, not those of the clock or of what dropped out', () => {
  const was: PlanLine = { meeting: 'a', state: 'waiting', wave: 2, kind: 'series', lane: 'ops-1', evidence: 'calendar', reason: null, departed: false, startsAt: '2026-11-24T03:10:00.000Z' };
  const beyond = (older: readonly PlanLine[], newer: readonly PlanLine[]) => beyondPlan(planChanges(older, newer), newer).map(({ meeting }) => meeting);
  expect(beyond([was], [{ ...was, departed: true }])).toEqual(['a']); // its host left since: it would be given to another one
  expect(beyond([{ ...was, departed: true }], [was])).toEqual([]);
  expect(beyond([was], [{ ...was, wave: 1, startsAt: '2026-12-01T03:10:00.000Z' }])).toEqual([]);
  expect(beyond([was], [{ ...was, state: 'unaffected', reason: 'AlreadyStarted', wave: null }])).toEqual([]);
  expect(beyond([was], [])).toEqual([]);
  expect(beyond([], [was])).toEqual(['a']);
  expect(beyond([], [{ ...was, state: 'unaffected' }])).toEqual([]);
  expect(beyond([{ ...was, state: 'refused', reason: 'Webinar' }], [was])).toEqual(['a']);
  for (const other of [{ kind: 'single' }, { lane: 'ops-2' }] as const) expect(beyond([was], [{ ...was, ...other }])).toEqual(['a']);
});

test('the changes make the newer plan of the older one, and there are none between a plan and itself', () => {
  fc.assert(
    fc.property(plan, plan, (older, newer) => {
      expect(planChanges(older, older)).toEqual([]);
      const changes = new Map(planChanges(older, newer).map((change) => [change.meeting, change]));
      const source = new Map(newer.map((each) => [each.meeting, each]));
      const patched = older.flatMap((each) => {
        const change = changes.get(each.meeting);
        if (change?.change === 'gone') return [];
        const taken = Object.fromEntries((change?.fields ?? []).map((field) => [field, source.get(each.meeting)?.[field]]));
        return [{ ...each, ...taken }];
      });
      const added = newer.filter(({ meeting }) => changes.get(meeting)?.change === 'new');
      const byKey = (lines: readonly PlanLine[]) => new Map(lines.map((each) => [each.meeting, each]));
      expect(byKey([...patched, ...added])).toEqual(byKey(newer));
      for (const { fields } of changes.values()) for (const field of fields) expect(planFields).toContain(field);
    }),
  );
});
