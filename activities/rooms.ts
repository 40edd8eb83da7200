import type { Legacy, Retirement, RoomActivities } from '../domain/activities.js';
import { fidelityOf, fieldsThatDiffer } from '../domain/compare.js';
import { inDoubt } from '../domain/doubt.js';
import { RelinkFailure } from '../domain/failures.js';
import type { ItemRef } from '../domain/ledger.js';
import type { Instant } from '../domain/meeting.js';
import { mayRetire, type LegacyNow } from '../domain/retire.js';
import { compareRooms } from '../domain/rooms.js';
import { ahead, giveBack, keyOf, untilVisible, whileGoing, whileOpen, type VendorContext } from './context.js';
import { attempt } from './edge.js';
import { recorded } from './recorded.js';
import { mustBeRunning, replacementOf } from './replacement.js';
import { blocked, blockedEarly } from './retirement.js';

export interface RoomContext extends VendorContext {
  /** How long the vendor may go on showing what a room was. Milliseconds. */
  readonly roomLagMs: number;
}

/** Personal rooms: the same room gets another id, which can be taken back. */
export function createRooms(context: RoomContext): RoomActivities {
  const { ledger } = context;
  return {
    snapshotRoom: (ref) => recorded(ledger, ref, 'snapshot', () => snapshot(context, ref)),
    refreshRoom: (ref) => refresh(context, ref),
    verifyRoom: (ref) => recorded(ledger, ref, 'verify', () => verify(context, ref)),
    restoreRoom: (ref) => restore(context, ref),
    retireRoom: ({ released, ...ref }) => retire(context, keyOf(ref), released),
    verifyRoomRetired: (ref) => proveRetired(context, ref),
  };
}

async function snapshot({ ledger, vendor }: RoomContext, ref: ItemRef): Promise<Legacy> {
  const { spec, order } = await ledger.campaigns.get(ref.campaign);
  const now = Date.now();
  if (order === 'stop' || order === 'rollback') return giveBack(ledger, ref, new Date(now).toISOString());
  await whileOpen(ledger, ref.campaign, ['writes', 'notices']);
  const { legacy } = await ledger.items.get(ref);
  const room = await vendor.rooms.read(legacy);
  if (room === 'gone' || room.identity.id !== legacy.id) return { status: 'gone' };
  const occurrences = await vendor.rooms.planned(legacy, ahead(spec, now));
  const next = occurrences[0];
  if (next && Date.parse(next.start) - spec.startGuardMs <= now) return giveBack(ledger, ref, next.end);

  await ledger.items.saveSnapshot(ref, { ...room, occurrences }, next?.start ?? null);
  await ledger.items.move(ref, 'running');
  return { status: 'ready', startsAt: next?.start ?? null };
}

/** The id is chosen and noted before the vendor is asked, so every attempt asks for the same. */
async function refresh({ ledger, vendor }: RoomContext, ref: ItemRef): Promise<void> {
  await whileOpen(ledger, ref.campaign, ['writes', 'notices']);
  const { legacy, replacement } = await ledger.items.get(ref);
  const target = replacement ?? vendor.rooms.propose(legacy);
  if (!replacement) await ledger.items.saveReplacement(ref, target);
  await recorded(ledger, ref, 'refresh room', async (note) => note(await vendor.rooms.assign(target, () => whileOpen(ledger, ref.campaign, ['writes', 'notices']).then(() => mustBeLast(ledger, ref)))));
}

/** An attempt that Temporal has given up must not rename the room after it was put back. */
async function mustBeLast({ items }: RoomContext['ledger'], ref: ItemRef): Promise<void> {
  await mustBeRunning(items, ref);
  const last = (await items.stepEvents(ref)).filter(({ step }) => step === 'refresh room' || step === 'restore room').at(-1);
  if (last?.step !== 'refresh room' || last.state !== 'started' || last.attempt !== attempt()) throw new RelinkFailure('NetworkAmbiguous', 'another attempt has taken over');
}

async function verify(context: RoomContext, ref: ItemRef): Promise<{ graceEndsAt: Instant }> {
  const { ledger, vendor, roomLagMs } = context;
  const spec = await whileGoing(ledger, ref.campaign);
  const { snapshot: legacy } = await ledger.items.readSnapshot(ref);
  const target = await replacementOf(context, ref);
  const lookedAt = Date.now();
  const room = await vendor.rooms.read(target);
  const rows = room === 'gone' ? [] : compareRooms(legacy, room);
  const fields = room === 'gone' ? ['room'] : [...(room.identity.id === target.id ? [] : ['id']), ...fieldsThatDiffer(rows)];
  if (room === 'gone' || fields.length > 0) {
    untilVisible(await lastAt(ledger, ref, 'refresh room'), lookedAt, roomLagMs);
    throw new RelinkFailure('VerificationFailed', `the room differs in ${fields.join(', ')}`, { fields });
  }
  await ledger.items.saveReplacement(ref, room.identity);
  const now = Date.now();
  const graceEndsAt = new Date(now + spec.graceMs).toISOString();
  await ledger.items.move(ref, 'replaced', { verifiedAt: new Date(now).toISOString(), graceEndsAt, fidelity: fidelityOf(rows) });
  return { graceEndsAt };
}

async function lastAt({ items }: RoomContext['ledger'], ref: ItemRef, step: 'refresh room'): Promise<Instant> {
  const events = await items.stepEvents(ref);
  return events.findLast((event) => event.step === step)?.at ?? new Date().toISOString();
}

/**
 * Undo of the refresh. A room that shows a third id has it by its owner's choice, and keeps it. One that shows the old id may show
 * it out of a cache, so the old one is asked for all the same.
 */
async function restore(context: RoomContext, ref: ItemRef): Promise<void> {
  const { ledger, vendor } = context;
  const { replacement, legacy, retiredAt } = await ledger.items.get(ref);
  if (!replacement) return;
  if (retiredAt !== null) throw new RelinkFailure('PastPivot', 'the old id was given up, so the room stays as it is');
  if (inDoubt(await ledger.items.stepEvents(ref), 'refresh room', 'restore room') === null) return ledger.items.clearReplacement(ref);
  await recorded(ledger, ref, 'restore room', async (note) => {
    const before = await vendor.rooms.read(legacy);
    if (before === 'gone' || ![replacement.id, legacy.id].includes(before.identity.id)) return;
    note(await vendor.rooms.assign(legacy));
    await mustBeBack(context, ref, legacy.id);
  });
  await ledger.items.clearReplacement(ref);
}

async function mustBeBack({ ledger, vendor, roomLagMs }: RoomContext, ref: ItemRef, id: string): Promise<void> {
  const lookedAt = Date.now();
  const after = await vendor.rooms.read((await ledger.items.get(ref)).legacy);
  if (after !== 'gone' && after.identity.id === id) return;
  const events = await ledger.items.stepEvents(ref);
  const refreshed = events.findLastIndex(({ step }) => step === 'refresh room');
  const since = events.slice(refreshed).find(({ step }) => step === 'restore room')?.at;
  untilVisible(since ?? new Date().toISOString(), lookedAt, roomLagMs);
  throw new RelinkFailure('VerificationFailed', 'the room has not got its old id back', { fields: ['id'] });
}

/** Nothing is deleted: from here on the old id is anybody's. What its owner has chosen meanwhile needs a human, for it may be as easy to guess as before. */
async function retire({ ledger, vendor }: RoomContext, ref: ItemRef, released: boolean): Promise<Retirement> {
  const item = await ledger.items.get(ref);
  if (item.retiredAt !== null) return { outcome: 'retired' };
  if (item.state !== 'replaced') return { outcome: 'settled', state: item.state, failure: item.failure };
  const { spec, order } = await ledger.campaigns.get(ref.campaign);
  const early = blockedEarly(order, await ledger.notices.told(ref), item, released);
  if (early) return blocked(early, spec, item, null);

  const room = await vendor.rooms.read(item.legacy);
  if (room === 'gone') return { outcome: 'gone' };
  const replacementStands = item.replacement?.id === room.identity.id;
  const { fingerprint } = await ledger.items.readSnapshot(ref);
  const legacy: LegacyNow = { fingerprint, changesStand: true, running: false, next: null, now: Date.now(), startGuardMs: spec.startGuardMs, released, replacementStands };
  const { blocker } = await ledger.items.atPivot(ref, async (facts) => {
    const found = mayRetire(facts, legacy);
    if (found === null) await recorded(ledger, ref, 'retire', async () => undefined);
    return { retired: found === null, blocker: found };
  });
  return blocker === null ? { outcome: 'retired' } : blocked(blocker, spec, item, null);
}

async function proveRetired({ ledger, vendor, roomLagMs }: RoomContext, ref: ItemRef): Promise<void> {
  if ((await ledger.items.get(ref)).state === 'held') await ledger.items.move(ref, 'retired'); // taken up again
  await recorded(ledger, ref, 'verify retired', async () => {
    const { legacy, retiredAt } = await ledger.items.get(ref);
    const { spec } = await ledger.campaigns.get(ref.campaign);
    const lookedAt = Date.now();
    const alive = await vendor.rooms.resolves(legacy, ahead(spec, lookedAt));
    if (alive.length === 0) return;
    untilVisible(retiredAt ?? new Date().toISOString(), lookedAt, roomLagMs);
    throw new RelinkFailure('StillResolves', `still answers by ${alive.join(', ')}`, { fields: alive });
  });
  await ledger.items.move(ref, 'done');
}
