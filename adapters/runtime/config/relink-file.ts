import { isAbsolute, resolve, dirname } from 'node:path';
import { z } from 'zod';
import { readDocument } from './document.js';
import { duration, isAddress, name, secret, whole, type SecretSource } from './fields.js';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** A token travels with every request, so it goes over TLS, or no further than this machine. */
const baseUrl = z
  .string({ error: 'must be a URL; write it like https://webexapis.com/v1' })
  .refine((text) => URL.canParse(text), { error: 'is not a URL; write it like https://webexapis.com/v1' })
  .refine((text) => !URL.canParse(text) || isSafe(new URL(text)), { error: 'would send the token in the clear; use https' })
  .transform((text) => text.replace(/\/+$/, ''));

const isSafe = ({ protocol, hostname }: URL): boolean => protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname));

const Identity = z.strictObject({
  name,
  vendor: z.string({ error: 'must be the name of a vendor; write webex' }),
  baseUrl: baseUrl.prefault('https://webexapis.com/v1'),
  token: secret,
  requestsPerMinute: whole(1, 1_000_000).default(240),
  createsPerDay: z.strictObject({ identity: whole(1, 10_000_000).default(3000), host: whole(1, 10_000_000).default(800) }).prefault({}),
  quotaWindow: duration('1s', '30d').prefault('24h'),
  listLag: duration('0s', '1h').prefault('1m'),
  timeout: duration('100ms', '10m').prefault('30s'),
});

const mailbox = z
  .string({ error: 'must be an address; write it like Meetings <meetings@example.org>' })
  .refine((text) => isAddress(/<([^<>]+)>$/.exec(text)?.[1] ?? text), { error: 'is not an address; write it like Meetings <meetings@example.org>' });

export const RelinkFile = z.strictObject({
  data: z.string().min(1).default('./.relink'),
  identities: z.array(Identity, { error: 'must be a list of identities; begin each with - name: …' }).min(1, { error: 'is empty; name at least one identity' }),
  mail: z.strictObject({ smtp: z.strictObject({ url: secret }), from: mailbox, replyTo: mailbox.optional() }),
});

/** One credential of a vendor: rate and quota belong to it. */
export interface IdentityConfig {
  readonly name: string;
  readonly vendor: string;
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly token: SecretSource;
  readonly requestsPerMinute: number;
  readonly createsPerDay: { readonly identity: number; readonly host: number };
  /** The rolling window of `createsPerDay`. */
  readonly quotaWindowMs: number;
  /** How long the vendor's lists may lag behind its writes. */
  readonly listLagMs: number;
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
  const relative = (path: string): string => (isAbsolute(path) ? path : resolve(dirname(resolve(file)), path));
  const located = (source: SecretSource): SecretSource => ('file' in source ? { file: relative(source.file) } : source);
  return Object.freeze({
    file,
    dataDir: relative(value.data),
    identities: value.identities.map(({ quotaWindow, listLag, timeout, token, ...identity }) => ({
      ...identity,
      token: located(token),
      quotaWindowMs: quotaWindow,
      listLagMs: listLag,
      timeoutMs: timeout,
    })),
    mail: { smtpUrl: located(value.mail.smtp.url), from: value.mail.from, replyTo: value.mail.replyTo },
  });
}
