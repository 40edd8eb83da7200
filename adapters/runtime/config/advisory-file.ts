import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { cutOff, type Advisory } from '../../../domain/advisory.js';
import { packageRoot } from '../package-root.js';
import { readDocument } from './document.js';
import { duration, instant } from './fields.js';
import { didYouMean } from './nearest.js';

export const AdvisoryFile = z.strictObject({
  vendor: z.string({ error: 'must be the name of a vendor; write webex' }),
  id: z.string().regex(/^[a-z0-9-]{1,80}$/, { error: 'is not an id; use a–z, 0–9 and -' }),
  title: z.string().min(1),
  createdBefore: instant,
  margin: duration('0s', '90d').prefault('0s'),
  marginReason: z.string().default(''),
  sources: z.array(z.strictObject({ title: z.string().min(1), url: z.url({ protocol: /^https$/, error: 'is not an https address; write the page that says so' }) })).min(1, { error: 'is empty; name at least one source' }),
});

const folder = (): string => join(packageRoot(), 'adapters/runtime/advisories');

export const shippedAdvisories = (): readonly string[] => readdirSync(folder()).map((name) => name.replace(/\.yaml$/, ''));

/** Where an advisory is: a shipped one by its name, else a path beside the campaign file. `undefined` with a remedy when it is neither. */
export function locateAdvisory(named: string, campaignFile: string): { readonly file: string } | { readonly remedy: string } {
  const shipped = shippedAdvisories();
  if (shipped.includes(named)) return { file: join(folder(), `${named}.yaml`) };
  const beside = resolve(dirname(resolve(campaignFile)), named);
  return existsSync(beside) ? { file: beside } : { remedy: didYouMean(named, shipped) };
}

/** @throws InputError */
export async function loadAdvisory(file: string, now: Date): Promise<Advisory> {
  const { value, fault } = await readDocument(file, AdvisoryFile);
  const { margin, ...rest } = value;
  const advisory: Advisory = { ...rest, marginMs: margin };
  if (Date.parse(cutOff(advisory)) > now.getTime()) throw fault(['createdBefore'], 'lies in the future, margin included', 'a repair that has not happened protects no new meeting; wait for it');
  if (margin > 0 && rest.marginReason === '') throw fault(['marginReason'], 'is required with a margin', 'say why the published date is not enough');
  return advisory;
}
