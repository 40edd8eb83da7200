import type { Client } from '@temporalio/client';
import { createAnnouncing } from '../activities/announcements.js';
import { createCampaign } from '../activities/campaign.js';
import { createDeparted } from '../activities/departed.js';
import { atEdge } from '../activities/edge.js';
import { HostLists } from '../activities/host-lists.js';
import { createInventory } from '../activities/inventory.js';
import { createNotices } from '../activities/notices.js';
import { createRecheck } from '../activities/recheck.js';
import { createRemediation } from '../activities/remediation.js';
import { createRetirement } from '../activities/retirement.js';
import { createRooms, type RoomContext } from '../activities/rooms.js';
import { createMailer } from '../adapters/mail/index.js';
import { InputError, readSecret, type IdentityConfig, type RelinkConfig, type SecretSource } from '../adapters/runtime/config/index.js';
import { secretFromEnv } from '../adapters/runtime/env.js';
import { createVendor, createVendorGrant } from '../adapters/vendors/index.js';
import { RelinkFailure } from '../domain/failures.js';
import { freshLimits } from '../domain/forecast.js';
import type { Ledger, Quota } from '../domain/ledger.js';
import { vendorMinuteMs } from '../domain/pace.js';
import type { ConferencingVendor, Mailer, RequestPacer } from '../domain/ports.js';
import { createPacer, whenThereIsATurn, type Paced } from './pacer.js';
import { createSagaControl } from './sagas.js';
import { createTokens, type TokenSource } from './tokens.js';
import { WindowTurns } from './window-turns.js';

/** The vendor as one identity sees it. */
export const vendorOf = (identity: IdentityConfig, ledger: Ledger, pacer: RequestPacer = createPacer(ledger.pace, pacedOf(identity))): ConferencingVendor =>
  createVendor(identity.vendor, {
    baseUrl: identity.baseUrl,
    ...tokensOf(identity, ledger),
    pacer,
    timeoutMs: identity.timeoutMs,
  });

const pacedOf = ({ name, requestsPerMinute, quotaWindowMs }: IdentityConfig): Paced => ({ identity: name, requestsPerMinute, minuteMs: vendorMinuteMs(quotaWindowMs) });

/** Secrets are read anew for each request, so renewed ones are used at once. */
function tokensOf(identity: IdentityConfig, { credentials, pace }: Ledger): Pick<TokenSource, 'token'> & Partial<TokenSource> {
  const { name, vendor, token, oauth } = identity;
  const read = (source: SecretSource, what: string): Promise<string> =>
    readSecret(source, `${what} of identity ${name}`, secretFromEnv).catch((cause: unknown) => {
      throw cause instanceof InputError ? new RelinkFailure('Unauthorised', `the ${what} of identity ${name} is no longer there`) : cause;
    });
  if (!oauth) return { token: () => read(token, 'token') };
  const configured = async () => ({ clientId: oauth.clientId, clientSecret: await read(oauth.clientSecret, 'client secret'), refreshToken: await read(oauth.refreshToken, 'refresh token') });
  return createTokens({ identity: name, book: credentials, pace, configured, grant: createVendorGrant(vendor, identity) });
}

export async function mailerOf({ mail }: RelinkConfig): Promise<Mailer & { close(): void }> {
  const smtpUrl = await readSecret(mail.smtpUrl, 'URL of the mail server', secretFromEnv);
  return createMailer({ smtpUrl, from: mail.from, replyTo: mail.replyTo });
}

const quotaOf = ({ createsPerDay: { identity, host, reserve }, quotaWindowMs }: IdentityConfig): Quota => ({ identity, host, windowMs: quotaWindowMs, fresh: freshLimits({ identity, host }, reserve) });

/** Activities of one identity's queue. */
export function vendorActivities(identity: IdentityConfig, ledger: Ledger): object {
  const windows = new WindowTurns(ledger, identity.name);
  const vendor = vendorOf(identity, ledger, createPacer(ledger.pace, pacedOf(identity), windows));
  const context: RoomContext = {
    ledger,
    vendor,
    lists: new HostLists(vendor),
    identity: identity.name,
    quota: quotaOf(identity),
    listLagMs: identity.listLagMs,
    roomLagMs: identity.roomLagMs,
  };
  const activities = {
    ...createInventory(context),
    ...createDeparted(context),
    ...createRemediation(context),
    ...createRetirement(context),
    ...createRecheck(context),
    ...createRooms(context),
  };
  return atEdge(whenThereIsATurn(ledger.pace, identity.name, activities, windows));
}

/** Activities of the queue `relink`. */
export function ledgerActivities(config: RelinkConfig, ledger: Ledger, client: Client): object {
  const quotas = new Map(config.identities.map((identity) => [identity.name, quotaOf(identity)]));
  return atEdge(createCampaign({ ledger, quotas, identities: config.identities, sagas: createSagaControl(client) }));
}

export const noticeActivities = (ledger: Ledger, mailer: Mailer): object => atEdge({ ...createNotices({ ledger, mailer }), ...createAnnouncing({ ledger, mailer }) });
