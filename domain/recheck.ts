import type { FailureType } from './failures.js';
import type { MeetingSnapshot } from './meeting.js';

/** What a later look at a meeting that was done may find. */
export const drifts = {
  StillResolves: 'the old link answers again; ask the vendor, with the tracking id that `relink show` prints',
  ReplacementGone: 'the replacement was deleted; unless its organiser meant that, plan it anew by hand from what `relink show KEY --reveal` tells',
} as const satisfies Partial<Record<FailureType, string>>;
export type Drift = keyof typeof drifts;

export const isDrift = (failure: unknown): failure is Drift => typeof failure === 'string' && failure in drifts;

/** What is over may have been cleared away, by the vendor or by its organiser. `now` in milliseconds since the epoch. */
export const isOver = ({ occurrences }: MeetingSnapshot, now: number): boolean => occurrences.every(({ end }) => Date.parse(end) <= now);

/** What the last look at each meeting that is done came to, over all reruns. */
export interface Drifted {
  /** Meetings that were looked at again, ever. */
  readonly rechecked: number;
  /** Those that were not as they had been left, by what was found, with the key of one. */
  readonly drifted: readonly { readonly drift: Drift; readonly meetings: number; readonly example: string }[];
}

export interface RecheckBook {
  /**
   * Meetings of this lane that are done and whose turn it is in this rerun: all of wave one, and of the others a `share` (0 to 1) that
   * differs from rerun to rerun. By key, after `after`.
   */
  sample(input: { readonly campaign: string; readonly lane: string; readonly run: string; readonly share: number; readonly after: string; readonly limit: number }): Promise<readonly string[]>;
  drifted(campaign: string): Promise<Drifted>;
}
