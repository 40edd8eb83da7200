import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LaunchError, root, run, say } from './common.mjs';
import { withLock } from './lock.mjs';

const lockFile = join(root, 'package-lock.json');
const stamp = join(root, 'node_modules', '.relink-installed');

/** Installs the packages that package-lock.json names, unless they are there. Without that file we are an installed package ourselves. */
export async function ensureInstalled() {
  if (!existsSync(lockFile) || isInstalled()) return;
  await withLock(join(root, '.relink', 'launch.lock'), async () => {
    if (!isInstalled()) await install();
  });
}

const wanted = () => createHash('sha256').update(readFileSync(lockFile)).digest('hex');

const isInstalled = () => (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted()) || adoptInstallation();

/** Packages that `npm ci` or `npm install` put here without us: npm's own record says what they are. */
function adoptInstallation() {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const packages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const [installed, locked] = [packages(record), packages(lockFile)];
  const same = Object.entries(locked).every(([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version);
  if (same && isWritable(join(root, 'node_modules'))) writeStamp();
  return same;
}

async function install() {
  say('Installing packages (once, about a minute)…');
  const code = await run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'], await cacheFor(process.env));
  if (code === null) throw new LaunchError('npm was not found on the PATH: install it with Node from https://nodejs.org');
  if (code !== 0) {
    throw new LaunchError(`\`npm ci\` failed, see above. Check the network, the registry that npm is set up for (\`npm config get registry\`) and the free disk space; then run this again.`);
  }
  writeStamp();
}

function writeStamp() {
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(stamp, wanted());
}

/** npm keeps its cache in the home folder; where that cannot be written, it goes into the checkout. */
async function cacheFor(env) {
  const { stdout } = await promisify(execFile)('npm', ['config', 'get', 'cache'], { cwd: root, env }).catch(() => ({ stdout: '' }));
  return isWritable(stdout.trim()) ? {} : { npm_config_cache: join(root, '.relink', 'cache', 'npm') };
}

function isWritable(folder) {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
