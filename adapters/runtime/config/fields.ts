import { z } from 'zod';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, y: 365 * 86_400_000 };
const DURATION = /^(\d{1,9})(ms|s|m|h|d|y)$/;
const shown = (text: unknown): string => JSON.stringify(text).slice(0, 40);

const toMs = (text: string): number => {
  const [, count = '0', unit = 'ms'] = DURATION.exec(text) ?? [];
  return Number(count) * (UNITS[unit] ?? 1);
};

/** A duration like `30m`, in milliseconds. `least` and `most` are durations too. */
export const duration = (least = '0s', most = '100y') =>
  z
    .string({ error: 'must be a duration; write it like 30m, 24h or 7d' })
    .regex(DURATION, { error: ({ input }) => `${shown(input)} is not a duration; write it like 30m, 24h or 7d` })
    .refine((text) => toMs(text) >= toMs(least) && toMs(text) <= toMs(most), { error: `is out of range; write ${least} to ${most}` })
    .transform(toMs);

export const whole = (least: number, most: number) =>
  z.int({ error: `must be a whole number; write ${least} to ${most}` }).min(least, { error: `is too small; write ${least} to ${most}` }).max(most, { error: `is too large; write ${least} to ${most}` });

export const oneOf = <const T extends readonly [string, ...string[]]>(...values: T) => z.enum(values, { error: `must be one of the known words; write ${values.join(' or ')}` });

/** Names become workflow ids and file names. */
export const name = z.string({ error: 'must be a name; use a–z, 0–9 and -' }).regex(/^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/, { error: 'is not a name; use a–z, 0–9 and -, at most 60 characters' });

const ADDRESS = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+\.[^\s@<>,;:"()[\]\\]+$/;
export const isAddress = (text: string): boolean => ADDRESS.test(text) && text.length <= 254;

/** An instant with its zone, normalised to UTC. */
export const instant = z
  .string({ error: 'must be an instant with its zone; write it like 2024-05-28T00:00:00Z' })
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/, { error: 'is not an instant with its zone; write it like 2024-05-28T00:00:00Z or 2024-05-28T02:00:00+02:00' })
  .refine((text) => !Number.isNaN(Date.parse(text)) && realDay(text), { error: 'is not a date of the calendar; write it like 2024-05-28T00:00:00Z' })
  .transform((text) => new Date(text).toISOString());

/** `Date.parse` takes the 31st of February for the 2nd of March. */
const realDay = (text: string): boolean => {
  const day = text.slice(0, 10);
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
};

/** Where a secret is; never the secret itself. */
export const secret = z
  .strictObject(
    { env: z.string().regex(/^[A-Za-z_]\w*$/).optional(), file: z.string().min(1).optional(), oauth: z.unknown().optional() },
    { error: ({ code }) => (code === 'invalid_type' ? 'must say where the secret is, and never be the secret itself; write { env: NAME } or { file: path }' : undefined) },
  )
  .refine(({ oauth }) => oauth === undefined, { error: 'oauth is not supported yet; give a token by { env: NAME } or { file: path } and renew it there' })
  .refine(({ env, file, oauth }) => oauth !== undefined || (env === undefined) !== (file === undefined), { error: 'must name one place; write { env: NAME } or { file: path }' })
  .transform(({ env, file }): { readonly env: string } | { readonly file: string } => (env === undefined ? { file: file ?? '' } : { env }));
export type SecretSource = z.output<typeof secret>;
