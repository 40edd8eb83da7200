import { setHandler } from '@temporalio/workflow';
import type { MeetingOrder } from '../../domain/activities.js';
import type { CampaignOrder } from '../../domain/campaign.js';
import { pause, release, resume, retry, rollback, stop, wake, type OrderReceipt, type OrderSelection, type StopOrder } from '../messages.js';
import { ledgerActivities as ledger } from './activities.js';

/**
 * The operator's orders to a campaign. Each is in the ledger before its update returns: the pivot reads it there,
 * so ten thousand sagas in grace need no ten thousand signals.
 */
export function takeOrders(campaign: string, { onOrder, onWake }: { readonly onOrder: () => void; readonly onWake: () => void }): void {
  const order = (to: CampaignOrder) => async (given: StopOrder = {}) => {
    await ledger.giveOrder({ campaign, order: to, ...given });
    onOrder();
  };
  const toMeetings = async (verb: MeetingOrder['verb'], { meetings = [], failure }: OrderSelection): Promise<OrderReceipt> => {
    const receipt = await ledger.orderMeetings({ campaign, verb, meetings, failure });
    onOrder();
    return receipt;
  };
  setHandler(wake, onWake);
  setHandler(pause, order('pause'), { description: 'No creation and no deletion after it returns; grace goes on' });
  setHandler(resume, order('go'), { description: 'Go on' });
  setHandler(stop, order('stop'), { description: 'No new work; what is begun goes on to grace and stays there' });
  setHandler(retry, (selection) => toMeetings('retry', selection), { description: 'Take failed and held meetings up again' });
  setHandler(release, (selection) => toMeetings('release', selection), { description: 'End grace early' });
  setHandler(
    rollback,
    async (selection) => {
      if (isWhole(selection)) await ledger.giveOrder({ campaign, order: 'rollback' });
      return toMeetings('rollback', selection);
    },
    { description: 'Put back what is not past its pivot' },
  );
}

const isWhole = ({ meetings = [], failure }: OrderSelection): boolean => meetings.length === 0 && failure === undefined;
