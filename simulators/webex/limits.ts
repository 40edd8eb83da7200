import { DAY, MINUTE, type Clock } from '../support/clock.js';

/** The vendor's published limits: developer documentation on rate limiting and the text of `POST /meetings`. */
export interface LimitSettings {
  /** Requests per identity and simulated minute. */
  readonly rpm: number;
  /** Creations per identity and simulated 24 hours, failed ones included. */
  readonly createsIdentity: number;
  /** Creations per host and simulated 24 hours, failed ones included. */
  readonly createsHost: number;
}

export const vendorLimits: LimitSettings = { rpm: 300, createsIdentity: 3000, createsHost: 800 };

export interface Refusal {
  readonly scope: 'rate' | 'creates-identity' | 'creates-host';
  /** Until when, in real milliseconds from now. */
  readonly retryAfterMs: number;
}

/** Counts what happened within the last `lengthMs`. */
class SlidingWindow {
  private readonly times: number[] = [];
  private first = 0;
  constructor(private readonly lengthMs: number) {}

  /** Milliseconds until one more fits under `limit`, 0 when it does now. */
  waitMs(limit: number, now: number): number {
    while ((this.times[this.first] ?? now) <= now - this.lengthMs) this.first += 1;
    if (this.first > 10_000) {
      this.times.splice(0, this.first);
      this.first = 0;
    }
    if (this.times.length - this.first < limit) return 0;
    const frees = this.times[this.times.length - limit];
    return frees === undefined ? this.lengthMs : frees + this.lengthMs - now;
  }

  count(now: number): void {
    this.times.push(now);
  }
}

export class Limits {
  private readonly requests = new Map<string, SlidingWindow>();
  private readonly creates = new Map<string, SlidingWindow>();
  constructor(
    private readonly clock: Clock,
    public settings: LimitSettings,
  ) {}

  /** Lets one request of this identity in, or says for how long not. A refused request does not count. */
  request(identity: string): Refusal | null {
    const window = windowOf(this.requests, identity, this.clock.inReal(MINUTE));
    const now = this.clock.now();
    const retryAfterMs = window.waitMs(this.settings.rpm, now);
    if (retryAfterMs > 0) return { scope: 'rate', retryAfterMs };
    window.count(now);
    return null;
  }

  /** Counts one attempt to create a meeting, whatever comes of it; one beyond the quota is refused. */
  creation(identity: string, hostEmail: string): Refusal | null {
    const day = this.clock.inReal(DAY);
    const now = this.clock.now();
    const windows = [
      ['creates-identity', windowOf(this.creates, `identity ${identity}`, day), this.settings.createsIdentity],
      ['creates-host', windowOf(this.creates, `host ${identity} ${hostEmail.toLowerCase()}`, day), this.settings.createsHost],
    ] as const;
    for (const [scope, window, limit] of windows) {
      const retryAfterMs = window.waitMs(limit, now);
      if (retryAfterMs > 0) return { scope, retryAfterMs };
    }
    for (const [, window] of windows) window.count(now);
    return null;
  }
}

function windowOf(windows: Map<string, SlidingWindow>, key: string, lengthMs: number): SlidingWindow {
  const known = windows.get(key) ?? new SlidingWindow(lengthMs);
  windows.set(key, known);
  return known;
}
