import { needOf, type CredentialBook, type CredentialProblem, type CredentialRecord, type Granted, type OauthClient, type TokenGrant } from '../domain/credential.js';
import { RelinkFailure } from '../domain/failures.js';
import type { PaceBook } from '../domain/ledger.js';

/** How long what failed is not asked again with the same tokens. A refusal may be lifted at the vendor without a new token. Milliseconds. */
const HOLD_MS = { refused: 300_000, unanswered: 30_000 };

export interface RenewalParts {
  readonly identity: string;
  readonly book: CredentialBook;
  readonly pace: Pick<PaceBook, 'quietMs' | 'quietFor'>;
  /** Reads the configured secrets anew, so that renewed ones are used at once. */
  readonly configured: () => Promise<OauthClient>;
  readonly grant: TokenGrant;
}

/**
 * Renews the tokens unless another worker has done so meanwhile, and returns the access token. To be called under the identity's lock.
 * The order is: note that it is in doubt, ask, save both tokens, use them. A worker that dies in between leaves the doubt to the next one.
 * @throws RelinkFailure `Unauthorised` when the vendor refuses, `RateLimited` or `VendorUnavailable` when it does not answer
 */
export function createRenewal(parts: RenewalParts): () => Promise<string> {
  const { identity, book, pace, configured, grant } = parts;
  /** An answer that the ledger did not take: saved before the vendor is asked again. */
  let unsaved: { readonly attempt: string; readonly granted: Granted; readonly at: number } | undefined;

  async function ask(client: OauthClient, known: CredentialRecord): Promise<Granted> {
    if (unsaved?.attempt === known.attempt) return aged(unsaved.granted, performance.now() - unsaved.at);
    const quietMs = await pace.quietMs(identity);
    if (quietMs > 0) throw new RelinkFailure('RateLimited', 'the identity is quiet for now', { retryAfterMs: quietMs });
    await book.begin(identity, known.attempt);
    const answer = await grant({ ...client, refreshToken: known.refreshToken }).catch((cause: unknown) => unanswered(parts, known, cause));
    if ('refused' in answer) throw await refused(parts, known, answer.refused);
    unsaved = { attempt: known.attempt, granted: answer, at: performance.now() };
    return answer;
  }

  return async () => {
    const client = await configured();
    const known = await book.read(identity, client);
    const found = needOf(known);
    if (found.need === 'none') return found.token;
    if (known.heldMs > 0 && (known.failed?.same || found.need === 'early')) throw stillHeld(known);
    const granted = await ask(client, known);
    await book.save(identity, client, granted);
    unsaved = undefined;
    return granted.accessToken;
  };
}

const aged = (granted: Granted, ms: number): Granted => ({ ...granted, accessLifeMs: Math.max(0, granted.accessLifeMs - ms) });

/** Of the token itself nothing is said. Anything but a `RelinkFailure` leaves the doubt as it is. */
async function unanswered({ identity, book, pace }: RenewalParts, { attempt, doubtful }: CredentialRecord, cause: unknown): Promise<never> {
  if (!(cause instanceof RelinkFailure)) throw cause;
  const { type, message, facts } = cause;
  const isRate = type === 'RateLimited';
  if (isRate) await pace.quietFor(identity, facts.retryAfterMs ?? 0);
  await book.fail(identity, attempt, { problem: isRate ? null : 'RefreshFailed', doubtful: doubtful || type === 'NetworkAmbiguous', holdMs: isRate ? 0 : HOLD_MS.unanswered });
  // The meeting's own request was never sent, so nothing is ambiguous about it.
  throw isRate ? cause : new RelinkFailure('VendorUnavailable', message, facts);
}

/** A refresh token whose use was cut off is lost when the vendor gives a new one at each use. */
async function refused({ identity, book }: RenewalParts, { attempt, doubtful }: CredentialRecord, verdict: 'RefreshRefused' | 'ClientRefused'): Promise<RelinkFailure> {
  const problem = doubtful && verdict === 'RefreshRefused' ? 'RefreshLost' : verdict;
  await book.fail(identity, attempt, { problem, doubtful, holdMs: HOLD_MS.refused });
  return unauthorised(problem);
}

const unauthorised = (problem: CredentialProblem): RelinkFailure => new RelinkFailure('Unauthorised', `${problem}: \`relink status\` says what to do`);

function stillHeld({ failed, heldMs }: CredentialRecord): RelinkFailure {
  if (failed && failed.problem !== 'RefreshFailed') return unauthorised(failed.problem);
  return new RelinkFailure('VendorUnavailable', 'the vendor did not answer the last renewal of tokens', { retryAfterMs: heldMs });
}
