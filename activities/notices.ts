import type { NoticeActivities } from '../domain/activities.js';
import type { CampaignSpec } from '../domain/campaign.js';
import { RelinkFailure } from '../domain/failures.js';
import type { Digest, ItemRef, Ledger } from '../domain/ledger.js';
import type { Instant } from '../domain/meeting.js';
import { closedUntil } from '../domain/windows.js';
import type { Mailer, NoticeMail, ToldMeeting } from '../domain/ports.js';
import { graceFrom } from './comparison.js';
import { keyOf } from './context.js';
import { bookmark, triedMs } from './edge.js';
import { recorded } from './recorded.js';

export interface NoticeContext {
  readonly ledger: Ledger;
  readonly mailer: Mailer;
}

/**
 * One mail per organiser. A digest is put together once, in the ledger, and keeps its Message-ID: when a worker dies
 * between the server's acceptance and our note of it, the mail goes out again as the very same message.
 */
export function createNotices(context: NoticeContext): Omit<NoticeActivities, 'announce'> {
  const { ledger } = context;
  return {
    async tellOrganiser({ urgent, lost, ...input }) {
      const ref = keyOf(input);
      await recorded(ledger, ref, 'notify', async () => {
        await ledger.notices.queue(ref, 'replaced', lost);
        if (!urgent || (await isClosed(ledger, ref.campaign))) return;
        for (const digest of await ledger.notices.assign(ref.campaign, ref)) await deliverAlone(context, digest);
        if ((await ledger.notices.told(ref)) === 'bounced') throw unreachable();
      });
    },

    correctNotice: (ref) => recorded(ledger, ref, 'correct', () => ledger.notices.retract(ref)),

    async sendDueDigests({ campaign }) {
      const { digestEveryMs: everyMs } = (await ledger.campaigns.get(campaign)).spec.notices;
      if (await isClosed(ledger, campaign)) return { sent: 0, bounced: 0, pending: await ledger.notices.pending(campaign), everyMs, closed: true };
      const outcomes: ('sent' | 'bounced' | 'nothing')[] = [];
      const troubles: RelinkFailure[] = [];
      let closed = false;
      for (const digest of await thisRound(ledger, campaign)) {
        closed = await isClosed(ledger, campaign);
        if (closed) break;
        try {
          outcomes.push(await deliverAlone(context, digest));
        } catch (cause: unknown) {
          if (!(cause instanceof RelinkFailure)) throw cause;
          troubles.push(cause); // one stubborn mailbox must not keep the others waiting
        }
      }
      if (troubles[0] && !closed && triedMs() < (await patienceMs(ledger, campaign))) throw troubles[0];
      const count = (kind: string) => outcomes.filter((outcome) => outcome === kind).length;
      return { sent: count('sent'), bounced: count('bounced'), pending: await ledger.notices.pending(campaign), everyMs, ...(closed ? { closed } : {}) };
    },
  };
}

/** In a heartbeat of this round: its digests are put together. */
const ASSIGNED = 'assigned';

/** Once, however often it is tried: or one full mailbox would get everybody else a mail with each attempt. */
async function thisRound({ notices }: Ledger, campaign: string): Promise<readonly string[]> {
  const mark = bookmark();
  if (mark.saved === ASSIGNED) return notices.unsent(campaign);
  const digests = await notices.assign(campaign);
  mark.save(ASSIGNED);
  return digests;
}

/** A round is tried for this time at the most, or what was queued meanwhile would wait for one stubborn mailbox. Milliseconds. */
const MOST_PATIENCE_MS = 300_000;

const patienceMs = async ({ campaigns }: Ledger, campaign: string): Promise<number> => Math.min(MOST_PATIENCE_MS, (await campaigns.get(campaign)).spec.notices.digestEveryMs);

/** Nobody is mailed outside the campaign's windows, however soon the meeting starts: it waits for the next round of digests. */
async function isClosed({ campaigns }: Ledger, campaign: string): Promise<boolean> {
  const { spec } = await campaigns.get(campaign);
  return closedUntil(spec.windows?.notices, Date.now()) !== null;
}

const unreachable = (): RelinkFailure => new RelinkFailure('OrganiserUnreachable', 'the mail server refused the organiser’s address for good');

const deliverAlone = (context: NoticeContext, id: string) => context.ledger.notices.alone(id, () => deliver(context, id));

async function deliver({ ledger, mailer }: NoticeContext, id: string): Promise<'sent' | 'bounced' | 'nothing'> {
  const digest = await ledger.notices.open(id);
  if (!digest) return 'nothing';
  const { spec } = await ledger.campaigns.get(digest.campaign);
  const now = Date.now();
  const entries = digest.entries.map((entry) => ({ ...entry, graceEndsAt: fromTelling(entry, spec, now) }));
  try {
    await mailer.send(toMail({ ...digest, entries }, spec, now));
  } catch (cause: unknown) {
    if (!(cause instanceof RelinkFailure) || cause.type !== 'OrganiserUnreachable') throw cause;
    await hold(ledger, await ledger.notices.bounced(id));
    return 'bounced';
  }
  await ledger.notices.sent(id, entries);
  return 'sent';
}

type Entry = Digest['entries'][number];

/** Whoever reads of it when the windows open again, or the mail server is back, has all of grace before the old link dies. */
function fromTelling({ snapshot, graceEndsAt }: Entry, spec: CampaignSpec, now: number): Instant {
  const { graceEndsAt: atTheLeast } = graceFrom(spec, snapshot, now);
  return graceEndsAt > atTheLeast ? graceEndsAt : atTheLeast;
}

/** Nobody was told, so nothing may be deleted: a human must look. */
async function hold(ledger: Ledger, refs: readonly ItemRef[]): Promise<void> {
  for (const ref of refs) {
    const { state } = await ledger.items.get(ref);
    if (state !== 'replaced') continue;
    await ledger.items.move(ref, 'held', { failure: 'OrganiserUnreachable', failedStep: 'notify' }).catch(async (cause: unknown) => {
      if ((await ledger.items.get(ref)).state === 'replaced') throw cause; // else it was put back or deleted meanwhile, which is no matter of the mail
    });
  }
}

const toMail = (digest: Digest, { notices: { language }, advisory }: CampaignSpec, now: number): NoticeMail => ({
  kind: digest.kind,
  campaign: digest.campaign,
  language,
  whatHappened: advisory.notice?.[language],
  to: digest.to,
  meetings: digest.entries.map((entry) => toTold(entry, now)),
  key: digest.id,
});

function toTold({ snapshot, replacement, graceEndsAt, lost, edited, inherited }: Entry, now: number): ToldMeeting {
  const next = snapshot.occurrences.find(({ end }) => Date.parse(end) > now) ?? snapshot.occurrences[0] ?? { start: snapshot.start, end: snapshot.end };
  return {
    title: snapshot.title,
    timezone: snapshot.timezone,
    start: next.start,
    end: next.end,
    recurring: snapshot.recurrence !== undefined,
    room: snapshot.kind === 'room',
    inherited,
    newLink: replacement.link,
    newNumber: replacement.number,
    oldLinkDiesAt: graceEndsAt,
    notCarriedOver: lost,
    inviteeCount: snapshot.invitees.length,
    edited,
  };
}
