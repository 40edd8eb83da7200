import { openLedger, type OpenLedger } from '../../adapters/ledger/index.js';
import { createVendor, createVendorGrant } from '../../adapters/vendors/index.js';
import type { OauthClient, TokenGrant } from '../../domain/credential.js';
import type { ConferencingVendor } from '../../domain/ports.js';
import { createTokens } from '../../worker/tokens.js';
import type { TestLedger } from './postgres.js';

export interface TokenWorkerInput {
  readonly store: TestLedger;
  readonly identity: string;
  readonly baseUrl: string;
  /** Read at each use, as the configuration is. */
  readonly configured: () => OauthClient;
  /** Stands between the worker and the vendor. */
  readonly around?: ((grant: TokenGrant) => TokenGrant) | undefined;
  /** Waited for between the token and the request. */
  readonly turn?: (() => Promise<void>) | undefined;
}

/** What a worker process has for one identity: a ledger of its own on the common database, and the vendor as it sees it. */
export class TokenWorker {
  readonly ledger: OpenLedger;
  readonly webex: ConferencingVendor;
  readonly token: () => Promise<string>;
  readonly onRefused: (token: string) => Promise<void>;

  constructor({ store, identity, baseUrl, configured, around = (grant) => grant, turn = async () => undefined }: TokenWorkerInput) {
    this.ledger = openLedger({ databaseUrl: store.databaseUrl, keyring: store.keyring, poolSize: 4 });
    const grant = around(createVendorGrant('webex', { baseUrl, timeoutMs: 60_000 }));
    const tokens = createTokens({ identity, book: this.ledger.credentials, pace: this.ledger.pace, configured: async () => configured(), grant });
    this.token = tokens.token;
    this.onRefused = tokens.onRefused;
    this.webex = createVendor('webex', { baseUrl, ...tokens, pacer: { beforeRequest: turn, quietFor: async () => undefined }, timeoutMs: 60_000 });
  }

  stop = (): Promise<void> => this.ledger.close();
}
