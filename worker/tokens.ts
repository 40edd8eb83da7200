import { needOf } from '../domain/credential.js';
import { RelinkFailure } from '../domain/failures.js';
import { createRenewal, type RenewalParts } from './renewal.js';

/** Where the token of each request comes from. */
export interface TokenSource {
  readonly token: () => Promise<string>;
  /** The vendor answered 401 to a request with this token: the next one renews it first, for all workers. */
  readonly onRefused: (token: string) => Promise<void>;
}

/** Access tokens of an OAuth identity, from the ledger, renewed ahead of their end or when the vendor refuses one. */
export function createTokens(parts: RenewalParts): TokenSource {
  const { identity, book, configured } = parts;
  const renew = createRenewal(parts);
  let waiting: Promise<string> | undefined;
  let early = false;

  /** All requests of this process wait for the same renewal, on one connection. */
  const renewed = (): Promise<string> =>
    (waiting ??= book.alone(identity, renew).finally(() => {
      waiting = undefined;
    }));

  /** One request tries; the others go on with the token there is, and so does this one when it comes to nothing. */
  async function renewedEarly(token: string): Promise<string> {
    if (early) return token;
    early = true;
    try {
      return (await book.ifAlone(identity, renew)) ?? token;
    } catch (cause: unknown) {
      if (!(cause instanceof RelinkFailure)) throw cause;
      return token;
    } finally {
      early = false;
    }
  }

  return {
    async token() {
      const known = await book.read(identity, await configured());
      const found = needOf(known);
      if (found.need === 'now') return renewed();
      return found.need === 'early' && known.heldMs === 0 ? renewedEarly(found.token) : found.token;
    },
    onRefused: (token) => book.refuse(identity, token),
  };
}
