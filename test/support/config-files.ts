import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAdvisory, loadCampaign, loadConfig } from '../../adapters/runtime/config/index.js';

export const RELINK = `data: ./.relink
identities:
  - name: ops-1
    vendor: webex
    baseUrl: https://webexapis.com/v1
    token: { env: WEBEX_OPS1_TOKEN }
    requestsPerMinute: 240
    createsPerDay: { identity: 3000, host: 800 }
    timeout: 30s
mail:
  smtp: { url: { env: SMTP_URL } }
  from: Meetings <meetings@example.org>
`;

export const CAMPAIGN = `name: spring
advisory: cisco-sa-webex-june-2024
identities: [ops-1]
scope:
  hosts: all
  sites: all
  horizon: 5y
evidence:
  unknown: affected
  snapshots: []
policy: { lobby: required, joinBeforeHost: false }
startGuard: 30m
grace: 24h
notices:
  language: en
limits: { maxMeetings: 20000, maxConcurrent: 20 }
waves: [1, 10, rest]
`;

export const ADVISORY = `vendor: webex
id: mine
title: Mine
createdBefore: 2024-05-28T00:00:00Z
margin: 2d
marginReason: the day is known, the hour is not
sources:
  - title: a
    url: https://example.org/a
`;

const NOW = new Date('2026-11-23T00:00:00Z');
type Content = string | Buffer;

/** Replaces `from`, which must be there: a test that breaks nothing proves nothing. */
export function change(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`the file has no ${from}`);
  return text.replace(from, () => to);
}

/** A folder in which a test writes files as an operator would, and loads them. Its name has a blank. */
export class ConfigFolder {
  private constructor(readonly path: string) {}

  static async create(): Promise<ConfigFolder> {
    return new ConfigFolder(await mkdtemp(join(tmpdir(), 'relink config ')));
  }

  remove = (): Promise<void> => rm(this.path, { recursive: true, force: true });

  async put(name: string, content: Content): Promise<string> {
    await writeFile(join(this.path, name), content);
    return join(this.path, name);
  }

  relink = async (content: Content) => loadConfig(await this.put('relink.yaml', content));
  campaign = async (content: Content) => loadCampaign(await this.put('campaign.yaml', content), await this.relink(RELINK), NOW);
  advisory = async (content: Content) => loadAdvisory(await this.put('advisory.yaml', content), this.path, NOW);

  async hosts(content: Content): Promise<unknown> {
    await this.put('hosts.csv', content);
    return (await this.campaign(change(CAMPAIGN, 'hosts: all', 'hosts: { file: hosts.csv }'))).scope.hosts;
  }

  /** @param takenAt what the campaign file says */
  async inventory(name: string, content: Content, takenAt?: string): Promise<unknown> {
    await this.put(name, content);
    const entry = `{ file: ${name}${takenAt === undefined ? '' : `, takenAt: ${takenAt}`} }`;
    return (await this.campaign(change(CAMPAIGN, 'snapshots: []', `snapshots: [${entry}]`))).evidence.snapshots[0];
  }

  /** Dates of calendar events, from one file for each content. */
  async dates(...contents: readonly Content[]): Promise<unknown> {
    const files = await Promise.all(contents.map(async (content, i) => (await this.put(`d${i}.csv`, content)) && `{ file: d${i}.csv }`));
    return (await this.campaign(change(CAMPAIGN, 'snapshots: []', `calendar: [${files.join(', ')}]`))).evidence.calendar;
  }
}
