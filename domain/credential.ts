import type { Instant } from './meeting.js';

/** What is wrong with the tokens of an identity. The closed list; `client/show/credentials.ts` says what to do about each. */
export const credentialProblems = ['RefreshRefused', 'RefreshLost', 'ClientRefused', 'RefreshFailed', 'AccessRefused'] as const;
export type CredentialProblem = (typeof credentialProblems)[number];

/** As the operator configured it. Secret. */
export interface OauthClient {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
}

/** What the vendor gave for a refresh token. Secret. */
export interface Granted {
  readonly accessToken: string;
  readonly accessLifeMs: number;
  /** A new one, or the one that was sent when it stays good. */
  readonly refreshToken: string;
  /** Absent when the vendor does not say. */
  readonly refreshLifeMs?: number | undefined;
}

/**
 * Asks the vendor for tokens, once. A refusal is an answer.
 * @throws RelinkFailure `RateLimited`, `VendorUnavailable` (nothing came of it) or `NetworkAmbiguous` (the refresh token may be used up)
 */
export type TokenGrant = (client: OauthClient) => Promise<Granted | { readonly refused: 'RefreshRefused' | 'ClientRefused' }>;

/** What is known of an identity's tokens, by the database's clock. */
export interface CredentialRecord {
  readonly access: {
    /** Secret. */
    readonly token: string;
    readonly leftMs: number;
    readonly lifeMs: number;
    readonly ageMs: number;
    /** The vendor answered 401 to it. */
    readonly refused: boolean;
    /** Came after one that was refused soon after it was given. */
    readonly hasty: boolean;
  } | null;
  /** The refresh token to use next: the configured one when the operator has put a new one there, else the one the vendor gave last. Secret. */
  readonly refreshToken: string;
  /** Names what the next renewal is asked with. */
  readonly attempt: string;
  /** The configuration has a refresh token that was not taken over yet. */
  readonly replaced: boolean;
  /** Of the last renewal that did not succeed; `same` when it was asked with what the next one would be. */
  readonly failed: { readonly problem: CredentialProblem; readonly same: boolean } | null;
  /** A renewal with the same was begun, and what came of it is not known. */
  readonly doubtful: boolean;
  /** The last one failed, and neither is the same asked again for so long, nor is anything renewed that can wait. */
  readonly heldMs: number;
}

/** Tokens for OAuth identities. They are sealed, and leave only through `read`. */
export interface CredentialBook {
  read(identity: string, configured: OauthClient): Promise<CredentialRecord>;
  /** Runs `act` while no other worker renews this identity's tokens; waits for the turn. Ends with the worker that holds it. */
  alone<T>(identity: string, act: () => Promise<T>): Promise<T>;
  /** The same without waiting; `undefined` when another worker is at it. */
  ifAlone<T>(identity: string, act: () => Promise<T>): Promise<T | undefined>;
  /** Written before the vendor is asked: from here on it is in doubt whether the refresh token is used up. */
  begin(identity: string, attempt: string): Promise<void>;
  /** Both tokens in one statement, and all doubt is over. */
  save(identity: string, configured: OauthClient, granted: Granted): Promise<void>;
  /** The renewal came to nothing. `doubtful`: the refresh token may be used up all the same. */
  fail(identity: string, attempt: string, end: { readonly problem: CredentialProblem | null; readonly doubtful: boolean; readonly holdMs: number }): Promise<void>;
  /** The vendor answered 401 to this access token. Of no effect when there is a newer one. */
  refuse(identity: string, accessToken: string): Promise<void>;
  /** For boards: no token. Nulls for an identity that has none yet. */
  list(identities: readonly string[]): Promise<readonly CredentialState[]>;
}

export interface CredentialState {
  readonly identity: string;
  readonly accessExpiresAt: Instant | null;
  /** Null too when the vendor did not say. */
  readonly refreshExpiresAt: Instant | null;
  readonly problem: CredentialProblem | null;
}

/** Renewed with so much of its life left. */
const AHEAD = { leastMs: 600_000, share: 0.05 };
/** A token that is refused younger than this does not become better by another at once. Milliseconds. */
export const HASTE_MS = 60_000;

export type Need = { readonly need: 'none' | 'early'; readonly token: string } | { readonly need: 'now' };

/** Whether a renewal is due. `early`: there is a token to go on with when it does not succeed. */
export function needOf({ access, replaced, failed }: Pick<CredentialRecord, 'access' | 'replaced' | 'failed'>): Need {
  if (!access || access.leftMs <= 0) return { need: 'now' };
  const { token, leftMs, lifeMs, ageMs, refused, hasty } = access;
  if (refused && (!hasty || ageMs > HASTE_MS)) return { need: 'now' };
  // A problem with a refresh token that is no longer meant is looked into, so that nobody is told of it for days.
  const early = replaced || failed?.same === false || leftMs < Math.min(lifeMs / 2, Math.max(AHEAD.leastMs, lifeMs * AHEAD.share));
  return { need: early ? 'early' : 'none', token };
}
