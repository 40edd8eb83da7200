import type { CampaignSpec } from '../domain/campaign.js';
import { inDoubt } from '../domain/doubt.js';
import { isUnheard, RelinkFailure } from '../domain/failures.js';
import { answeredFailures, futileAfterMs, isFutile, nextTryMs } from '../domain/futile.js';
import type { ItemRecord, ItemRef } from '../domain/ledger.js';
import type { Instant, MeetingIdentity, MeetingRef, MeetingSnapshot } from '../domain/meeting.js';
import { vendorMinuteMs } from '../domain/pace.js';
import { isOver } from '../domain/recheck.js';
import { replacementTag } from '../domain/tags.js';
import { ADOPTED_NOTE, DUPLICATE_NOTE, isKeptBack, KEPT_BACK_NOTE } from '../domain/verdict.js';
import { overAt, untilVisible, whileOpen, type VendorContext } from './context.js';
import { attempt } from './edge.js';
import { elsewhere, removeWherever } from './elsewhere.js';
import { recorded } from './recorded.js';

/** How soon a list that contradicts what was read by id is looked at again. */
const GONE_RECHECK_MS = 1_000;
/** So old may be what a replacement is made from, when nothing of it was made yet. Milliseconds. */
const STALE_MS = 3_600_000;
/** How often a replacement that is being held is looked at again, if it is not over sooner as planned. */
const HELD_RECHECK_MS = 300_000;

/** Looks before it repeats: a creation whose answer was lost may have happened, and lists lag behind. */
export async function ensureReplacement(context: VendorContext, ref: ItemRef): Promise<{ complete: boolean; stale?: true }> {
  const { ledger, vendor } = context;
  const spec = await whileOpen(ledger, ref.campaign);
  if ((await ledger.items.get(ref)).replacement) return { complete: false };
  const { snapshot: legacy } = await ledger.items.readSnapshot(ref);

  const doubt = await doubtOf(ledger, ref);
  const existing = doubt === null ? [] : await found(context, ref, legacy.identity, doubt);
  if (existing.length > 0) return adopt(context, ref, existing);
  if (doubt === null && (await isStale(ledger, ref, spec, legacy))) return { complete: false, stale: true };
  if (doubt !== null) await unlessFutile(context, ref);

  const spent = await ledger.pace.spendCreation(context.identity, legacy.identity.hostEmail, await limits(context, ref));
  if (!spent.allowed) throw new RelinkFailure('QuotaExhausted', 'the creation quota is used up', { retryAfterMs: spent.waitMs });
  return recorded(ledger, ref, 'replace', async (note) => {
    const create = (lastLook: () => Promise<void>) => vendor.createReplacement(legacy, spec.policy, replacementTag(ref.meeting), lastLook);
    const created = await counted(ledger, ref, spent.spend, create).catch((cause: unknown) => patiently(context, ref, cause));
    note(created);
    await ledger.items.saveReplacement(ref, created.identity);
    return { complete: created.complete };
  });
}

/** What waited for a pause, a window or a quota since it was read: it may have been edited, held or cancelled, or be about to start. */
async function isStale({ items }: VendorContext['ledger'], ref: ItemRef, { startGuardMs }: CampaignSpec, { occurrences }: MeetingSnapshot): Promise<boolean> {
  const now = Date.now();
  const next = occurrences.find(({ end }) => Date.parse(end) > now);
  if (!next || Date.parse(next.start) - startGuardMs <= now) return true;
  const read = (await items.stepEvents(ref)).findLast(({ step, state }) => step === 'snapshot' && state === 'done');
  return read !== undefined && Date.parse(read.at) + STALE_MS < now;
}

/** What was never sent (no turn, no token), or not taken, is taken back: an outage of an hour must not eat the quota of a day. */
async function counted<T>(ledger: VendorContext['ledger'], ref: ItemRef, spend: string, create: (lastLook: () => Promise<void>) => Promise<T>): Promise<T> {
  let isSent = false;
  const lastLook = async () => {
    await whileOpen(ledger, ref.campaign); // its turn may have come long after it was asked for
    await mustBeLast(ledger, ref);
    isSent = true;
  };
  try {
    return await create(lastLook);
  } catch (cause: unknown) {
    if (isSent && !(cause instanceof RelinkFailure && isUnheard(cause))) throw cause;
    await ledger.pace.returnCreation(spend);
    throw keptBack(cause);
  } finally {
    await ledger.pace.creationAnswered(spend);
  }
}

/** The vendor counts what it fails at, and in an outage each meeting at work would use up a creation a minute. */
async function patiently({ ledger, quota }: VendorContext, ref: ItemRef, cause: unknown): Promise<never> {
  if (!(cause instanceof RelinkFailure) || cause.type !== 'NetworkAmbiguous' || (cause.facts.status ?? 0) < 500) throw cause;
  const answers = answeredFailures(await ledger.items.stepEvents(ref)).length + 1;
  throw new RelinkFailure(cause.type, cause.message, { ...cause.facts, retryAfterMs: nextTryMs(answers, vendorMinuteMs(quota.windowMs)) });
}

/** @throws RelinkFailure `VendorRefused` when the vendor fails at this meeting again and again while it makes others, and nothing of it was found after the last attempt */
async function unlessFutile({ ledger, identity, quota }: VendorContext, ref: ItemRef): Promise<void> {
  const answers = answeredFailures(await ledger.items.stepEvents(ref));
  const [first, last] = [answers[0], answers.at(-1)];
  if (!first || !last) return;
  const overMs = futileAfterMs(vendorMinuteMs(quota.windowMs));
  const beside = await ledger.items.creationsBeside(ref, identity, new Date(Date.parse(first.at) - overMs).toISOString());
  if (!isFutile(answers.map(({ at }) => at), beside, overMs, Date.now())) return;
  const facts = { status: last.code, trackingId: last.trackingId ?? undefined, fields: [KEPT_BACK_NOTE] };
  await recorded(ledger, ref, 'replace', () => Promise.reject(new RelinkFailure('VendorRefused', 'the vendor fails at this meeting again and again, and makes others', facts)));
}

/** Says so in the log, for the stop rule and the next attempt. */
const keptBack = (cause: unknown): unknown =>
  cause instanceof RelinkFailure ? new RelinkFailure(cause.type, cause.message, { ...cause.facts, fields: [...(cause.facts.fields ?? []), KEPT_BACK_NOTE] }) : cause;

/** A first attempt leaves the reserve alone. What was kept back was none. */
async function limits({ ledger, quota }: VendorContext, ref: ItemRef): Promise<VendorContext['quota']> {
  const log = (await ledger.items.stepEvents(ref)).filter(({ step }) => step === 'replace');
  const isRepeat = log.length > 2 * log.filter(isKeptBack).length;
  return isRepeat ? quota : { ...quota, ...quota.fresh };
}

/**
 * Since when a creation may have happened that we know nothing of. An attempt that has no end is given one: this moment,
 * because its worker may have spoken to the vendor until it died.
 */
async function doubtOf({ items }: VendorContext['ledger'], ref: ItemRef): Promise<Instant | null> {
  const doubt = inDoubt(await items.stepEvents(ref), 'replace', 'remove replacement');
  if (!doubt?.open) return doubt?.since ?? null;
  await items.recordStep(ref, { step: 'replace', state: 'failed', attempt: attempt(), trackingId: null, failure: 'NetworkAmbiguous', note: 'no end' });
  return new Date().toISOString();
}

/** An attempt that Temporal has given up, because this machine stood still, must not create beside the one that took over, nor after it was undone. */
async function mustBeLast({ items }: VendorContext['ledger'], ref: ItemRef): Promise<void> {
  await mustBeRunning(items, ref);
  const last = (await items.stepEvents(ref)).filter(({ step }) => step === 'replace').at(-1);
  if (last?.state !== 'started' || last.attempt !== attempt()) throw new RelinkFailure('NetworkAmbiguous', 'another attempt has taken over');
}

/** @throws RelinkFailure `RolledBack` */
export async function mustBeRunning(items: VendorContext['ledger']['items'], ref: ItemRef): Promise<void> {
  if ((await items.get(ref)).state !== 'running') throw new RelinkFailure('RolledBack', 'the meeting was put back meanwhile');
}

async function found({ vendor, listLagMs }: VendorContext, ref: ItemRef, legacy: MeetingIdentity, since: Instant) {
  const lookedAt = Date.now();
  const tagged = await vendor.findByTag(legacy, replacementTag(ref.meeting));
  const ours = tagged.filter(({ id }) => id !== legacy.id);
  if (ours.length === 0) untilVisible(since, lookedAt, listLagMs);
  return ours;
}

/** What an attempt whose answer was lost has made becomes the replacement; of several, the first. */
async function adopt({ ledger, vendor }: VendorContext, ref: ItemRef, [first, ...rest]: readonly MeetingRef[]) {
  if (rest.length > 0) await noteDuplicate(ledger, ref);
  for (const surplus of rest) await vendor.removeMeeting(surplus);
  const adopted = first ? await vendor.identify(first) : 'gone';
  if (adopted === 'gone') throw new RelinkFailure('NotYetVisible', 'the vendor’s lists show a replacement that is not there', { retryAfterMs: GONE_RECHECK_MS });
  await noteAdopted(ledger, ref);
  await ledger.items.saveReplacement(ref, adopted);
  return { complete: false };
}

/** For the stop rule: what was noted as a failed creation has made something after all. */
const noteAdopted = ({ items }: VendorContext['ledger'], ref: ItemRef): Promise<void> =>
  items.recordStep(ref, { step: 'replace', state: 'done', attempt: attempt(), trackingId: null, failure: null, note: ADOPTED_NOTE });

/** For the stop rule, before the surplus is gone. As a creation in doubt, so that whoever comes after us looks again before it creates. */
const noteDuplicate = ({ items }: VendorContext['ledger'], ref: ItemRef): Promise<void> =>
  items.recordStep(ref, { step: 'replace', state: 'failed', attempt: attempt(), trackingId: null, failure: 'NetworkAmbiguous', note: DUPLICATE_NOTE });

/**
 * Undo of the replacement, whoever has it by now. Never the last link that is left: when the legacy meeting is gone the replacement stays. Nor while people are in it.
 * A creation in doubt is looked for as well.
 */
export async function removeReplacement(context: VendorContext, ref: ItemRef): Promise<void> {
  const { ledger, vendor } = context;
  const item = await ledger.items.get(ref);
  const { replacement, legacy } = item;
  const doubt = await doubtOf(ledger, ref);
  if (!replacement && doubt === null) return;
  const old = (await vendor.exists(legacy)) ? 'stands' : await elsewhere(context, ref, legacy);
  if (item.retiredAt !== null || old !== 'stands') throw await whyItStays(context, ref, item, old);
  if (replacement) await unlessHeld(context, ref, replacement, await ledger.notices.isKnown(ref));
  await recorded(ledger, ref, 'remove replacement', async (note) => {
    const targets = replacement ? [replacement] : await found(context, ref, legacy, doubt ?? '');
    for (const target of targets) note(await removeWherever(context, target));
    await ledger.items.clearReplacement(ref);
  });
}

/** An organiser who deleted the old meeting in grace is asked whether the new one is needed; not about one that is over or is still reached by something. */
async function whyItStays({ ledger, vendor }: VendorContext, ref: ItemRef, { legacy, graceEndsAt, retiredAt }: ItemRecord, old: Awaited<ReturnType<typeof elsewhere>>): Promise<RelinkFailure> {
  const mayAsk = old === 'gone' && retiredAt === null && graceEndsAt !== null && !isOver((await ledger.items.readSnapshot(ref)).snapshot, Date.now());
  if (!mayAsk || (await vendor.resolves(legacy)).length > 0) return new RelinkFailure('PastPivot', 'the old meeting is gone, so the replacement stays');
  await ledger.notices.queue(ref, 'question', []);
  return new RelinkFailure('LegacyDeleted', 'the old meeting was deleted, so the replacement stays');
}

/**
 * Nobody is put out of a meeting: a replacement that is being held, by its plan or by the vendor's word, stays until it is over.
 * @param isExpected people have its link: it stays too when it starts within `startGuard`. Default: only when it has begun
 * @throws RelinkFailure `InProgress`, tried again when it may be
 */
export async function unlessHeld({ ledger, vendor }: VendorContext, ref: ItemRef, replacement: MeetingRef, isExpected = false): Promise<void> {
  const { snapshot } = await ledger.items.readSnapshot(ref);
  const { spec } = await ledger.campaigns.get(ref.campaign);
  const now = Date.now();
  const current = snapshot.occurrences.find(({ start, end }) => Date.parse(start) - (isExpected ? spec.startGuardMs : 0) <= now && now < Date.parse(end));
  if (!current && !(await vendor.isRunning(replacement))) return;
  const over = overAt(spec, { occurrences: current ? [current] : [] }, now);
  throw new RelinkFailure('InProgress', 'the new meeting is being held', { retryAfterMs: Math.min(HELD_RECHECK_MS, over - now) });
}

export async function replacementOf({ ledger }: Pick<VendorContext, 'ledger'>, ref: ItemRef): Promise<MeetingIdentity> {
  const { replacement } = await ledger.items.get(ref);
  if (!replacement) throw new RelinkFailure('InvalidInput', 'the ledger knows no replacement of this meeting');
  return replacement;
}
