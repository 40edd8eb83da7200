import type { CampaignSpec } from '../domain/campaign.js';
import { compare, fidelityOf, fieldsThatDiffer } from '../domain/compare.js';
import type { FieldFidelity } from '../domain/fidelity.js';
import type { Instant, MeetingSnapshot } from '../domain/meeting.js';
import { beatOf, graceEnd } from '../domain/retire.js';
import type { VendorContext } from './context.js';

/** A replacement held against the meeting that it stands for. */
export interface Comparison {
  /** In which it must not differ, and does: empty when it is proven. */
  readonly fields: readonly string[];
  readonly fidelity: readonly FieldFidelity[];
}

/** @param lookedAt when it was read: what is over by then is not compared. Milliseconds since the epoch. */
export function heldAgainst(vendor: VendorContext['vendor'], { policy }: Pick<CampaignSpec, 'policy'>, legacy: MeetingSnapshot, replacement: MeetingSnapshot | 'gone', lookedAt: number): Comparison {
  if (replacement === 'gone') return { fields: ['meeting'], fidelity: [] };
  const { options: intended, lost, open, texts } = vendor.intendedOptions(legacy, policy);
  const rows = compare({ legacy, replacement, intended, lost, open, texts, now: lookedAt });
  return { fields: fieldsThatDiffer(rows), fidelity: fidelityOf(rows) };
}

/** The grace of what was proven, or of what its organiser was told, at `now`: milliseconds since the epoch. What has begun by then needs no room before it, unless it is the last: then nothing is left to wait for. */
export function graceFrom(spec: CampaignSpec, legacy: MeetingSnapshot, now: number): { readonly nextStart: Instant | null; readonly graceEndsAt: Instant } {
  const next = legacy.occurrences.find(({ start }) => Date.parse(start) > now) ?? legacy.occurrences.at(-1);
  const nextStart = next?.start ?? null;
  const beat = beatOf(legacy.identity.hostEmail, { ...spec, ...spec.notices });
  return { nextStart, graceEndsAt: graceEnd({ now, graceMs: spec.graceMs, startGuardMs: spec.startGuardMs, nextStart, beat }) };
}
