import { continueAsNew } from '@temporalio/workflow';
import type { PlannedWave } from '../domain/ledger.js';
import { ledgerActivities as ledger, vendorActivities } from './lib/activities.js';
import { isLong } from './lib/history.js';
import type { TakeInventoryInput } from './messages.js';

/**
 * Finds and judges every meeting in scope, and plans the waves. Reads at the vendor, writes only to the ledger.
 * What was found is in the ledger after every host, so a crash repeats one handful of hosts at most. Meetings of hosts who left are
 * looked up last, by what calendars, mails and earlier inventories name.
 *
 * @throws ApplicationFailure `Forbidden` or `VendorRefused` when the vendor does not let the identity list people, or anybody's meetings; `InvalidInput` when it names
 * a new host for meetings of hosts who left who is not listed
 */
export async function takeInventory(input: TakeInventoryInput): Promise<readonly PlannedWave[]> {
  const { campaign, run } = input;
  const { lanes } = await ledger.beginInventory({ campaign, run });
  const [first] = lanes;
  if (first !== undefined && !input.hostsListed) await listHosts(input, first);
  await Promise.all(lanes.map((lane) => inspectHosts(input, lane)));
  if (first !== undefined) await findDeparted(input, first);
  return (await ledger.planWaves({ campaign })).waves;
}

/** What the evidence names and nobody who is listed has: the vendor shows it to any identity; the first one asks. */
async function findDeparted({ campaign, run }: TakeInventoryInput, lane: string): Promise<void> {
  let { handles: left } = await ledger.openHandles({ campaign, run });
  while (left > 0) {
    ({ left } = await vendorActivities(lane).inventoryHandles({ campaign, run }));
    if (left > 0 && isLong()) await continueAsNew<typeof takeInventory>({ campaign, run, hostsListed: true });
  }
}

/** Any identity sees all people; the first one asks. */
async function listHosts(input: TakeInventoryInput, lane: string): Promise<void> {
  const { campaign, run } = input;
  let page = input.page ?? null;
  do {
    ({ next: page } = await vendorActivities(lane).inventoryHosts({ campaign, run, page }));
    if (page !== null && isLong()) await continueAsNew<typeof takeInventory>({ ...input, page });
  } while (page !== null);
}

async function inspectHosts(input: TakeInventoryInput, lane: string): Promise<void> {
  const { campaign, run } = input;
  for (;;) {
    const { left } = await vendorActivities(lane).inventoryMeetings({ campaign, run, lane });
    if (left === 0) return;
    if (isLong()) await continueAsNew<typeof takeInventory>({ campaign, run, hostsListed: true });
  }
}
