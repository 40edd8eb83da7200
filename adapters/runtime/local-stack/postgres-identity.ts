import { chmodSync, chownSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runTool } from './tools.js';

export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** How a program is started so that it does not run as root, which Postgres refuses. */
export interface RunAs {
  /** Put before the command. */
  readonly prefix: readonly string[];
  /** Whom the system starts it as; ourselves when absent. */
  readonly user?: User;
  /** Who must own what it works on; ourselves when absent. */
  readonly owner?: User;
}

/** `nobody` has this id on every Linux and BSD that matters. */
const NOBODY: User = { uid: 65_534, gid: 65_534 };

/**
 * Chooses the user for Postgres on `cluster`, its data folder, which may not exist yet.
 * An ordinary user runs it as itself. Root uses a user namespace, in which it is nobody to Postgres and yet may enter all
 * of root's folders; where the system forbids that, the real user nobody. A folder that somebody else owns is run as its owner.
 * @param programs what will be run.
 * @throws when that user cannot come near the folder or the programs, with the remedies.
 */
export async function postgresIdentity(cluster: string, programs: readonly string[]): Promise<RunAs> {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const owner = ownerOf(cluster);
  const isOurs = owner === undefined || owner.uid === 0;
  if (isOurs && (await works(unshare))) return { prefix: unshare };
  const runAs = await asUser(isOurs ? NOBODY : owner, dirname(cluster), programs);
  if (owner?.uid === 0) chownTree(cluster, NOBODY);
  return runAs;
}

const unshare = ['unshare', '--user', '--'] as const;

/** As another user who may yet pass through folders that are closed to it, as far as the system lets us grant that. */
const passingThrough = ({ uid, gid }: User): readonly string[] => [
  'setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--',
];

async function asUser(user: User, dataDir: string, programs: readonly string[]): Promise<RunAs> {
  const closed = [dirname(dataDir), ...programs].map((path) => closedFolder(path, user)).find((folder) => folder !== undefined);
  if (closed === undefined) {
    if (closedFolder(dataDir, user) !== undefined) chmodSync(dataDir, 0o711); // to pass through, not to list; what is inside is 0600 or 0700
    return { prefix: [], user, owner: user };
  }
  if (!(await works(passingThrough(user)))) throw new Error(cannotRun(closed));
  return { prefix: passingThrough(user), owner: user };
}

/** Whether a program can be run like this, and does not see itself as root. */
async function works([command = '', ...args]: readonly string[]): Promise<boolean> {
  const { code, output } = await runTool({ command, args: [...args, 'id', '-u'] });
  return code === 0 && Number(output) > 0;
}

const ownerOf = (path: string): User | undefined => {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && { uid: stat.uid, gid: stat.gid };
};

const cannotRun = (closed: string): string =>
  `Postgres does not run as root, and another user cannot enter ${closed}. One of these will do:
  - run Relink as an ordinary user
  - allow user namespaces, so that \`unshare --user\` works
  - let others pass through that folder (chmod o+x)
  - set DATABASE_URL to a Postgres that runs already`;

/** The first folder on the way to `path` that does not let `user` through; `path` itself counts when it is a folder. */
export function closedFolder(path: string, user: User): string | undefined {
  const above = dirname(path);
  const higher = above === path ? undefined : closedFolder(above, user);
  if (higher !== undefined) return higher;
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return undefined;
  const mayPass = stat.uid === user.uid ? 0o100 : 0o001;
  return (stat.mode & mayPass) === 0 ? path : undefined;
}

function chownTree(path: string, { uid, gid }: User): void {
  chownSync(path, uid, gid);
  for (const name of readdirSync(path)) {
    const child = join(path, name);
    if (lstatSync(child).isDirectory()) chownTree(child, { uid, gid });
    else chownSync(child, uid, gid);
  }
}
