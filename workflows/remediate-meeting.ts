import { CancellationScope, TemporalFailure } from '@temporalio/workflow';
import type { State } from '../domain/states.js';
import { noticeActivities as notices } from './lib/activities.js';
import { failureOf, holds } from './lib/failure.js';
import { MeetingWork } from './lib/meeting-work.js';
import { nothing } from './lib/saga.js';
import { showState } from './lib/search.js';
import { goOnWith, letGo } from './organisers-edits.js';
import { giveUp, held, putBack } from './put-back.js';
import { refreshRoom } from './refresh-room.js';
import type { RemediateMeetingInput } from './messages.js';

/**
 * The work on one meeting: make a new one, prove it, tell the organiser, wait, and only then delete the old one.
 * A failure or an order before the deletion undoes everything; after it we only go forward.
 *
 * Returns the state in which the meeting was left, or `given-back` to the queue; why is in the ledger.
 * Never fails for a reason of the vendor, the mail or the ledger. A programming error fails the workflow task,
 * not the meeting, so that a corrected worker takes it up where it stands.
 */
export async function remediateMeeting(input: RemediateMeetingInput): Promise<State | 'given-back'> {
  const work = new MeetingWork(input);
  try {
    return await work.orders.obey(() => remediate(work, input));
  } catch (cause: unknown) {
    if (!(cause instanceof TemporalFailure)) throw cause;
    return await CancellationScope.nonCancellable(() => giveUp(work, cause));
  } finally {
    await work.freeSlot();
  }
}

async function remediate(work: MeetingWork, { resume, room, departed }: RemediateMeetingInput): Promise<State | 'given-back'> {
  switch (resume) {
    case undefined:
      return (await (room ? refreshRoom(work) : makeNew(work, departed))) ?? (await breakOld(work));
    case 'grace':
      return breakOld(work);
    case 'delete':
      await work.settle('replaced');
      return breakOld(work);
    case 'retired':
      return prove(work);
    case 'roll-back':
      return putBack(work, 'rolled-back');
    case 'start-afresh':
      return putBack(work, 'waiting');
    case 'keep':
      await work.settle('retired');
      return prove(work);
    case 'let-go':
      return letGo(work);
  }
}

/** Everything that can be put back, but for the host of a meeting whose own left. @returns how it ended when there is nothing to break. */
async function makeNew(work: MeetingWork, departed = false): Promise<State | 'given-back' | undefined> {
  const { ref, vendor, orders } = work;
  const unready = (departed ? await giveHost(work) : undefined) ?? (await work.unready(await vendor.snapshotLegacy(ref)));
  if (unready) return unready;

  let made = await work.take('replace', () => vendor.ensureReplacement(ref), work.removeReplacement);
  while (made.stale) {
    const unreadyNow = await work.unready(await vendor.snapshotLegacy(ref));
    if (unreadyNow) return unreadyNow;
    made = await vendor.ensureReplacement(ref);
  }
  if (!made.complete) await work.take('carry over', () => vendor.carryOver(ref), nothing);
  const { graceEndsAt, urgent, lost } = await work.take('verify', () => vendor.verifyReplacement(ref), nothing);
  await work.take('notify', () => notices.tellOrganiser({ ...ref, urgent, lost }), work.correctNotice);

  showState('replaced');
  await work.freeSlot();
  await orders.grace(graceEndsAt);
  return undefined;
}

/** Nothing takes it back: what fails later leaves the meeting with its new host. @returns how it ended when there is nothing to replace */
async function giveHost(work: MeetingWork): Promise<State | 'given-back' | undefined> {
  const given = await work.take('reassign host', () => work.vendor.reassignHost(work.ref), nothing);
  const unready = await work.unready(given);
  work.step = 'snapshot';
  return unready;
}

/** The pivot. An order to roll back that comes while the vendor is deleting comes too late. */
async function breakOld(work: MeetingWork): Promise<State> {
  work.step = 'retire';
  for (;;) {
    const retirement = await CancellationScope.nonCancellable(() => work.retire());
    if (retirement.outcome === 'retired') return prove(work);
    if (retirement.outcome === 'settled') return held(work, work.leave(retirement));
    if (retirement.outcome === 'gone') return CancellationScope.nonCancellable(() => work.settle('gone', { failure: 'MeetingGone' })); // the replacement is gone too
    if (retirement.outcome === 'afresh') return putBack(work, 'waiting');
    if (retirement.outcome === 'followed') {
      await goOnWith(work, retirement);
      continue;
    }
    if (retirement.blocker === 'RollingBack' || work.orders.back) return putBack(work, work.orders.back ?? 'rolled-back');
    if (retirement.blocker === 'Stopped') {
      if (!work.orders.wasWoken()) return 'replaced'; // grace stays open until the campaign is started again
      continue;
    }
    const failure = holds(retirement.blocker);
    if (failure) return held(work, await work.settle('held', { failure }));
    if (retirement.blocker === 'InGrace') await work.orders.grace(retirement.recheckAt);
    else await work.orders.hold(retirement.recheckAt, retirement.blocker);
    await work.continueWhenLong();
  }
}

/** After the pivot: forward only. */
function prove(work: MeetingWork): Promise<State> {
  return CancellationScope.nonCancellable(async () => {
    work.step = 'verify retired';
    try {
      await work.verifyRetired();
    } catch (cause: unknown) {
      if (!(cause instanceof TemporalFailure)) throw cause;
      return work.settle('held', { failure: failureOf(cause) });
    }
    showState('done');
    return 'done';
  });
}
