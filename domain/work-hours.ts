import { MINUTE_MS } from './wall-clock.js';
import { nextChange, openFrom, rateAt, type WeeklyWindow } from './windows.js';

/** When so many requests are done that begin at `from`: never more a minute than `perMinute`, nor than windows allow. Times in milliseconds since the epoch. */
export const afterRequests = (windows: readonly WeeklyWindow[], perMinute: number, from: number, requests: number): number => afterEachOf(windows, perMinute, from, requests, 1)[0] ?? from;

/** The same of so many pieces of work, each of so many requests, that follow one another: when each is done. */
export function afterEachOf(windows: readonly WeeklyWindow[], perMinute: number, from: number, requests: number, pieces: number): readonly number[] {
  const done: number[] = [];
  let left = requests; // of the piece at hand
  for (let at = from; ; ) {
    const rate = Math.min(perMinute, rateAt(windows, at));
    const end = nextChange(windows, at) ?? Infinity;
    while (rate > 0 && done.length < pieces) {
      const ends = at + (left / rate) * MINUTE_MS;
      if (ends > end) break;
      done.push(ends);
      [at, left] = [ends, requests];
    }
    if (done.length === pieces) return done;
    if (end === Infinity) return [...done, ...Array.from({ length: pieces - done.length }, () => openFrom(windows, at))];
    left -= (rate * (end - at)) / MINUTE_MS;
    at = end;
  }
}

/** How much of a time they are closed. Milliseconds. */
export function closedBetween(windows: readonly WeeklyWindow[], from: number, to: number): number {
  let closed = 0;
  for (let at = from; at < to; ) {
    const end = Math.min(to, nextChange(windows, at) ?? to);
    if (rateAt(windows, at) === 0) closed += end - at;
    at = end;
  }
  return closed;
}
