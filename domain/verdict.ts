import type { StepEvent } from './states.js';

/** What makes a campaign wait for a human, or stop, and the unit that each counts. */
export const stopRules = {
  failures: 'meetings failed or are held for a cause without a rule of its own',
  unverified: 'replacements differed from the old meeting, or old links still answered',
  duplicates: 'meetings had a second replacement, which was removed',
  bounced: 'meetings whose organiser no mail reaches',
  reverted: 'meetings that somebody edited or deleted, or whose replacement somebody deleted, during grace',
  quotaBurn: 'creations that the vendor counted and that made nothing',
  exposedStarts: 'starts on an old link',
} as const satisfies Record<string, string>;
export type StopRule = keyof typeof stopRules;
export const stopRuleNames = Object.keys(stopRules) as readonly StopRule[];

/** In the log of a meeting: a second replacement was found beside the first. */
export const DUPLICATE_NOTE = 'duplicate';

/** In the log of a meeting: a creation whose answer was lost had happened, and what it made became the replacement. */
export const ADOPTED_NOTE = 'adopted';

/** In the log of a meeting, at the end of the note: a creation was never sent, or the vendor did not take it, so it has not counted it. */
export const KEPT_BACK_NOTE = 'kept-back';
/** Those that a throttle kept back had no note in earlier versions. */
export const isKeptBack = ({ failure, note }: Pick<StepEvent, 'failure' | 'note'>): boolean => failure === 'Throttled' || (note ?? '').endsWith(KEPT_BACK_NOTE);

/** So many, or such a share of those that were tried. */
export type Threshold = number | `${number}%` | 'never';

export interface StopLimits {
  /** From here on nothing is made or deleted until an operator approves. */
  readonly hold: Threshold;
  /** From here on the campaign is stopped. */
  readonly stop: Threshold;
  /** A share counts once so many were tried. Between two waves a share of `hold` counts however few meetings there were; of a handful of creations one that failed says nothing. */
  readonly atLeast: number;
}
export type StopRules = Readonly<Record<StopRule, StopLimits>>;

/**
 * Without a word in the campaign file. Some failures are the ordinary course of things, a duplicate is not; edits by organisers are their right, so they
 * never stop. Exposed starts only become more when a campaign is held for them.
 */
export const usualStopRules: StopRules = {
  failures: { hold: '10%', stop: '50%', atLeast: 20 },
  unverified: { hold: '5%', stop: '25%', atLeast: 20 },
  duplicates: { hold: 3, stop: 25, atLeast: 20 },
  bounced: { hold: '10%', stop: '50%', atLeast: 20 },
  reverted: { hold: '10%', stop: 'never', atLeast: 20 },
  quotaBurn: { hold: '50%', stop: 'never', atLeast: 50 },
  exposedStarts: { hold: 'never', stop: 'never', atLeast: 20 },
};

/** What the ledger says of one rule, since it was last approved. */
export interface Causes {
  readonly count: number;
  /** What a share is of: meetings that were tried and came to something; creations for `quotaBurn`. */
  readonly of: number;
}
export type StopFacts = Readonly<Record<StopRule, Causes>>;

/** Why a campaign is held or stopped: the rule, its figures, and the limit that they reached. */
export interface Cause extends Causes {
  readonly rule: StopRule;
  readonly limit: Threshold;
}
export type Verdict = { readonly answer: 'go' } | { readonly answer: 'hold' | 'stop'; readonly cause: Cause };

/** Pure. A stop outweighs a hold; of several rules the first in the list speaks. Nothing without a cause. */
export function verdict(rules: StopRules, facts: StopFacts, betweenWaves: boolean): Verdict {
  for (const answer of ['stop', 'hold'] as const) {
    for (const rule of stopRuleNames) {
      const { atLeast, [answer]: limit } = rules[rule];
      const least = answer === 'hold' && betweenWaves && rule !== 'quotaBurn' ? 1 : atLeast;
      if (reaches(facts[rule], limit, least)) return { answer, cause: { rule, limit, ...facts[rule] } };
    }
  }
  return { answer: 'go' };
}

function reaches({ count, of }: Causes, limit: Threshold, atLeast: number): boolean {
  if (count === 0 || limit === 'never') return false;
  if (typeof limit === 'number') return count >= limit;
  return of >= atLeast && count * 100 >= Number.parseInt(limit, 10) * of;
}
