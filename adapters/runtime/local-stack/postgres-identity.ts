import { chmodSync, chownSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runTool } from './tools.js';

/** How a program is started so that it does not run as root, which Postgres refuses. */
export interface RunAs {
  /** Put before the command. */
  readonly prefix: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

/** The user `nobody` has this id on every Linux and BSD that matters. */
const NOBODY = 65_534;

/**
 * Chooses the user for Postgres on `cluster`, its data folder, which may not exist yet.
 * An ordinary user runs it as itself. Root uses a user namespace, in which it is nobody to Postgres and yet may enter all
 * of root's folders; where the system forbids that, the real user nobody. A folder that somebody else owns is run as its owner.
 */
export async function postgresIdentity(cluster: string, programs: readonly string[]): Promise<RunAs> {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const owner = ownerOf(cluster);
  if (owner !== undefined && owner.uid !== 0) return { prefix: [], ...owner };
  if (await canUnshare()) return { prefix: ['unshare', '--user', '--'] };
  return asNobody(cluster, programs);
}

const ownerOf = (path: string): { uid: number; gid: number } | undefined => {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && { uid: stat.uid, gid: stat.gid };
};

async function canUnshare(): Promise<boolean> {
  const { code, output } = await runTool({ command: 'unshare', args: ['--user', '--', 'id', '-u'] });
  return code === 0 && Number(output) !== 0;
}

function asNobody(cluster: string, programs: readonly string[]): RunAs {
  const dataDir = dirname(cluster);
  chmodSync(dataDir, 0o711); // to pass through, not to list; what is inside is 0600 or 0700
  const closed = [dataDir, ...programs].map((path) => closedFolder(path)).find((folder) => folder !== undefined);
  if (closed !== undefined) throw new Error(cannotRun(closed));
  if (ownerOf(cluster)) chownTree(cluster, NOBODY);
  return { prefix: [], uid: NOBODY, gid: NOBODY };
}

const cannotRun = (closed: string): string =>
  `Postgres does not run as root, and another user cannot enter ${closed}. One of these will do:
  - run Relink as an ordinary user
  - allow user namespaces, so that \`unshare --user\` works
  - let others pass through that folder (chmod o+x)
  - set DATABASE_URL to a Postgres that runs already`;

/** The first folder on the way to `path` that does not let strangers through. */
export function closedFolder(path: string): string | undefined {
  const above = dirname(path);
  const higher = above === path ? undefined : closedFolder(above);
  if (higher !== undefined) return higher;
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isDirectory() && (stat.mode & 0o001) === 0 ? path : undefined;
}

function chownTree(path: string, id: number): void {
  chownSync(path, id, id);
  for (const name of readdirSync(path)) {
    const child = join(path, name);
    if (lstatSync(child).isDirectory()) chownTree(child, id);
    else chownSync(child, id, id);
  }
}
