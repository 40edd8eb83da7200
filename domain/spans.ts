import type { Instant } from './meeting.js';

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
