import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { childEnvironment } from '../env.js';
import { readSettings, saveSettings } from './folder.js';
import { startPart, type PartContext } from './part.js';
import { freePort } from './ports.js';
import { postgresBinaries, type PostgresBinaries } from './postgres-binaries.js';
import { postgresIdentity, type RunAs } from './postgres-identity.js';
import { commandLine, stopProcess } from './processes.js';
import type { SupervisedProcess } from './supervise.js';
import { runTool, tail, type ToolSpec } from './tools.js';

export interface PostgresPart {
  readonly databaseUrl: string;
  readonly process: SupervisedProcess;
}

const USER = 'relink';
const ATTEMPTS = 5;

/**
 * For one machine and a few processes. Errors are logged without the statement and its values, which may hold personal data.
 * The rest, `fsync` above all, is Postgres' own default.
 */
const serverSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '64MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
} as const;

/**
 * Starts the embedded Postgres on `<dataDir>/postgres`, made on first use.
 *
 * @param tuning other values of the server's settings than ours
 */
export async function startPostgres(context: PartContext, tuning: Readonly<Record<string, string>> = {}): Promise<PostgresPart> {
  const cluster = join(context.dataDir, 'postgres');
  const binaries = postgresBinaries();
  context.onPart({ name: 'postgres', state: 'starting' });
  await clearCluster(cluster);
  const runAs = await postgresIdentity(cluster, [binaries.postgres]);
  const password = await ensureCluster(context.dataDir, cluster, binaries, runAs);
  let said = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = await freePort(readSettings(context.dataDir).postgres?.port);
    const started = await startOn(context, { port, password, cluster, binaries, runAs, tuning });
    if ('process' in started) {
      saveSettings(context.dataDir, { postgres: { password, port } });
      context.onPart({ name: 'postgres', state: 'ready' });
      return started;
    }
    said = started.said;
  }
  throw new Error(`Postgres did not start on ${cluster}; see logs/postgres.log in the data folder. It said:\n${said}`);
}

interface Launch {
  readonly port: number;
  readonly password: string;
  readonly cluster: string;
  readonly binaries: PostgresBinaries;
  readonly runAs: RunAs;
  readonly tuning: Readonly<Record<string, string>>;
}

async function startOn(context: PartContext, launch: Launch): Promise<PostgresPart | { readonly said: string }> {
  const options = Object.entries({ ...serverSettings, ...launch.tuning, port: launch.port }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const started = await startPart(
    context,
    {
      name: 'postgres',
      ...under(launch.runAs, launch.binaries.postgres, ['-D', launch.cluster, ...options]),
      stopSignal: 'SIGINT', // "fast": ends the connections, writes a checkpoint
      beforeRestart: () => clearCluster(launch.cluster),
    },
    () => answers(url(launch, 'postgres')),
  );
  if ('said' in started) return started;
  await ensureDatabase(url(launch, 'postgres'));
  return { databaseUrl: url(launch, USER), process: started };
}

const url = ({ port, password }: Launch, database: string): string => `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`;

function under({ prefix, user }: RunAs, program: string, args: readonly string[]): ToolSpec {
  const [command = program, ...rest] = [...prefix, program, ...args];
  return { command, args: rest, ...user, env: childEnvironment({ LC_ALL: 'C' }), cwd: '/' };
}

/** @returns the password of the cluster. */
async function ensureCluster(dataDir: string, cluster: string, binaries: PostgresBinaries, runAs: RunAs): Promise<string> {
  const known = readSettings(dataDir).postgres?.password;
  if (existsSync(cluster)) {
    if (known === undefined) throw new Error(`${cluster} holds a database, but its password in stack-settings.json is lost: restore that file, or move the folder away`);
    return known;
  }
  const password = known ?? randomBytes(24).toString('base64url');
  saveSettings(dataDir, { postgres: { password } });
  await makeCluster(dataDir, cluster, binaries, runAs, password);
  return password;
}

/** Made beside its place and moved there, so that a crash half-way leaves nothing that looks like a database. */
async function makeCluster(dataDir: string, cluster: string, binaries: PostgresBinaries, runAs: RunAs, password: string): Promise<void> {
  const work = join(dataDir, 'postgres-new');
  rmSync(work, { recursive: true, force: true }); // of a first start that was killed
  mkdirSync(work, { mode: 0o700 });
  try {
    const passwordFile = join(work, 'password');
    const draft = join(work, 'cluster');
    writeFileSync(passwordFile, password, { mode: 0o600 });
    mkdirSync(draft, { mode: 0o700 });
    if (runAs.owner) for (const path of [work, passwordFile, draft]) chownSync(path, runAs.owner.uid, runAs.owner.gid);
    const options = ['--username', USER, '--auth=scram-sha-256', '--encoding=UTF8', '--no-locale', '--no-instructions'];
    const { code, output } = await runTool(under(runAs, binaries.initdb, ['--pgdata', draft, '--pwfile', passwordFile, ...options]));
    if (code !== 0) throw new Error(`the database could not be made on ${cluster}. initdb said:\n${tail(output)}`);
    renameSync(draft, cluster);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * Ends a server of an earlier run that still holds the cluster, and removes a pid file whose server is gone:
 * Postgres would take any process that has that number by now for its own and refuse to start.
 */
export async function clearCluster(cluster: string): Promise<void> {
  const file = join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  if (pid > 0 && commandLine(pid)?.includes(`-D ${cluster} `)) {
    await stopProcess(pid, [['SIGINT', 10_000], ['SIGQUIT', 5_000], ['SIGKILL', 5_000]]);
  }
  rmSync(file, { force: true });
}

async function answers(databaseUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined); // a connection that breaks is an answer: not yet
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function ensureDatabase(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [USER]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${USER}`);
  } finally {
    await client.end();
  }
}
