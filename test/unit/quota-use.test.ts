import { useOf, type Creation } from '../support/quota-use.js';

const limits = { dayMs: 1_000, identity: 4, host: 100 };
/** Creations of one identity at these moments, each for a host of its own unless said. */
const at = (times: readonly number[], host?: string): readonly Creation[] => times.map((time, i) => ({ at: time, identity: 'i', host: host ?? `h${i}` }));

test('whoever creates at once what a day allows, and again when it frees, uses all', () => {
  expect(useOf(at([0, 1, 2, 3, 1_000, 1_001, 1_002, 1_003, 2_000]), limits)).toBeGreaterThan(0.99);
});

test('whoever waits for a tenth of a day each time uses a tenth less', () => {
  expect(useOf(at([0, 0, 0, 0, 1_100, 1_100, 1_100, 1_100, 2_200, 2_200, 2_200, 2_200]), limits)).toBeCloseTo(0.83, 1);
});

test('what one host may have is no waste of the identity', () => {
  const one = [...at([0, 0], 'a'), ...at([1_000, 1_000], 'a'), ...at([2_000, 2_000], 'a')];
  expect(useOf(one, { ...limits, host: 2 })).toBeGreaterThan(0.99);
  expect(useOf(one, limits)).toBeLessThan(0.6);
});
