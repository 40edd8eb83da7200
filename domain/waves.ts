import type { WaveSize } from './campaign.js';

/**
 * How many of `total` meetings are in a wave or an earlier one, ascending, one figure per wave but the last, which takes
 * whatever is left. A share is of `total`, rounded up, so that no wave is empty.
 */
export function waveBounds(waves: readonly WaveSize[], total: number): readonly number[] {
  const bounds: number[] = [];
  for (const size of waves) if (size !== 'rest') bounds.push((bounds.at(-1) ?? 0) + meetingsIn(size, total));
  return bounds;
}

function meetingsIn(size: Exclude<WaveSize, 'rest'>, total: number): number {
  if (typeof size === 'number') return size;
  return Math.max(1, Math.ceil((Number.parseInt(size, 10) * total) / 100));
}
