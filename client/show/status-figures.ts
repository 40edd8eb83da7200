import type { RelinkConfig } from '../../adapters/runtime/config/index.js';
import type { AnnouncementStanding } from '../../domain/announcements.js';
import type { CampaignSpec } from '../../domain/campaign.js';
import type { Exemption } from '../../domain/exemptions.js';
import type { Approval, Gate } from '../../domain/gates.js';
import type { CampaignStatus, Ledger } from '../../domain/ledger.js';
import type { GivenOrder } from '../../domain/orders.js';
import { outlookOf, quotaWindows, type Foreseen, type Outlook } from '../../domain/outlook.js';
import type { Drifted } from '../../domain/recheck.js';
import type { ThrottleOrder } from '../../domain/throttle.js';
import { unlessEmpty } from '../../domain/unless-empty.js';
import { windowStandings, type WindowStanding } from '../../domain/windows.js';
import { credentialWarning, readCredentials, type CredentialStatus } from './credentials.js';
import { inForce } from './throttles.js';

/** What `relink status --json` prints, keys in this order. */
export interface Status extends Pick<CampaignStatus, 'campaign' | 'phase' | 'counts' | 'reconciles' | 'failures' | 'notices' | 'exposedStarts' | 'wave'>, Outlook {
  /** What was foreseen before, beside `eta`. */
  readonly foreseen: Foreseen;
  /** Why the campaign's workflow, or its last rerun, ended in failure: its type, a colon, what happened, a semicolon, and what to do. `null` when it did not, or nobody asked Temporal. */
  readonly workflowFailure: string | null;
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
  /** Waiting meetings that another campaign is at; absent when there are none. */
  readonly elsewhere?: number;
  /** Meetings whose step fails at every attempt until a token is renewed, or the vendor is back; absent when there are none. */
  readonly outages?: CampaignStatus['outages'];
  /** How it is with the windows of both kinds now; absent when the campaign has none. */
  readonly windows?: readonly WindowStanding[];
  /** What reruns found of meetings that were done; absent when none was looked at again. */
  readonly recheck?: Drifted;
}

/** What boards show besides. */
export interface StatusFigures extends Pick<CampaignStatus, 'order'> {
  readonly status: Status;
  /** What is to be done about credentials, a line each. */
  readonly warnings: readonly string[];
}

/** Reads it all from the ledger, as it is now. */
export async function readStatus(
  ledger: Pick<Ledger, 'plans' | 'credentials' | 'rechecks' | 'gates' | 'throttles' | 'exemptions' | 'orders' | 'announcements' | 'forecasts'>,
  config: RelinkConfig,
  spec: CampaignSpec,
): Promise<StatusFigures> {
  const [known, load, foreseen, credentials, recheck, gates, approvals, throttleOrders, exemptions, orders, announcements] = await Promise.all([
    ledger.plans.status(spec.name, quotaWindows(config.identities)),
    ledger.plans.hostLoad(spec.name, ['waiting', 'running']),
    ledger.forecasts.foreseen(spec.name),
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
  const now = Date.now();
  const windows = windowStandings(spec.windows, now);
  const status = toStatus(known, outlookOf({ spec, status: known, load, throttles, limits: config.identities, now }), foreseen);
  return {
    order: known.order,
    status: { ...status, ...(announcements ? { announcements } : {}), ...(known.elsewhere === 0 ? {} : { elsewhere: known.elsewhere }), ...(credentials.length === 0 ? {} : { credentials }), ...(recheck.rechecked === 0 ? {} : { recheck }), ...unlessEmpty({ outages: known.outages, windows, gates, approvals, throttles, throttleOrders, exemptions, orders }) },
    warnings: credentials.flatMap((credential) => credentialWarning(credential, config, now) ?? []),
  };
}

function toStatus({ campaign, phase, counts, reconciles, failures, notices, exposedStarts, wave }: CampaignStatus, { quota, eta, rate, deadline }: Outlook, foreseen: Foreseen): Status {
  return { campaign, phase, counts, reconciles, failures, notices, quota, eta, exposedStarts, wave, rate, deadline, foreseen, workflowFailure: null };
}
