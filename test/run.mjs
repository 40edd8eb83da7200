// npm test: everything, from a fresh clone, in one command. The last line is `N passed, N failed` and, if any, `, N skipped`.
// Arguments are jest's.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LaunchError, root } from '../client/launch/common.mjs';
import { prepare } from '../client/relink.mjs';

const localStack = (file) => import(pathToFileURL(join(root, 'dist/adapters/runtime/local-stack', file)).href);

/** Gets the Temporal server before the clocks of the tests run, unless there is one. */
async function fetchTemporal() {
  const { findTemporal } = await localStack('temporal-binary.js');
  await findTemporal(join(root, '.relink'), () => process.stderr.write('Downloading the Temporal server (once)…\n'));
}

/** One Postgres on which each file of tests makes databases of its own: making a cluster takes longer than most files do. Nothing there is to outlive a crash. */
async function withPostgres(use) {
  const { startPostgres } = await localStack('postgres-server.js');
  const dataDir = mkdtempSync(join(tmpdir(), 'relink-test-database-'));
  const quiet = () => undefined;
  try {
    const server = await startPostgres({ dataDir, log: quiet, onPart: quiet, onPid: quiet }, { max_connections: '400', fsync: 'off' });
    return await use(server.databaseUrl).finally(() => server.process.stop(10_000));
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Tests bring their own servers; one that the environment names might be somebody's real one. */
function ownServersOnly() {
  const { TEMPORAL_ADDRESS: _address, TEMPORAL_NAMESPACE: _namespace, DATABASE_URL: _database, ...env } = process.env;
  return env;
}

/** End-to-end tests wait more than they work: four at once keep two cores busy. */
function runJest(args, report, databaseUrl) {
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const options = ['--maxWorkers=4', '--json', `--outputFile=${report}`, ...args];
  const child = spawn(process.execPath, [jest, ...options], { cwd: root, env: { ...ownServersOnly(), RELINK_TEST_DATABASE: databaseUrl, RELINK_TEST_WORKFLOWS: join(root, 'dist', 'workflow-bundle.js') }, stdio: ['ignore', 'ignore', 'inherit'] });
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => child.kill(signal)); // then what was started here ends too
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}

/** A file that could not even run counts as one failure, for none of its tests is in the numbers; so does a run that failed as a whole. */
function numbers(report, code) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
  const failed = numFailedTests + numRuntimeErrorTestSuites;
  return { passed: numPassedTests, failed: code === 0 ? failed : Math.max(failed, 1), skipped: numPendingTests + numTodoTests };
}

async function test(args) {
  const folder = mkdtempSync(join(tmpdir(), 'relink-test-'));
  try {
    await prepare();
    await fetchTemporal();
    const report = join(folder, 'report.json');
    const code = await withPostgres((databaseUrl) => runJest(args, report, databaseUrl));
    return numbers(report, code);
  } catch (cause) {
    process.stderr.write(`${cause instanceof LaunchError ? cause.message : cause.stack}\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { passed, failed, skipped } = await test(process.argv.slice(2));
const line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`;
// After all else that was written: the two streams may be one terminal or file.
process.stderr.write('', () => process.stdout.write(line));
process.exitCode = failed > 0 ? 1 : 0;
