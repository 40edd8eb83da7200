import { existsSync, statSync } from 'node:fs';
import { campaignName, InputError, loadCampaign, type RelinkConfig } from '../adapters/runtime/config/index.js';
import type { CampaignSpec } from '../domain/campaign.js';
import { WrongUse } from './errors.js';

/** A campaign as a command names it. */
export interface Target {
  readonly name: string;
  /** What its file says; absent when it was named by its name, or only the name was asked for. */
  readonly spec: CampaignSpec | undefined;
}

const DEFAULT_FILE = 'campaign.yaml';
const NAME = /^[a-z0-9-]{1,60}$/;

/**
 * @param isForName whether of a file nothing counts but the name, so that it may be half edited
 * @throws InputError for a wrong file, WrongUse when it is neither file nor name.
 */
export async function readTarget(argument: string | undefined, config: RelinkConfig, isForName: boolean): Promise<Target> {
  if (argument === undefined && !existsSync(DEFAULT_FILE)) {
    throw new WrongUse(`which campaign? There is no ${DEFAULT_FILE} here; name a campaign or its file, or write the files with \`relink init\``);
  }
  const wanted = argument ?? DEFAULT_FILE;
  if (isFile(wanted)) {
    if (isForName) return { name: await nameIn(wanted), spec: undefined };
    const spec = await loadCampaign(wanted, config, new Date());
    return { name: spec.name, spec };
  }
  if (!NAME.test(wanted)) throw new WrongUse(`${wanted} is neither a file nor the name of a campaign; see \`relink init\` for a file to begin with`);
  return { name: wanted, spec: undefined };
}

async function nameIn(file: string): Promise<string> {
  try {
    return await campaignName(file);
  } catch (cause: unknown) {
    if (!(cause instanceof InputError)) throw cause;
    throw new InputError({ ...cause.fault, remedy: `${cause.fault.remedy}, or name the campaign in place of its file: \`relink pause NAME\`` });
  }
}

/** A folder may have the name of a campaign; a name has no dot and no slash. */
const isFile = (wanted: string): boolean => !NAME.test(wanted) && (statSync(wanted, { throwIfNoEntry: false })?.isFile() ?? false);
