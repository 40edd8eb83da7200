import { WorkflowNotFoundError } from '@temporalio/client';
import { campaignId, laneId, wake } from '../../workflows/messages.js';
import type { CampaignSession } from '../session.js';

/** The campaign, or several that share its identities, and their lanes, those that are open. They would see it by themselves within a minute. */
export async function wakeAll(session: CampaignSession, campaigns: readonly string[] = [session.name]): Promise<void> {
  const client = await session.temporal();
  for (const workflowId of campaigns.flatMap((name) => [campaignId(name), ...session.spec.identities.map((lane) => laneId(name, lane))])) {
    await client.workflow
      .getHandle(workflowId)
      .signal(wake)
      .catch((cause: unknown) => {
        if (!(cause instanceof WorkflowNotFoundError)) throw cause;
      });
  }
}
