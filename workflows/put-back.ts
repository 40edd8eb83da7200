import { CancellationScope, isCancellation, type TemporalFailure } from '@temporalio/workflow';
import { failures, type FailureType } from '../domain/failures.js';
import type { State } from '../domain/states.js';
import { failureOf } from './lib/failure.js';
import type { MeetingWork } from './lib/meeting-work.js';

/** A step before the pivot did not succeed, or an order ended it. Runs where no order cancels it. */
export async function giveUp(work: MeetingWork, cause: TemporalFailure): Promise<State> {
  const failure = failureOf(cause);
  if (isCancellation(cause) || failure === 'RolledBack' || work.orders.back) return putBack(work, work.orders.back ?? 'rolled-back');
  return failures[failure].then === 'hold' || isPassedOn(work) ? held(work, await work.settle('held', { failure })) : putBack(work, 'failed', failure);
}

/** Whoever was told has had the new link for all of grace: no trouble with the deletion takes it from them. */
const isPassedOn = ({ step }: MeetingWork): boolean => step === 'retire';

/**
 * To its end and with its outcome, also in a saga whose order to put back has cancelled all else. Where the old meeting was deleted meanwhile
 * the new one stays, and it is for its organiser to say whether it is needed.
 */
export function putBack(work: MeetingWork, state: State, failure?: FailureType): Promise<State> {
  return CancellationScope.nonCancellable(async () => {
    const [stuck] = await work.saga.unwind();
    if (!stuck) return work.settle(state, { failure });
    return work.settle('held', { failure: failureOf(stuck.cause) === 'LegacyDeleted' ? 'LegacyDeleted' : 'UndoFailed', step: stuck.step });
  });
}

/** How it ended before the pivot. When it is held an order to put it back may have come meanwhile. */
export async function held(work: MeetingWork, state: State): Promise<State> {
  return state === 'held' && work.orders.back ? putBack(work, work.orders.back) : state;
}
