import type { Legacy } from '../domain/activities.js';
import { RelinkFailure } from '../domain/failures.js';
import type { CampaignSpec } from '../domain/campaign.js';
import type { ItemRef, Ledger, Quota } from '../domain/ledger.js';
import type { ConferencingVendor } from '../domain/ports.js';
import type { Instant, MeetingSnapshot, Window } from '../domain/meeting.js';
import { closedUntil, type Windows } from '../domain/windows.js';
import type { HostLists } from './host-lists.js';

/** What the activities of one identity work with. */
export interface VendorContext {
  readonly ledger: Ledger;
  readonly vendor: ConferencingVendor;
  readonly lists: HostLists;
  readonly identity: string;
  readonly quota: Quota;
  /** How long the vendor's lists may lag behind its writes. Milliseconds. */
  readonly listLagMs: number;
}

/** How soon an activity looks again while the campaign is paused. */
const PAUSED_RECHECK_MS = 5_000;
/** The same outside the campaign's windows, unless they open sooner. */
const CLOSED_RECHECK_MS = 60_000;

/**
 * Read before every step that goes forward: orders reach even a saga that no signal found.
 * @throws RelinkFailure `CampaignPaused`, tried again until the operator resumes; `RolledBack`
 */
export async function whileGoing(ledger: Ledger, campaign: string): Promise<CampaignSpec> {
  const { spec, order } = await ledger.campaigns.get(campaign);
  if (order === 'pause') throw new RelinkFailure('CampaignPaused', 'the campaign is paused', { retryAfterMs: PAUSED_RECHECK_MS });
  if (order === 'rollback') throw new RelinkFailure('RolledBack', 'the campaign is being rolled back');
  return spec;
}

/**
 * Read before every write that goes forward: as `whileGoing`, and inside the campaign's windows.
 * @param windows those that must be open: for a link that dies at once those of notices too, because its owner must be told at once
 */
export async function whileOpen(ledger: Ledger, campaign: string, windows: readonly (keyof Windows)[] = ['writes']): Promise<CampaignSpec> {
  const spec = await whileGoing(ledger, campaign);
  const now = Date.now();
  const opens = windows.flatMap((which) => closedUntil(spec.windows?.[which], now) ?? [])[0];
  if (opens === undefined) return spec;
  throw new RelinkFailure('CampaignPaused', 'outside the windows of the campaign', { retryAfterMs: Math.max(1, Math.min(CLOSED_RECHECK_MS, Date.parse(opens) - now)) });
}

/** The same, asked before each of several writes. */
export const lastLookOf = (ledger: Ledger, campaign: string) => async (): Promise<void> => void (await whileOpen(ledger, campaign));

/** From now to the end of the campaign's horizon. */
export const ahead = (spec: CampaignSpec, now = Date.now()): Window => ({
  from: new Date(now).toISOString(),
  to: new Date(now + spec.scope.horizonMs).toISOString(),
});

/** No rule with an end goes on for longer at a vendor we know. */
const LONGEST_SERIES_MS = 5 * 366 * 86_400_000;

/** As `ahead`, but so far that a series is copied to its end, however near the campaign's horizon. */
export const wholly = (spec: CampaignSpec, now: number): Window => ({
  from: new Date(now).toISOString(),
  to: new Date(now + Math.max(spec.scope.horizonMs, LONGEST_SERIES_MS)).toISOString(),
});

/**
 * Waits for the vendor's lists to catch up: thrown unless the look at them began `listLagMs` after `since`, quiet after that.
 * When the look was over does not count: it may have waited its turn for longer than the lag.
 */
export function untilVisible(since: string, lookedAt: number, listLagMs: number): void {
  const left = Date.parse(since) + listLagMs - lookedAt;
  if (left > 0) throw new RelinkFailure('NotYetVisible', 'the vendor’s lists may not show it yet', { retryAfterMs: Math.min(left, Math.max(500, listLagMs / 4)) });
}

/** Too close to wait for the next digest. So is what was not held up for an announcement. */
export function isUrgent(legacy: MeetingSnapshot, graceEndsAt: Instant, { urgentWithinMs, digestEveryMs }: { urgentWithinMs: number; digestEveryMs: number }, now: number): boolean {
  const start = legacy.occurrences[0]?.start;
  return (start !== undefined && Date.parse(start) - now <= urgentWithinMs) || Date.parse(graceEndsAt) - now <= digestEveryMs;
}

/** How often what is in the way is looked at again: a twentieth of grace, within these bounds. Milliseconds. */
const RECHECK = { least: 1_000, most: 300_000 };

export const recheckMs = ({ graceMs }: Pick<CampaignSpec, 'graceMs'>): number => Math.min(RECHECK.most, Math.max(RECHECK.least, graceMs / 20));

/**
 * When a meeting that is being held, or is about to be, is looked at again: at its planned end. One that overruns or was opened early has none,
 * and is looked at soon. `now` in milliseconds since the epoch, and so is the answer.
 */
export function overAt(spec: Pick<CampaignSpec, 'graceMs' | 'startGuardMs'>, { occurrences: [next] }: Pick<MeetingSnapshot, 'occurrences'>, now: number): number {
  const isDue = next !== undefined && Date.parse(next.start) - spec.startGuardMs <= now;
  return isDue ? Date.parse(next.end) : now + recheckMs(spec);
}

/** To the queue, untouched. */
export async function giveBack({ items }: Ledger, ref: ItemRef, until: Instant): Promise<Extract<Legacy, { status: 'given-back' }>> {
  await items.postpone(ref, until);
  return { status: 'given-back' };
}

export const keyOf = ({ campaign, meeting }: ItemRef): ItemRef => ({ campaign, meeting });
