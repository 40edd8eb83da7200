import type { VendorActivities } from '../domain/activities.js';
import type { CampaignSpec } from '../domain/campaign.js';
import { RelinkFailure } from '../domain/failures.js';
import type { ItemRef } from '../domain/ledger.js';
import type { Instant, MeetingSnapshot } from '../domain/meeting.js';
import { OF_CHANGES } from '../domain/occurrence-settings.js';
import type { Bookmark, Written } from '../domain/ports.js';
import { ownedByCalendar } from './calendars.js';
import { graceFrom, heldAgainst, withoutAliases, type Comparison } from './comparison.js';
import { ahead, giveBack, isUrgent, lastLookOf, overAt, whileGoing, whileOpen, untilVisible, wholly, type VendorContext } from './context.js';
import { bookmark } from './edge.js';
import { elsewhere } from './elsewhere.js';
import { moment } from './host-lists.js';
import { readAgain, remembering } from './memory.js';
import { recorded, type Recorded } from './recorded.js';
import { ensureReplacement, removeReplacement, replacementOf } from './replacement.js';

type Steps = Pick<VendorActivities, 'snapshotLegacy' | 'ensureReplacement' | 'carryOver' | 'verifyReplacement' | 'removeReplacement'>;

/** The reversible steps of the saga: make the new before the old is touched. */
export function createRemediation(context: VendorContext): Steps {
  const { ledger } = context;
  return {
    snapshotLegacy: (ref) => recorded(ledger, ref, 'snapshot', (note) => snapshot(context, ref, note)),
    ensureReplacement: (ref) => ensureReplacement(context, ref),
    async carryOver(ref) {
      await whileOpen(ledger, ref.campaign);
      await recorded(ledger, ref, 'carry over', async (note) => {
        const { snapshot: legacy } = await ledger.items.readSnapshot(ref);
        note(await carryOver(context, ref, legacy, bookmark()));
      });
    },
    verifyReplacement: (ref) => recorded(ledger, ref, 'verify', () => verify(context, ref)),
    removeReplacement: (ref) => removeReplacement(context, ref),
  };
}

/**
 * How old a list may be from which a meeting is taken, in lags of the vendor's lists: an hour where they lag for a minute. What was edited since
 * then, the look before the deletion finds, as it finds what is edited in a day of grace.
 */
const LAGS = 60;

async function snapshot(context: VendorContext, ref: ItemRef, note: (facts: Recorded) => void) {
  const { ledger, vendor, lists, listLagMs } = context;
  const { spec, order } = await ledger.campaigns.get(ref.campaign);
  if (order === 'stop' || order === 'rollback') return giveBack(ledger, ref, new Date().toISOString());
  await whileOpen(ledger, ref.campaign);
  const { legacy, startsAt, departed } = await ledger.items.get(ref);
  const now = Date.now();
  const window = wholly(spec, now);
  // What came to nothing once is read by itself: a list may have left out what made it so.
  const isAgain = (await ledger.items.stepEvents(ref)).some(({ step }) => step === 'replace');
  const shown = isAgain ? undefined : await lists.showing(legacy, moment() - LAGS * listLagMs);
  const { seen: read, lookedAt } = await remembering((memory) => vendor.readMeeting(legacy, window, { bookmark: bookmark(), memory, shown }));
  const vanished = async () => ((await elsewhere(context, ref, legacy)) === 'gone' ? ({ status: 'gone' } as const) : ({ status: 'refused', reason: 'HostLeft' } as const));
  if (read === 'gone') {
    if (departed) await untilGiven(ledger, ref, lookedAt, listLagMs);
    return vanished();
  }
  // Before what it shows counts: a meeting that is held shows what happens in it instead of what was planned.
  if (read.running) return giveBack(ledger, ref, new Date(overAt(spec, read, now)).toISOString());
  if (read.refusal) return { status: 'refused', reason: read.refusal } as const;
  const next = read.occurrences[0];
  if (!next) return { status: 'gone' } as const;
  if (Date.parse(next.start) - spec.startGuardMs <= now) return giveBack(ledger, ref, next.end);
  const legacyNow = { ...read, until: window.to, siteRules: await vendor.siteRules(read) };
  const obstacle = vendor.obstacle(legacyNow, spec.policy, now);
  if (obstacle) {
    note({ fields: obstacle.fields });
    return { status: 'refused', reason: obstacle.reason } as const;
  }

  const owner = await ownedByCalendar(context, ref, legacyNow, spec);
  if (owner === 'gone') return vanished();
  if (owner === 'running') return giveBack(ledger, ref, new Date(overAt(spec, read, Date.now())).toISOString());
  if (owner === 'calendar') return { status: 'refused', reason: 'CalendarManaged' } as const;

  await countMissedStart(ledger, ref, startsAt, next.start);
  await ledger.items.saveSnapshot(ref, legacyNow, next.start);
  await ledger.items.move(ref, 'running');
  return { status: 'ready', startsAt: next.start } as const;
}

/** A meeting that has just got its host may not be shown to them yet. */
async function untilGiven({ items }: VendorContext['ledger'], ref: ItemRef, lookedAt: number, listLagMs: number): Promise<void> {
  const given = (await items.stepEvents(ref)).findLast(({ step, state }) => step === 'reassign host' && state === 'done');
  if (given) untilVisible(given.at, lookedAt, listLagMs);
}

/** While we waited for an occurrence to be over, it was held on the old link: that counts, although the series goes on. */
async function countMissedStart(ledger: VendorContext['ledger'], ref: ItemRef, known: Instant | null, next: Instant) {
  const { startedAt } = await ledger.campaigns.get(ref.campaign);
  const missed = known !== null && known < next && Date.parse(known) <= Date.now() && startedAt !== null && known >= startedAt;
  if (missed) await ledger.items.countExposedStart(ref);
}

async function verify(context: VendorContext, ref: ItemRef) {
  const { ledger, vendor } = context;
  const spec = await whileGoing(ledger, ref.campaign);
  const { snapshot: legacy } = await ledger.items.readSnapshot(ref);
  const { from, to } = ahead(spec);
  const { seen: replacement, lookedAt } = await readAgain(vendor, await replacementOf(context, ref), { ...legacy, partsSince: await madeSince(context, ref, legacy) }, { from, to: legacy.until ?? to }, { made: true, occurrences: 'next' });
  const compared = heldAgainst(vendor, spec, legacy, replacement, lookedAt);
  const { fields, fidelity } = compared.fields.length > 0 ? await outlasting(context, ref, { spec, legacy, replacement, lookedAt, compared }) : compared;
  if (fields.length > 0) {
    throw new RelinkFailure('VerificationFailed', `the replacement differs in ${fields.join(', ')}`, { fields });
  }

  const lost = fidelity.flatMap(({ field, verdict }) => (verdict === 'lost' ? [field] : []));
  const now = Date.now();
  const { graceEndsAt } = graceFrom(spec, legacy, now);
  await ledger.items.move(ref, 'replaced', { verifiedAt: new Date(now).toISOString(), graceEndsAt, fidelity });
  const urgent = isUrgent(legacy, graceEndsAt, spec.notices, now) || (spec.notices.announceMs !== undefined && !(await ledger.announcements.isOver(ref)));
  return { graceEndsAt, urgent, lost };
}

interface Look {
  readonly spec: CampaignSpec;
  readonly legacy: MeetingSnapshot;
  readonly replacement: MeetingSnapshot | 'gone';
  readonly lookedAt: number;
  readonly compared: Comparison;
}

/**
 * What of a difference is left once lists must have caught up and what could be mended was. Who is missing then is invited once more: whom the vendor
 * calls invited all the same, it knows by another address.
 */
async function outlasting(context: VendorContext, ref: ItemRef, { spec, legacy, replacement, lookedAt, compared }: Look): Promise<Comparison> {
  const { ledger, vendor } = context;
  const { fields } = compared;
  if (!fields.every((field) => isCarriedOver(field, legacy))) return compared;
  await mendWhileFresh(context, ref, legacy, { fields, lookedAt });
  if (replacement === 'gone' || !fields.includes('invitees')) return compared;
  await whileOpen(ledger, ref.campaign);
  const { aliases = [] } = await recorded(ledger, ref, 'carry over', async (note) => {
    const written = await carryOver(context, ref, legacy);
    note(written);
    return written;
  });
  return aliases.length === 0 ? compared : heldAgainst(vendor, spec, withoutAliases(legacy, aliases), withoutAliases(replacement, aliases), lookedAt);
}

/** Nothing of a replacement is older than the first attempt to make it. */
async function madeSince({ ledger }: VendorContext, ref: ItemRef, { parts, partsSince }: MeetingSnapshot): Promise<Instant | undefined> {
  if (!parts) return partsSince;
  return (await ledger.items.stepEvents(ref)).find(({ step }) => step === 'replace')?.at ?? partsSince;
}

const isCarriedOver = (field: string, { parts = {} }: MeetingSnapshot): boolean => ['occurrences', 'changes', 'invitees'].includes(field) || field.startsWith(OF_CHANGES) || Object.hasOwn(parts, field);

/** A vendor that never shows what was written is believed after so many times. */
const MOST_MENDS = 5;

/**
 * Lists may lag behind what was just written, so a difference in a list counts only once that time is over.
 * Until then invitees whom the creation has not taken over are invited, and parts that it has not are made; that is written too.
 */
async function mendWhileFresh(context: VendorContext, ref: ItemRef, legacy: MeetingSnapshot, { fields, lookedAt }: { readonly fields: readonly string[]; readonly lookedAt: number }) {
  const { ledger, listLagMs } = context;
  const events = await ledger.items.stepEvents(ref);
  const writes = events.slice(events.findLastIndex(({ step }) => step === 'replace')).filter(({ step, state }) => (step === 'replace' || step === 'carry over') && state !== 'failed');
  const last = writes.at(-1);
  const heldUp = events.findLast(({ step, failure }) => step === 'verify' && failure === 'CampaignPaused');
  if (!last) return;
  const since = heldUp && heldUp.at > last.at ? heldUp.at : last.at; // while it was held up nobody looked
  if (Date.parse(since) + listLagMs <= lookedAt) return;
  const mended = writes.filter(({ step, state }) => step === 'carry over' && state === 'done').length;
  const mends = mended < MOST_MENDS && (fields.some((field) => field !== 'occurrences') || (legacy.changes ?? []).length > 0);
  if (mends) await whileOpen(ledger, ref.campaign);
  if (mends) await recorded(ledger, ref, 'carry over', async (note) => note(await carryOver(context, ref, legacy)));
  untilVisible(mends ? new Date().toISOString() : since, lookedAt, listLagMs);
}

async function carryOver(context: VendorContext, ref: ItemRef, legacy: MeetingSnapshot, mark?: Bookmark): Promise<Written> {
  const lookedAt = Date.now();
  const { spec } = await context.ledger.campaigns.get(ref.campaign);
  return context.vendor.carryOver(await replacementOf(context, ref), legacy, spec.policy, { bookmark: mark, lastLook: lastLookOf(context.ledger, ref.campaign) }).catch((cause: unknown) => unlessLate(context, ref, cause, lookedAt));
}

/** A conflict: the vendor knows something that its list does not show yet. It counts once the list must have caught up. */
async function unlessLate({ ledger, listLagMs }: VendorContext, ref: ItemRef, cause: unknown, lookedAt: number): Promise<never> {
  if (cause instanceof RelinkFailure && cause.facts.status === 409) {
    const events = await ledger.items.stepEvents(ref);
    const made = events.findLastIndex(({ step, state }) => step === 'replace' && state !== 'failed');
    const first = events.slice(made + 1).find(({ step }) => step === 'carry over') ?? events[made];
    if (first) untilVisible(first.at, lookedAt, listLagMs);
  }
  throw cause;
}
