import { openHandles } from '../../activities/departed.js';
import type { VendorActivities } from '../../domain/activities.js';
import type { ItemRow, Ledger } from '../../domain/ledger.js';

type Taking = Pick<VendorActivities, 'inventoryHosts' | 'inventoryMeetings' | 'inventoryHandles'>;

/** As the workflow does, in one lane. @returns all that was found by now */
export async function takeInventory(ledger: Ledger, activities: Taking, { campaign, run }: { readonly campaign: string; readonly run: string }): Promise<readonly ItemRow[]> {
  await ledger.inventory.begin(campaign, run);
  for (let page: string | null = null; ; ) {
    const { next } = await activities.inventoryHosts({ campaign, run, page });
    if (next === null) break;
    page = next;
  }
  while ((await activities.inventoryMeetings({ campaign, run, lane: 'ops-1' })).left > 0);
  let { handles } = await openHandles(ledger, { campaign, run });
  while (handles > 0) ({ left: handles } = await activities.inventoryHandles({ campaign, run }));
  await ledger.plans.assignWaves(campaign);
  return ledger.plans.rows(campaign);
}
