import type { IdentityConfig, RelinkConfig } from '../../adapters/runtime/config/index.js';
import type { AnnouncementStanding } from '../../domain/announcements.js';
import type { CampaignSpec } from '../../domain/campaign.js';
import type { Exemption } from '../../domain/exemptions.js';
import { forecast, freshLimits, type LanePace } from '../../domain/forecast.js';
import type { Approval, Gate } from '../../domain/gates.js';
import type { CampaignStatus, Ledger } from '../../domain/ledger.js';
import type { Instant } from '../../domain/meeting.js';
import type { GivenOrder } from '../../domain/orders.js';
import type { Drifted } from '../../domain/recheck.js';
import { settledAt } from '../../domain/settling.js';
import type { ThrottleOrder } from '../../domain/throttle.js';
import { openFrom, windowStandings, type WindowStanding } from '../../domain/windows.js';
import { credentialWarning, readCredentials, type CredentialStatus } from './credentials.js';
import { inForce } from './throttles.js';

/** What `relink status --json` prints, keys in this order. */
export interface Status extends Pick<CampaignStatus, 'campaign' | 'phase' | 'counts' | 'reconciles' | 'failures' | 'notices' | 'exposedStarts'> {
  readonly quota: readonly { readonly identity: string; readonly createsUsed: number; readonly createsLimit: number; readonly quietUntil: Instant | null }[];
  /** When the last old link is expected to die; `null` when that is unknown or the campaign is over. */
  readonly eta: Instant | null;
  /** Of identities that use OAuth; absent when none does. */
  readonly credentials?: readonly CredentialStatus[];
  /** What it waits for; absent when nothing is open. */
  readonly gates?: readonly Gate[];
  /** Who let it pass, and why; absent when nobody had to. */
  readonly approvals?: readonly Approval[];
  /** In force now; absent when nothing is throttled. */
  readonly throttles?: readonly ThrottleOrder[];
  /** All there ever were, with who and why; absent when nobody gave one. */
  readonly throttleOrders?: readonly ThrottleOrder[];
  /** Who ordered what, when and why, and how far it has come; absent when nobody gave an order. */
  readonly orders?: readonly GivenOrder[];
  /** Who left what alone, until when and why, those that are over too; absent when there are none. */
  readonly exemptions?: readonly Exemption[];
  /** Who was told ahead and who is to be; absent when the campaign announces nothing. */
  readonly announcements?: AnnouncementStanding;
  /** How it is with the windows of both kinds now; absent when the campaign has none. */
  readonly windows?: readonly WindowStanding[];
  /** What reruns found of meetings that were done; absent when none was looked at again. */
  readonly recheck?: Drifted;
}

/** What boards show besides. */
export interface StatusFigures extends Pick<CampaignStatus, 'order' | 'wave'> {
  readonly status: Status;
  /** What is to be done about credentials, a line each. */
  readonly warnings: readonly string[];
}

/** Reads it all from the ledger, as it is now. */
export async function readStatus(
  ledger: Pick<Ledger, 'plans' | 'credentials' | 'rechecks' | 'gates' | 'throttles' | 'exemptions' | 'orders' | 'announcements'>,
  config: RelinkConfig,
  spec: CampaignSpec,
): Promise<StatusFigures> {
  const [known, load, credentials, recheck, gates, approvals, throttleOrders, exemptions, orders, announcements] = await Promise.all([
    statusOf(ledger, config, spec),
    ledger.plans.hostLoad(spec.name, ['waiting', 'running']),
    readCredentials(ledger, config, spec.identities),
    ledger.rechecks.drifted(spec.name),
    ledger.gates.open(spec.name),
    ledger.gates.approvals(spec.name),
    ledger.throttles.orders(spec.name),
    ledger.exemptions.list(spec.name),
    ledger.orders.list(spec.name),
    ledger.announcements.standing(spec.name),
  ]);
  const throttles = inForce(throttleOrders);
  const lanes = lanePaces(config, spec, known.quota);
  const isFrozen = throttles.some(({ value }) => value === 0);
  const expected = isFrozen ? null : eta(known, spec, forecast(Date.now(), load, slowed(lanes, throttles), spec.windows?.writes).replacedAt);
  const windows = windowStandings(spec.windows, Date.now());
  const status = toStatus(known, config, expected);
  return {
    order: known.order,
    wave: known.wave,
    status: { ...status, ...(announcements ? { announcements } : {}), ...(credentials.length === 0 ? {} : { credentials }), ...(recheck.rechecked === 0 ? {} : { recheck }), ...unlessEmpty({ windows, gates, approvals, throttles, throttleOrders, exemptions, orders }) },
    warnings: credentials.flatMap((credential) => credentialWarning(credential, config, Date.now()) ?? []),
  };
}

/** At the pace that operators have left. */
const slowed = (lanes: readonly LanePace[], throttles: readonly ThrottleOrder[]): readonly LanePace[] =>
  lanes.map((lane) => {
    const { value = null } = throttles.find(({ limit, of }) => limit === 'requests' && of === lane.identity) ?? {};
    return value === null ? lane : { ...lane, requestsPerMinute: Math.min(lane.requestsPerMinute, value) };
  });

type Lists = Pick<Status, 'windows' | 'gates' | 'approvals' | 'throttles' | 'throttleOrders' | 'exemptions' | 'orders'>;
const unlessEmpty = (lists: Lists): Lists => Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));

/** Identities may have windows of different length; each is counted in its own. */
export async function statusOf({ plans }: Pick<Ledger, 'plans'>, config: RelinkConfig, { name, identities }: CampaignSpec): Promise<CampaignStatus> {
  const windows = [...new Set(identitiesOf(config, identities).map(({ quotaWindowMs }) => quotaWindowMs))];
  const [first = 0, ...others] = windows;
  const status = await plans.status(name, first);
  const more = await Promise.all(others.map(async (window) => [window, (await plans.status(name, window)).quota] as const));
  const byWindow = new Map([[first, status.quota], ...more]);
  const quota = status.quota.map((line) => {
    const window = config.identities.find((identity) => identity.name === line.identity)?.quotaWindowMs ?? first;
    return byWindow.get(window)?.find(({ identity }) => identity === line.identity) ?? line;
  });
  return { ...status, quota };
}

const identitiesOf = (config: RelinkConfig, names: readonly string[]): readonly IdentityConfig[] => config.identities.filter(({ name }) => names.includes(name));

/** The identities of a campaign with their limits, and what is used of them. */
export const lanePaces = (config: RelinkConfig, { identities }: CampaignSpec, quota: CampaignStatus['quota']): readonly LanePace[] =>
  identitiesOf(config, identities).map(({ name, requestsPerMinute, createsPerDay, quotaWindowMs }) => {
    const used = quota.find(({ identity }) => identity === name);
    const fresh = freshLimits({ identity: createsPerDay.identity, host: createsPerDay.host }, createsPerDay.reserve);
    return {
      identity: name,
      requestsPerMinute,
      createsLimit: fresh.identity,
      hostLimit: fresh.host,
      createsUsed: used?.createsUsed ?? 0,
      windowMs: quotaWindowMs,
      quietUntil: used?.quietUntil ?? null,
    };
  });

function toStatus(known: CampaignStatus, config: RelinkConfig, expected: Instant | null): Status {
  const { campaign, phase, counts, reconciles, failures, notices, exposedStarts } = known;
  const quota = known.quota.map(({ identity, createsUsed, quietUntil }) => ({
    identity,
    createsUsed,
    createsLimit: config.identities.find(({ name }) => name === identity)?.createsPerDay.identity ?? 0,
    quietUntil,
  }));
  return { campaign, phase, counts, reconciles, failures, notices, quota, eta: expected, exposedStarts };
}

/** Nobody knows when a campaign goes on that somebody holds up. */
function eta({ phase, order, counts, latestGraceEnd }: CampaignStatus, spec: CampaignSpec, replacedAt: Instant): Instant | null {
  if (order !== 'go' || (phase !== 'remediating' && phase !== 'settling')) return null;
  if (counts.waiting + counts.running + counts.replaced + counts.retired === 0) return null;
  const work = counts.waiting + counts.running > 0 ? Date.parse(settledAt(spec, replacedAt)) : Date.now();
  const due = Math.max(work, latestGraceEnd === null ? 0 : Date.parse(latestGraceEnd));
  return new Date(openFrom(spec.windows?.writes ?? [], due)).toISOString();
}
