import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Said to the user as it is, without a stack. */
export class LaunchError extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The Temporal SDK runs from this version on. */
const OLDEST_NODE = [20, 3];

export function requireNode(version) {
  const [major, minor] = version.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new LaunchError(`Node ${OLDEST_NODE.join('.')} or later is needed, this is ${version}: install it from https://nodejs.org`);
}

export const say = (line) => process.stderr.write(`${line}\n`);

const endings = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/**
 * Runs a program to its end, in a process group of its own that ends with us. Its output goes to our standard error.
 * @returns its exit code, `null` when it could not be started.
 */
export function run(command, args, env = {}) {
  return new Promise((resolve) => {
    const end = (signal) => {
      if (child.pid !== undefined) killGroup(child.pid);
      process.exit(endings[signal]);
    };
    const finish = (code) => {
      for (const signal of Object.keys(endings)) process.off(signal, end);
      resolve(code);
    };
    // Before the start: a program that is quick to speak may be answered by a Ctrl-C before we have come to the next line.
    for (const signal of Object.keys(endings)) process.on(signal, end);
    const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, detached: true, stdio: ['ignore', 2, 2] });
    child.once('error', () => finish(null));
    child.once('exit', finish);
  });
}

function killGroup(group) {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // it has just ended by itself
  }
}
