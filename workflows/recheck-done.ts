import { continueAsNew } from '@temporalio/workflow';
import { ledgerActivities as ledger, vendorActivities } from './lib/activities.js';
import { isLong } from './lib/history.js';
import type { RecheckDoneInput } from './messages.js';

/**
 * Looks again at a sample of what was done: an old link that answers again, a replacement that was deleted. Only reads at the
 * vendor; what it finds is in the ledger, and `status` says it.
 *
 * @returns how many meetings were looked at in this run
 * @throws ApplicationFailure `Forbidden` or `VendorRefused` when the vendor does not let the identity look
 */
export async function recheckDone(input: RecheckDoneInput): Promise<number> {
  const { campaign } = input;
  const lanes = input.lanes ?? (await ledger.campaignPace({ campaign })).lanes;
  let checked = 0;
  for (const [i, lane] of lanes.entries()) {
    let after: string | null = i === 0 ? (input.after ?? '') : '';
    while (after !== null) {
      const found = await vendorActivities(lane).recheckMeetings({ campaign, run: input.run, lane, after });
      checked += found.checked;
      after = found.next;
      if (after !== null && isLong()) await continueAsNew<typeof recheckDone>({ ...input, lanes: lanes.slice(i), after });
    }
  }
  return checked;
}
