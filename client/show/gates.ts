import { gateRemedy, gateText, type Approval, type Gate } from '../../domain/gates.js';
import type { Colours } from '../io.js';
import { table } from './format.js';

/** What a campaign waits for, a line each, and the command that resolves it. */
export const gateLines = (campaign: string, gates: readonly Gate[] = [], colours: Colours): readonly string[] =>
  gates.map((gate) => `${colours.red(`Held by ${gateText(gate)}.`)} Go on with ${gateRemedy(campaign, gate)}.`);

/** Who let it pass, when and why. */
export function approvalLines(approvals: readonly Approval[] = [], colours: Colours): readonly string[] {
  if (approvals.length === 0) return [];
  return ['', ...table(['approved', 'at', 'by', 'reason'], approvals.map(({ gate, approvedAt, by, reason }) => [gate, approvedAt, by, reason]), colours)];
}
