import type { Instant } from './meeting.js';

/** What one identity may do, and what it has done. */
export interface LanePace {
  readonly identity: string;
  readonly requestsPerMinute: number;
  /** Creations per rolling window, and those already counted in it. */
  readonly createsLimit: number;
  readonly createsUsed: number;
  readonly windowMs: number;
  /** The vendor asked this identity for silence until then. */
  readonly quietUntil: Instant | null;
}

/** Meetings of one wave that one lane has yet to replace. */
export interface LaneLoad {
  readonly wave: number;
  readonly lane: string;
  readonly meetings: number;
}

export interface WaveForecast {
  readonly wave: number;
  readonly beginsAt: Instant;
  /** When its last meeting has a replacement. */
  readonly replacedAt: Instant;
}

export interface Forecast {
  readonly requests: number;
  readonly waves: readonly WaveForecast[];
  /** When the last meeting of all has a replacement; now when there is nothing to do. */
  readonly replacedAt: Instant;
  /** What decides how long it takes. */
  readonly limitedBy: 'requests' | 'creations';
}

/** Requests of one remediation from snapshot to the proof that the old link is dead, as `npm run bench` measures them: 12 for a single meeting, 18 for a series. */
export const REQUESTS_PER_MEETING = 14;
const MINUTE_MS = 60_000;

/**
 * When the work could be done if the vendor's limits alone decided: waves one after the other, lanes side by side.
 * Limits per host, faults and meetings that must first be over make it later. `now` in milliseconds since the epoch.
 */
export function forecast(now: number, load: readonly LaneLoad[], lanes: readonly LanePace[]): Forecast {
  const waves = [...new Set(load.map(({ wave }) => wave))].sort((a, b) => a - b);
  const begun = new Map<string, number>();
  let limitedBy: Forecast['limitedBy'] = 'requests';
  let clock = now;
  const planned = waves.map((wave) => {
    const begins = clock;
    for (const { lane, meetings } of load.filter((each) => each.wave === wave && each.meetings > 0)) {
      const pace = lanes.find(({ identity }) => identity === lane);
      if (!pace) continue;
      const before = begun.get(lane) ?? 0;
      begun.set(lane, before + meetings);
      const byRequests = Math.max(begins, quietEnd(pace)) + ((meetings * REQUESTS_PER_MEETING) / pace.requestsPerMinute) * MINUTE_MS;
      const byCreations = now + windowsUntil(pace, before + meetings) * pace.windowMs;
      if (byCreations > byRequests) limitedBy = 'creations';
      clock = Math.max(clock, byRequests, byCreations);
    }
    return { wave, beginsAt: iso(begins), replacedAt: iso(clock) };
  });
  const requests = load.reduce((sum, { meetings }) => sum + meetings, 0) * REQUESTS_PER_MEETING;
  return { requests, waves: planned, replacedAt: iso(clock), limitedBy };
}

/** Whole quota windows that pass before the `nth` creation from now is allowed. */
const windowsUntil = ({ createsLimit, createsUsed }: LanePace, nth: number): number => Math.floor((createsUsed + nth - 1) / createsLimit);

const quietEnd = ({ quietUntil }: LanePace): number => (quietUntil === null ? 0 : Date.parse(quietUntil));
const iso = (ms: number): Instant => new Date(Math.round(ms)).toISOString();
