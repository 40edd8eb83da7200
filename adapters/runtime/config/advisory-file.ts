import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { cutOff, type Advisory } from '../../../domain/advisory.js';
import { packageRoot } from '../package-root.js';
import { readDocument } from './document.js';
import { duration, instant, text, vendor } from './fields.js';
import { deepFreeze } from './freeze.js';
import { InputError } from './input-error.js';
import { didYouMean } from './nearest.js';

const Source = z.strictObject({
  title: text('say whose page it is').describe('whose page it is'),
  url: z.url({ protocol: /^https$/, error: 'is not an https address; write the page that says so' }).describe('https'),
});

const sentence = text('write one paragraph').max(2_000, { error: 'is longer than 2,000 characters; write one paragraph' });

export const AdvisoryFile = z
  .strictObject({
    vendor,
    id: z.string({ error: 'must be an id; use a–z, 0–9 and -' }).regex(/^[a-z0-9-]{1,80}$/, { error: 'is not an id; use a–z, 0–9 and -' }).describe('a–z 0–9 -'),
    title: text('write the title of the advisory').describe('title of the advisory'),
    createdBefore: instant.describe('meetings created before this instant are unsafe; with its zone, like 2024-05-28T00:00:00Z'),
    margin: duration('added to createdBefore', { usual: '0s', least: '0s', most: '90d' }),
    marginReason: z.string({ error: 'must be a text; say why the published date is not enough' }).default('').describe('why there is a margin; required with one'),
    notice: z
      .strictObject({ en: sentence.optional(), nl: sentence.optional() }, { error: 'must be texts by language; write { en: …, nl: … }' })
      .optional()
      .describe('what happened, as the first paragraph of the mail to organisers; without it a general sentence'),
    sources: z.array(Source, { error: 'must be a list of sources; write - { title: …, url: … }' }).min(1, { error: 'is empty; name at least one source' }).describe('pages that say so'),
  })
  .describe('An advisory: the flaw as data');

const folder = (): string => join(packageRoot(), 'adapters/runtime/advisories');

export const shippedAdvisories = (): readonly string[] => readdirSync(folder()).map((name) => name.replace(/\.yaml$/, ''));

/** Where an advisory is: a shipped one by its name, else a path. `undefined` with a remedy when it is neither. */
export function locateAdvisory(nameOrPath: string, relativeTo: string): { readonly file: string } | { readonly remedy: string } {
  const shipped = shippedAdvisories();
  if (shipped.includes(nameOrPath)) return { file: join(folder(), `${nameOrPath}.yaml`) };
  const beside = resolve(relativeTo, nameOrPath);
  return existsSync(beside) ? { file: beside } : { remedy: `${didYouMean(nameOrPath, shipped)} Or write the path of a file` };
}

/**
 * @param nameOrPath a shipped advisory, or a path
 * @param relativeTo folder from which a path counts
 * @throws InputError
 */
export async function loadAdvisory(nameOrPath: string, relativeTo: string, now: Date): Promise<Advisory> {
  const located = locateAdvisory(nameOrPath, relativeTo);
  if ('remedy' in located) throw new InputError({ file: nameOrPath, problem: 'is neither a shipped advisory nor a file', remedy: located.remedy });
  const { value, fault } = await readDocument(located.file, AdvisoryFile);
  const { margin, ...rest } = value;
  const advisory: Advisory = { ...rest, marginMs: margin };
  if (Date.parse(cutOff(advisory)) > now.getTime()) {
    throw fault(['createdBefore'], `lies in the future${margin > 0 ? ', margin included' : ''}`, 'a repair that has not happened protects no new meeting; wait for it');
  }
  if (margin > 0 && rest.marginReason.trim() === '') throw fault(['marginReason'], 'is required with a margin', 'say why the published date is not enough');
  return deepFreeze(advisory);
}
