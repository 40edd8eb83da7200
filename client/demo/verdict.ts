import type { Status } from '../show/status-figures.js';
import { LEAST_KILLS, type Kills, type Part } from './chaos.js';
import type { Audit } from './simulators.js';

export interface DemoResult {
  readonly status: Status;
  readonly audit: Audit;
  /** Absent without chaos. */
  readonly kills?: Kills | undefined;
}

/** All that is wrong with how a demo ended; empty when it proves what it is to prove. */
export function faultsOf({ status, audit, kills }: DemoResult): readonly string[] {
  const { counts, phase, reconciles, exposedStarts } = status;
  const unsettled = counts.waiting + counts.running + counts.replaced + counts.retired;
  const few = kills ? (Object.keys(LEAST_KILLS) as Part[]).filter((part) => kills[part] < LEAST_KILLS[part]) : [];
  return [
    ...Object.entries(audit).flatMap(([name, n]) => (n === 0 ? [] : [`the vendor's audit says ${name}: ${n}`])),
    ...(reconciles ? [] : ['the counts do not reconcile']),
    ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
    ...(counts.held > 0 ? [`${counts.held} are held`] : []),
    ...(unsettled > 0 || phase !== 'finished' ? [`${unsettled} are not settled, and the campaign is ${phase}`] : []),
    ...(exposedStarts > 0 ? [`${exposedStarts} began on an old link`] : []),
    ...few.map((part) => `the campaign was over before ${part} was killed ${LEAST_KILLS[part]} times`),
  ];
}
