import type { PlanLine } from '../../domain/plan-documents.js';
import { writeAtomically } from './atomic.js';
import { toCsv } from './csv.js';

const columns = ['meeting', 'state', 'wave', 'kind', 'lane', 'evidence', 'reason', 'departed', 'startsAt'] as const satisfies readonly (keyof PlanLine)[];

/** One line per meeting of a plan, with the requests and creations that it costs. */
export const writePlan = (path: string, lines: readonly PlanLine[], requestsPerMeeting: number): Promise<void> =>
  writeAtomically(path, toCsv([[...columns, 'requests', 'creations'], ...lines.map((line) => [...columns.map((column) => line[column]), ...costs(line, requestsPerMeeting)])]));

const costs = ({ state }: PlanLine, requests: number): readonly [number, number] => (state === 'waiting' ? [requests, 1] : [0, 0]);
