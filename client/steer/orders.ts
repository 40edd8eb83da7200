import { WithStartWorkflowOperation, WorkflowNotFoundError, WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import type { FailureType } from '../../domain/failures.js';
import type { Ledger } from '../../domain/ledger.js';
import { campaignId, pause, release, resume, retry, rollback, stop, type OrderReceipt, type OrderSelection } from '../../workflows/messages.js';
import { JobFailed, WrongUse } from '../errors.js';
import type { CampaignSession } from '../session.js';
import { campaignStart, rootCause, runningCampaign } from './campaign-run.js';

export type StandingVerb = 'pause' | 'resume' | 'stop';

/** An order to a campaign that runs. @throws JobFailed when it does not, or when an approval was given while the order was on its way. */
export async function order(session: CampaignSession, verb: StandingVerb): Promise<void> {
  const client = await session.temporal();
  const notRunning = () => new JobFailed(`${session.name} is not running, so there is nothing to ${verb}; see \`relink status ${session.name}\``);
  if ((await runningCampaign(client, session.name)) === undefined) throw notRunning();
  const handle = client.workflow.getHandle(campaignId(session.name));
  const [gate] = await session.ledger.gates.open(session.name);
  await (verb === 'stop' ? handle.executeUpdate(stop, { args: [{ unlessApproved: gate?.id }] }) : handle.executeUpdate(verb === 'pause' ? pause : resume)).catch((cause: unknown) => {
    if (cause instanceof WorkflowUpdateFailedError) throw new JobFailed(rootCause(cause), { cause });
    throw cause instanceof WorkflowNotFoundError ? notRunning() : cause;
  });
}

const meetingOrders = { rollback, retry, release } as const;
export type MeetingVerb = keyof typeof meetingOrders;

/**
 * An order to meetings, which reaches them whether the campaign still runs or not.
 * @throws JobFailed when the standing order of the campaign would keep them from being worked on.
 */
export async function orderMeetings(session: CampaignSession, verb: MeetingVerb, selection: OrderSelection): Promise<OrderReceipt> {
  const standing = (await session.ledger.campaigns.get(session.name)).order;
  if (verb !== 'rollback' && (standing === 'stop' || standing === 'rollback')) {
    const stands = standing === 'stop' ? 'is stopped' : 'was put back as a whole';
    throw new JobFailed(`${session.name} ${stands}, so nothing of it is worked on; begin again with \`relink start ${session.name}\`, then ${verb}`);
  }
  const client: Client = await session.temporal();
  return client.workflow.executeUpdateWithStart(meetingOrders[verb], {
    args: [selection],
    startWorkflowOperation: new WithStartWorkflowOperation('runCampaign', { ...campaignStart(session.name, 'none'), workflowIdConflictPolicy: 'USE_EXISTING' }),
  });
}

/** Keys in full for what the user typed. @throws WrongUse when a key is unknown or short of being unique. */
export async function selectionOf({ ledger, name }: { readonly ledger: Ledger; readonly name: string }, meetings: readonly string[], failure?: FailureType): Promise<OrderSelection> {
  const keys = meetings.length === 0 ? [] : (await ledger.items.select(name, {})).map(({ meeting }) => meeting);
  return { ...(meetings.length === 0 ? {} : { meetings: meetings.map((typed) => fullKey(typed, keys)) }), ...(failure === undefined ? {} : { failure }) };
}

export function fullKey(typed: string, keys: readonly string[]): string {
  const wanted = typed.toLowerCase();
  const found = keys.includes(wanted) ? [wanted] : keys.filter((key) => key.startsWith(wanted));
  const [key] = found;
  if (key === undefined || wanted === '') throw new WrongUse(`no meeting of this campaign has a key that begins with ${typed}; \`relink report\` lists them all`);
  if (found.length > 1) throw new WrongUse(`${found.length} meetings have a key that begins with ${typed}; type more of it`);
  return key;
}
