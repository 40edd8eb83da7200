import type { Instant } from './meeting.js';
import { rateText } from './window-texts.js';

/** `requests`: of one identity, in every campaign that it works for. `concurrent`: of one campaign, in each of its lanes. */
export type ThrottleLimit = 'requests' | 'concurrent';

/** What an operator has set below what the files allow, in force until it is taken off. */
export interface Throttle {
  /** Of the order that set it. */
  readonly id: number;
  readonly limit: ThrottleLimit;
  /** Name of the identity or of the campaign. */
  readonly of: string;
  /** Requests a minute, 0 for none at all; or meetings at once. */
  readonly value: number;
  readonly at: Instant;
}

/** Who set it or took it off, when and why. */
export interface ThrottleOrder extends Omit<Throttle, 'value'> {
  /** `null`: taken off. */
  readonly value: number | null;
  /** As the operator gave it: at rest sealed, shown to operators alone, never in Temporal. */
  readonly by: string;
  readonly reason: string;
}

/** `null` takes a limit off; one that is absent stays as it is. */
export interface ThrottleChange {
  /** Requests a minute of each identity of the campaign; 0 freezes them. */
  readonly requests?: number | null | undefined;
  readonly concurrent?: number | null | undefined;
}

/** Append-only: of each limit the last order is in force, so it survives restarts of everything. */
export interface ThrottleBook {
  /** What is in force for a campaign and its identities. Names nobody. */
  active(campaign: string): Promise<readonly Throttle[]>;
  /** All that were ever given for a campaign and its identities, in their order. */
  orders(campaign: string): Promise<readonly ThrottleOrder[]>;
  /** Number of the last order of anybody that was given at least `agoMs` ago, by the database's clock; 0 when there was none. */
  lastOrder(agoMs: number): Promise<number>;
  /** Campaigns that have work left for an identity of this one. */
  sharers(campaign: string): Promise<readonly string[]>;
  /**
   * In force when it returns. All or nothing, under locks that orders take one after the other.
   * @param seen number of the last order that the operator can have seen
   * @returns what was ordered. @throws RelinkFailure `InvalidInput`, and nothing is ordered, when one of these limits was ordered since, or when nothing is there to take off
   */
  give(campaign: string, change: ThrottleChange, author: { readonly by: string; readonly reason: string }, seen: number): Promise<readonly ThrottleOrder[]>;
}

/** What the two files allow. */
export interface Allowed {
  readonly identities: readonly { readonly name: string; readonly requestsPerMinute: number }[];
  readonly maxConcurrent: number;
}

/** Why a change asks for more than the files allow, by name; `null` when it does not. */
export function throttleFault({ requests, concurrent }: ThrottleChange, { identities, maxConcurrent }: Allowed): string | null {
  const slower = identities.find(({ requestsPerMinute }) => requests !== null && requests !== undefined && requests > requestsPerMinute);
  if (slower) return `relink.yaml allows identity ${slower.name} ${slower.requestsPerMinute} requests a minute (requestsPerMinute), and a throttle only lowers that`;
  const isMore = concurrent !== null && concurrent !== undefined && concurrent > maxConcurrent;
  return isMore ? `the campaign file allows ${maxConcurrent} meetings at once (limits.maxConcurrent), and a throttle only lowers that` : null;
}

/** `identity ops-1: at most 120 requests a minute` */
export function throttleText({ limit, of, value }: Pick<ThrottleOrder, 'limit' | 'of' | 'value'>): string {
  if (limit === 'concurrent') return `lanes of ${of}: ${value === null ? 'as many meetings at once as its file allows' : `at most ${value} at once`}`;
  if (value === 0) return `identity ${of}: frozen, nothing is asked of the vendor`;
  return `identity ${of}: ${value === null ? 'as fast as relink.yaml allows' : `at most ${rateText(value)}`}`;
}

/** The command that takes it off. */
export const throttleRemedy = (campaign: string): string => `\`relink throttle ${campaign} --clear --by NAME --reason TEXT\``;
