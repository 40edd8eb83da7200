import { TypedSearchAttributes, type SignalDefinition } from '@temporalio/common';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { SagaControl } from '../activities/orders.js';
import type { Resume } from '../domain/activities.js';
import { attributes, campaignId, meetingId, RELINK_QUEUE, releaseGrace, rollBack, takeUpAgain, wake, type RemediateMeetingInput, type RunCampaignInput, type ToMeeting } from '../workflows/messages.js';

/** Reaches sagas and their campaigns through Temporal: open ones by signal, one that has ended by a new run that begins where it is told. */
export function createSagaControl(client: Client): SagaControl {
  return {
    async order({ campaign, meeting, lane, resume, release, room }) {
      const args: [RemediateMeetingInput] = [{ campaign, meeting, lane, resume, ...(room ? { room } : {}) }];
      const options = {
        workflowId: meetingId(meeting),
        taskQueue: RELINK_QUEUE,
        args,
        staticSummary: `${resume} ${meeting.slice(0, 8)}, campaign ${campaign}`,
        typedSearchAttributes: new TypedSearchAttributes(attributes({ campaign, lane })),
        workflowIdConflictPolicy: 'USE_EXISTING',
      } as const;
      await client.workflow.signalWithStart('remediateMeeting', { ...options, signal: signalOf(resume, release), signalArgs: [campaign] });
    },
    isOpen: (meeting) =>
      client.workflow.getHandle(meetingId(meeting)).describe().then(
        ({ status }) => status.name === 'RUNNING',
        (cause: unknown) => {
          if (!(cause instanceof WorkflowNotFoundError)) throw cause;
          return false;
        },
      ),
    async goOn(campaign, begin) {
      if (!begin) return signalIfOpen(client, campaign);
      const args: [RunCampaignInput] = [{ campaign, inventory: 'none' }];
      await client.workflow.signalWithStart('runCampaign', {
        workflowId: campaignId(campaign),
        taskQueue: RELINK_QUEUE,
        args,
        staticSummary: `campaign ${campaign}`,
        typedSearchAttributes: new TypedSearchAttributes(attributes({ campaign })),
        workflowIdConflictPolicy: 'USE_EXISTING',
        signal: wake,
      });
    },
  };
}

const signalIfOpen = (client: Client, campaign: string): Promise<void> =>
  client.workflow.getHandle(campaignId(campaign)).signal(wake).catch((cause: unknown) => {
    if (!(cause instanceof WorkflowNotFoundError)) throw cause;
  });

/** What an open saga is told; one that is held may be open still, asleep in grace. */
function signalOf(resume: Resume, release: boolean): SignalDefinition<ToMeeting> {
  if (resume === 'roll-back') return rollBack;
  if (resume === 'start-afresh') return takeUpAgain;
  return release ? releaseGrace : wake;
}
