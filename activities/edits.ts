import type { Retirement } from '../domain/activities.js';
import type { CampaignSpec } from '../domain/campaign.js';
import { editsBetween, usualEdits } from '../domain/edits.js';
import { RelinkFailure } from '../domain/failures.js';
import type { ItemRecord, ItemRef } from '../domain/ledger.js';
import type { MeetingIdentity, MeetingSnapshot } from '../domain/meeting.js';
import { isOver } from '../domain/recheck.js';
import { mayLetGo, type Blocker } from '../domain/retire.js';
import { graceFrom, heldAgainst } from './comparison.js';
import { isUrgent, lastLookOf, untilVisible, whileOpen, wholly, type VendorContext } from './context.js';
import { bookmark } from './edge.js';
import { elsewhere, removeWherever } from './elsewhere.js';
import { remembering } from './memory.js';
import { recorded } from './recorded.js';
import { unlessHeld } from './replacement.js';

/** What the organiser did with the old meeting during grace, and what becomes of the replacement. */
export interface Scene {
  readonly spec: CampaignSpec;
  readonly item: ItemRecord;
  /** The old meeting as the replacement was made from it. */
  readonly before: MeetingSnapshot;
  /** An operator ended grace: nothing is waited for but that the organiser is told. */
  readonly released: boolean;
}

/**
 * The old meeting is not there, and not by our hand. Only when it is reached by nothing any more, and nobody else has it, is it taken for deleted:
 * it may have another host by now, or its host left.
 */
export async function afterDeletion(context: VendorContext, ref: ItemRef, { spec, item, before }: Scene): Promise<'gone' | Blocker> {
  if (isOver(before, Date.now())) return 'gone';
  if (await mayStand(context, ref, item)) return 'LegacyChanged';
  if ((spec.edits ?? usualEdits).deleted === 'ask') {
    await context.ledger.notices.queue(ref, 'question', []);
    return 'LegacyDeleted';
  }
  return (await letGo(context, ref, item)) ?? 'gone';
}

const mayStand = async (context: VendorContext, ref: ItemRef, { legacy }: ItemRecord): Promise<boolean> => (await context.vendor.resolves(legacy)).length > 0 || (await elsewhere(context, ref, legacy)) !== 'gone';

/** An operator's answer to the question. @throws RelinkFailure `LegacyChanged` when the old meeting is there after all */
export async function letReplacementGo(context: VendorContext, ref: ItemRef): Promise<void> {
  const item = await context.ledger.items.get(ref);
  if (item.state === 'gone') return;
  if (await mayStand(context, ref, item)) throw new RelinkFailure('LegacyChanged', 'the old meeting is there again');
  const blocker = await letGo(context, ref, item);
  if (blocker !== null) throw new RelinkFailure('LegacyDeleted', `not deleted: ${blocker}`);
}

/** The last link that is left goes, when nobody is in it: under the locks of the pivot, since nothing brings it back. */
async function letGo(context: VendorContext, ref: ItemRef, { replacement }: ItemRecord): Promise<Blocker | null> {
  const { ledger, vendor } = context;
  if (replacement) await unlessHeld(context, ref, replacement);
  return ledger.items.atPivot<{ readonly retired: boolean; readonly blocker: Blocker | null }>(ref, async (facts) => {
    const blocker = mayLetGo(facts);
    if (blocker !== null || replacement === null) return { retired: false, blocker };
    await recorded(ledger, ref, 'remove replacement', async (note) => note(await removeWherever({ vendor }, replacement)));
    await ledger.notices.queue(ref, 'withdrawn', []);
    return { retired: false, blocker: null };
  }).then(({ blocker }) => blocker);
}

/**
 * Carries what the organiser changed in the old meeting into the replacement, proves it as when it was made, and gives it a grace of its own, of
 * which the organiser is told. `undefined`: it cannot be, or is not to be, and the meeting is held.
 */
export async function afterChange(context: VendorContext, ref: ItemRef, { spec, item, before, released }: Scene): Promise<Retirement | undefined> {
  const { replacement } = item;
  if ((spec.edits ?? usualEdits).changed === 'hold' || replacement === null) return undefined;
  const after = await readNow(context, spec, { ...item.legacy, timezone: before.timezone });
  if (after === undefined || context.vendor.obstacle(after, spec.policy, Date.now())) return undefined;
  return recorded(context.ledger, ref, 'follow', (note) => follow(context, ref, { spec, before, after, replacement, released }, note));
}

async function readNow({ vendor }: VendorContext, spec: CampaignSpec, legacy: MeetingIdentity): Promise<MeetingSnapshot | undefined> {
  const window = wholly(spec, Date.now());
  const { seen } = await remembering((memory) => vendor.readMeeting(legacy, window, { bookmark: bookmark(), memory }));
  if (seen === 'gone' || seen.refusal || seen.occurrences.length === 0) return undefined;
  return { ...seen, until: window.to, siteRules: await vendor.siteRules(seen) };
}

interface Edit extends Pick<Scene, 'spec' | 'before' | 'released'> {
  readonly after: MeetingSnapshot;
  readonly replacement: MeetingIdentity;
}

async function follow(context: VendorContext, ref: ItemRef, edit: Edit, note: (facts: { fields?: readonly string[]; trackingId?: string | undefined }) => void): Promise<Retirement | undefined> {
  const { ledger, vendor, listLagMs } = context;
  const { spec, before, after, replacement } = edit;
  let look = await lookAt(context, edit);
  if (look.fields.length > 0 || look.untried.length > 0) {
    await whileOpen(ledger, ref.campaign); // both were read since the pivot asked
    const written = await vendor.adjust(replacement, { before, after, policy: spec.policy, lastLook: lastLookOf(ledger, ref.campaign) });
    if (written === 'impossible' && look.fields.length > 0) return undefined;
    if (written !== 'impossible') note(written);
    look = await lookAt(context, edit);
  }
  if (look.fields.length > 0) {
    untilVisible(await begunAt(context, ref), look.lookedAt, listLagMs);
    note({ fields: look.fields });
    return undefined;
  }

  const now = Date.now();
  const edited = editsBetween(before, after, now);
  const { nextStart, graceEndsAt } = graceFrom(spec, after, now);
  await ledger.followed.save(ref, { snapshot: after, startsAt: nextStart, verifiedAt: new Date(now).toISOString(), graceEndsAt, fidelity: look.fidelity, edited });
  note({ fields: edited });
  return { outcome: 'followed', graceEndsAt, urgent: edit.released || isUrgent(after, graceEndsAt, spec.notices, now) };
}

/** The replacement as it is now, held against the old meeting as it is now. */
async function lookAt({ vendor }: VendorContext, { spec, after, replacement }: Edit) {
  const window = wholly(spec, Date.now());
  const { seen, lookedAt } = await remembering((memory) => vendor.readMeeting({ ...replacement, timezone: after.timezone }, { from: window.from, to: after.until ?? window.to }, { memory }));
  return { ...heldAgainst(vendor, spec, after, seen, lookedAt), lookedAt };
}

/** When the first attempt at this edit began: what lists lag behind is counted from there, or each attempt would wait anew. */
async function begunAt({ ledger }: VendorContext, ref: ItemRef): Promise<string> {
  const events = (await ledger.items.stepEvents(ref)).filter(({ step }) => step === 'follow');
  const done = events.findLastIndex(({ state }) => state === 'done');
  return events[done + 1]?.at ?? new Date().toISOString();
}
