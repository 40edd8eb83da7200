import { executeChild, ParentClosePolicy } from '@temporalio/workflow';
import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { attributes, campaignId, RELINK_QUEUE } from './messages.js';
import { runCampaign } from './run-campaign.js';

/**
 * What a schedule starts: the campaign again, with a new inventory, which handles only the difference.
 * Stays open as long as the campaign does, so that the schedule's overlap policy sees it. A campaign that is already
 * open is left alone: it is this rerun.
 *
 * @throws what `runCampaign` throws
 */
export async function rerunCampaign({ campaign }: { campaign: string }): Promise<'ran' | 'already-running'> {
  try {
    await executeChild(runCampaign, {
      workflowId: campaignId(campaign),
      taskQueue: RELINK_QUEUE,
      args: [{ campaign, inventory: 'take' }],
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
