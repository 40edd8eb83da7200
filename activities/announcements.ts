import type { NoticeActivities } from '../domain/activities.js';
import { mayTell } from '../domain/announcements.js';
import { RelinkFailure } from '../domain/failures.js';
import type { Ledger } from '../domain/ledger.js';
import type { NoticeContext } from './notices.js';

/** The mail before anything happens. What is to be told, to whom and once only, is the ledger's. */
export function createAnnouncing(context: NoticeContext): Pick<NoticeActivities, 'announce'> {
  const { ledger } = context;
  return {
    async announce({ campaign }) {
      const outcomes: ('sent' | 'bounced' | 'nothing')[] = [];
      const troubles: RelinkFailure[] = [];
      for (const id of (await mayTellNow(ledger, campaign)) ? await ledger.announcements.assign(campaign) : []) {
        if (!(await mayTellNow(ledger, campaign))) break; // an order, or the end of a window, while others were mailed
        try {
          outcomes.push(await ledger.notices.alone(id, () => deliver(context, id)));
        } catch (cause: unknown) {
          if (!(cause instanceof RelinkFailure)) throw cause;
          troubles.push(cause); // one stubborn mailbox must not keep the others waiting
        }
      }
      if (troubles[0]) throw troubles[0];
      const count = (kind: string) => outcomes.filter((outcome) => outcome === kind).length;
      return { sent: count('sent'), bounced: count('bounced') };
    },
  };
}

const mayTellNow = async ({ campaigns }: Ledger, campaign: string): Promise<boolean> => mayTell(await campaigns.get(campaign), Date.now());

async function deliver({ ledger, mailer }: NoticeContext, id: string): Promise<'sent' | 'bounced' | 'nothing'> {
  const told = await ledger.announcements.open(id);
  if (!told) return 'nothing';
  const { spec } = await ledger.campaigns.get(told.campaign);
  const { language } = spec.notices;
  const { campaign, to, notBefore, meetings } = told;
  try {
    await mailer.send({ kind: 'announced', campaign, language, whatHappened: spec.advisory.notice?.[language], to, notBefore, meetings, key: id });
  } catch (cause: unknown) {
    if (!(cause instanceof RelinkFailure) || cause.type !== 'OrganiserUnreachable') throw cause;
    await ledger.announcements.close(id, 'bounced'); // whoever cannot be told must not keep the old link for it
    return 'bounced';
  }
  await ledger.announcements.close(id, 'sent');
  return 'sent';
}
