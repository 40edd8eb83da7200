import type { CampaignOrder } from './campaign.js';
import { fnv1a } from './hash.js';
import type { Instant } from './meeting.js';
import type { State } from './states.js';

/** What the ledger says at the moment of deletion, read under lock. */
export interface PivotFacts {
  /** Of the campaign; `rollback` also when an operator has ordered this meeting to be put back. */
  readonly order: CampaignOrder;
  readonly state: State;
  readonly verifiedAt: Instant | null;
  readonly told: 'sent' | 'pending' | 'bounced' | 'none';
  readonly hasReplacement: boolean;
  /** Fingerprint saved by the snapshot. */
  readonly fingerprint: string | null;
  readonly graceEndsAt: Instant | null;
}

/** What was read at the vendor just before. */
export interface LegacyNow {
  readonly fingerprint: string;
  /** Single occurrences that are not over are changed as they were when the snapshot was taken, and no others. */
  readonly changesStand: boolean;
  /** People are in it, by the vendor's word: until then what was planned does not count. */
  readonly running: boolean;
  /** Occurrence running now or next, as planned; null when nothing is left. */
  readonly next: { readonly start: Instant; readonly end: Instant } | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly startGuardMs: number;
  /** An operator said that grace may end. */
  readonly released: boolean;
  /** The replacement is still there: organisers see two meetings that look alike, and may delete the wrong one. */
  readonly replacementStands: boolean;
}

export const blockers = [
  'NotVerified',
  'NotTold',
  'OrganiserUnreachable',
  'Paused',
  'WindowClosed',
  'Stopped',
  'RollingBack',
  'LegacyChanged',
  'LegacyDeleted',
  'InProgress',
  'AboutToStart',
  'InGrace',
  'NotReplaced',
  'ReplacementGone',
] as const;
export type Blocker = (typeof blockers)[number];

/**
 * The guard of the pivot: `null` when the legacy meeting may be deleted, else the first condition that does not hold.
 * Pure; the caller holds the locks that keep its facts true until the deletion is over.
 */
export function mayRetire(facts: PivotFacts, legacy: LegacyNow): Blocker | null {
  if (facts.order === 'pause') return 'Paused';
  if (facts.order === 'stop') return 'Stopped';
  if (facts.order === 'rollback') return 'RollingBack';
  if (facts.told === 'bounced') return 'OrganiserUnreachable';
  if (facts.state !== 'replaced' || !facts.hasReplacement) return 'NotReplaced';
  if (facts.verifiedAt === null || facts.fingerprint === null) return 'NotVerified';
  if (facts.told !== 'sent') return 'NotTold';
  // Before what it shows is compared: a meeting that is held shows what happens in it instead of what was planned.
  if (occupied(legacy) === 'InProgress') return 'InProgress';
  if (facts.fingerprint !== legacy.fingerprint || !legacy.changesStand) return 'LegacyChanged';
  if (!legacy.replacementStands) return 'ReplacementGone';
  if (!legacy.released && facts.graceEndsAt !== null && Date.parse(facts.graceEndsAt) > legacy.now) return 'InGrace';
  return occupied(legacy);
}

/**
 * Whether a replacement may be deleted whose old meeting is gone: `null`, or the first condition that does not hold. By itself under the campaign's order alone;
 * of one that is held an operator has said so.
 */
export function mayLetGo({ order, state, hasReplacement }: Pick<PivotFacts, 'order' | 'state' | 'hasReplacement'>): Blocker | null {
  if (state === 'held') return hasReplacement ? null : 'NotReplaced';
  if (order === 'pause') return 'Paused';
  if (order === 'stop') return 'Stopped';
  if (order === 'rollback') return 'RollingBack';
  return state === 'replaced' && hasReplacement ? null : 'NotReplaced';
}

/** In progress, or so close to its start that people may already be on their way in. */
function occupied({ running, next, now, startGuardMs }: LegacyNow): Blocker | null {
  if (running) return 'InProgress';
  if (!next || Date.parse(next.end) <= now) return null;
  if (Date.parse(next.start) <= now) return 'InProgress';
  return Date.parse(next.start) - startGuardMs < now ? 'AboutToStart' : null;
}

/**
 * When grace ends: after `graceMs` and on the next beat, but early enough to delete the old meeting before `start − startGuard`;
 * half a guard earlier still, so that a slow vendor does not push the deletion into the guard.
 * Never before now, so a meeting that is too close is told and retired at once. Default: no beat.
 */
export function graceEnd(input: { readonly now: number; readonly graceMs: number; readonly startGuardMs: number; readonly nextStart: Instant | null; readonly beat?: Beat }): Instant {
  const { everyMs, offsetMs } = input.beat ?? { everyMs: 1, offsetMs: 0 };
  const full = Math.ceil((input.now + input.graceMs - offsetMs) / everyMs) * everyMs + offsetMs;
  const guarded = input.nextStart === null ? full : Date.parse(input.nextStart) - 1.5 * input.startGuardMs;
  return new Date(Math.max(input.now, Math.min(full, guarded))).toISOString();
}

/** Moments at which grace may end. Milliseconds. */
export interface Beat {
  readonly everyMs: number;
  readonly offsetMs: number;
}

/**
 * All that one digest tells of ends together: its organiser has one moment to know, and the vendor is asked once for all of a host. Each host
 * has moments of its own, so that hosts do not all come at once. As often as digests go out, without which nothing is deleted anyway, but so
 * that no grace lasts twice as long.
 */
export function beatOf(hostEmail: string, { graceMs, digestEveryMs }: { readonly graceMs: number; readonly digestEveryMs: number }): Beat {
  const everyMs = Math.max(1, Math.min(digestEveryMs, graceMs));
  return { everyMs, offsetMs: fnv1a(hostEmail.toLowerCase()) % everyMs };
}
