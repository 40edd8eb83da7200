import { allHandlersFinished, condition, continueAsNew, ParentClosePolicy, setHandler, startChild, workflowInfo } from '@temporalio/workflow';
import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { LaneClaim } from '../domain/activities.js';
import { ledgerActivities as ledger } from './lib/activities.js';
import { isLong } from './lib/history.js';
import { timeTo } from './lib/orders.js';
import { signalIfOpen } from './lib/signals.js';
import { Window } from './lib/window.js';
import { attributes, campaignId, meetingId, RELINK_QUEUE, slotFreed, wake, type DrainLaneInput } from './messages.js';
import { remediateMeeting } from './remediate-meeting.js';

/** A run ends after so many starts, long before its history becomes slow to replay. */
const STARTS_PER_RUN = 400;
/** How long a lane with nothing to do sleeps before it asks the ledger again. */
const IDLE_MS = 60_000;
/** How soon it asks again when meetings wait but none could be had, because somebody else holds their rows. */
const RETRY_MS = 1_000;

/**
 * The stream of remediations of one identity in one wave, and of what earlier waves have left: soonest start first, never more at once than the window holds.
 * Which meetings, the ledger says; how fast, the vendor says. Ends when nothing of the wave waits and every slot is free,
 * or when the campaign was stopped.
 *
 * Sagas are abandoned children: they outlive the lane, which only wants their slots back.
 */
export async function drainLane(input: DrainLaneInput): Promise<void> {
  const window = new Window(input.maxConcurrent, input.inFlight);
  let awake = false;
  setHandler(slotFreed, (meeting) => window.free(meeting));
  setHandler(wake, () => void (awake = true));
  if (input.sequence === undefined) await ledger.startLane(input);

  let started = 0;
  for (let sequence = input.sequence ?? 0; ; sequence++) {
    awake = false;
    const limit = window.room;
    const claim = await ledger.claimMeetings({ ...keys(input), limit, claim: claimToken(sequence) });
    window.resize(claim.maxConcurrent);
    const isRefused = claim.meetings.length === 0 && limit > 0 && window.room > 0;
    await Promise.all(claim.meetings.map((meeting) => start(input, window, meeting)));
    started += claim.meetings.length;

    const isDone = () => nothingLeft(claim) && window.isEmpty;
    if (isDone() && claim.meetings.length === 0) break;
    await condition(() => awake || (!isRefused && hasRoom(window, claim)) || isDone(), pauseAfter(claim, isRefused));
    if (started >= STARTS_PER_RUN || isLong()) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof drainLane>({ ...input, inFlight: window.inFlight, sequence: sequence + 1 });
    }
  }
  await signalIfOpen(campaignId(input.campaign), wake);
}

const keys = ({ campaign, lane, wave }: DrainLaneInput) => ({ campaign, lane, wave });

/** The same for a retry of the same question, so that its answer is the same; never the same for another lane. */
const claimToken = (sequence: number): string => `${workflowInfo().firstExecutionRunId}/${sequence}`;

const nothingLeft = ({ left, order, waitUntil }: LaneClaim): boolean =>
  (left === 0 && waitUntil === null) || order === 'stop' || order === 'rollback';

/** Refills in handfuls: one question to the ledger for a quarter of the window. */
const hasRoom = (window: Window, { left, order }: LaneClaim): boolean => left > 0 && order === 'go' && window.room >= Math.max(1, Math.floor(window.size / 4));

/** An empty answer, although there was room, is not asked again at once. */
function pauseAfter({ waitUntil, left, order }: LaneClaim, isRefused: boolean): number {
  if (waitUntil !== null) return Math.min(IDLE_MS, timeTo(waitUntil));
  return left > 0 && isRefused && order === 'go' ? RETRY_MS : IDLE_MS;
}

async function start({ campaign, lane }: DrainLaneInput, window: Window, { meeting, startsAt, room, departed }: LaneClaim['meetings'][number]): Promise<void> {
  window.take(meeting);
  try {
    const saga = await startChild(remediateMeeting, {
      workflowId: meetingId(meeting),
      taskQueue: RELINK_QUEUE,
      args: [{ campaign, meeting, lane, ...(room ? { room } : {}), ...(departed ? { departed } : {}) }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      typedSearchAttributes: new TypedSearchAttributes(attributes({ campaign, lane, state: 'running', startsAt })),
      staticSummary: `remediate ${meeting.slice(0, 8)}, campaign ${campaign}`,
    });
    saga.result().catch(() => window.free(meeting)); // terminated by hand, so it cannot say so itself
  } catch (cause: unknown) {
    if (!(cause instanceof WorkflowExecutionAlreadyStartedError)) throw cause;
    window.free(meeting); // another campaign is at it
    await ledger.unclaimMeeting({ campaign, meeting });
  }
}
