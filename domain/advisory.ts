import type { Language } from './campaign.js';
import type { Instant } from './meeting.js';

/** The flaw as data. Moving the cut-off is an edit of the advisory file, never of code. */
export interface Advisory {
  readonly vendor: string;
  readonly id: string;
  readonly title: string;
  /** Meetings created before this instant are unsafe. */
  readonly createdBefore: Instant;
  /** Added to `createdBefore`, because roll-outs and published dates are not exact. Milliseconds. */
  readonly marginMs: number;
  readonly marginReason: string;
  /** What happened, as organisers are told, by language; a general sentence stands in for what is missing. */
  readonly notice?: Readonly<Partial<Record<Language, string>>> | undefined;
  readonly sources: readonly { readonly title: string; readonly url: string }[];
}

/** The instant that judgement uses: published cut-off plus margin. */
export const cutOff = (advisory: Advisory): Instant =>
  new Date(Date.parse(advisory.createdBefore) + advisory.marginMs).toISOString();
