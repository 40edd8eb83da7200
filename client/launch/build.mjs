import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { LaunchError, root, run, say } from './common.mjs';
import { withLock } from './lock.mjs';

const dist = join(root, 'dist');
const stamp = join(dist, '.relink-built');
const program = join(dist, 'client', 'cli.js');
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const bundler = join(dist, 'worker', 'bundle.js');

/** Compiles the sources and bundles the workflows, unless `dist` is made of just these sources. */
export async function ensureBuilt() {
  if (isBuilt()) return;
  await withLock(join(root, '.relink', 'launch.lock'), async () => {
    if (!isBuilt()) await build();
  });
}

/** An installed package brings its `dist` and no compiler settings. */
const isBuilt = () => existsSync(program) && (!existsSync(join(root, 'tsconfig.json')) || (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint()));

async function build() {
  say('Building…');
  const sources = fingerprint();
  rmSync(stamp, { force: true });
  // The compiler's notes of what it has written are not to be believed when somebody has removed it.
  if (!existsSync(program)) rmSync(join(dist, '.tsbuildinfo'), { force: true });
  await must('the compiler', [compiler, '-p', '.']);
  if (existsSync(bundler)) await must('the bundler of the workflows', [bundler]);
  writeFileSync(stamp, sources);
}

async function must(what, args) {
  if ((await run(process.execPath, args)) !== 0) throw new LaunchError(`${what} found errors, see above. In a fresh clone this does not happen: undo local changes, or mend them.`);
}

/** Changes when a source, the compiler's settings or the packages do. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const file of ['tsconfig.json', 'package-lock.json', ...sources()]) {
    const stat = statSync(join(root, file), { throwIfNoEntry: false });
    if (stat) hash.update(`${file} ${stat.size} ${stat.mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function sources() {
  const { include } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
  return include
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, name)))
    .filter((name) => name.endsWith('.ts') && !name.includes(`${sep}node_modules${sep}`))
    .sort();
}
