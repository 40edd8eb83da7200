import type { PlanLine } from '../../domain/plan-documents.js';
import { writeAtomically } from './atomic.js';
import { toCsv } from './csv.js';

const columns = ['meeting', 'state', 'wave', 'kind', 'lane', 'evidence', 'reason', 'departed', 'startsAt'] as const satisfies readonly (keyof PlanLine)[];

/** One line per meeting of a plan, with the requests and creations that it costs, and whether it starts on its old link before it can be reached. */
export function writePlan(path: string, lines: readonly PlanLine[], { requestsPerMeeting, exposed }: { readonly requestsPerMeeting: number; readonly exposed: readonly string[] }): Promise<void> {
  const keys = new Set(exposed);
  const cells = (line: PlanLine) => [...columns.map((column) => line[column]), ...costs(line, requestsPerMeeting), keys.has(line.meeting)];
  return writeAtomically(path, toCsv([[...columns, 'requests', 'creations', 'exposed'], ...lines.map(cells)]));
}

const costs = ({ state }: PlanLine, requests: number): readonly [number, number] => (state === 'waiting' ? [requests, 1] : [0, 0]);
