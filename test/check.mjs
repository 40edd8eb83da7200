// npm run check: what can be known without servers, in under a minute. One line for each part, then what failed said.
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { LaunchError, requireNode, root } from '../client/launch/common.mjs';
import { ensureInstalled } from '../client/launch/install.mjs';

const tool = (path) => [join(root, 'node_modules', path)];
const folders = ['domain', 'workflows', 'activities', 'adapters', 'worker', 'client', 'simulators', 'test'];
const compilerNotes = ['--incremental', '--tsBuildInfoFile', join(root, '.relink', 'cache', 'check.tsbuildinfo')];
const bundle = `
  import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
  await bundleWorkflowCode({ workflowsPath: ${JSON.stringify(join(root, 'workflows', 'index.ts'))}, logger: new DefaultLogger('WARN') });
`;

/** The longest first. */
const parts = {
  types: [...tool('typescript/bin/tsc'), '-p', '.', '--noEmit', ...compilerNotes],
  'unit tests': [...tool('jest/bin/jest.js'), 'test/unit', '--maxWorkers=1'],
  'workflow types': [...tool('typescript/bin/tsc'), '-p', 'workflows'],
  'workflow bundle': ['--input-type=module', '-e', bundle],
  lint: [...tool('oxlint/bin/oxlint'), '--type-aware', '--deny-warnings'],
  'import rules': [...tool('dependency-cruiser/bin/dependency-cruise.mjs'), '--config', '.dependency-cruiser.mjs', ...folders],
  'unused code': [...tool('knip/bin/knip.js'), '--no-config-hints'],
  'house style': houseStyle,
};

function run(args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
  return new Promise((resolve) => child.once('close', (code) => resolve({ good: code === 0, output: Buffer.concat(output).toString() })));
}

/** What neither compiler nor linter says. */
const habits = [
  [/\r/, 'line ends with a carriage return'],
  [/\t/, 'tab'],
  [/[ ]+$/, 'blanks at the end of the line'],
  [/^\s*(export )?(declare )?(const )?enum /, 'enum: use an `as const` union'],
];

async function houseStyle() {
  const faults = sources().flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    const lines = text.split('\n');
    const found = lines.flatMap((line, i) => habits.filter(([pattern]) => pattern.test(line)).map(([, name]) => `${i + 1}: ${name}`));
    if (text !== '' && lines.at(-1) !== '') found.push(`${lines.length}: no line end at the end of the file`);
    return found.map((fault) => `${relative(root, file)}:${fault}`);
  });
  return { good: faults.length === 0, output: faults.join('\n') };
}

function sources() {
  const names = readdirSync(root, { withFileTypes: true }).filter(({ name }) => !['node_modules', 'dist', '.relink', '.git', 'package-lock.json'].includes(name));
  const all = names.flatMap((entry) => {
    const path = join(root, entry.name);
    return entry.isDirectory() ? readdirSync(path, { recursive: true }).map((name) => join(path, name)) : [path];
  });
  const isData = (path) => path.startsWith(join(root, 'test')) && path.endsWith('.json'); // as some program wrote it
  return all.filter((path) => (/\.(ts|mjs|json|md|ya?ml|eta|sh)$/.test(path) || path.endsWith(join('.ci', 'run'))) && !isData(path));
}

async function check(name, part) {
  const began = performance.now();
  const { good, output } = await (typeof part === 'function' ? part() : run(part));
  process.stdout.write(`${good ? 'ok  ' : 'FAIL'}  ${name.padEnd(16)} ${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s\n`);
  return { name, good, output };
}

async function checkAll() {
  const waiting = Object.entries(parts);
  const results = [];
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results.push(await check(...next));
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, lane));
  const failed = results.filter(({ good }) => !good);
  for (const { name, output } of failed) process.stdout.write(`\n── ${name}\n${output.trimEnd()}\n`);
  return failed.length === 0;
}

try {
  requireNode(process.versions.node);
  await ensureInstalled();
  process.exitCode = (await checkAll()) ? 0 : 1;
} catch (cause) {
  if (!(cause instanceof LaunchError)) throw cause;
  process.stderr.write(`${cause.message}\n`);
  process.exitCode = cause.exitCode;
}
