import type { WindowStanding } from './windows.js';

/** Below one request a minute it is told per hour. */
export const rateText = (perMinute: number): string => (perMinute < 1 ? `${Math.round(perMinute * 60)} requests an hour` : `${Number(perMinute.toFixed(2))} requests a minute`);

/** `Window sat, sun 00:00-24:00 UTC, until 2026-11-30T00:00:00.000Z: nothing is begun or deleted.` A sentence for each. */
export const windowTexts = (standings: readonly WindowStanding[] = []): readonly string[] =>
  standings.map((standing) => `${nameOf(standing)}${standing.until === null ? '' : `, until ${standing.until}`}: ${meaningOf(standing)}.`);

function nameOf({ of, window, rate }: WindowStanding): string {
  const which = of === 'writes' ? '' : ' for notices';
  if (window !== null) return `Window${which} ${window}`;
  return rate === 0 ? `Outside its windows${which}` : `No freeze${which}`;
}

function meaningOf({ of, rate }: WindowStanding): string {
  if (rate === 0) return of === 'writes' ? 'nothing is begun or deleted' : 'nobody is mailed';
  if (rate !== null) return `at most ${rateText(rate)} of each identity`;
  return of === 'writes' ? 'open' : 'mails go out';
}
