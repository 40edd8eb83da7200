import type { Approval, GateName } from '../../domain/gates.js';
import { refusedByLedger } from '../errors.js';
import type { CampaignSession } from '../session.js';
import type { Told } from './orders.js';
import { tell } from './wake.js';

/** Why a campaign that has just been let go does not: a pause, or what else waits for an approval; `null` when it does. */
export async function whatHolds({ ledger, name }: Pick<CampaignSession, 'ledger' | 'name'>): Promise<string | null> {
  const gates = (await ledger.gates.open(name)).filter(({ holds }) => holds === 'all').map(({ gate }) => gate);
  if (gates.length > 0) return `${name} is still held by ${gates.join(' and ')}; \`relink approve ${name}\` lets it go on.`;
  const { order } = await ledger.campaigns.get(name);
  return order === 'pause' ? `${name} is paused; \`relink resume ${name}\` lets it go on.` : null;
}

/**
 * Into the ledger, which alone decides, and past Temporal, where no name and no reason belongs; then whoever waits is told to look.
 * @throws JobFailed when nothing waits for it, or another operator was first
 */
export async function approve(session: CampaignSession, gate: GateName | undefined, approver: { readonly by: string; readonly reason: string }): Promise<Told<Approval>> {
  const given = await session.ledger.gates.approve(session.name, gate, approver).catch(refusedByLedger);
  return { given, isTold: await tell(session) };
}
