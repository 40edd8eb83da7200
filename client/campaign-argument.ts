import { existsSync, statSync } from 'node:fs';
import { loadCampaign, type RelinkConfig } from '../adapters/runtime/config/index.js';
import type { CampaignSpec } from '../domain/campaign.js';
import { WrongUse } from './errors.js';

/** A campaign as a command names it. */
export interface Target {
  readonly name: string;
  /** What its file says; absent when it was named by its name. */
  readonly spec: CampaignSpec | undefined;
}

const DEFAULT_FILE = 'campaign.yaml';
const NAME = /^[a-z0-9-]{1,60}$/;

/** @throws InputError for a wrong file, WrongUse when it is neither file nor name. */
export async function readTarget(argument: string | undefined, config: RelinkConfig): Promise<Target> {
  if (argument === undefined && !existsSync(DEFAULT_FILE)) {
    throw new WrongUse(`which campaign? There is no ${DEFAULT_FILE} here; name a campaign or its file, or write the files with \`relink init\``);
  }
  const wanted = argument ?? DEFAULT_FILE;
  if (isFile(wanted)) {
    const spec = await loadCampaign(wanted, config, new Date());
    return { name: spec.name, spec };
  }
  if (!NAME.test(wanted)) throw new WrongUse(`${wanted} is neither a file nor the name of a campaign; see \`relink init\` for a file to begin with`);
  return { name: wanted, spec: undefined };
}

/** A folder may have the name of a campaign; a name has no dot and no slash. */
const isFile = (wanted: string): boolean => !NAME.test(wanted) && (statSync(wanted, { throwIfNoEntry: false })?.isFile() ?? false);
