import type { Rehearsed } from '../../domain/rehearsal.js';
import { figuresOf } from '../../domain/shape.js';
import { inMs, LedgerBench } from '../support/ledger.js';
import { aFinding, anIdentity } from '../support/specs.js';

const bench = LedgerBench.inThisFile();
const HOUR = 3_600_000;
const aRehearsal: Omit<Rehearsed, 'at'> = { plan: 1, passed: true, faults: 'ordinary', share: 0.25, shape: { meetings: 3, others: 0, hosts: 1, kinds: { single: 3 }, most: 3 }, settings: '{}' };

test('a campaign without a plan has no shape', async () => {
  const { name } = await bench.campaign(1);
  await expect(bench.ledger.rehearsals.shape(name, Date.now())).rejects.toMatchObject({ type: 'InvalidInput', message: expect.stringContaining('`relink plan` makes the first') as string });
});

test('the shape is that of the last plan, by host, and holds nothing of the people and meetings in it', async () => {
  const { name, refs } = await bench.campaign(3);
  await bench.ledger.planDocuments.keep(name);
  const judgement = { verdict: 'refused', evidence: 'none', proof: null, reason: 'Webinar' } as const;
  const other = { email: 'secret.other@example.org', displayName: 'secret-name', sites: [] };
  await bench.find(name, [aFinding('w', { identity: anIdentity(`${name}-w`, other.email), kind: 'webinar', judgement, startsAt: inMs(5 * HOUR) })], { host: other });
  await bench.ledger.planDocuments.keep(name);
  await bench.ledger.items.move(refs[0]!, 'running');

  const { plan, shape } = await bench.ledger.rehearsals.shape(name, Date.now());
  expect(plan).toBe(2);
  expect(figuresOf(shape)).toEqual({ meetings: 3, others: 1, hosts: 2, kinds: { single: 3 }, most: 3 });
  expect(shape.hosts[1]).toEqual([{ kind: 'webinar', finding: 'refused', reason: 'Webinar', startsInMs: 5 * HOUR }]);
  const written = JSON.stringify(shape);
  for (const planted of ['secret', 'example', name, 'ops-1', ...refs.map(({ meeting }) => meeting)]) expect(written).not.toContain(planted);
});

test('what was rehearsed stays with the campaign, the newest first', async () => {
  const { name } = await bench.campaign(3);
  await bench.ledger.planDocuments.keep(name);
  expect(await bench.ledger.rehearsals.list(name)).toEqual([]);
  const first = await bench.ledger.rehearsals.record(name, aRehearsal);
  const second = await bench.ledger.rehearsals.record(name, { ...aRehearsal, passed: false, faults: 'hostile' });
  expect(first).toEqual({ ...aRehearsal, at: expect.any(String) as string });
  expect(await bench.ledger.rehearsals.list(name)).toEqual([second, first]);
});

test('a rehearsal belongs to a plan that was kept', async () => {
  const { name } = await bench.campaign(1);
  await expect(bench.ledger.rehearsals.record(name, { ...aRehearsal, plan: 9 })).rejects.toThrow('foreign key');
});
