import { MINUTE_MS } from './wall-clock.js';
import { nextChange, openFrom, rateAt, type WeeklyWindow } from './windows.js';

/** When so many requests are done that begin at `from`: never more a minute than `perMinute`, nor than windows allow. Times in milliseconds since the epoch. */
export function afterRequests(windows: readonly WeeklyWindow[], perMinute: number, from: number, requests: number): number {
  let left = requests;
  for (let at = from; ; ) {
    const rate = Math.min(perMinute, rateAt(windows, at));
    const end = nextChange(windows, at);
    const needed = rate === 0 ? Infinity : (left / rate) * MINUTE_MS;
    if (end === null || at + needed <= end) return rate === 0 ? openFrom(windows, at) : at + needed;
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
