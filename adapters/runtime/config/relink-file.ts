import { resolve, dirname } from 'node:path';
import { z } from 'zod';
import { readDocument } from './document.js';
import { duration, isAddress, name, secret, text, vendor, whole, type SecretSource } from './fields.js';
import { deepFreeze } from './freeze.js';
import { oauth, token, type OauthConfig } from './oauth.js';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
const HOW = 'write it like https://webexapis.com/v1';

/** A token travels with every request, so it goes over TLS, or no further than this machine. */
const baseUrl = z
  .string({ error: `must be a URL; ${HOW}` })
  .refine((written) => URL.canParse(written) && /^https?:$/.test(new URL(written).protocol), { error: `is not a URL; ${HOW}` })
  .refine((written) => check(written, ({ username, password }) => username === '' && password === ''), { error: 'holds a secret; write the address alone, and say under token where the secret is' })
  .refine((written) => check(written, ({ search, hash }) => search === '' && hash === ''), { error: `has more than an address and a path; ${HOW}` })
  .refine((written) => check(written, ({ protocol, hostname }) => protocol === 'https:' || LOOPBACK.has(hostname)), { error: 'would send the token in the clear; use https' })
  .transform((written) => written.replace(/\/+$/, ''));

const check = (written: string, holds: (url: URL) => boolean): boolean => !URL.canParse(written) || holds(new URL(written));

const Identity = z.strictObject({
  name: name.describe('a–z 0–9 -; campaigns name identities by it'),
  vendor,
  baseUrl: baseUrl.prefault('https://webexapis.com/v1').describe("the vendor's API, https; http only on this machine"),
  token: token.describe('where the token is; without it { env: WEBEX_OPS1_TOKEN }, after vendor and name').optional(),
  oauth: oauth.describe('in place of token: an app whose tokens Relink renews').optional(),
  requestsPerMinute: whole(1, 1_000_000).default(240).describe('1 and up; the vendor allows 300'),
  createsPerDay: z
    .strictObject({ identity: whole(1, 10_000_000).default(3000).describe('by this identity'), host: whole(1, 10_000_000).default(800).describe('for one host'), reserve: whole(0, 50).default(6).describe('percent of both that first attempts leave for repeats; 0 to 50') })
    .prefault({})
    .describe('meetings created within quotaWindow, at most'),
  quotaWindow: duration('the rolling window of createsPerDay', { usual: '24h', least: '1s', most: '30d' }),
  listLag: duration("how long the vendor's lists may lag behind its writes", { usual: '1m', least: '0s', most: '1h' }),
  roomLag: duration('how long the vendor may show what a personal room was before it got another id', { usual: '31m', least: '0s', most: '1d' }),
  timeout: duration('of one request', { usual: '30s', least: '100ms', most: '10m' }),
});

/** One mailbox, its address in lower case. Nothing in it can end a header or name a second recipient. */
const MAILBOX = /^(?:(?:"[^"\\\p{C}]*"|[^"<>,;:@()\\\p{C}]*) *<([^<>]+)>|([^<>]+))$/u;
const addressIn = (written: string): string => {
  const [, inside, alone = ''] = MAILBOX.exec(written) ?? [];
  return inside ?? alone;
};
const mailbox = z
  .string({ error: 'must be an address; write it like Meetings <meetings@example.org>' })
  .refine((written) => isAddress(addressIn(written)), { error: 'is not an address; write it like Meetings <meetings@example.org>' })
  .transform((written) => written.replace(addressIn(written), (address) => address.toLowerCase()));

export const RelinkFile = z
  .strictObject({
    data: text('write the path of a folder').default('./.relink').describe('folder of the embedded Temporal and Postgres, keys and reports; relative to this file'),
    identities: z.array(Identity, { error: 'must be a list of identities; begin each with - name: …' }).min(1, { error: 'is empty; name at least one identity' }).describe('credentials at the vendor; rate and quota belong to each'),
    mail: z.strictObject({
      smtp: z.strictObject({ url: secret.prefault({ env: 'SMTP_URL' }).describe('where the URL of the mail server is, smtps://user:password@mail.example.org') }).prefault({}),
      from: mailbox.describe('Name <address>'),
      replyTo: mailbox.optional().describe('whom organisers may ask; without it the sender'),
    }),
  })
  .describe('relink.yaml: where things are. Durations: 500ms 30s 30m 24h 7d 5y');

/** One credential of a vendor: rate and quota belong to it. Its token is given, or renewed by OAuth. */
export type IdentityConfig = IdentitySettings & ({ readonly token: SecretSource; readonly oauth?: undefined } | { readonly token?: undefined; readonly oauth: OauthConfig });

interface IdentitySettings {
  readonly name: string;
  readonly vendor: string;
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly requestsPerMinute: number;
  readonly createsPerDay: { readonly identity: number; readonly host: number; /** Percent that first attempts leave for repeats. */ readonly reserve: number };
  /** The rolling window of `createsPerDay`. */
  readonly quotaWindowMs: number;
  /** How long the vendor's lists may lag behind its writes. */
  readonly listLagMs: number;
  /** How long the vendor may go on showing what a personal room was. */
  readonly roomLagMs: number;
  /** Of one request. */
  readonly timeoutMs: number;
}

/** relink.yaml, parsed. */
export interface RelinkConfig {
  readonly file: string;
  /** Absolute. */
  readonly dataDir: string;
  readonly identities: readonly IdentityConfig[];
  readonly mail: { readonly smtpUrl: SecretSource; readonly from: string; readonly replyTo?: string | undefined };
}

/** @throws InputError */
export async function loadConfig(file: string): Promise<RelinkConfig> {
  const { value, fault } = await readDocument(file, RelinkFile);
  const names = value.identities.map((identity) => identity.name);
  const twice = names.findIndex((identity, i) => names.indexOf(identity) !== i);
  if (twice >= 0) throw fault(['identities', twice, 'name'], `${names[twice]} is there twice`, 'give each identity a name of its own');
  const both = value.identities.findIndex((identity) => identity.token !== undefined && identity.oauth !== undefined);
  if (both >= 0) throw fault(['identities', both, 'oauth'], 'stands beside a token', 'keep one of the two');
  const beside = (path: string): string => resolve(dirname(resolve(file)), path);
  const located = (source: SecretSource): SecretSource => ('file' in source ? { file: beside(source.file) } : source);
  return deepFreeze({
    file,
    dataDir: beside(value.data),
    identities: value.identities.map(({ quotaWindow, listLag, roomLag, timeout, token: given, oauth: app, ...identity }) => ({
      ...identity,
      ...accessOf(given ?? (app ? { oauth: app } : usualToken(identity)), located),
      quotaWindowMs: quotaWindow,
      listLagMs: listLag,
      roomLagMs: roomLag,
      timeoutMs: timeout,
    })),
    mail: { smtpUrl: located(value.mail.smtp.url), from: value.mail.from, replyTo: value.mail.replyTo },
  });
}

/** `oauth` may be written beside `token` or inside it. */
function accessOf(written: SecretSource | { readonly oauth: OauthConfig }, located: (source: SecretSource) => SecretSource): { readonly token: SecretSource } | { readonly oauth: OauthConfig } {
  if (!('oauth' in written)) return { token: located(written) };
  const { clientId, clientSecret, refreshToken } = written.oauth;
  return { oauth: { clientId, clientSecret: located(clientSecret), refreshToken: located(refreshToken) } };
}

/** `WEBEX_OPS1_TOKEN` for the identity ops-1 of webex. */
const usualToken = (identity: { readonly vendor: string; readonly name: string }): SecretSource => ({
  env: `${identity.vendor}_${identity.name.replaceAll('-', '')}_TOKEN`.toUpperCase(),
});
