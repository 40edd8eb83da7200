import { WorkflowNotFoundError } from '@temporalio/client';
import { campaignId, laneId, wake } from '../../workflows/messages.js';
import type { CampaignSession } from '../session.js';

/** The campaign and its lanes, those that are open. They would see it by themselves within a minute. */
export async function wakeAll(session: CampaignSession): Promise<void> {
  const { name, spec } = session;
  const client = await session.temporal();
  for (const workflowId of [campaignId(name), ...spec.identities.map((lane) => laneId(name, lane))]) {
    await client.workflow
      .getHandle(workflowId)
      .signal(wake)
      .catch((cause: unknown) => {
        if (!(cause instanceof WorkflowNotFoundError)) throw cause;
      });
  }
}
