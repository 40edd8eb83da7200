import type { Instant } from './meeting.js';
import { stopRules, type Cause, type StopRule } from './verdict.js';

/** Where a campaign asks a human before it goes on; each point once. All off unless the campaign file says so. */
export interface ApprovalPolicy {
  /** Before anything is made at the vendor. */
  readonly firstWrite: boolean;
  /** Before each wave but the first. */
  readonly waves: boolean;
  /** Before the first old meeting is deleted. */
  readonly firstDeletion: boolean;
}

export type GateName = `rule ${StopRule}` | 'first-write' | `wave ${number}` | 'first-deletion';

/** A point that the campaign does not pass until an operator approves. */
export interface Gate {
  readonly id: number;
  readonly gate: GateName;
  /** What waits for it: creations and deletions, the claims of the next wave alone, or deletions alone. */
  readonly holds: 'all' | 'creation' | 'deletion';
  /** Of a stop rule only: `stop` ended the campaign, and after the approval `start` takes it up again. */
  readonly answer: 'hold' | 'stop';
  /** Of a stop rule only. */
  readonly cause: Cause | null;
  readonly openedAt: Instant;
}

/** Who let the campaign pass. */
export interface Approval extends Gate {
  readonly approvedAt: Instant;
  /** As the operator gave it: at rest sealed, shown to operators alone, never in Temporal. */
  readonly by: string;
  readonly reason: string;
}

/** Append-only: gates are opened, and approved at most once. What stays open survives restarts of everything. */
export interface GateBook {
  /**
   * Holds the stop rules against what the ledger knows, and opens the gates that this calls for, with the order to stop where the rule says so.
   * Under the lock that orders take: of two at once the second sees what the first did. @returns gates that are open
   */
  judge(campaign: string): Promise<readonly Gate[]>;
  open(campaign: string): Promise<readonly Gate[]>;
  /** @throws RelinkFailure `InvalidInput` when nothing fits, several do, or the campaign is stopped or put back. */
  approve(campaign: string, gate: GateName | undefined, approver: { readonly by: string; readonly reason: string }): Promise<Approval>;
  /** In the order in which they were given. */
  approvals(campaign: string): Promise<readonly Approval[]>;
}

/** `rule unverified: 3 of 20 replacements differed …; the limit is 5%` */
export function gateText({ gate, cause, answer }: Pick<Gate, 'gate' | 'cause' | 'answer'>): string {
  if (cause === null) return asked(gate);
  const { rule, count, of, limit } = cause;
  return `${gate}: ${count} (of ${of}) ${stopRules[rule]}; the limit to ${answer} is ${limit}`;
}

function asked(gate: GateName): string {
  if (gate === 'first-write') return 'first-write: nothing is written at the vendor before it is approved';
  if (gate === 'first-deletion') return 'first-deletion: no old meeting is deleted before it is approved';
  return `${gate}: it begins when it is approved`;
}

/** That which `firstWrite` is for, also when all of it was given back to the last. */
const FIRST_WAVE = 1;

/** The points of the policy that have come up. Nothing else may pass them: claims look for open gates, deletions for the approval. */
export function pointsReached(policy: ApprovalPolicy, { wave, betweenWaves }: { readonly wave: number | null; readonly betweenWaves: boolean }): readonly Pick<Gate, 'gate' | 'holds'>[] {
  return [
    ...(policy.firstWrite ? [{ gate: 'first-write', holds: 'all' } as const] : []),
    ...(policy.waves && betweenWaves && wave !== null && wave !== FIRST_WAVE ? [{ gate: `wave ${wave}`, holds: 'creation' } as const] : []),
    ...(policy.firstDeletion ? [{ gate: 'first-deletion', holds: 'deletion' } as const] : []),
  ];
}

/** The command that resolves it. */
export function gateRemedy(campaign: string, { gate, answer }: Pick<Gate, 'gate' | 'answer'>): string {
  const approve = `relink approve ${campaign} --gate '${gate}' --by NAME --reason TEXT`;
  return answer === 'stop' ? `\`${approve}\`, then \`relink start ${campaign}\`` : `\`${approve}\``;
}
