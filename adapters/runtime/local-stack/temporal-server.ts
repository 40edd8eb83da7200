import { Connection } from '@temporalio/client';
import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { childEnvironment } from '../env.js';
import { readSettings, saveSettings } from './folder.js';
import { startPart, type PartContext } from './part.js';
import { freePort, listens } from './ports.js';
import type { SupervisedProcess } from './supervise.js';
import { findTemporal, type TemporalBinary } from './temporal-binary.js';
import { runTool } from './tools.js';

export interface TemporalPart {
  readonly address: string;
  readonly uiUrl: string;
  /** What the server counts, for Prometheus. */
  readonly metricsUrl: string;
  readonly process: SupervisedProcess;
}

const ATTEMPTS = 5;

/** One partition per queue: order and rate limits of a queue hold exactly, and one machine needs no more. */
const dynamicConfig = ['matching.numTaskqueueReadPartitions=1', 'matching.numTaskqueueWritePartitions=1'] as const;
/** With a write-ahead log three times as many sagas a second as with SQLite's defaults; what was committed survives a kill. */
const pragmas = ['journal_mode=wal', 'synchronous=normal'] as const;

/**
 * Starts a Temporal dev server on `<dataDir>/temporal.db`.
 * @param tuning more of the server's dynamic configuration, as `key=value`
 */
export async function startTemporal(context: PartContext, tuning: readonly string[] = []): Promise<TemporalPart> {
  const binary = await findTemporal(context.dataDir, () => context.onPart({ name: 'temporal', state: 'downloading' }));
  context.onPart({ name: 'temporal', state: 'starting' });
  const flags = await optionalFlags(binary);
  let said = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const kept = readSettings(context.dataDir).temporal;
    const port = await freePort(kept?.port);
    const uiPort = await freePort(kept?.uiPort, [port]);
    const metricsPort = await freePort(kept?.metricsPort, [port, uiPort]);
    const started = await startOn(context, binary, [...flags, ...tuning.flatMap((value) => ['--dynamic-config-value', value])], { port, uiPort, metricsPort });
    if ('address' in started) {
      saveSettings(context.dataDir, { temporal: { port, uiPort, metricsPort } });
      closeDatabase(context.dataDir);
      context.onPart({ name: 'temporal', state: 'ready' });
      return started;
    }
    said = started.said;
  }
  throw new Error(`Temporal did not start; see logs/temporal.log in the data folder. It said:\n${said}`);
}

const databaseFile = (dataDir: string): string => join(dataDir, 'temporal.db');

/** The server makes its files readable by all. SQLite gives later ones the mode of the first. */
function closeDatabase(dataDir: string): void {
  for (const suffix of ['', '-wal', '-shm']) {
    const file = `${databaseFile(dataDir)}${suffix}`;
    if (existsSync(file)) chmodSync(file, 0o600);
  }
}

interface Ports {
  readonly port: number;
  readonly uiPort: number;
  readonly metricsPort: number;
}

async function startOn(context: PartContext, binary: TemporalBinary, flags: readonly string[], { port, uiPort, metricsPort }: Ports): Promise<TemporalPart | { readonly said: string }> {
  const address = `127.0.0.1:${port}`;
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort), '--metrics-port', String(metricsPort), '--log-level', 'warn', ...flags];
  args.push('-f', databaseFile(context.dataDir));
  for (const pragma of pragmas) args.push('--sqlite-pragma', pragma);
  for (const value of dynamicConfig) args.push('--dynamic-config-value', value);
  const started = await startPart(context, { name: 'temporal', command: binary.file, args, env: childEnvironment(), cwd: '/' }, async () => (await listens(port)) && isServing(address));
  return 'said' in started ? started : { address, uiUrl: `http://127.0.0.1:${uiPort}`, metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`, process: started };
}

/** Versions before 1.8 do not know the switch for the news feed of the UI, and refuse unknown ones. */
async function optionalFlags({ file }: TemporalBinary): Promise<readonly string[]> {
  const { output } = await runTool({ command: file, args: ['server', 'start-dev', '--help'] });
  return ['--ui-disable-news-fetch'].filter((flag) => output.includes(flag));
}

/** `SERVING` of `grpc.health.v1`. */
const SERVING = 1;

async function isServing(address: string): Promise<boolean> {
  let connection: Connection | undefined;
  try {
    connection = await Connection.connect({ address, connectTimeout: 2_000 });
    const { status } = await connection.healthService.check({ service: 'temporal.api.workflowservice.v1.WorkflowService' });
    return status === SERVING;
  } catch {
    return false;
  } finally {
    await connection?.close();
  }
}
