import { z } from 'zod';
import { SECOND, type Clock } from '../support/clock.js';
import { random } from '../support/random.js';
import type { ControlAnswer } from './control/control.js';
import { badRequest, VendorError, type VendorRequest } from './http.js';
import { parse } from './routes/meeting-body.js';

/** Where tokens are renewed. It counts against no limit, meets no fault and is not in the call log. */
export const TOKEN_PATH = '/v1/access_token';

export interface TokenSettings {
  /** Whether a refresh token is good for one use only. */
  readonly rotate: boolean;
  /** Simulated seconds that an access token lives. */
  readonly accessLife: number;
}

/** The vendor's: 14 days. */
export const ACCESS_LIFE = 1_209_599;
/** The vendor's: 90 days of the real calendar, from each use on. Seconds. */
const REFRESH_LIFE = 7_775_999;

export interface App {
  readonly clientId: string;
  readonly clientSecret: string;
  /** One for each identity, as the authorisation gave it. */
  readonly refreshTokens: readonly string[];
}

interface Held {
  readonly identity: string;
  readonly expires: number;
}

const RevokeBody = z.strictObject({ identity: z.string().optional(), what: z.enum(['access', 'refresh', 'all']).default('all') });
const IssueBody = z.strictObject({ identity: z.string().default('identity-1') });

/** Access tokens that never expire, one for each identity, and those that an app gets for its refresh tokens. */
export class Tokens {
  readonly app: App;
  private readonly access = new Map<string, Held>();
  private readonly refresh = new Map<string, Held>();
  private readonly refreshes = new Map<string, number>();
  private refusals = 0;
  private issued = 0;

  constructor(
    private readonly clock: Clock,
    private readonly seed: number,
    fixed: readonly string[],
    private readonly settings: TokenSettings,
  ) {
    for (const [i, token] of fixed.entries()) this.access.set(token, { identity: `identity-${i + 1}`, expires: Infinity });
    const rng = random(seed, 'app');
    this.app = { clientId: `C${rng.hex(20)}`, clientSecret: rng.hex(40), refreshTokens: fixed.map((_, i) => this.authorise(`identity-${i + 1}`)) };
  }

  identityOf(token: string): string {
    const held = this.access.get(token);
    return held && held.expires > this.clock.now() ? held.identity : 'unknown';
  }

  /** An administrator authorises the app: a refresh token that nobody had before. */
  authorise(identity: string): string {
    const token = this.fresh('refresh');
    this.refresh.set(token, { identity, expires: this.clock.now() + REFRESH_LIFE * SECOND });
    return token;
  }

  /** `POST /v1/access_token`, a form. Lifetimes are told in real seconds. */
  renew(method: string, form: URLSearchParams): ControlAnswer {
    if (method !== 'POST') throw new VendorError(405, 'Method Not Allowed');
    const sent = form.get('refresh_token') ?? '';
    const held = this.refresh.get(sent);
    if (form.get('client_id') !== this.app.clientId || form.get('client_secret') !== this.app.clientSecret) return this.refuse(401, 'invalid_client');
    if (form.get('grant_type') !== 'refresh_token' || !held || held.expires <= this.clock.now()) return this.refuse(400, 'invalid_grant');
    if (this.settings.rotate) this.refresh.delete(sent);
    const refresh_token = this.settings.rotate ? this.fresh('refresh') : sent;
    const access_token = this.fresh('access');
    this.refresh.set(refresh_token, { identity: held.identity, expires: this.clock.now() + REFRESH_LIFE * SECOND });
    this.access.set(access_token, { identity: held.identity, expires: this.clock.now() + this.clock.inReal(this.settings.accessLife * SECOND) });
    this.refreshes.set(held.identity, (this.refreshes.get(held.identity) ?? 0) + 1);
    return { status: 200, body: { access_token, expires_in: Math.max(1, Math.floor(this.clock.inReal(this.settings.accessLife))), refresh_token, refresh_token_expires_in: REFRESH_LIFE, token_type: 'Bearer' } };
  }

  /** Of the control API: `GET tokens`, `POST tokens/revoke {identity?, what?}`, `POST tokens/issue {identity?}`. */
  readonly control: Readonly<Record<string, (request: VendorRequest) => ControlAnswer>> = {
    'GET tokens': () => ({ status: 200, body: { ...this.app, refreshes: Object.fromEntries(this.refreshes), refusals: this.refusals } }),
    'POST tokens/revoke': ({ body }) => {
      const { identity, what } = parse(RevokeBody, body ?? {});
      for (const [kind, tokens] of [['access', this.access], ['refresh', this.refresh]] as const) {
        if (what === kind || what === 'all') for (const [token, held] of tokens) if (identity === undefined || held.identity === identity) tokens.delete(token);
      }
      return { status: 204 };
    },
    'POST tokens/issue': ({ body }) => {
      const { identity } = parse(IssueBody, body ?? {});
      if (!/^identity-\d+$/.test(identity)) throw badRequest('There is no such identity.');
      return { status: 200, body: { refreshToken: this.authorise(identity) } };
    },
  };

  private refuse(status: number, error: string): ControlAnswer {
    this.refusals += 1;
    return { status, body: { error, message: 'The request could not be understood.' } };
  }

  private fresh = (kind: string): string => `simulated-${kind}-${random(this.seed, kind, ++this.issued).hex(40)}`;
}
