import fc from 'fast-check';
import type { WaveSize } from '../../domain/campaign.js';
import { waveBounds } from '../../domain/waves.js';

const size = fc.oneof(
  fc.integer({ min: 1, max: 500 }),
  fc.integer({ min: 1, max: 100 }).map((share): WaveSize => `${share}%`),
  fc.constant<WaveSize>('rest'),
);

test('a number is that many meetings, a share is of all and rounded up, and the rest has no bound', () => {
  expect(waveBounds([1, 10, '5%', 'rest'], 812)).toEqual([1, 11, 52]);
  expect(waveBounds(['1%', '50%'], 3)).toEqual([1, 3]);
  expect(waveBounds(['rest'], 99)).toEqual([]);
});

test('no wave is empty and none takes less than was asked for', () => {
  fc.assert(
    fc.property(fc.array(size, { maxLength: 6 }), fc.nat(100_000), (waves, total) => {
      const sizes = waveBounds(waves, total).map((bound, i, bounds) => bound - (bounds[i - 1] ?? 0));
      const asked = waves.filter((wave) => wave !== 'rest');
      expect(sizes).toHaveLength(asked.length);
      for (const [i, wave] of asked.entries()) {
        const least = typeof wave === 'number' ? wave : (Number.parseInt(wave, 10) * total) / 100;
        expect(sizes[i]).toBeGreaterThanOrEqual(Math.max(1, least));
        expect(sizes[i]).toBeLessThan(Math.max(2, least + 1));
      }
    }),
  );
});
