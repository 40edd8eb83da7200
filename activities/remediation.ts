import type { VendorActivities } from '../domain/activities.js';
import { differences } from '../domain/compare.js';
import { inDoubt } from '../domain/doubt.js';
import type { CampaignSpec } from '../domain/campaign.js';
import { RelinkFailure } from '../domain/failures.js';
import type { ItemRef } from '../domain/ledger.js';
import type { Instant, MeetingIdentity, MeetingRef, MeetingSnapshot } from '../domain/meeting.js';
import type { Written } from '../domain/ports.js';
import { graceEnd } from '../domain/retire.js';
import { replacementTag } from '../domain/tags.js';
import { ahead, whileGoing, untilVisible, type VendorContext } from './context.js';
import { attempt, bookmark } from './edge.js';
import { recorded } from './recorded.js';

type Steps = Pick<VendorActivities, 'snapshotLegacy' | 'ensureReplacement' | 'carryOver' | 'verifyReplacement' | 'removeReplacement'>;

/** How soon a list that contradicts what was read by id is looked at again. */
const GONE_RECHECK_MS = 1_000;

/** The reversible steps of the saga: make the new before the old is touched. */
export function createRemediation(context: VendorContext): Steps {
  const { ledger } = context;
  return {
    snapshotLegacy: (ref) => recorded(ledger, ref, 'snapshot', () => snapshot(context, ref)),
    ensureReplacement: (ref) => replace(context, ref),
    async carryOver(ref) {
      await whileGoing(ledger, ref.campaign);
      await recorded(ledger, ref, 'carry over', async (note) => {
        const { snapshot: legacy } = await ledger.items.readSnapshot(ref);
        note(await invite(context, ref, legacy));
      });
    },
    verifyReplacement: (ref) => recorded(ledger, ref, 'verify', () => verify(context, ref)),
    removeReplacement: (ref) => remove(context, ref),
  };
}

async function snapshot({ ledger, vendor }: VendorContext, ref: ItemRef) {
  const { spec, order } = await ledger.campaigns.get(ref.campaign);
  if (order === 'stop' || order === 'rollback') {
    return giveBack(ledger, ref, new Date().toISOString());
  }
  await whileGoing(ledger, ref.campaign);
  const { legacy, startsAt } = await ledger.items.get(ref);
  const now = Date.now();
  const window = ahead(spec, now);
  const read = await vendor.readMeeting(legacy, window, { bookmark: bookmark() });
  if (read === 'gone') return { status: 'gone' } as const;
  if (read.refusal) return { status: 'refused', reason: read.refusal } as const;
  const next = read.occurrences[0];
  if (!next) return { status: 'gone' } as const;
  if (Date.parse(next.start) - spec.startGuardMs <= now) return giveBack(ledger, ref, next.end);

  await countMissedStart(ledger, ref, startsAt, next.start);
  await ledger.items.saveSnapshot(ref, { ...read, until: window.to }, next.start);
  await ledger.items.move(ref, 'running');
  return { status: 'ready', startsAt: next.start } as const;
}

async function giveBack({ items }: VendorContext['ledger'], ref: ItemRef, until: Instant) {
  await items.postpone(ref, until);
  return { status: 'given-back' } as const;
}

/** While we waited for an occurrence to be over, it was held on the old link: that counts, although the series goes on. */
async function countMissedStart(ledger: VendorContext['ledger'], ref: ItemRef, known: Instant | null, next: Instant) {
  const { startedAt } = await ledger.campaigns.get(ref.campaign);
  const missed = known !== null && known < next && Date.parse(known) <= Date.now() && startedAt !== null && known >= startedAt;
  if (missed) await ledger.items.countExposedStart(ref);
}

/** Looks before it repeats: a creation whose answer was lost may have happened, and lists lag behind. */
async function replace(context: VendorContext, ref: ItemRef): Promise<{ complete: boolean }> {
  const { ledger, vendor } = context;
  const spec = await whileGoing(ledger, ref.campaign);
  if ((await ledger.items.get(ref)).replacement) return { complete: false };
  const { snapshot: legacy } = await ledger.items.readSnapshot(ref);

  const doubt = await doubtOf(ledger, ref);
  const existing = doubt === null ? [] : await found(context, ref, legacy.identity, doubt);
  if (existing.length > 0) return adopt(context, ref, spec, existing);

  const spent = await ledger.pace.spendCreation(context.identity, legacy.identity.hostEmail, context.quota);
  if (!spent.allowed) throw new RelinkFailure('QuotaExhausted', 'the creation quota is used up', { retryAfterMs: spent.waitMs });
  return recorded(ledger, ref, 'replace', async (note) => {
    const created = await vendor.createReplacement(legacy, spec.policy, replacementTag(ref.meeting), () => mustBeLast(ledger, ref));
    note(created);
    await ledger.items.saveReplacement(ref, created.identity);
    return { complete: created.complete };
  });
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

/** An attempt that Temporal has given up, because this machine stood still, must not create beside the one that took over. */
async function mustBeLast({ items }: VendorContext['ledger'], ref: ItemRef): Promise<void> {
  const last = (await items.stepEvents(ref)).filter(({ step }) => step === 'replace').at(-1);
  if (last?.state !== 'started' || last.attempt !== attempt()) throw new RelinkFailure('NetworkAmbiguous', 'another attempt has taken over');
}

async function found({ vendor, listLagMs }: VendorContext, ref: ItemRef, legacy: MeetingIdentity, since: Instant) {
  const lookedAt = Date.now();
  const tagged = await vendor.findByTag(legacy, replacementTag(ref.meeting));
  const ours = tagged.filter(({ id }) => id !== legacy.id);
  if (ours.length === 0) untilVisible(since, lookedAt, listLagMs);
  return ours;
}

/** What an attempt whose answer was lost has made becomes the replacement; of several, the first. */
async function adopt({ ledger, vendor }: VendorContext, ref: ItemRef, spec: CampaignSpec, [first, ...rest]: readonly MeetingRef[]) {
  for (const surplus of rest) await vendor.removeMeeting(surplus);
  const read = first ? await vendor.readMeeting(first, ahead(spec), { occurrences: 'next' }) : 'gone';
  if (read === 'gone') throw new RelinkFailure('NotYetVisible', 'the vendor’s lists show a replacement that is not there', { retryAfterMs: GONE_RECHECK_MS });
  await ledger.items.saveReplacement(ref, read.identity);
  return { complete: false };
}

async function verify(context: VendorContext, ref: ItemRef) {
  const { ledger, vendor } = context;
  const spec = await whileGoing(ledger, ref.campaign);
  const { snapshot: legacy } = await ledger.items.readSnapshot(ref);
  const lookedAt = Date.now();
  const { from, to } = ahead(spec, lookedAt);
  const replacement = await vendor.readMeeting(await replacementOf(context, ref), { from, to: legacy.until ?? to }, { occurrences: 'next' });
  const intended = vendor.intendedOptions(legacy, spec.policy);
  const fields = replacement === 'gone' ? ['meeting'] : differences(legacy, replacement, intended.options, Date.parse(from));
  if (fields.length > 0) {
    if (fields.every((field) => field === 'occurrences' || field === 'invitees')) await mendWhileFresh(context, ref, legacy, { fields, lookedAt });
    throw new RelinkFailure('VerificationFailed', `the replacement differs in ${fields.join(', ')}`, { fields });
  }

  const now = Date.now();
  const nextStart = legacy.occurrences[0]?.start ?? null;
  const graceEndsAt = graceEnd({ now, graceMs: spec.graceMs, startGuardMs: spec.startGuardMs, nextStart });
  await ledger.items.move(ref, 'replaced', { verifiedAt: new Date(now).toISOString(), graceEndsAt });
  return { graceEndsAt, urgent: isUrgent(legacy, graceEndsAt, spec.notices, now), lost: intended.lost };
}

/**
 * Lists may lag behind what was just written, so a difference in a list counts only once that time is over.
 * Until then invitees whom the creation has not taken over are invited.
 */
async function mendWhileFresh(context: VendorContext, ref: ItemRef, legacy: MeetingSnapshot, { fields, lookedAt }: { readonly fields: readonly string[]; readonly lookedAt: number }) {
  const { ledger, listLagMs } = context;
  const written = (await ledger.items.stepEvents(ref)).filter(({ step, state }) => (step === 'replace' || step === 'carry over') && state !== 'failed').at(-1);
  if (!written || Date.parse(written.at) + listLagMs <= lookedAt) return;
  if (fields.includes('invitees')) await invite(context, ref, legacy);
  untilVisible(written.at, lookedAt, listLagMs);
}

/** Too close to wait for the next digest. */
function isUrgent(legacy: MeetingSnapshot, graceEndsAt: Instant, { urgentWithinMs, digestEveryMs }: { urgentWithinMs: number; digestEveryMs: number }, now: number): boolean {
  const start = legacy.occurrences[0]?.start;
  return (start !== undefined && Date.parse(start) - now <= urgentWithinMs) || Date.parse(graceEndsAt) - now <= digestEveryMs;
}

/**
 * Undo of the replacement. Never the last link that is left: when the legacy meeting is gone the replacement stays.
 * A creation in doubt is looked for as well.
 */
async function remove(context: VendorContext, ref: ItemRef): Promise<void> {
  const { ledger, vendor } = context;
  const { replacement, legacy, retiredAt } = await ledger.items.get(ref);
  const doubt = await doubtOf(ledger, ref);
  if (!replacement && doubt === null) return;
  if (retiredAt !== null || !(await vendor.exists(legacy))) {
    throw new RelinkFailure('PastPivot', 'the old meeting is gone, so the replacement stays');
  }
  await recorded(ledger, ref, 'remove replacement', async (note) => {
    const targets = replacement ? [replacement] : await found(context, ref, legacy, doubt ?? '');
    for (const target of targets) note(await vendor.removeMeeting(target));
    await ledger.items.clearReplacement(ref);
  });
}

async function invite(context: VendorContext, ref: ItemRef, { invitees }: MeetingSnapshot): Promise<Written> {
  const lookedAt = Date.now();
  return context.vendor.ensureInvitees(await replacementOf(context, ref), invitees).catch((cause: unknown) => unlessLate(context, ref, cause, lookedAt));
}

/** A conflict: the vendor knows invitees whom its list does not show yet. It counts once the list must have caught up. */
async function unlessLate({ ledger, listLagMs }: VendorContext, ref: ItemRef, cause: unknown, lookedAt: number): Promise<never> {
  if (cause instanceof RelinkFailure && cause.facts.status === 409) {
    const events = await ledger.items.stepEvents(ref);
    const made = events.findLastIndex(({ step, state }) => step === 'replace' && state !== 'failed');
    const first = events.slice(made + 1).find(({ step }) => step === 'carry over') ?? events[made];
    if (first) untilVisible(first.at, lookedAt, listLagMs);
  }
  throw cause;
}

async function replacementOf({ ledger }: Pick<VendorContext, 'ledger'>, ref: ItemRef): Promise<MeetingIdentity> {
  const { replacement } = await ledger.items.get(ref);
  if (!replacement) throw new RelinkFailure('InvalidInput', 'the ledger knows no replacement of this meeting');
  return replacement;
}
