import type { CampaignSpec } from './campaign.js';
import { canonical } from './canonical.js';
import { REQUESTS_PER_MEETING, type Forecast } from './forecast.js';
import type { Instant, MeetingKind } from './meeting.js';
import type { Shape, ShapeFigures } from './shape.js';

/** How badly the simulated vendor and mail server behave. */
export const faultProfiles = ['none', 'ordinary', 'hostile'] as const;
export type FaultProfile = (typeof faultProfiles)[number];

/** What was rehearsed, and whether it went well. */
export interface Rehearsed {
  /** Number of the plan whose shape it had. */
  readonly plan: number;
  readonly passed: boolean;
  readonly faults: FaultProfile;
  /** Of the hosts, above 0 and at most 1. */
  readonly share: number;
  /** Of the whole plan, not of the share. */
  readonly shape: ShapeFigures;
  /** As `settingsOf` writes them. */
  readonly settings: string;
  readonly at: Instant;
}

/** Append-only. */
export interface RehearsalBook {
  /** The last plan that was kept, without anything that names a person. `now` in milliseconds since the epoch. @throws RelinkFailure `InvalidInput` when there is none. */
  shape(campaign: string, now: number): Promise<{ readonly plan: number; readonly shape: Shape }>;
  record(campaign: string, rehearsed: Omit<Rehearsed, 'at'>): Promise<Rehearsed>;
  /** Newest first. */
  list(campaign: string): Promise<readonly Rehearsed[]>;
}

/** What an identity may do at the vendor. */
export interface IdentityLimits {
  readonly name: string;
  readonly requestsPerMinute: number;
  readonly createsPerDay: { readonly identity: number; readonly host: number; readonly reserve: number };
  readonly quotaWindowMs: number;
}

/** All that decides how a campaign goes beside its meetings: other settings make another rehearsal. Windows are no part of one. */
export function settingsOf({ policy, startGuardMs, graceMs, notices, limits, waves, stopRules, approval, scope, identities }: CampaignSpec, pace: readonly IdentityLimits[]): string {
  const { maxConcurrent } = limits;
  const lanes = pace.filter(({ name }) => identities.includes(name)).map(({ name, requestsPerMinute, createsPerDay, quotaWindowMs }) => ({ name, requestsPerMinute, createsPerDay, quotaWindowMs }));
  return canonical({ policy, startGuardMs, graceMs, notices, maxConcurrent, waves, stopRules, approval, personalRooms: scope.personalRooms === true, lanes });
}

/** A plan changes by the hour, and a rehearsal may take longer: so much more of what was rehearsed is no reason for another one. */
const MORE = 1.1;

/** Whether it stands for this: no other settings, no kind that was not there, and at most a tenth more meetings, of the busiest host too. */
export function covers({ shape, settings }: Pick<Rehearsed, 'shape' | 'settings'>, now: Pick<Rehearsed, 'shape' | 'settings'>): boolean {
  const kinds = Object.keys(now.shape.kinds) as MeetingKind[];
  return settings === now.settings && kinds.every((kind) => (shape.kinds[kind] ?? 0) > 0) && now.shape.meetings <= shape.meetings * MORE && now.shape.most <= Math.ceil(shape.most * MORE);
}

export type RehearsalStanding = 'passed' | 'failed' | 'not rehearsed';

/** What the newest rehearsal says that stands for what would be done now; beside it the newest of all. */
export function standingOf(rehearsals: readonly Rehearsed[], now: Pick<Rehearsed, 'shape' | 'settings'>): { readonly standing: RehearsalStanding; readonly last: Rehearsed | null } {
  const fitting = rehearsals.find((each) => covers(each, now));
  return { standing: fitting ? (fitting.passed ? 'passed' : 'failed') : 'not rehearsed', last: fitting ?? rehearsals[0] ?? null };
}

export interface Estimate {
  /** From the start of the campaign to the end of its last old link, at the vendor. */
  readonly ms: number;
  /** How much of that its windows add. */
  readonly windowsMs: number;
  readonly how: string;
}

export interface Measured {
  /** From the start of the rehearsed campaign to its last replacement. */
  readonly workMs: number;
  readonly scale: number;
  /** Whether the vendor's limits, and not the machine, decided how long it took. */
  readonly keepsUp: boolean;
  /** Null when nothing was replaced. */
  readonly requestsPerMeeting: number | null;
  /** Of the whole plan with the limits as they are and windows open, made at `plannedAt`. */
  readonly forecast: Pick<Forecast, 'replacedAt' | 'limitedBy'>;
  readonly plannedAt: number;
  /** From a replacement to the end of its old link. */
  readonly settleMs: number;
  /** How much later the last old link is dead with windows as they are, by `requestsPerMeeting`. */
  readonly windowsMs: number;
}

/**
 * Pure. Where the quota of creations decides, the rehearsal waited for its windows as the campaign will, so its time is that of the campaign, scaled, as
 * long as the machine kept up. Where the rate of requests does, what counts is how many requests it took: that depends on no machine. The campaign's own
 * windows were open all the while, and what they add is foreseen as in a plan.
 */
export function estimateOf(measured: Measured): Estimate {
  const { ms, how } = openEstimate(measured);
  return { ms: Math.round(ms + measured.settleMs + measured.windowsMs), windowsMs: measured.windowsMs, how: `${how}; then grace` };
}

function openEstimate({ workMs, scale, keepsUp, requestsPerMeeting, forecast, plannedAt }: Measured): Pick<Estimate, 'ms' | 'how'> {
  const planned = Date.parse(forecast.replacedAt) - plannedAt;
  if (forecast.limitedBy === 'creations') {
    return keepsUp
      ? { ms: workMs * scale, how: 'the time it worked × scale, as there the quota of creations decides' }
      : { ms: planned, how: 'as the plan foresees it: this machine is too slow to tell at that scale' };
  }
  const each = requestsPerMeeting ?? REQUESTS_PER_MEETING;
  return { ms: (planned * each) / REQUESTS_PER_MEETING, how: `${each} requests a meeting as measured, at the configured rate` };
}
