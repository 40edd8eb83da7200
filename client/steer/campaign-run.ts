import { ScheduleNotFoundError, WorkflowFailedError, WorkflowNotFoundError, type Client, type WorkflowExecutionDescription } from '@temporalio/client';
import { ApplicationFailure, TypedSearchAttributes, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { scrubText } from '../../adapters/runtime/scrub.js';
import { failures, isFailureType } from '../../domain/failures.js';
import { attributes, campaignId, RELINK_QUEUE, RelinkCampaign, scheduleId, vendorQueue, type RunCampaignInput } from '../../workflows/messages.js';
import { messageOf } from '../errors.js';
import type { CampaignSession } from '../session.js';

/** `temporal.api.enums.v1.TaskQueueType`. */
const WORKFLOW_QUEUE = 1;
const ACTIVITY_QUEUE = 2;

/** What every start of a campaign's workflow has. */
export function campaignStart(campaign: string, inventory: RunCampaignInput['inventory'], order?: number) {
  const args: [RunCampaignInput] = [{ campaign, inventory, ...(order === undefined ? {} : { order }) }];
  return {
    workflowId: campaignId(campaign),
    taskQueue: RELINK_QUEUE,
    args,
    typedSearchAttributes: new TypedSearchAttributes(attributes({ campaign })),
    staticSummary: `campaign ${campaign}`,
  };
}

/**
 * @param order number of the operator's order, which what is ordered after it outweighs
 * @returns whether it was started now, or ran already; and the run that is under way
 */
export async function startCampaign(session: CampaignSession, inventory: RunCampaignInput['inventory'], order?: number): Promise<{ readonly started: boolean; readonly run: string | undefined }> {
  const client = await session.temporal();
  try {
    const handle = await client.workflow.start('runCampaign', campaignStart(session.name, inventory, order));
    return { started: true, run: handle.firstExecutionRunId };
  } catch (cause: unknown) {
    if (!(cause instanceof WorkflowExecutionAlreadyStartedError)) throw cause;
    return { started: false, run: await runningCampaign(client, session.name) };
  }
}

/** The run that is under way; `undefined` when none is. */
export async function runningCampaign(client: Client, campaign: string): Promise<string | undefined> {
  const last = await described(client, campaignId(campaign));
  return last?.status.name === 'RUNNING' ? last.runId : undefined;
}

/**
 * Whether anything is under way that begins work of the campaign: its workflow, or a rerun that looks again at what was done and starts it then.
 * Reruns have ids by their time, so they are searched for.
 */
export const isUnderWay = (client: Client, campaign: string): Promise<boolean> => isOpen(client, campaign, ['rerunCampaign']);

/** The same of all that writes at the vendor: lanes and sagas go on when somebody has terminated the campaign's own workflow, or it failed. */
export const isWritten = (client: Client, campaign: string): Promise<boolean> => isOpen(client, campaign, ['rerunCampaign', 'drainLane', 'remediateMeeting']);

async function isOpen(client: Client, campaign: string, others: readonly string[]): Promise<boolean> {
  if ((await runningCampaign(client, campaign)) !== undefined) return true;
  const types = others.map((type) => `WorkflowType="${type}"`).join(' OR ');
  const { count } = await client.workflow.count(`${RelinkCampaign.name}="${campaign}" AND ExecutionStatus="Running" AND (${types})`);
  return count > 0;
}

/** Of the run, or of the last one; `null` when Temporal knows none. */
const described = (client: Client, workflowId: string, run?: string): Promise<WorkflowExecutionDescription | null> =>
  client.workflow.getHandle(workflowId, run).describe().catch((cause: unknown) => {
    if (cause instanceof WorkflowNotFoundError) return null;
    throw cause;
  });

/** Why the campaign's workflow, or a rerun since that did not get so far as to start it, ended in failure; `null` when it runs, ended well or never ran. */
export async function failureOf(client: Client, campaign: string): Promise<string | null> {
  const last = await described(client, campaignId(campaign));
  const cause = await causeOf(client, last);
  if (cause !== null || last?.status.name === 'RUNNING') return cause;
  const rerun = await lastRerun(client, campaign);
  return rerun && (!last || rerun.startTime > last.startTime) ? causeOf(client, rerun) : null;
}

async function causeOf(client: Client, last: WorkflowExecutionDescription | null): Promise<string | null> {
  if (last === null || last.status.name === 'COMPLETED' || last.status.name === 'RUNNING') return null;
  return client.workflow.getHandle(last.workflowId, last.runId).result().then(
    () => null,
    (cause: unknown) => {
      if (!(cause instanceof WorkflowFailedError)) throw cause;
      return scrubText(rootCause(cause));
    },
  );
}

/** What the schedule of the campaign started last. */
async function lastRerun(client: Client, campaign: string): Promise<WorkflowExecutionDescription | null> {
  const schedule = await client.schedule.getHandle(scheduleId(campaign)).describe().catch((cause: unknown) => {
    if (cause instanceof ScheduleNotFoundError) return null;
    throw cause;
  });
  const { workflowId, firstExecutionRunId } = schedule?.info.recentActions.at(-1)?.action.workflow ?? {};
  return workflowId === undefined ? null : described(client, workflowId, firstExecutionRunId);
}

/** With what to do: `Forbidden: 403 …; give the identity …, then \`relink start spring\`` */
export function withRemedy(campaign: string, cause: string): string {
  const type = cause.slice(0, cause.indexOf(':'));
  return `${cause}; ${isFailureType(type) ? failures[type].remedy : 'see its workflow in the Temporal UI'}, then \`relink start ${campaign}\``;
}

/** Temporal wraps what an activity said in the failures of all that waited for it. */
function innermost(failure: unknown): unknown {
  let here = failure;
  while (here instanceof Error && here.cause instanceof Error) here = here.cause;
  return here;
}

export function rootCause(failure: unknown): string {
  const root = innermost(failure);
  return root instanceof ApplicationFailure && root.type ? `${root.type}: ${root.message}` : messageOf(root);
}

/** What is wrong with a file of the operator's, if that is why it failed. */
export function wrongInput(failure: unknown): string | undefined {
  const root = innermost(failure);
  return root instanceof ApplicationFailure && root.type === 'InvalidInput' ? root.message : undefined;
}

/** Whether a worker polls: without one, all orders wait. */
export const hasWorker = (client: Client): Promise<boolean> => isPolled(client, RELINK_QUEUE, WORKFLOW_QUEUE);

/** Those of these identities whose requests no worker makes. */
export async function unserved(client: Client, identities: readonly string[]): Promise<readonly string[]> {
  const polled = await Promise.all(identities.map((identity) => isPolled(client, vendorQueue(identity), ACTIVITY_QUEUE)));
  return identities.filter((_, i) => !polled[i]);
}

export const unservedText = (identity: string): string => `no worker makes the requests of identity ${identity}, so they wait: start the workers again, which read relink.yaml when they begin`;

async function isPolled(client: Client, queue: string, taskQueueType: number): Promise<boolean> {
  const { pollers } = await client.workflowService.describeTaskQueue({ namespace: client.options.namespace, taskQueue: { name: queue }, taskQueueType });
  return (pollers ?? []).length > 0;
}

export const NO_WORKER = 'no worker is polling yet, so this waits: start `relink worker` (`relink up` has one)';
