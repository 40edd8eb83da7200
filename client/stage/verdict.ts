import type { Status } from '../show/status-figures.js';
import type { Audit } from './simulators.js';

export interface Ending {
  readonly status: Status;
  readonly audit: Audit;
}

/** All that is wrong with how a campaign on a stage ended; empty when nothing is. */
export function endingFaults({ status, audit }: Ending): readonly string[] {
  const { counts, phase, reconciles, exposedStarts } = status;
  const unsettled = counts.waiting + counts.running + counts.replaced + counts.retired;
  return [
    ...Object.entries(audit).flatMap(([name, n]) => (n === 0 ? [] : [`the vendor's audit says ${name}: ${n}`])),
    ...(reconciles ? [] : ['the counts do not reconcile']),
    ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
    ...(counts.held > 0 ? [`${counts.held} are held`] : []),
    ...(unsettled > 0 || phase !== 'finished' ? [`${unsettled} are not settled, and the campaign is ${phase}`] : []),
    ...(exposedStarts > 0 ? [`${exposedStarts} began on an old link`] : []),
  ];
}
