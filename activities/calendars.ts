import type { CampaignSpec } from '../domain/campaign.js';
import type { ItemRef } from '../domain/ledger.js';
import type { MeetingSnapshot } from '../domain/meeting.js';
import { whileOpen, type VendorContext } from './context.js';
import { recorded } from './recorded.js';

/**
 * Whether a calendar owns the meeting, whose event would go with it. Where it may, the vendor is asked by an edit that changes nothing: a write, so orders
 * and windows are looked at once more, and a step of the log. Safe to repeat.
 */
export async function ownedByCalendar({ ledger, vendor }: VendorContext, ref: ItemRef, legacy: MeetingSnapshot, { policy }: Pick<CampaignSpec, 'policy'>): Promise<'nobody' | 'calendar' | 'running' | 'gone'> {
  if (!vendor.mayBeManaged(legacy, policy)) return 'nobody';
  await whileOpen(ledger, ref.campaign); // reading it may have taken long
  return recorded(ledger, ref, 'ask calendar', async (note) => {
    const answer = await vendor.takesEdits(legacy);
    if (answer === 'gone' || answer === 'running') return answer;
    note({ trackingId: answer.trackingId, fields: answer.taken ? [] : ['refused'] });
    return answer.taken ? 'nobody' : 'calendar';
  });
}
