import { throttleFault, type ThrottleChange, type ThrottleOrder } from '../../domain/throttle.js';
import { refusedByLedger, WrongUse } from '../errors.js';
import type { CampaignSession } from '../session.js';
import { tell } from './wake.js';

export interface Ordered {
  readonly orders: readonly ThrottleOrder[];
  /** Whether Temporal could wake those who wait; else they look within a minute. */
  readonly areTold: boolean;
}

/**
 * Into the ledger, where every worker looks before each request and each claim, and past Temporal, where no name and no reason belongs;
 * then whoever waits is told to look.
 * @param agoMs how long ago the operator looked: what anybody ordered since then is not overruled
 * @throws WrongUse when it asks for more than the files allow; JobFailed when another operator was first, or nothing is there to take off
 */
export async function throttle(session: CampaignSession, change: ThrottleChange, author: { readonly by: string; readonly reason: string }, agoMs: number): Promise<Ordered> {
  const { ledger, config, name, spec } = session;
  const identities = config.identities.filter((identity) => spec.identities.includes(identity.name));
  const fault = throttleFault(change, { identities, maxConcurrent: spec.limits.maxConcurrent });
  if (fault !== null) throw new WrongUse(fault);
  const seen = await ledger.throttles.lastOrder(agoMs);
  const given = await ledger.throttles.give(name, change, author, seen).catch(refusedByLedger);
  return { orders: given, areTold: await tell(session, [...new Set([name, ...(await ledger.throttles.sharers(name))])]) };
}
