import type { IdentityConfig, RelinkConfig, SecretSource } from '../../adapters/runtime/config/index.js';
import type { CredentialProblem, CredentialState } from '../../domain/credential.js';
import type { Ledger } from '../../domain/ledger.js';
import type { Instant } from '../../domain/meeting.js';
import { span, time } from './format.js';

/** One identity whose tokens Relink renews. */
export interface CredentialStatus {
  readonly identity: string;
  readonly accessExpiresAt: Instant | null;
  readonly refreshExpiresAt: Instant | null;
  /** Its type, a colon, what happened, a semicolon, and what to do. */
  readonly problem: string | null;
}

/** A refresh token that ends within this time is announced. Access tokens are renewed by themselves. Milliseconds. */
const ANNOUNCED_MS = 14 * 86_400_000;

type OauthIdentity = IdentityConfig & { readonly oauth: object };
const isOauth = (identity: IdentityConfig): identity is OauthIdentity => identity.oauth !== undefined;

/** Of those identities among `names` that use OAuth, in the order of relink.yaml. */
export async function readCredentials({ credentials }: Pick<Ledger, 'credentials'>, config: RelinkConfig, names: readonly string[]): Promise<readonly CredentialStatus[]> {
  const identities = config.identities.filter(isOauth).filter(({ name }) => names.includes(name));
  if (identities.length === 0) return [];
  const states = await credentials.list(identities.map(({ name }) => name));
  return identities.flatMap((identity) => states.filter((state) => state.identity === identity.name).map((state) => statusOf(identity, state, config.file)));
}

const statusOf = (identity: OauthIdentity, { problem, ...times }: CredentialState, file: string): CredentialStatus => ({
  ...times,
  problem: problem === null ? null : `${problem}: ${explained(problem, identity, file)}`,
});

function explained(problem: CredentialProblem, identity: OauthIdentity, file: string): string {
  switch (problem) {
    case 'RefreshRefused':
      return `the vendor refuses the refresh token: revoked, too old, or not one of this app; ${anew(identity)}`;
    case 'RefreshLost':
      return `a renewal was cut off before its answer was saved, and the vendor no longer takes the refresh token that we have; ${anew(identity)}`;
    case 'ClientRefused':
      return `the vendor refuses client id and client secret; mend clientId of ${identity.name} in ${file}, or ${put('client secret', identity.oauth.clientSecret)}; work goes on by itself`;
    case 'RefreshFailed':
      return 'the vendor did not answer the last renewal; nothing to do at first, it is tried again every 30 s; if it lasts, see whether baseUrl is right';
    case 'AccessRefused':
      return 'the vendor refuses access tokens that it has just given; see at the vendor whether the account behind the app may still log in; it is tried again each minute';
  }
}

const anew = (identity: OauthIdentity): string => `authorise the app anew at the vendor, then ${put('new refresh token', identity.oauth.refreshToken)}; work goes on by itself`;

const put = (what: string, place: SecretSource): string => ('file' in place ? `write the ${what} to ${place.file}` : `set ${place.env} to the ${what} and restart the workers`);

/** What somebody should do something about. `now` in milliseconds since the epoch. */
export function credentialWarning({ identity, refreshExpiresAt, problem }: CredentialStatus, config: RelinkConfig, now: number): string | null {
  if (problem !== null) return `${identity}: ${problem}`;
  const found = config.identities.filter(isOauth).find(({ name }) => name === identity);
  const left = refreshExpiresAt === null ? Infinity : Date.parse(refreshExpiresAt) - now;
  if (!found || left >= ANNOUNCED_MS) return null;
  const when = left <= 0 ? 'has expired' : `expires in ${span(left)}`;
  return `${identity}: the refresh token ${when}; a running worker renews it when it next renews the access token; if none will run until then, ${anew(found)}`;
}

export const credentialText = ({ identity, accessExpiresAt, refreshExpiresAt }: CredentialStatus): string =>
  accessExpiresAt === null
    ? `Identity ${identity}: no access token yet; the first request gets one.`
    : `Identity ${identity}: access token until ${time(accessExpiresAt)}, refresh token until ${refreshExpiresAt === null ? 'the vendor says otherwise' : time(refreshExpiresAt)}.`;
