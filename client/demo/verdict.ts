import { endingFaults, type Ending } from '../stage/verdict.js';
import { LEAST_KILLS, type Kills, type Part } from './chaos.js';

export interface DemoResult extends Ending {
  /** Absent without chaos. */
  readonly kills?: Kills | undefined;
}

/** All that is wrong with how a demo ended; empty when it proves what it is to prove. */
export function faultsOf({ kills, ...ending }: DemoResult): readonly string[] {
  const few = kills ? (Object.keys(LEAST_KILLS) as Part[]).filter((part) => kills[part] < LEAST_KILLS[part]) : [];
  return [...endingFaults(ending), ...few.map((part) => `the campaign was over before ${part} was killed ${LEAST_KILLS[part]} times`)];
}
