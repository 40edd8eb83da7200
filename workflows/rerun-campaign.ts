import { executeChild, ParentClosePolicy, patched, workflowInfo } from '@temporalio/workflow';
import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ledgerActivities as ledger } from './lib/activities.js';
import { signalIfOpen } from './lib/signals.js';
import { attributes, campaignId, recheckId, RELINK_QUEUE, wake } from './messages.js';
import { recheckDone } from './recheck-done.js';
import { runCampaign } from './run-campaign.js';

/**
 * What a schedule starts: a look at a sample of what was done, then the campaign again, with a new inventory, which handles
 * only the difference.
 * A campaign that was stopped or put back stays so, until an operator starts it; one that was paused, until it is resumed.
 *
 * Stays open as long as the campaign does, so that the schedule's overlap policy sees it. A campaign that is already
 * open is left alone, and nothing is asked of the vendor: it is this rerun.
 *
 * @throws what `runCampaign` throws
 */
export async function rerunCampaign({ campaign }: { campaign: string }): Promise<'ran' | 'already-running' | 'stopped'> {
  if (patched('open-campaign-first') && (await signalIfOpen(campaignId(campaign), wake))) return 'already-running';
  try {
    await executeChild(recheckDone, {
      workflowId: recheckId(campaign),
      taskQueue: RELINK_QUEUE,
      args: [{ campaign, run: workflowInfo().runId }],
      typedSearchAttributes: new TypedSearchAttributes(attributes({ campaign })),
      staticSummary: `look again at what was done in ${campaign}`,
    });
    const { order } = await ledger.progress({ campaign });
    if (order === 'stop' || order === 'rollback') return 'stopped';
    await executeChild(runCampaign, {
      workflowId: campaignId(campaign),
      taskQueue: RELINK_QUEUE,
      args: [{ campaign, inventory: 'take', rerun: true }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      typedSearchAttributes: new TypedSearchAttributes(attributes({ campaign })),
      staticSummary: `campaign ${campaign}, rerun`,
    });
    return 'ran';
  } catch (cause: unknown) {
    if (!(cause instanceof WorkflowExecutionAlreadyStartedError)) throw cause;
    return 'already-running';
  }
}
