#!/usr/bin/env node
// Starts Relink from a checkout or an installed package: installs and builds what is missing, then runs the program in this
// same process. Plain JavaScript without packages, because it runs before there are any. What the program prints goes to
// standard output; what this launcher does goes to standard error.
import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureBuilt } from './launch/build.mjs';
import { ensureInstalled } from './launch/install.mjs';
import { LaunchError, requireNode, root } from './launch/common.mjs';

/** Makes sure that packages and `dist` are as the sources want them. @throws {LaunchError} */
export async function prepare() {
  requireNode(process.versions.node);
  await ensureInstalled();
  await ensureBuilt();
}

async function launch(args) {
  await prepare();
  if (args[0] === '--build-only') return 0;
  const [file, rest] = args[0] === '--run' ? [args[1], args.slice(2)] : ['dist/client/cli.js', args];
  if (file === undefined) throw new LaunchError('--run needs the file to run', 2);
  const path = resolve(root, file);
  process.argv = [process.argv[0], path, ...rest];
  const { main } = await import(pathToFileURL(path).href);
  return main?.(rest);
}

function isProgram() {
  const started = process.argv[1];
  return started !== undefined && existsSync(started) && realpathSync(started) === fileURLToPath(import.meta.url); // the bin is a symlink
}

if (isProgram()) {
  try {
    process.exitCode = await launch(process.argv.slice(2));
  } catch (cause) {
    if (!(cause instanceof LaunchError)) throw cause;
    process.stderr.write(`relink: ${cause.message}\n`);
    process.exitCode = cause.exitCode;
  }
}
