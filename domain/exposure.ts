import type { CampaignSpec } from './campaign.js';
import { turnsOf, type LanePace, type QueuedMeeting } from './forecast.js';
import { openFrom } from './windows.js';

/**
 * Those of the queue that start next before they can be reached: by then their old link could not be gone, as far as the vendor's limits and the
 * campaign's windows decide. What is being held already is none. `now` in milliseconds since the epoch.
 */
export function exposedIn(queue: readonly QueuedMeeting[], lanes: readonly LanePace[], { windows, startGuardMs }: Pick<CampaignSpec, 'windows' | 'startGuardMs'>, now: number): readonly QueuedMeeting[] {
  const { writes = [], notices = [] } = windows ?? {};
  const turns = turnsOf(now, queue, lanes, writes);
  return queue.filter(({ startsAt }, i) => {
    const start = startsAt === null ? Infinity : Date.parse(startsAt);
    const turn = turns[i] ?? Infinity;
    const latest = start - startGuardMs;
    return start > now && start < Infinity && (turn > latest || openFrom(writes, openFrom(notices, turn)) > latest); // nothing is deleted before its organiser was told
  });
}
