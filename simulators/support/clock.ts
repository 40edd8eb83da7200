/** The simulators' time: the real calendar (perhaps shifted), with limits that pass `scale` times as fast. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  readonly scale: number;
  /** How long a simulated duration really takes. Milliseconds. */
  inReal(simulatedMs: number): number;
  /** Counts up with every event, so that the order of events of the same millisecond is known. */
  tick(): number;
}

/** @param now what the clock shows at this moment, default the real time. */
export function startClock({ scale, now }: { scale: number; now?: number | undefined }): Clock {
  const shift = now === undefined ? 0 : now - Date.now();
  let ticks = 0;
  return {
    now: () => Date.now() + shift,
    scale,
    inReal: (simulatedMs) => simulatedMs / scale,
    tick: () => ++ticks,
  };
}

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const YEAR = 365 * DAY;

/** `2024-05-28T00:00:00Z`: the vendor writes no milliseconds. */
export const isoSeconds = (ms: number): string => new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
/** `20240528T000000Z`, as in ids of occurrences and in UNTIL. */
export const compact = (ms: number): string => isoSeconds(ms).replace(/[-:]/g, '');
