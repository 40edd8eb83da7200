import { setHandler } from '@temporalio/workflow';
import type { StandingVerb } from '../../domain/orders.js';
import { pause, release, resume, retry, rollback, stop, wake, type MeetingsOrder } from '../messages.js';
import { ledgerActivities as ledger } from './activities.js';

/**
 * The operator's orders to a campaign. Each is in the ledger, with who and why, before the campaign hears of it: the pivot reads it there,
 * so ten thousand sagas in grace need no ten thousand signals. Orders to meetings come by their number; the ledger has the meetings.
 * @returns those to meetings that are being carried out
 */
export function takeOrders(campaign: string, onOrder: () => void): ReadonlySet<number> {
  const underWay = new Set<number>();
  const toCampaign = (verb: StandingVerb) => async () => {
    await ledger.giveOrder({ campaign, order: verb === 'resume' ? 'go' : verb, verb });
    onOrder();
  };
  const toMeetings = async ({ order }: MeetingsOrder) => {
    underWay.add(order);
    const receipt = await ledger.orderMeetings({ campaign, order });
    underWay.delete(order);
    onOrder();
    return receipt;
  };
  setHandler(wake, onOrder);
  setHandler(pause, toCampaign('pause'), { description: 'No creation and no deletion after it returns; grace goes on' });
  setHandler(resume, toCampaign('resume'), { description: 'Go on' });
  setHandler(stop, toCampaign('stop'), { description: 'No new work; what is begun goes on to grace and stays there' });
  setHandler(retry, toMeetings, { description: 'Take failed and held meetings up again' });
  setHandler(release, toMeetings, { description: 'End grace early' });
  setHandler(rollback, toMeetings, { description: 'Put back what is not past its pivot' });
  return underWay;
}
