import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import type { CampaignSpec } from '../../../domain/campaign.js';
import { stopRuleNames } from '../../../domain/verdict.js';
import { neverOpen } from '../../../domain/windows.js';
import { loadAdvisory, locateAdvisory } from './advisory-file.js';
import { CampaignFile } from './campaign-schema.js';
import { readDocument, type ParsedDocument } from './document.js';
import { isAddress } from './fields.js';
import { deepFreeze } from './freeze.js';
import { readHosts, readInventory } from './lists.js';
import { didYouMean } from './nearest.js';
import type { RelinkConfig } from './relink-file.js';
import { readTraces } from './traces.js';

type Parsed = ParsedDocument<z.output<typeof CampaignFile>>;

/**
 * A campaign file with everything it refers to.
 * @throws InputError
 */
export async function loadCampaign(file: string, config: RelinkConfig, now: Date): Promise<CampaignSpec> {
  const document = await readDocument(file, CampaignFile);
  const { startGuard, grace, notices, scope, evidence, recheck, departed: _departed, ...rest } = document.value;
  const folder = dirname(resolve(file));
  checkIdentities(document, config);
  checkWaves(document);
  checkStopRules(document);
  checkWindows(document);
  const advisory = await advisoryOf(document, folder, config, now);
  return deepFreeze({
    ...rest,
    advisory,
    scope: { hosts: await hostsOf(document, folder), sites: sitesOf(document), personalRooms: scope.personalRooms, horizonMs: scope.horizon },
    evidence: { unknown: evidence.unknown, ...(await evidenceOf(document, folder, advisory.vendor, now)) },
    departed: departedOf(document),
    startGuardMs: startGuard,
    graceMs: grace,
    recheckShare: Number.parseInt(recheck, 10) / 100,
    notices: { language: notices.language, urgentWithinMs: notices.urgentWithin, digestEveryMs: notices.digestEvery, ...(notices.announce === undefined ? {} : { announceMs: notices.announce }) },
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

/** Limits of one kind can be compared: a stop that comes first leaves nothing to hold. */
function checkStopRules({ value, fault }: Parsed): void {
  for (const rule of stopRuleNames) {
    const { hold, stop } = value.stopRules[rule];
    if (hold === 'never' || stop === 'never' || typeof hold !== typeof stop) continue;
    if (Number.parseInt(String(stop), 10) < Number.parseInt(String(hold), 10)) throw fault(['stopRules', rule, 'stop'], `is reached before hold, which is ${hold}`, 'write a larger one, or never');
  }
}

function checkWindows({ value: { windows }, fault }: Parsed): void {
  for (const kind of ['writes', 'notices'] as const)
    if (neverOpen(windows[kind])) throw fault(['windows', kind], 'leave no hour that is open, so nothing would ever happen', 'write hours without rate: 0, or shorten a freeze');
}

async function advisoryOf({ value, fault }: Parsed, folder: string, config: RelinkConfig, now: Date): Promise<CampaignSpec['advisory']> {
  const located = locateAdvisory(value.advisory, folder);
  if ('remedy' in located) throw fault(['advisory'], 'is neither a shipped advisory nor a file', located.remedy);
  const advisory = await loadAdvisory(value.advisory, folder, now);
  const stranger = config.identities.find((identity) => value.identities.includes(identity.name) && identity.vendor !== advisory.vendor);
  if (stranger) throw fault(['identities'], `${stranger.name} is an identity of ${stranger.vendor}, and the advisory is about ${advisory.vendor}`, 'name identities of that vendor');
  return advisory;
}

/** The message points at the entry and does not repeat it: it is somebody's address. */
async function hostsOf({ value, fault }: Parsed, folder: string): Promise<CampaignSpec['scope']['hosts']> {
  const { hosts: named } = value.scope;
  if (named === 'all') return 'all';
  if ('file' in named) return readHosts(resolve(folder, named.file));
  const wrong = named.findIndex((address) => !isAddress(address));
  if (wrong >= 0) throw fault(['scope', 'hosts', wrong], 'is not an address', 'write it like ada@example.org');
  return lowerOnce(named, (i) => fault(['scope', 'hosts', i], 'is there twice', 'name it once'));
}

function sitesOf({ value, fault }: Parsed): CampaignSpec['scope']['sites'] {
  const { sites: named } = value.scope;
  return named === 'all' ? 'all' : lowerOnce(named, (i) => fault(['scope', 'sites', i], 'is there twice', 'name it once'));
}

/** As with hosts, no message repeats an address. */
function departedOf({ value, fault }: Parsed): CampaignSpec['departed'] {
  const { find, to, sites: named } = value.departed;
  const address = (path: readonly (string | number)[], written: string): string => {
    if (!isAddress(written)) throw fault(['departed', ...path, 'to'], 'is not an address', 'write it like noor@example.org');
    return written.toLowerCase();
  };
  if (!find && (to !== undefined || named.length > 0)) throw fault(['departed', 'find'], 'is false, so nobody becomes the host of anything', 'write find: true, or leave out to and sites');
  const owner = to === undefined ? {} : { to: address([], to) };
  const addresses = named.map((entry, i) => address(['sites', i], entry.to));
  const names = lowerOnce(named.map(({ site }) => site), (i) => fault(['departed', 'sites', i, 'site'], 'is there twice', 'name it once'));
  return { find, ...owner, ...(names.length === 0 ? {} : { sites: Object.fromEntries(names.map((site, i) => [site, addresses[i] ?? ''])) }) };
}

function lowerOnce(entries: readonly string[], fault: (index: number) => Error): readonly string[] {
  const lower = entries.map((entry) => entry.toLowerCase());
  const seen = new Set<string>();
  lower.forEach((entry, i) => {
    if (seen.has(entry)) throw fault(i);
    seen.add(entry);
  });
  return lower;
}

async function evidenceOf(document: Parsed, folder: string, vendor: string, now: Date): Promise<Omit<CampaignSpec['evidence'], 'unknown'>> {
  const { snapshots, calendar, invitations } = document.value.evidence;
  const path = ({ file }: { readonly file: string }): string => resolve(folder, file);
  mustDiffer(document, 'snapshots', snapshots.map(path), 'name each inventory once');
  mustDiffer(document, 'calendar', calendar.map(path), 'name each file once');
  mustDiffer(document, 'invitations', invitations.map(path), 'name each file once');
  return {
    snapshots: await Promise.all(snapshots.map((entry) => readInventory(path(entry), { takenAt: entry.takenAt, vendor, now }))),
    calendar: (await Promise.all(calendar.map((entry) => readTraces(path(entry), now)))).flat(),
    invitations: (await Promise.all(invitations.map((entry) => readTraces(path(entry), now)))).flat(),
  };
}

function mustDiffer({ fault }: Parsed, key: 'snapshots' | 'calendar' | 'invitations', paths: readonly string[], remedy: string): void {
  const twice = paths.findIndex((path, i) => paths.indexOf(path) !== i);
  if (twice >= 0) throw fault(['evidence', key, twice, 'file'], 'is there twice', remedy);
}
