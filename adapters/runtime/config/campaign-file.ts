import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import type { CampaignSpec } from '../../../domain/campaign.js';
import { loadAdvisory, locateAdvisory } from './advisory-file.js';
import { readDocument, type ParsedDocument } from './document.js';
import { duration, instant, isAddress, name, oneOf, whole } from './fields.js';
import { readHosts, readInventory } from './lists.js';
import { didYouMean } from './nearest.js';
import type { RelinkConfig } from './relink-file.js';

const hosts = z.union([z.literal('all'), z.array(z.string().refine(isAddress)).min(1), z.strictObject({ file: z.string().min(1) })], {
  error: 'must be all, a list of addresses, or { file: hosts.csv }; write one of these',
});
const sites = z.union([z.literal('all'), z.array(z.string().min(1)).min(1)], { error: 'must be all or a list of sites; write one of these' });
const wave = z.union([z.int().min(1), z.literal('rest')], { error: 'is not a wave; write a number of meetings, or rest for all that are left' });

export const CampaignFile = z.strictObject({
  name,
  advisory: z.string({ error: 'must be the name of a shipped advisory or a path; `relink init` shows one' }),
  identities: z.array(name).min(1, { error: 'is empty; name at least one identity of relink.yaml' }),
  scope: z.strictObject({ hosts: hosts.default('all'), sites: sites.default('all'), horizon: duration('1h', '10y').prefault('5y') }).prefault({}),
  evidence: z
    .strictObject({
      unknown: oneOf('affected', 'review').default('affected'),
      snapshots: z.array(z.strictObject({ file: z.string().min(1), takenAt: instant.optional() })).default([]),
    })
    .prefault({}),
  policy: z.strictObject({ lobby: oneOf('required', 'as-before').default('required'), joinBeforeHost: z.boolean({ error: 'must be true or false' }).default(false) }).prefault({}),
  startGuard: duration('0s', '7d').prefault('30m'),
  grace: duration('1s', '90d').prefault('24h'),
  notices: z
    .strictObject({ language: oneOf('en', 'nl').default('en'), urgentWithin: duration('0s', '90d').prefault('48h'), digestEvery: duration('1s', '30d').prefault('1h') })
    .prefault({}),
  limits: z.strictObject({ maxMeetings: whole(1, 10_000_000).default(20_000), maxConcurrent: whole(1, 500).default(20) }).prefault({}),
  waves: z.array(wave).min(1, { error: 'is empty; write [rest] for one wave' }).default([1, 10, 100, 'rest']),
});
type Parsed = ParsedDocument<z.output<typeof CampaignFile>>;

/**
 * A campaign file with everything it refers to.
 * @throws InputError
 */
export async function loadCampaign(file: string, config: RelinkConfig, now: Date): Promise<CampaignSpec> {
  const document = await readDocument(file, CampaignFile);
  const { startGuard, grace, notices, scope, evidence, ...rest } = document.value;
  checkIdentities(document, config);
  checkWaves(document);
  const advisory = await advisoryOf(document, file, config, now);
  const beside = (path: string): string => resolve(dirname(resolve(file)), path);
  return Object.freeze({
    ...rest,
    advisory,
    scope: {
      hosts: await hostsOf(scope.hosts, beside),
      sites: sitesOf(scope.sites),
      horizonMs: scope.horizon,
    },
    evidence: { unknown: evidence.unknown, snapshots: await Promise.all(evidence.snapshots.map((entry) => readInventory(beside(entry.file), entry.takenAt))) },
    startGuardMs: startGuard,
    graceMs: grace,
    notices: { language: notices.language, urgentWithinMs: notices.urgentWithin, digestEveryMs: notices.digestEvery },
  });
}

function checkIdentities({ value, fault }: Parsed, config: RelinkConfig): void {
  const known = config.identities.map((identity) => identity.name);
  value.identities.forEach((identity, i) => {
    if (!known.includes(identity)) throw fault(['identities', i], `${identity} is not in ${config.file}`, didYouMean(identity, known));
    if (value.identities.indexOf(identity) !== i) throw fault(['identities', i], `${identity} is there twice`, 'name it once');
  });
}

function checkWaves({ value, fault }: Parsed): void {
  const rest = value.waves.indexOf('rest');
  if (rest >= 0 && rest < value.waves.length - 1) throw fault(['waves', rest + 1], 'comes after rest', 'let rest be the last wave');
}

async function advisoryOf({ value, fault }: Parsed, file: string, config: RelinkConfig, now: Date) {
  const located = locateAdvisory(value.advisory, file);
  if ('remedy' in located) throw fault(['advisory'], 'is neither a shipped advisory nor a file', located.remedy);
  const advisory = await loadAdvisory(located.file, now);
  const stranger = config.identities.find((identity) => value.identities.includes(identity.name) && identity.vendor !== advisory.vendor);
  if (stranger) throw fault(['identities'], `${stranger.name} is an identity of ${stranger.vendor}, and the advisory is about ${advisory.vendor}`, 'name identities of that vendor');
  return advisory;
}

const sitesOf = (sites: 'all' | readonly string[]): CampaignSpec['scope']['sites'] => (sites === 'all' ? 'all' : sites.map((site) => site.toLowerCase()));

async function hostsOf(hosts: z.output<typeof CampaignFile>['scope']['hosts'], beside: (path: string) => string): Promise<CampaignSpec['scope']['hosts']> {
  if (hosts === 'all') return 'all';
  return 'file' in hosts ? readHosts(beside(hosts.file)) : hosts.map((address) => address.toLowerCase());
}
