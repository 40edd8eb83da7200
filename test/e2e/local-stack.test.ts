import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { readRunningStack, startLocalStack, type LocalStack, type PartEvent } from '../../adapters/runtime/local-stack/index.js';
import { freePort } from '../../adapters/runtime/local-stack/ports.js';
import { markProcess, until } from '../../adapters/runtime/local-stack/processes.js';
import { packageRoot } from '../../adapters/runtime/package-root.js';
import { compile } from '../support/compile.js';

const PATIENCE_MS = 30_000;
const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

function dataFolder(name = 'data folder'): string {
  const above = mkdtempSync(join(tmpdir(), 'relink stack '));
  cleanUps.push(() => rmSync(above, { recursive: true, force: true }));
  return join(above, name);
}

async function start(dataDir: string, onPart?: (event: PartEvent) => void): Promise<LocalStack> {
  const stack = await startLocalStack({ dataDir, ...(onPart && { onPart }) });
  cleanUps.push(() => stack.stop());
  return stack;
}

async function sql(databaseUrl: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function withTemporal<T>({ address, namespace }: LocalStack['temporal'], use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await use(new Client({ connection, namespace }));
  } finally {
    await connection.close();
  }
}

const startWorkflow = (client: Client, workflowId: string): Promise<unknown> =>
  client.workflow.start('nobody-runs-this', { taskQueue: 'none', workflowId });

const succeeds = (attempt: Promise<unknown>): Promise<boolean> => attempt.then(() => true, () => false);
const pidOf = (stack: LocalStack, name: string): number | undefined => stack.parts.find((part) => part.name === name)?.pid;
const allGone = (pids: readonly number[]): Promise<boolean> => until(() => pids.every((pid) => markProcess(pid) === undefined), PATIENCE_MS);

describe('the local stack', () => {
  it('answers SQL and gRPC, says so in stack.json, and leaves no process when it stops', async () => {
    const dataDir = dataFolder();
    const stack = await start(dataDir);
    const pids = stack.parts.map(({ pid }) => pid);

    expect(await sql(stack.databaseUrl, 'SELECT 1 + 1 AS two')).toEqual([{ two: 2 }]);
    const found = await withTemporal(stack.temporal, (client) => client.workflow.count('RelinkCampaign = "example" AND RelinkStartsAt > "2026-01-01T00:00:00Z"'));
    expect(found.count).toBe(0);
    expect((await fetch(stack.temporal.uiUrl ?? '')).status).toBe(200);
    expect(readRunningStack(dataDir)).toMatchObject({ pid: process.pid, databaseUrl: stack.databaseUrl, temporalAddress: stack.temporal.address });
    expect(statSync(join(dataDir, 'stack.json')).mode & 0o777).toBe(0o600);

    await stack.stop();
    expect(await allGone(pids)).toBe(true);
    expect(readRunningStack(dataDir)).toBeUndefined();
  });

  it('keeps closed workflows for 30 days', async () => {
    const stack = await start(dataFolder());
    const days = await withTemporal(stack.temporal, async ({ workflowService }) => {
      const { config } = await workflowService.describeNamespace({ namespace: stack.temporal.namespace });
      return Number(config?.workflowExecutionRetentionTtl?.seconds) / 86_400;
    });
    expect(days).toBe(30);
  });

  it('brings back each part that is killed, at the same address and with the same data', async () => {
    const restarted: string[] = [];
    const stack = await start(dataFolder(), ({ name, state }) => state === 'restarting' && restarted.push(name));
    const before = { temporal: pidOf(stack, 'temporal'), postgres: pidOf(stack, 'postgres') };
    await sql(stack.databaseUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await withTemporal(stack.temporal, (client) => startWorkflow(client, 'kept'));

    stack.kill('postgres');
    stack.kill('temporal');
    expect(await until(() => restarted.length === 2, PATIENCE_MS)).toBe(true);

    expect(await until(() => succeeds(sql(stack.databaseUrl, 'SELECT answer FROM kept')), PATIENCE_MS)).toBe(true);
    expect(await sql(stack.databaseUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    const describe = (): Promise<unknown> => withTemporal(stack.temporal, (client) => client.workflow.getHandle('kept').describe());
    expect(await until(() => succeeds(describe()), PATIENCE_MS)).toBe(true);
    expect(pidOf(stack, 'postgres')).not.toBe(before.postgres);
    expect(pidOf(stack, 'temporal')).not.toBe(before.temporal);
  });

  it('runs beside another one, and refuses a folder that is in use', async () => {
    const [first, second] = [dataFolder(), dataFolder()];
    const stacks = await Promise.all([start(first), start(second)]);
    for (const stack of stacks) await sql(stack.databaseUrl, 'SELECT 1');
    expect(new Set(stacks.map(({ temporal }) => temporal.address)).size).toBe(2);
    await expect(startLocalStack({ dataDir: first })).rejects.toThrow(/already runs on/);
    await sql(stacks[0]?.databaseUrl ?? '', 'SELECT 1');
  });

  it('has the same addresses and data after a stop and a start', async () => {
    const dataDir = dataFolder();
    const first = await start(dataDir);
    await sql(first.databaseUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    const second = await start(dataDir);
    expect(second.temporal).toEqual(first.temporal);
    expect(await sql(second.databaseUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });
});

describe('servers that the environment names', () => {
  const { TEMPORAL_ADDRESS, DATABASE_URL } = process.env;
  const restore = (name: string, value: string | undefined): void => {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  };
  afterEach(() => {
    restore('TEMPORAL_ADDRESS', TEMPORAL_ADDRESS);
    restore('DATABASE_URL', DATABASE_URL);
  });

  it('are used instead of own ones', async () => {
    const theirs = await start(dataFolder());
    process.env.TEMPORAL_ADDRESS = theirs.temporal.address;
    process.env.DATABASE_URL = theirs.databaseUrl;
    const ours = await start(dataFolder());
    expect(ours).toMatchObject({ parts: [], databaseUrl: theirs.databaseUrl, temporal: { address: theirs.temporal.address, uiUrl: null } });
    await ours.stop();
    expect(await sql(theirs.databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('that do not answer are named', async () => {
    process.env.TEMPORAL_ADDRESS = `127.0.0.1:${await freePort()}`;
    process.env.DATABASE_URL = 'postgres://example.org/relink';
    await expect(startLocalStack({ dataDir: dataFolder() })).rejects.toThrow(/Temporal service at 127\.0\.0\.1:\d+ does not answer/);
  });
});

describe('a supervisor that ends', () => {
  let programs = '';
  beforeAll(() => {
    programs = compile(['adapters/runtime/env.ts', 'adapters/runtime/package-root.ts', 'adapters/runtime/local-stack', 'test/support/stack-child.ts']);
  });
  afterAll(() => rmSync(programs, { recursive: true, force: true }));

  interface Up {
    readonly child: ChildProcess;
    readonly pids: readonly number[];
    readonly databaseUrl: string;
  }

  async function startChild(dataDir: string): Promise<Up> {
    const child = spawn(process.execPath, [join(programs, 'test', 'support', 'stack-child.js'), dataDir], { cwd: packageRoot(), stdio: ['ignore', 'pipe', 'inherit'] });
    cleanUps.push(() => child.kill('SIGTERM'));
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const { parts, databaseUrl } = JSON.parse(line) as { parts: { pid: number }[]; databaseUrl: string };
    return { child, pids: parts.map(({ pid }) => pid), databaseUrl };
  }

  it('by SIGKILL leaves no process', async () => {
    const { child, pids } = await startChild(dataFolder());
    expect(pids).toHaveLength(2);
    child.kill('SIGKILL');
    expect(await allGone(pids)).toBe(true);
  });

  it('by SIGKILL lets the next start on its folder find the data, however soon that comes', async () => {
    const dataDir = dataFolder();
    const { child, pids, databaseUrl } = await startChild(dataDir);
    await sql(databaseUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const stack = await start(dataDir);
    expect(await sql(stack.databaseUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(await allGone(pids)).toBe(true);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('by %s stops the parts before it exits', async (signal) => {
    const { child, pids } = await startChild(dataFolder());
    child.kill(signal);
    child.kill(signal);
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal]);
    expect(pids.filter((pid) => markProcess(pid) !== undefined)).toEqual([]);
  });
});
