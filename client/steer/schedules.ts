import { ScheduleAlreadyRunning, ScheduleNotFoundError, ScheduleOverlapPolicy, ServiceError, type Client, type ScheduleDescription, type ScheduleHandle, type ScheduleSpec } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import type { Instant } from '../../domain/meeting.js';
import { attributes, RELINK_QUEUE, rerunId, scheduleId } from '../../workflows/messages.js';
import { JobFailed, WrongUse } from '../errors.js';

/** Of schedules by the calendar, whose next run may be far. Milliseconds. */
export const USUAL_CATCH_UP_MS = 86_400_000;
const PREFIX = scheduleId('');
/** gRPC status of a cron expression that the service does not understand. */
const INVALID_ARGUMENT = 3;

export interface ScheduleLine {
  readonly campaign: string;
  readonly paused: boolean;
  /** Next runs, soonest first. */
  readonly next: readonly Instant[];
  readonly last: Instant | null;
}

/** When reruns are due. */
export interface Times extends ScheduleSpec {
  /** A rerun that was missed, because the service was down, is made up for when it was due within this time. Of several, one: they do not overlap. */
  readonly catchUpMs: number;
}

/** @throws JobFailed when the campaign has a schedule, WrongUse when the service refuses the times. */
export async function createSchedule(client: Client, campaign: string, { catchUpMs, ...spec }: Times): Promise<void> {
  const typedSearchAttributes = new TypedSearchAttributes(attributes({ campaign }));
  await client.schedule
    .create({
      scheduleId: scheduleId(campaign),
      spec,
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: catchUpMs },
      typedSearchAttributes,
      action: {
        type: 'startWorkflow',
        workflowType: 'rerunCampaign',
        workflowId: rerunId(campaign),
        taskQueue: RELINK_QUEUE,
        args: [{ campaign }],
        typedSearchAttributes,
        staticSummary: `rerun of ${campaign}`,
      },
    })
    .catch((cause: unknown) => {
      if (cause instanceof ScheduleAlreadyRunning) throw new JobFailed(`${campaign} has a schedule; delete it first with \`relink schedule delete ${campaign}\``);
      if (cause instanceof ServiceError && (cause.cause as { code?: unknown }).code === INVALID_ARGUMENT) throw new WrongUse('the times are not understood; write --cron "0 3 * * *", or --every 1d, and a zone like Europe/Amsterdam');
      throw cause;
    });
}

/** Asks about each, because the list of the service lags behind. */
export async function listSchedules(client: Client): Promise<readonly ScheduleLine[]> {
  const campaigns: string[] = [];
  for await (const summary of client.schedule.list()) if (summary.scheduleId.startsWith(PREFIX)) campaigns.push(summary.scheduleId.slice(PREFIX.length));
  const lines = await Promise.all(campaigns.sort().map((campaign) => describe(client, campaign)));
  return lines.flatMap((line) => (line === null ? [] : [line]));
}

async function describe(client: Client, campaign: string): Promise<ScheduleLine | null> {
  const found = await client.schedule.getHandle(scheduleId(campaign)).describe().catch((cause: unknown) => {
    if (cause instanceof ScheduleNotFoundError) return null;
    throw cause;
  });
  return found === null ? null : lineOf(campaign, found);
}

const lineOf = (campaign: string, { state, info }: ScheduleDescription): ScheduleLine => ({
  campaign,
  paused: state.paused,
  next: state.paused ? [] : info.nextActionTimes.slice(0, 3).map((at) => at.toISOString()),
  last: info.recentActions.at(-1)?.takenAt.toISOString() ?? null,
});

/** @throws JobFailed when the campaign has no schedule. */
export async function onSchedule(client: Client, campaign: string, act: (handle: ScheduleHandle) => Promise<void>): Promise<void> {
  await act(client.schedule.getHandle(scheduleId(campaign))).catch((cause: unknown) => {
    if (!(cause instanceof ScheduleNotFoundError)) throw cause;
    throw new JobFailed(`${campaign} has no schedule; make one with \`relink schedule create ${campaign} --every 1d\``);
  });
}
