import Table from 'cli-table3';
import type { Colours } from '../io.js';

export { span, time } from '../../domain/spans.js';
export { counted as count } from '../../domain/counted.js';

/** Enough of a meeting key to be told apart and typed again. */
export const shortKey = (key: string): string => key.slice(0, 12);

/** Lines of a table without frames; numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[], colours: Colours): readonly string[] {
  const right = head.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'));
  const drawn = new Table({
    head: head.map((name) => colours.dim(name)),
    colAligns: right.map((isNumber) => (isNumber ? 'right' : 'left')),
    chars: noFrame,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  });
  drawn.push(...rows.map((row) => row.map(String)));
  return drawn.toString().split('\n').map((line) => line.trimEnd());
}

const edges = ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right', 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'] as const;
const noFrame = Object.fromEntries(edges.map((edge) => [edge, ''])) as Record<(typeof edges)[number], string>;
