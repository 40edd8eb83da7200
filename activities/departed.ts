import { heartbeat } from '@temporalio/activity';
import type { Legacy, VendorActivities } from '../domain/activities.js';
import type { CampaignSpec } from '../domain/campaign.js';
import { handlesIn, newOwner, newOwners, type MeetingHandle } from '../domain/departed.js';
import { RelinkFailure } from '../domain/failures.js';
import { judge } from '../domain/judge.js';
import { laneFor } from '../domain/lanes.js';
import type { Finding, ItemRef, Ledger } from '../domain/ledger.js';
import type { ListedMeeting, MeetingIdentity } from '../domain/meeting.js';
import type { Written } from '../domain/ports.js';
import { ahead, giveBack, whileOpen, type VendorContext } from './context.js';
import { attempt } from './edge.js';
import { isOurs, mustGoOn } from './inventory.js';
import { recorded } from './recorded.js';

/** Handles of one activity, and looked up side by side. */
const PER_CHUNK = 60;
const AT_ONCE = 4;

/** Opens what the evidence of a campaign names and none of the listed hosts has. */
export async function openHandles({ campaigns, inventory }: Ledger, { campaign, run }: { readonly campaign: string; readonly run: string }): Promise<{ handles: number }> {
  const { spec } = await campaigns.get(campaign);
  if (spec.departed?.find === false) return { handles: 0 };
  for (const owner of newOwners(spec)) if (!(await inventory.lists(campaign, owner))) throw new RelinkFailure('InvalidInput', STRANGER);
  return { handles: await inventory.openHandles(campaign, run, handlesIn(spec.evidence)) };
}

const STRANGER = '`departed` in the campaign file names a new host who is not among the accounts that may host; name one who is, or leave it out';

/** Meetings of hosts who left: nobody's list shows them, so they are looked up by what names them. */
export function createDeparted(context: VendorContext): Pick<VendorActivities, 'inventoryHandles' | 'reassignHost'> {
  const { ledger } = context;
  return {
    reassignHost: (ref) => reassign(context, ref),
    async inventoryHandles({ campaign, run }) {
      const { spec } = await ledger.campaigns.get(campaign);
      const handles = await ledger.inventory.nextHandles(campaign, run, PER_CHUNK);
      const troubles: Error[] = [];
      // By links last and apart: what they tell of a meeting must not be overwritten.
      for (const batch of batchesOf(handles.filter(({ by }) => by !== 'link'), handles.filter(({ by }) => by === 'link'))) {
        const looks = await Promise.allSettled(batch.map((handle) => look(context, spec, handle)));
        troubles.push(...looks.flatMap((each) => (each.status === 'rejected' ? [each.reason as Error] : [])));
        heartbeat();
      }
      mustGoOn(troubles, handles.length);
      return { left: (await ledger.inventory.nextHandles(campaign, run, 1)).length };
    },
  };
}

const batchesOf = (...groups: readonly (readonly MeetingHandle[])[]): readonly (readonly MeetingHandle[])[] =>
  groups.flatMap((group) => Array.from({ length: Math.ceil(group.length / AT_ONCE) }, (_, i) => group.slice(i * AT_ONCE, (i + 1) * AT_ONCE)));

/** A meeting of a listed host was judged among their own. What is not there, or is over, stays so, and is not asked for again. */
async function look({ ledger, vendor }: VendorContext, spec: CampaignSpec, handle: MeetingHandle): Promise<void> {
  const now = Date.now();
  const close = (found: Pick<Parameters<Ledger['inventory']['finishHandle']>[0], 'finding' | 'unreadable'>, forGood = false) =>
    ledger.inventory.finishHandle({ campaign: spec.name, handle, lane: laneFor((found.finding ?? found.unreadable)?.identity.hostEmail ?? '', spec.identities), forGood, ...found });
  const meeting = await vendor.departed.find(handle, ahead(spec, now)).catch((cause: unknown) => {
    if (cause instanceof RelinkFailure && cause.type === 'VendorRefused') return { fields: cause.facts.fields ?? [] };
    throw cause;
  });
  if (meeting === 'none') return close({}, true);
  if ('fields' in meeting) return close({ unreadable: { identity: unreadable(spec, handle), fields: meeting.fields } });
  if (!meeting.next) return close({}, true);
  if ((await ledger.inventory.lists(spec.name, meeting.identity.hostEmail)) || (await isOurs(ledger, meeting, spec))) return close({});
  return close({ finding: await findingOf(ledger, spec, meeting, now) });
}

async function findingOf({ inventory }: Ledger, spec: CampaignSpec, meeting: ListedMeeting, now: number): Promise<Finding> {
  const { identity, kind, next } = meeting;
  const exemptions = await inventory.exemptions(spec.name, new Date(now).toISOString());
  const judgement = judge({ host: { email: identity.hostEmail }, meeting, siblings: 'unknown', spec, exempted: exemptions.covers(identity), now });
  return { identity, kind, startsAt: next?.start ?? null, judgement };
}

/** All that is known of an answer that could not be read is what it was asked by. */
const unreadable = ({ advisory }: CampaignSpec, { by, key }: MeetingHandle): MeetingIdentity => ({ vendor: advisory.vendor, site: '', id: by === 'id' ? key : `behind ${by} ${key}`, hostEmail: '', number: '', link: '' });

/**
 * The vendor is asked who has it before anything is repeated: an answer that was lost may have been a yes. And whether they left, before anything is
 * given away: a list may have missed them, and nothing takes this step back.
 */
async function reassign(context: VendorContext, ref: ItemRef): Promise<Legacy> {
  const { ledger, vendor } = context;
  const { spec, order } = await ledger.campaigns.get(ref.campaign);
  const now = Date.now();
  if (order === 'stop' || order === 'rollback') return giveBack(ledger, ref, new Date(now).toISOString());
  await whileOpen(ledger, ref.campaign);
  const { legacy } = await ledger.items.get(ref);
  const meeting = await vendor.departed.find({ by: 'id', key: legacy.id }, ahead(spec, now));
  if (meeting === 'none' || !meeting.next) return { status: 'gone' };
  const owner = await ownerOf(ledger, spec, meeting);
  if (owner === 'nobody') return { status: 'refused', reason: meeting.refusal ?? 'HostLeft' };
  if (owner.hasIt) await noteSeen(ledger, ref);
  else if (meeting.refusal) return { status: 'refused', reason: meeting.refusal };
  else if (Date.parse(meeting.next.start) - spec.startGuardMs <= now) return giveBack(ledger, ref, meeting.next.end);
  else if (!(await vendor.departed.hasLeft(meeting.identity.hostEmail))) return { status: 'refused', reason: 'HostLeft' }; // the next inventory lists them again
  else await recorded(ledger, ref, 'reassign host', async (note) => note(await given(context, ref, meeting, owner.email)));
  await ledger.items.giveTo(ref, owner.email);
  return { status: 'ready', startsAt: meeting.next.start };
}

type Owner = { readonly email: string; readonly hasIt: boolean };

/** Whoever has it and is listed keeps it: an administrator was quicker. */
async function ownerOf({ inventory }: Ledger, spec: CampaignSpec, { identity: { hostEmail, site } }: ListedMeeting): Promise<Owner | 'nobody'> {
  const to = newOwner(spec, site);
  const isTo = hostEmail.toLowerCase() === to;
  if (isTo || (await inventory.lists(spec.name, hostEmail))) return { email: hostEmail, hasIt: true };
  return to === undefined ? 'nobody' : { email: to, hasIt: false };
}

/** What the vendor says no to may be so already: then its lists were late. */
async function given({ ledger, vendor }: VendorContext, ref: ItemRef, { identity }: ListedMeeting, to: string): Promise<Written> {
  const { spec } = await ledger.campaigns.get(ref.campaign);
  try {
    return await vendor.departed.reassign(identity, to, async () => void (await whileOpen(ledger, ref.campaign)));
  } catch (cause: unknown) {
    if (!(cause instanceof RelinkFailure) || cause.type !== 'NotReassigned') throw cause;
    const after = await vendor.departed.find({ by: 'id', key: identity.id }, ahead(spec));
    if (after === 'none' || after.identity.hostEmail.toLowerCase() !== to) throw cause;
    return { trackingId: cause.facts.trackingId };
  }
}

/** An attempt that never heard of its success has it written down all the same: it cannot be taken back. */
async function noteSeen({ items }: Ledger, ref: ItemRef): Promise<void> {
  const last = (await items.stepEvents(ref)).findLast(({ step }) => step === 'reassign host');
  if (last && last.state !== 'done') await items.recordStep(ref, { step: 'reassign host', state: 'done', attempt: attempt(), trackingId: null, failure: null, note: 'seen' });
}
