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
  /** What is lost although a vendor may carry it over, on another site or for other people: only a request shows whether it does. */
  readonly untried: readonly string[];
}

/** @param lookedAt when it was read: what is over by then is not compared. Milliseconds since the epoch. */
export function heldAgainst(vendor: VendorContext['vendor'], { policy }: Pick<CampaignSpec, 'policy'>, legacy: MeetingSnapshot, replacement: MeetingSnapshot | 'gone', lookedAt: number): Comparison {
  if (replacement === 'gone') return { fields: ['meeting'], fidelity: [], untried: [] };
  const { options: intended, ...known } = vendor.intendedOptions(legacy, policy);
  const rows = compare({ legacy, replacement, intended, ...known, now: lookedAt });
  const fidelity = fidelityOf(rows);
  return { fields: fieldsThatDiffer(rows), fidelity, untried: fidelity.flatMap(({ field, verdict }) => (verdict === 'lost' && !known.lost.includes(field) ? [field] : [])) };
}

/** Without those whom the vendor knows by another address than the old meeting has. */
export function withoutAliases(meeting: MeetingSnapshot, aliases: readonly string[]): MeetingSnapshot {
  const known = (invitees: MeetingSnapshot['invitees']): MeetingSnapshot['invitees'] => invitees.filter(({ email }) => !aliases.includes(email.toLowerCase()));
  const changes = meeting.changes?.map((change) => (change.held ? { ...change, held: { ...change.held, invitees: known(change.held.invitees) } } : change));
  return { ...meeting, invitees: known(meeting.invitees), changes };
}

/** The grace of what was proven, or of what its organiser was told, at `now`: milliseconds since the epoch. What has begun by then needs no room before it, unless it is the last: then nothing is left to wait for. */
export function graceFrom(spec: CampaignSpec, legacy: MeetingSnapshot, now: number): { readonly nextStart: Instant | null; readonly graceEndsAt: Instant } {
  const next = legacy.occurrences.find(({ start }) => Date.parse(start) > now) ?? legacy.occurrences.at(-1);
  const nextStart = next?.start ?? null;
  const beat = beatOf(legacy.identity.hostEmail, { ...spec, ...spec.notices });
  return { nextStart, graceEndsAt: graceEnd({ now, graceMs: spec.graceMs, startGuardMs: spec.startGuardMs, nextStart, beat }) };
}
