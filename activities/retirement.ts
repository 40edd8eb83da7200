import type { Retirement, VendorActivities } from '../domain/activities.js';
import type { CampaignSpec } from '../domain/campaign.js';
import { sameChanges } from '../domain/changes.js';
import { inDoubt } from '../domain/doubt.js';
import { isRefusal } from '../domain/failures.js';
import type { ItemRecord, ItemRef } from '../domain/ledger.js';
import type { MeetingSnapshot } from '../domain/meeting.js';
import { partsLeftOut } from '../domain/parts.js';
import { isOver } from '../domain/recheck.js';
import { mayRetire, type Blocker, type LegacyNow } from '../domain/retire.js';
import { closedUntil } from '../domain/windows.js';
import { ahead, keyOf, overAt, recheckMs, type VendorContext } from './context.js';
import { afterChange, afterDeletion, letReplacementGo, type Scene } from './edits.js';
import { elsewhere, isThere } from './elsewhere.js';
import { moment } from './host-lists.js';
import { readAgain } from './memory.js';
import { createProof } from './proof.js';
import { recorded } from './recorded.js';

/** The pivot and the proof after it. */
export function createRetirement(context: VendorContext): Pick<VendorActivities, 'letReplacementGo' | 'retireLegacy' | 'verifyRetired'> {
  return {
    letReplacementGo: (ref) => letReplacementGo(context, keyOf(ref)),
    retireLegacy: ({ released, ...ref }) => retire(context, keyOf(ref), released),
    verifyRetired: createProof(context),
  };
}

async function retire(context: VendorContext, ref: ItemRef, released: boolean): Promise<Retirement> {
  const { ledger, vendor } = context;
  const item = await ledger.items.get(ref);
  if (item.retiredAt !== null) return { outcome: 'retired' };
  if (item.state !== 'replaced') return { outcome: 'settled', state: item.state, failure: item.failure };
  const { spec, order } = await ledger.campaigns.get(ref.campaign);
  const isClosed = (): Blocker | null => (closedUntil(spec.windows?.writes, Date.now()) === null ? null : 'WindowClosed');
  const early = blockedEarly(order, await ledger.notices.told(ref), item, released) ?? isClosed();
  if (early) return blocked(early, spec, item, null);

  const replacementStands = await stands(context, ref, item);
  const { snapshot } = await ledger.items.readSnapshot(ref);
  const { from, to } = ahead(spec);
  const { seen: read, lookedAt } = await readAgain(vendor, item.legacy, snapshot, { from, to: snapshot.until ?? to }, { occurrences: 'all' });
  if (read === 'gone') return vanished(context, ref, { spec, item, before: snapshot, released });
  const next = read.occurrences[0] ?? null;
  const running = read.running === true;
  if (!next && !running) return over(context, ref, { spec, item, before: snapshot }, read);
  const legacy = { fingerprint: ledger.items.fingerprint(read), changesStand: sameChanges(snapshot, read, lookedAt), running, next, now: Date.now(), startGuardMs: spec.startGuardMs, released, replacementStands };
  const { blocker } = await deleteGuarded(context, ref, item, legacy, isClosed);
  const leftOut = blocker === 'LegacyChanged' ? partsLeftOut(snapshot, read) : [];
  if (leftOut.length > 0) return beginAfresh(context, ref, leftOut);
  const followed = blocker === 'LegacyChanged' && replacementStands ? await afterChange(context, ref, { spec, item, before: snapshot, released }) : undefined;
  if (followed) return followed;
  return blocker === null ? { outcome: 'retired' } : blocked(blocker, spec, item, read);
}

/** Nobody has edited the old meeting: the list from which it was copied had not said all. Its log names the parts. */
const beginAfresh = ({ ledger }: VendorContext, ref: ItemRef, fields: readonly string[]): Promise<Retirement> =>
  recorded(ledger, ref, 'follow', (note) => {
    note({ fields });
    return Promise.resolve({ outcome: 'afresh' });
  });

/**
 * Whether the replacement is there. A list of the host says so that is here already, or that all share who are about to be deleted with it:
 * it may be a little old, which is why the proof after the deletion looks again. What no list shows is asked for by itself.
 */
async function stands(context: VendorContext, ref: ItemRef, { replacement }: ItemRecord): Promise<boolean> {
  const { ledger, lists, listLagMs } = context;
  if (replacement === null) return false;
  const recent = moment() - listLagMs;
  const shown = lists.known(replacement, recent) ?? ((await ledger.items.hasCompanions(ref, listLagMs)) ? await lists.showing(replacement, recent) : undefined);
  return shown !== undefined || isThere(context, replacement);
}

/** The guard and the deletion are one piece: the ledger's locks keep every fact true until the vendor has answered. */
function deleteGuarded({ ledger, vendor }: VendorContext, ref: ItemRef, item: ItemRecord, legacy: LegacyNow, isClosed: () => Blocker | null) {
  return ledger.items.atPivot(ref, async (facts) => {
    const blocker = mayRetire(facts, legacy) ?? isClosed();
    if (blocker !== null) return { retired: false, blocker };
    await recorded(ledger, ref, 'retire', async (note) => note(await vendor.removeMeeting(item.legacy)));
    return { retired: true, blocker: null };
  });
}

/**
 * Nothing of it is to come. Unless it was planned to be over by now, its organiser has moved it and held it on its old link, or cut it short,
 * and the replacement stands for meetings that nobody wants.
 */
async function over({ ledger }: VendorContext, ref: ItemRef, { spec, item, before }: Omit<Scene, 'released'>, read: MeetingSnapshot): Promise<Retirement> {
  const now = Date.now();
  if (isOver(before, now)) return { outcome: 'gone' };
  const { startedAt } = await ledger.campaigns.get(ref.campaign);
  const wasHeld = startedAt !== null && Date.parse(startedAt) <= Date.parse(read.start) && Date.parse(read.start) <= now;
  await ledger.items.setStart(ref, wasHeld ? read.start : null); // what is held counts as exposed from its start on; what was planned before does not take place
  return blocked('LegacyChanged', spec, item, read);
}

/** By us, when an earlier attempt sent the deletion and its answer was lost; in our stead, when the vendor refused it to us; else by somebody who meant it. */
async function vanished(context: VendorContext, ref: ItemRef, scene: Scene): Promise<Retirement> {
  const { items } = context.ledger;
  const events = await items.stepEvents(ref);
  const last = events.findLast(({ step }) => step === 'replace' || step === 'retire');
  const wasRefused = last?.step === 'retire' && isRefusal(last.failure);
  if (inDoubt(events, 'retire', 'replace') !== null || (wasRefused && (await elsewhere(context, ref, scene.item.legacy)) === 'gone')) {
    await items.move(ref, 'retired');
    return { outcome: 'retired' };
  }
  const then = await afterDeletion(context, ref, scene);
  return then === 'gone' ? { outcome: 'gone' } : blocked(then, scene.spec, scene.item, null);
}

/** Spares the vendor two requests when the ledger alone knows the answer. */
export function blockedEarly(order: string, told: string, { graceEndsAt }: Pick<ItemRecord, 'graceEndsAt'>, released: boolean): Blocker | null {
  if (order === 'pause') return 'Paused';
  if (order === 'stop') return 'Stopped';
  if (order === 'rollback') return 'RollingBack';
  if (told === 'bounced') return 'OrganiserUnreachable';
  if (told !== 'sent') return 'NotTold';
  return !released && graceEndsAt !== null && Date.parse(graceEndsAt) > Date.now() ? 'InGrace' : null;
}

export function blocked(blocker: Blocker, spec: CampaignSpec, item: ItemRecord, read: MeetingSnapshot | null): Retirement {
  const now = Date.now();
  const soon = now + recheckMs(spec);
  const occupied = (blocker === 'InProgress' || blocker === 'AboutToStart') && read ? overAt(spec, read, now) : 0;
  const inGrace = blocker === 'InGrace' && item.graceEndsAt ? Date.parse(item.graceEndsAt) : 0;
  const opens = blocker === 'WindowClosed' ? Date.parse(closedUntil(spec.windows?.writes, now) ?? '') || 0 : 0;
  return { outcome: 'blocked', blocker, recheckAt: new Date(Math.max(soon, occupied, inGrace, opens)).toISOString() };
}
