import { random } from '../support/random.js';

export type MailFault = 'refuse-now' | 'close-before-accepting';

const shares: Readonly<Record<string, number>> = { none: 0, ordinary: 0.1, hostile: 0.35 };
/** Patience always solves it: one address meets at most this many faults in a row. */
const LONGEST_STREAK = 2;

/** Decides by seed, address and attempt, so that the same attempts meet the same faults. */
export class MailFaults {
  private readonly attempts = new Map<string, { count: number; streak: number }>();
  constructor(
    private readonly seed: number,
    public profile: 'none' | 'ordinary' | 'hostile',
  ) {}

  next(address: string): MailFault | null {
    const key = address.toLowerCase();
    const { count, streak } = this.attempts.get(key) ?? { count: 0, streak: 0 };
    const rng = random(this.seed, 'mail', key, count);
    const hit = streak < LONGEST_STREAK && rng.chance(shares[this.profile] ?? 0);
    this.attempts.set(key, { count: count + 1, streak: hit ? streak + 1 : 0 });
    if (!hit) return null;
    return rng.chance(0.5) ? 'refuse-now' : 'close-before-accepting';
  }
}
