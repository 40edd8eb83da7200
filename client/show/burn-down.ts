import type { BurnDownPoint } from '../../domain/burn-down.js';
import type { Colours } from '../io.js';
import { table } from './format.js';

/** A screen has room for so many; the report's file has them all. */
const SHOWN = 12;
const WIDTH = 30;

/** What was left over time, evenly thinned out, with the last point. */
export function burnDownLines(points: readonly BurnDownPoint[], colours: Colours): readonly string[] {
  if (points.length === 0) return [];
  const every = Math.max(1, Math.ceil(points.length / SHOWN));
  const shown = points.filter((_, i) => (points.length - 1 - i) % every === 0);
  return ['', ...table(['at', 'old link alone', 'both links', 'deleted', 'proven dead', ''], shown.map((point) => [point.at, point.legacy, point.replaced, point.retired, point.done, bar(point)]), colours)];
}

/** One sign for each share of meetings that are not done: what may still be put back is lighter. */
function bar({ legacy, replaced, retired, done }: BurnDownPoint): string {
  const all = Math.max(1, legacy + replaced + retired + done);
  const cells = (n: number): number => Math.ceil((n / all) * WIDTH);
  return '█'.repeat(cells(legacy)) + '▒'.repeat(cells(replaced));
}
