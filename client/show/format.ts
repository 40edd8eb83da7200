import Table from 'cli-table3';
import type { Instant } from '../../domain/meeting.js';
import type { Colours } from '../io.js';

const MINUTE_MS = 60_000;

/** `2026-11-24 03:10 UTC` */
export const time = (at: Instant | null): string => (at === null ? '–' : `${at.slice(0, 16).replace('T', ' ')} UTC`);

/** Largest two units: `3 d 4 h`, `12 min`, `40 s`. */
export function span(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.ceil(ms / 1000)} s`;
  const minutes = Math.ceil(ms / MINUTE_MS);
  const parts = [
    [Math.floor(minutes / 1440), 'd'],
    [Math.floor((minutes % 1440) / 60), 'h'],
    [minutes % 60, 'min'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .slice(0, 2)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

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
