import { CancellationScope, TemporalFailure } from '@temporalio/workflow';
import type { State } from '../domain/states.js';
import { noticeActivities as notices } from './lib/activities.js';
import { failureOf } from './lib/failure.js';
import type { MeetingWork } from './lib/meeting-work.js';

/** The organiser edited the old meeting, the new one has that too, and they are told as they were told of the new one. */
export async function goOnWith(work: MeetingWork, { graceEndsAt, urgent }: { readonly graceEndsAt: string; readonly urgent: boolean }): Promise<void> {
  if (urgent) await notices.tellOrganiser({ ...work.ref, urgent, lost: [] });
  await work.orders.grace(graceEndsAt);
  await work.continueWhenLong();
}

/** The organiser deleted the old meeting, and an operator says that the new one is not needed either. Told at once: the campaign may be over, and its digests with it. */
export function letGo(work: MeetingWork): Promise<State> {
  return CancellationScope.nonCancellable(async () => {
    work.step = 'remove replacement';
    try {
      await work.vendor.letReplacementGo(work.ref);
    } catch (cause: unknown) {
      if (!(cause instanceof TemporalFailure)) throw cause;
      return work.settle('held', { failure: failureOf(cause) === 'LegacyChanged' ? 'LegacyChanged' : 'LegacyDeleted' });
    }
    await notices.tellOrganiser({ ...work.ref, urgent: true, lost: [] }).catch(unlessBug);
    return work.settle('gone', { failure: 'MeetingGone' });
  });
}

/** Who cannot be told is not told; there is nothing to undo for it. */
function unlessBug(cause: unknown): void {
  if (!(cause instanceof TemporalFailure)) throw cause;
}
