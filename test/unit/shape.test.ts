import fc from 'fast-check';
import { figuresOf, sampleOf, shapeOf, type ShapeLine } from '../../domain/shape.js';

const NOW = Date.parse('2026-11-24T00:00:00.000Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = (ms: number): string => new Date(NOW + ms).toISOString();
const aLine = (host: string, more: Partial<ShapeLine> = {}): ShapeLine => ({ host, kind: 'single', state: 'waiting', reason: null, startsAt: at(DAY), ...more });

test('a shape has kinds, findings, closed reasons and distances in time of each host, the busiest first', () => {
  const shape = shapeOf([aLine('a', { state: 'refused', reason: 'Webinar', kind: 'webinar', startsAt: at(2 * DAY) }), aLine('b', { startsAt: at(DAY + 20_000) }), aLine('b', { kind: 'room', startsAt: null })], NOW);
  expect(shape).toEqual({
    hosts: [
      [{ kind: 'single', finding: 'affected', reason: null, startsInMs: DAY }, { kind: 'room', finding: 'affected', reason: null, startsInMs: null }],
      [{ kind: 'webinar', finding: 'refused', reason: 'Webinar', startsInMs: 2 * DAY }],
    ],
  });
  expect(figuresOf(shape)).toEqual({ meetings: 2, others: 1, hosts: 2, kinds: { single: 1, room: 1 }, most: 2 });
});

test('what was begun is no part of a plan', () => {
  expect(shapeOf([aLine('a', { state: 'running' }), aLine('a', { state: 'done' })], NOW).hosts).toEqual([]);
});

test('nothing that names a person or leads to a meeting gets into it, wherever it stood', () => {
  const planted = ['noor@example.org', 'Quarterly-Vorla', '25501110001', 'https://meet.example.org/j.php?MTID=m1', '3vq7k2abcdef'];
  const line = { ...aLine(planted[0]!, { reason: planted[1]! }), title: planted[1], number: planted[2], link: planted[3], meeting: planted[4], identity: { hostEmail: planted[0] } };
  const written = JSON.stringify(shapeOf([line], NOW));
  for (const each of [...planted, 'example.org', '2026-']) expect(written).not.toContain(each);
  expect(shapeOf([line], NOW).hosts).toHaveLength(1);
});

const lines = fc.array(
  fc.record<ShapeLine>({
    host: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
    kind: fc.constantFrom('single', 'series', 'room', 'space'),
    state: fc.constantFrom('waiting', 'unaffected', 'excluded', 'refused'),
    reason: fc.constant(null),
    startsAt: fc.constantFrom(at(DAY), at(2 * DAY)),
  }),
  { maxLength: 60 },
);

test('a sample has whole hosts, every kind with every finding, the busiest host, and no more than it needs', () => {
  fc.assert(
    fc.property(lines, fc.constantFrom(0.1, 0.25, 0.5, 1), (all, share) => {
      const shape = shapeOf(all, NOW);
      const sample = sampleOf(shape, share);
      const sorts = ({ hosts }: typeof shape): string[] => [...new Set(hosts.flat().map(({ kind, finding }) => `${kind} ${finding}`))].sort();
      expect(sorts(sample)).toEqual(sorts(shape));
      expect(sample.hosts[0]).toBe(shape.hosts[0]);
      for (const host of sample.hosts) expect(shape.hosts).toContain(host);
      expect(sample.hosts.length).toBeGreaterThanOrEqual(Math.floor(shape.hosts.length * share));
      expect(sample.hosts.length).toBeLessThanOrEqual(Math.ceil(shape.hosts.length * share) + sorts(shape).length);
      if (share === 1) expect(sample).toEqual(shape);
    }),
  );
});
