import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markProcess, until } from '../../adapters/runtime/local-stack/processes.js';
import { packageRoot } from '../../adapters/runtime/package-root.js';

/**
 * The launcher runs before there are packages, so it is tried as it is, in a checkout that is small enough to be
 * installed and built in a moment: npm and the compiler are programs that note that they ran.
 */
let above = '';
let checkout = '';
const children: ChildProcess[] = [];

beforeEach(() => {
  above = mkdtempSync(join(tmpdir(), 'relink launcher '));
  checkout = join(above, 'a clone');
  cpSync(join(packageRoot(), 'client', 'launch'), join(checkout, 'client', 'launch'), { recursive: true });
  cpSync(join(packageRoot(), 'client', 'relink.mjs'), join(checkout, 'client', 'relink.mjs'));
  write('package.json', JSON.stringify({ type: 'module' }));
  write('package-lock.json', JSON.stringify({ packages: { '': {}, 'node_modules/typescript': { version: '1.0.0' } } }));
  write('tsconfig.json', JSON.stringify({ include: ['client'] }));
  write('client/cli.ts', '// source');
  fakeNpm(`mkdir -p node_modules/typescript/bin && cp ../tsc node_modules/typescript/bin/tsc`);
  writeFileSync(join(above, 'tsc'), compiler);
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(above, { recursive: true, force: true });
});

const cli = 'export const main = async (args) => { console.log(JSON.stringify(args)); return args.includes("fail") ? 1 : 0; };';
const compiler = `
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
console.log('compiling');
appendFileSync('ran.txt', 'tsc ');
mkdirSync('dist/client', { recursive: true });
writeFileSync('dist/client/cli.js', ${JSON.stringify(cli)});
`;

function write(name: string, content: string): void {
  mkdirSync(join(checkout, name, '..'), { recursive: true });
  writeFileSync(join(checkout, name), content);
}

function fakeNpm(install: string): void {
  mkdirSync(join(above, 'bin'), { recursive: true });
  writeFileSync(join(above, 'bin', 'npm'), `#!/bin/sh\n[ "$1" = config ] && { echo "${above}/cache"; exit; }\necho installing\nprintf 'npm ' >> ran.txt\n${install}\n`);
  chmodSync(join(above, 'bin', 'npm'), 0o755);
}

const env = (): NodeJS.ProcessEnv => ({ PATH: `${above}/bin:${process.env.PATH}` });
const program = (): string => join(checkout, 'client', 'relink.mjs');
const ran = (): string => (existsSync(join(checkout, 'ran.txt')) ? readFileSync(join(checkout, 'ran.txt'), 'utf8').trim() : '');

function launch(args: readonly string[], file = program()): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [file, ...args], { cwd: above, env: env(), encoding: 'utf8' });
}

function launchBeside(args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [program(), ...args], { env: env(), stdio: ['ignore', 'ignore', 'pipe'] });
  children.push(child);
  return child;
}

describe('the launcher', () => {
  it('installs and builds at the first launch only, and keeps standard output for the program', () => {
    const first = launch(['status', '--json']);
    expect(first).toMatchObject({ status: 0, stdout: '["status","--json"]\n' });
    expect(first.stderr).toMatch(/installing[^]*compiling/);
    expect(launch(['status'])).toMatchObject({ status: 0, stdout: '["status"]\n', stderr: '' });
    expect(ran()).toBe('npm tsc');
  });

  it('builds again when a source is newer, and installs again when the lock file differs', () => {
    launch([]);
    utimesSync(join(checkout, 'client', 'cli.ts'), new Date(0), new Date(0));
    launch([]);
    expect(ran()).toBe('npm tsc tsc');
    write('package-lock.json', JSON.stringify({ packages: { 'node_modules/typescript': { version: '2.0.0' } } }));
    launch([]);
    expect(ran()).toBe('npm tsc tsc npm tsc');
  });

  it('takes packages as installed that npm has recorded in the versions of the lock file', () => {
    write('node_modules/typescript/bin/tsc', compiler);
    write('node_modules/typescript/package.json', JSON.stringify({ type: 'module' }));
    write('node_modules/.package-lock.json', JSON.stringify({ packages: { 'node_modules/typescript': { version: '1.0.0' } } }));
    expect(launch([]).status).toBe(0);
    expect(ran()).toBe('tsc');
  });

  it('exits with the code of the program, and stops after the build when told to', () => {
    expect(launch(['fail']).status).toBe(1);
    expect(launch(['--build-only'])).toMatchObject({ status: 0, stdout: '' });
  });

  it('runs another program with the rest of the arguments', () => {
    write('dist/tool.js', 'console.log(process.argv.slice(2).join(" "));');
    expect(launch(['--run', 'dist/tool.js', 'one', 'two'])).toMatchObject({ status: 0, stdout: 'one two\n' });
    expect(launch(['--run']).status).toBe(2);
  });

  it('works through a symlink, as npm makes them for a bin', () => {
    symlinkSync(program(), join(above, 'bin', 'relink'));
    expect(launch(['status'], join(above, 'bin', 'relink'))).toMatchObject({ status: 0, stdout: '["status"]\n' });
  });

  it('shows what npm said when the installation fails, and what to do', () => {
    fakeNpm('echo E404 not found; exit 1');
    const { status, stderr } = launch([]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/E404 not found[^]*`npm ci` failed[^]*registry/);
  });

  it('keeps the cache of npm in the checkout when the home folder cannot be written', () => {
    writeFileSync(join(above, 'cache'), 'a file where npm wants a folder');
    fakeNpm('echo "cache: $npm_config_cache"; exit 1');
    expect(launch([]).stderr).toContain(`cache: ${join(checkout, '.relink', 'cache', 'npm')}`);
  });

  it('lets a second launch wait for the first instead of installing beside it', async () => {
    fakeNpm(`mkdir -p node_modules/typescript/bin && cp ../tsc node_modules/typescript/bin/tsc; until [ -e ../go ]; do sleep 0.05; done`);
    const first = launchBeside([]);
    await lineOf(first, 'installing');
    const second = launchBeside([]);
    await lineOf(second, 'Waiting');
    writeFileSync(join(above, 'go'), '');
    const codes = await Promise.all([first, second].map(async (child) => ((await once(child, 'exit')) as [number])[0]));
    expect(codes).toEqual([0, 0]);
    expect(ran()).toBe('npm tsc');
  });

  it('passes over the lock of a launch that was killed', () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    write('.relink/launch.lock', String(pid));
    expect(launch([]).status).toBe(0);
  });

  it('ends the installation when it is interrupted', async () => {
    fakeNpm('echo $$ > ../npm.pid; echo started; sleep 60');
    const child = launchBeside([]);
    await lineOf(child, 'started');
    child.kill('SIGINT');
    expect(((await once(child, 'exit')) as [number])[0]).toBe(130);
    const npm = Number(readFileSync(join(above, 'npm.pid'), 'utf8'));
    expect(await until(() => markProcess(npm) === undefined, 10_000)).toBe(true);
    expect(existsSync(join(checkout, '.relink', 'launch.lock'))).toBe(false);
  });
});

describe('the launcher on an old Node', () => {
  it.each([['18.20.1', false], ['20.2.9', false], ['20.3.0', true], ['22.0.0', true]])('judges %s', (version, good) => {
    const script = `import { requireNode } from ${JSON.stringify(join(checkout, 'client', 'launch', 'common.mjs'))}; requireNode(${JSON.stringify(version)});`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(status === 0).toBe(good);
    if (!good) expect(stderr).toContain('Node 20.3 or later is needed');
  });
});

/** Resolves when standard error has shown `text`. */
function lineOf(child: ChildProcess, text: string): Promise<void> {
  let seen = '';
  return new Promise((resolve) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
      if (seen.includes(text)) resolve();
    });
  });
}
