import type { State } from '../domain/states.js';
import { noticeActivities as notices } from './lib/activities.js';
import type { MeetingWork } from './lib/meeting-work.js';
import { nothing } from './lib/saga.js';
import { showState } from './lib/search.js';

/**
 * The part of a personal room's saga that can be put back. A room has one id at a time, so the old link dies when the new one is
 * made: its owner is told at once, and through grace the old id may come back as long as nobody else has taken it.
 *
 * @returns how it ended when there is nothing to go on with
 */
export async function refreshRoom(work: MeetingWork): Promise<State | 'given-back' | undefined> {
  const { ref, vendor, orders } = work;
  const unready = await work.unready(await vendor.snapshotRoom(ref));
  if (unready) return unready;

  await work.take('refresh room', () => vendor.refreshRoom(ref), work.restoreRoom);
  await work.freeSlot(); // until the vendor shows the new id, half an hour may pass
  const { graceEndsAt } = await work.take('verify', () => vendor.verifyRoom(ref), nothing);
  await work.take('notify', () => notices.tellOrganiser({ ...ref, urgent: true, lost: [] }), work.correctNotice);

  showState('replaced');
  await orders.grace(graceEndsAt);
  return undefined;
}
