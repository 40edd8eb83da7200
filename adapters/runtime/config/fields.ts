import { z } from 'zod';

/** Vendors that a configuration and an advisory may name: those of `adapters/vendors`. */
export const VENDORS = ['webex'] as const;

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, y: 365 * 86_400_000 };
const DURATION = /^(\d{1,9})(ms|s|m|h|d|y)$/;
const shown = (text: unknown): string => `'${String(text).replace(/\s+/g, ' ').slice(0, 40)}'`;

const toMs = (text: string): number => {
  const [, count = '0', unit = 'ms'] = DURATION.exec(text) ?? [];
  return Number(count) * (UNITS[unit] ?? 1);
};

/** For a duration on a command line; `undefined` when it is none. */
export const durationMs = (text: string): number | undefined => (DURATION.test(text) ? toMs(text) : undefined);

/** A duration like `30m`, in milliseconds. `usual` is the default; all three are durations too. */
export const duration = (what: string, { usual, least, most }: { readonly usual: string; readonly least: string; readonly most: string }) =>
  z
    .string({ error: 'must be a duration; write it like 30m, 24h or 7d' })
    .regex(DURATION, { error: ({ input }) => `${shown(input)} is not a duration; write it like 30m, 24h or 7d` })
    .refine((written) => toMs(written) >= toMs(least) && toMs(written) <= toMs(most), { error: `is out of range; write ${least} to ${most}` })
    .transform(toMs)
    .prefault(usual)
    .describe(`${what}; ${least} to ${most}`);

const DURATION_OR_NEVER = { error: 'must be a duration or never; write it like 3d, or never' };
/** A duration, in milliseconds, or nothing at all, which is the default. */
export const durationOrNever = (what: string, { least, most }: { readonly least: string; readonly most: string }) =>
  z
    .string(DURATION_OR_NEVER)
    .regex(/^(never|\d{1,9}(ms|s|m|h|d|y))$/, DURATION_OR_NEVER)
    .refine((written) => written === 'never' || (toMs(written) >= toMs(least) && toMs(written) <= toMs(most)), { error: `is out of range; write ${least} to ${most}, or never` })
    .transform((written) => (written === 'never' ? undefined : toMs(written)))
    .prefault('never')
    .describe(`${what}; ${least} to ${most}, or never`);

export const whole = (least: number, most: number) =>
  z.int({ error: `must be a whole number; write ${least} to ${most}` }).min(least, { error: `is too small; write ${least} to ${most}` }).max(most, { error: `is too large; write ${least} to ${most}` });

export const oneOf = <const T extends readonly [string, ...string[]]>(...values: T) => z.enum(values, { error: `must be one of the known words; write ${values.join(' or ')}` });

export const vendor = z.enum(VENDORS, { error: `is not a vendor that Relink knows; write ${VENDORS.join(' or ')}` });

export const flag = z.boolean({ error: 'must be true or false; write one of them' });

export const text = (remedy: string) => z.string({ error: `must be a text; ${remedy}` }).refine((written) => written.trim() !== '', { error: `is empty; ${remedy}` });

const LONGEST = 500;
export const PHRASE = `write 1 to ${LONGEST} characters`;
/** Names and reasons of operators, blanks and line ends made one blank; `undefined` when it is none. */
export function phrase(typed: string): string | undefined {
  const written = typed.replace(/\s+/g, ' ').trim();
  return written === '' || written.length > LONGEST ? undefined : written;
}

/** Names become workflow ids and file names. */
export const name = z.string({ error: 'must be a name; use a–z, 0–9 and -' }).regex(/^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/, { error: 'is not a name; use a–z, 0–9 and -, at most 60 characters' });

const ADDRESS = /^[^\s\p{C}@<>,;:"()[\]\\]+@[^\s\p{C}@<>,;:"()[\]\\]+\.[^\s\p{C}@<>,;:"()[\]\\]+$/u;
export const isAddress = (written: string): boolean => written.length <= 254 && ADDRESS.test(written);

/** An instant with its zone, normalised to UTC. */
export const instant = z
  .string({ error: 'must be an instant with its zone; write it like 2024-05-28T00:00:00Z' })
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/, { error: 'is not an instant with its zone; write it like 2024-05-28T00:00:00Z or 2024-05-28T02:00:00+02:00' })
  .refine((written) => !Number.isNaN(Date.parse(written)) && realDay(written), { error: 'is not a date of the calendar; write it like 2024-05-28T00:00:00Z' })
  .transform((written) => new Date(written).toISOString());

/** `2026-12-24`, a day of the calendar. */
export const isDay = (written: string): boolean => /^\d{4}-\d\d-\d\d$/.test(written) && realDay(written);

const PER_MINUTE = { s: 60, m: 1, h: 1 / 60 } as const;

/** `120/m` as requests a minute, 0 or `0/m` as none at all; `undefined` when it is no rate. */
export function requestRate(written: string): number | undefined {
  const [, count = '', unit] = /^(\d{1,7})(?:\/([smh]))?$/.exec(written.trim()) ?? [];
  if (count === '' || (unit === undefined && Number(count) !== 0)) return undefined;
  return Number(count) * PER_MINUTE[(unit ?? 'm') as keyof typeof PER_MINUTE];
}

/** `Date.parse` takes the 31st of February for the 2nd of March. */
const realDay = (written: string): boolean => {
  const day = written.slice(0, 10);
  const parsed = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(parsed) && new Date(parsed).toISOString().startsWith(day);
};

export const PLACES = 'write { env: NAME } or { file: path }';
export const UNSAID = ({ code }: { readonly code: string }): string | undefined =>
  code === 'invalid_type' ? `must say where the secret is, and never be the secret itself; ${PLACES}` : undefined;

/** The two keys by which a secret is referred to. */
export const place = {
  env: z.string({ error: `must be the name of a variable; ${PLACES}` }).regex(/^[A-Za-z_]\w*$/, { error: `is not the name of a variable; ${PLACES}` }).describe('name of an environment variable').optional(),
  file: text(PLACES).describe('path, relative to this file').optional(),
};

/** Where a secret is; never the secret itself. */
export type SecretSource = { readonly env: string } | { readonly file: string };
export const placeOf = ({ env, file }: { readonly env?: string | undefined; readonly file?: string | undefined }): SecretSource => (env === undefined ? { file: file ?? '' } : { env });

export const secret = z
  .strictObject(place, { error: UNSAID })
  .refine(({ env, file }) => (env === undefined) !== (file === undefined), { error: `must name one place; ${PLACES}` })
  .meta({ minProperties: 1, maxProperties: 1 })
  .transform(placeOf);
