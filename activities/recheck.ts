import type { VendorActivities } from '../domain/activities.js';
import { RelinkFailure } from '../domain/failures.js';
import type { ItemRef } from '../domain/ledger.js';
import { isDrift, isOver } from '../domain/recheck.js';
import type { VendorContext } from './context.js';
import { bookmark } from './edge.js';
import { isThere } from './elsewhere.js';
import { recorded } from './recorded.js';

/** Of campaigns planned before there was a choice. */
const USUAL_SHARE = 0.05;
/** Meetings of one activity. */
const AT_ONCE = 20;

/** Looks again at what was done: only reads at the vendor. What it finds is in the log of steps. */
export function createRecheck(context: VendorContext): Pick<VendorActivities, 'recheckMeetings'> {
  const { ledger } = context;
  return {
    async recheckMeetings({ campaign, run, lane, after }) {
      const { spec } = await ledger.campaigns.get(campaign);
      const share = spec.recheckShare ?? USUAL_SHARE;
      const mark = bookmark();
      const meetings = share === 0 ? [] : await ledger.rechecks.sample({ campaign, lane, run, share, after, limit: AT_ONCE });
      for (const meeting of meetings) {
        if (mark.saved !== undefined && meeting <= mark.saved) continue;
        await recheck(context, { campaign, meeting });
        mark.save(meeting);
      }
      return { checked: meetings.length, next: meetings.length < AT_ONCE ? null : (meetings.at(-1) ?? null) };
    },
  };
}

async function recheck(context: VendorContext, ref: ItemRef): Promise<void> {
  const { ledger, vendor } = context;
  const [{ legacy, replacement }, { snapshot }] = await Promise.all([ledger.items.get(ref), ledger.items.readSnapshot(ref)]);
  if (isOver(snapshot, Date.now()) || replacement === null) return;
  try {
    await recorded(ledger, ref, 'recheck', async () => {
      if (!(await isThere(context, replacement))) throw new RelinkFailure('ReplacementGone', 'the replacement is gone');
      const alive = await vendor.resolves(legacy);
      if (alive.length > 0) throw new RelinkFailure('StillResolves', `answers again by ${alive.join(', ')}`, { fields: alive });
    });
  } catch (cause: unknown) {
    if (!(cause instanceof RelinkFailure) || !isDrift(cause.type)) throw cause;
  }
}
