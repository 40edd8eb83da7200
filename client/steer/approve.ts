import type { Approval, GateName } from '../../domain/gates.js';
import { refusedByLedger } from '../errors.js';
import type { CampaignSession } from '../session.js';
import type { Told } from './orders.js';
import { tell } from './wake.js';

/**
 * Into the ledger, which alone decides, and past Temporal, where no name and no reason belongs; then whoever waits is told to look.
 * @throws JobFailed when nothing waits for it, or another operator was first
 */
export async function approve(session: CampaignSession, gate: GateName | undefined, approver: { readonly by: string; readonly reason: string }): Promise<Told<Approval>> {
  const given = await session.ledger.gates.approve(session.name, gate, approver).catch(refusedByLedger);
  return { given, isTold: await tell(session) };
}
