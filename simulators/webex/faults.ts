import { SECOND, type Clock } from '../support/clock.js';
import { random, type Random } from '../support/random.js';

export const faultProfiles = ['none', 'ordinary', 'hostile'] as const;
export type FaultProfile = (typeof faultProfiles)[number];
export const isFaultProfile = (value: unknown): value is FaultProfile => faultProfiles.some((profile) => profile === value);

/** What goes wrong with one request. `html` says whether the body is HTML instead of JSON. */
export type Fault =
  | { readonly kind: 'rate-limit'; readonly retryAfterMs: number }
  | { readonly kind: 'unavailable-before' | 'unavailable-after'; readonly status: 500 | 502 | 503 | 504; readonly html: boolean }
  | { readonly kind: 'reset-before' | 'reset-after' }
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'empty-page' };

interface ProfileSettings {
  /** Share of requests that meet a fault, and of list pages that are empty. */
  readonly share: number;
  readonly emptyPages: number;
  /** Simulated seconds that a 429 asks to wait; picked from these. */
  readonly retryAfter: readonly number[];
  /** Simulated seconds. */
  readonly slow: readonly [number, number];
  /** Simulated seconds until a new meeting shows in lists, at most. */
  readonly listLag: number;
}

const settings: Readonly<Record<FaultProfile, ProfileSettings>> = {
  none: { share: 0, emptyPages: 0, retryAfter: [1], slow: [0, 0], listLag: 0 },
  ordinary: { share: 0.05, emptyPages: 0.05, retryAfter: [5, 10, 30, 60], slow: [1, 5], listLag: 10 },
  hostile: { share: 0.18, emptyPages: 0.15, retryAfter: [5, 30, 60, 300, 3600], slow: [2, 20], listLag: 60 },
};

/** A 429 silences the whole identity, so few of them weigh as much as all the rest. */
const weights = {
  'rate-limit': 8,
  'unavailable-before': 30,
  'unavailable-after': 20,
  'reset-before': 7,
  'reset-after': 20,
  slow: 15,
} as const;

/** No demo waits longer for one fault, whatever the scale. Real milliseconds. */
const LONGEST_WAIT = 2 * SECOND;
/** Patience always solves it: the same request meets at most this many faults in a row. */
const LONGEST_STREAK = 3;

/** Decides by seed and call number alone, so that the same calls meet the same faults. */
export class Faults {
  private readonly streaks = new Map<string, number>();
  constructor(
    private readonly clock: Clock,
    private readonly seed: number,
    public profile: FaultProfile,
    private readonly listLagSeconds?: number | undefined,
  ) {}

  /** @param key what makes two requests the same one, repeated. */
  next(call: number, key: string, isList: boolean): Fault | null {
    const { share, emptyPages } = settings[this.profile];
    const rng = random(this.seed, 'fault', call);
    const streak = this.streaks.get(key) ?? 0;
    const hit = rng.chance(share);
    if (hit && streak < LONGEST_STREAK) {
      this.streaks.set(key, streak + 1);
      return this.draw(rng);
    }
    this.streaks.delete(key);
    return isList && rng.chance(emptyPages) ? { kind: 'empty-page' } : null;
  }

  /** How long lists do not show what call number `call` created. Real milliseconds. */
  listLagMs(call: number): number {
    const longest = this.listLagSeconds ?? settings[this.profile].listLag;
    return this.clock.inReal(longest * SECOND) * random(this.seed, 'lag', call).next();
  }

  private draw(rng: Random): Fault {
    const { retryAfter, slow } = settings[this.profile];
    const kind = weighted(rng);
    switch (kind) {
      case 'rate-limit':
        return { kind, retryAfterMs: Math.min(this.clock.inReal(rng.pick(retryAfter) * SECOND), LONGEST_WAIT) };
      case 'unavailable-before':
      case 'unavailable-after':
        return { kind, status: rng.pick([500, 502, 503, 504] as const), html: rng.chance(0.5) };
      case 'reset-before':
      case 'reset-after':
        return { kind };
      case 'slow':
        return { kind, ms: Math.min(this.clock.inReal(rng.int(slow[0], slow[1]) * SECOND), LONGEST_WAIT) };
    }
  }
}

function weighted(rng: Random): keyof typeof weights {
  const entries = Object.entries(weights) as [keyof typeof weights, number][];
  let at = rng.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  return entries.find(([, weight]) => (at -= weight) < 0)?.[0] ?? 'slow';
}
