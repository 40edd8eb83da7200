import type { CampaignSpec } from './campaign.js';
import { forecast, freshLimits, type LaneLoad, type LanePace } from './forecast.js';
import type { Instant } from './meeting.js';
import { learnedPace, vendorMinuteMs } from './pace.js';
import type { CampaignStatus } from './plan-book.js';
import type { IdentityLimits } from './rehearsal.js';
import { settledAt } from './settling.js';
import type { ThrottleOrder } from './throttle.js';
import { openFrom, rateAt } from './windows.js';

/** Where a campaign stands against its limits, and when it will be over. */
export interface Outlook {
  readonly quota: readonly { readonly identity: string; readonly createsUsed: number; readonly createsLimit: number; readonly quietUntil: Instant | null }[];
  /** `null` unless it is under way. */
  readonly rate: RateNow | null;
  /** When the last old link is expected to die; `null` when that is unknown or the campaign is over. */
  readonly eta: Instant | null;
  /** The soonest start of a meeting that has no new link yet. */
  readonly deadline: Instant | null;
}

export interface RateNow {
  /** Meetings that got a new link in the last ten minutes. */
  readonly replaced: number;
  /** Requests a minute that each may send: the lowest of relink.yaml, a throttle, a window of the campaign and what silences of the vendor have taught; `learned` where that is the lowest. */
  readonly most: readonly { readonly identity: string; readonly requestsPerMinute: number; readonly learned?: true }[];
}

/** What was foreseen before. */
export interface Foreseen {
  /** The end, when the campaign was started last. */
  readonly planned: Instant | null;
  /** The end as it was expected an hour ago or, if nothing was expected then, at the last moment before; `null` when it was started since. */
  readonly earlier: { readonly at: Instant; readonly endsAt: Instant } | null;
}

/** Append-only. */
export interface ForecastBook {
  /** The end that the plan foresees: what came before counts no more. */
  plan(campaign: string, endsAt: Instant): Promise<void>;
  /** The end that is expected now; kept once in a few minutes. */
  note(campaign: string, endsAt: Instant): Promise<void>;
  foreseen(campaign: string): Promise<Foreseen>;
}

export interface OutlookFacts {
  readonly spec: CampaignSpec;
  readonly status: CampaignStatus;
  /** Meetings that wait or run. */
  readonly load: readonly LaneLoad[];
  /** In force. */
  readonly throttles: readonly Pick<ThrottleOrder, 'limit' | 'of' | 'value'>[];
  /** Of all identities of relink.yaml. */
  readonly limits: readonly IdentityLimits[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Pure. */
export function outlookOf({ spec, status, load, throttles, limits, now }: OutlookFacts): Outlook {
  const lanes = taught(slowed(lanesOf(limits, spec, status.quota), throttles), status.quota, limits);
  const isOver = status.phase === 'finished' || status.phase === 'stopped';
  const isFrozen = throttles.some(({ value }) => value === 0);
  return {
    quota: status.quota.map(({ identity, createsUsed, quietUntil }) => ({ identity, createsUsed, createsLimit: limitOf(limits, identity), quietUntil })),
    rate: isOver || status.phase === 'planning' ? null : { replaced: status.replacedLately, most: lanes.map((lane) => mostOf(lane, spec, now)) },
    eta: isFrozen ? null : eta(spec, status, load, lanes, now),
    deadline: isOver ? null : status.deadline,
  };
}

const limitOf = (limits: readonly IdentityLimits[], identity: string): number => limits.find(({ name }) => name === identity)?.createsPerDay.identity ?? 0;

function mostOf({ identity, requestsPerMinute, learned }: TaughtLane, { windows }: CampaignSpec, now: number): RateNow['most'][number] {
  const open = rateAt(windows?.writes ?? [], now);
  return { identity, requestsPerMinute: Math.min(requestsPerMinute, open), ...(learned && requestsPerMinute < open ? { learned } : {}) };
}

/** The identities of a campaign with their limits, and what is used of them. */
export const lanesOf = (limits: readonly IdentityLimits[], { identities }: Pick<CampaignSpec, 'identities'>, quota: CampaignStatus['quota']): readonly LanePace[] =>
  limits
    .filter(({ name }) => identities.includes(name))
    .map(({ name, requestsPerMinute, createsPerDay, quotaWindowMs }) => {
      const used = quota.find(({ identity }) => identity === name);
      const fresh = freshLimits({ identity: createsPerDay.identity, host: createsPerDay.host }, createsPerDay.reserve);
      return { identity: name, requestsPerMinute, createsLimit: fresh.identity, hostLimit: fresh.host, createsUsed: used?.createsUsed ?? 0, windowMs: quotaWindowMs, quietUntil: used?.quietUntil ?? null };
    });

/** The rolling windows of quotas, in which creations count. Milliseconds. */
export const quotaWindows = (limits: readonly IdentityLimits[]): Readonly<Record<string, number>> => Object.fromEntries(limits.map(({ name, quotaWindowMs }) => [name, quotaWindowMs]));

/** At the pace that operators have left. */
const slowed = (lanes: readonly LanePace[], throttles: OutlookFacts['throttles']): readonly LanePace[] =>
  lanes.map((lane) => {
    const { value = null } = throttles.find(({ limit, of }) => limit === 'requests' && of === lane.identity) ?? {};
    return value === null ? lane : { ...lane, requestsPerMinute: Math.min(lane.requestsPerMinute, value) };
  });

interface TaughtLane extends LanePace {
  /** It would be faster, had the vendor not asked for silence. */
  readonly learned?: true;
}

/** At the pace that silences of the vendor have left, as it is now: nobody knows whether it is what the vendor allows or what comes back soon. */
const taught = (lanes: readonly LanePace[], quota: CampaignStatus['quota'], limits: readonly IdentityLimits[]): readonly TaughtLane[] =>
  lanes.map((lane) => {
    const { learned = null } = quota.find(({ identity }) => identity === lane.identity) ?? {};
    const { requestsPerMinute = lane.requestsPerMinute } = limits.find(({ name }) => name === lane.identity) ?? {};
    const rate = learnedPace(learned, { requestsPerMinute, minuteMs: vendorMinuteMs(lane.windowMs) });
    return rate < lane.requestsPerMinute ? { ...lane, requestsPerMinute: Math.round(rate), learned: true } : lane;
  });

/** When the last old link of what waits or runs is dead, if nothing is in the way; `null` when nothing does. */
export const foreseenEnd = (spec: CampaignSpec, load: readonly LaneLoad[], lanes: readonly LanePace[], now: number, requestsPerMeeting?: number): Instant | null =>
  load.length === 0 ? null : settledAt(spec, forecast(now, load, lanes, spec.windows?.writes, requestsPerMeeting).replacedAt);

/** Nobody knows when a campaign goes on that somebody holds up. */
function eta(spec: CampaignSpec, { phase, order, counts, latestGraceEnd, notices }: CampaignStatus, load: readonly LaneLoad[], lanes: readonly LanePace[], now: number): Instant | null {
  if (order !== 'go' || (phase !== 'remediating' && phase !== 'settling')) return null;
  if (counts.waiting + counts.running + counts.replaced + counts.retired === 0) return null;
  const work = counts.waiting + counts.running > 0 ? foreseenEnd(spec, load, lanes, now) : null;
  // Grace counts from the mail, so of what nobody was told yet it has not begun.
  const untold = counts.replaced > 0 && notices.queued > 0 ? Date.parse(settledAt(spec, new Date(now).toISOString())) : now;
  const due = Math.max(untold, work === null ? 0 : Date.parse(work), latestGraceEnd === null ? 0 : Date.parse(latestGraceEnd));
  return new Date(openFrom(spec.windows?.writes ?? [], due)).toISOString();
}
