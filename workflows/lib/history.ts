import { workflowInfo } from '@temporalio/workflow';

/** Events after which a run is continued as a new one: a replay stays short, and the server's own suggestion, at 4,096, is not reached. */
const LONG = 2_000;

/** Whether this run should end and be continued as a new one, at a point where all that it knows is in its input. */
export function isLong(): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength >= LONG;
}
