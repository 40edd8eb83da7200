import { Connection, type ConnectionOptions } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { environment } from '../env.js';
import { bootstrapNamespace } from './bootstrap.js';
import { claimFolder, forgetRunningStack, openDataFolder, readLastStack, writeRunningStack } from './folder.js';
import type { PartContext, PartEvent, PartName } from './part.js';
import { startPostgres } from './postgres-server.js';
import { commandLine, stopProcess } from './processes.js';
import { onShutdown } from './shutdown.js';
import type { SupervisedProcess } from './supervise.js';
import { startTemporal } from './temporal-server.js';

export { bootstrapNamespace } from './bootstrap.js';
export { readRunningStack, type RunningStack } from './folder.js';
export type { PartEvent, PartName } from './part.js';
export { onShutdown } from './shutdown.js';
export { superviseProcess, type ProcessExit, type ProcessSpec, type SupervisedProcess } from './supervise.js';

export interface LocalStackOptions {
  /** Holds everything the stack keeps; made when missing, mode 0700. */
  readonly dataDir: string;
  readonly log?: PartContext['log'];
  /** Progress of the start, and restarts later. */
  readonly onPart?: (event: PartEvent) => void;
}

export interface LocalStack {
  readonly temporal: {
    /** `host:port` of the gRPC service. */
    readonly address: string;
    /** `null` when the service is not ours. */
    readonly uiUrl: string | null;
    /** What the server counts, in the format of Prometheus. `null` when the service is not ours. */
    readonly metricsUrl: string | null;
    readonly namespace: string;
  };
  /** With the password in it: never log it. */
  readonly databaseUrl: string;
  /** What runs as our own processes now: fewer when the environment names a service or a database. */
  readonly parts: readonly { readonly name: PartName; readonly pid: number }[];
  /** Resolves when all of it is gone. Safe to repeat. */
  stop(): Promise<void>;
  /** SIGKILL, as a crash would be; the part comes back on the same port with the same data. */
  kill(name: PartName): void;
}

const STOP_GRACE_MS = 10_000;

/**
 * Temporal and Postgres for one machine, unless `TEMPORAL_ADDRESS` or `DATABASE_URL` name running ones.
 * Nothing of it outlives this process, however that ends.
 * @throws when another process runs a stack on the folder, or when a part cannot be had or started: the message says the remedy.
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const dataDir = openDataFolder(options.dataDir);
  const release = claimFolder(dataDir);
  const stack = new Stack(dataDir, options, release);
  try {
    await stopOrphans(dataDir);
    await stack.start();
    return stack;
  } catch (cause) {
    await stack.stop();
    throw cause;
  }
}

/** Ends what an earlier supervisor left, should it have been killed together with its watchdog. */
async function stopOrphans(dataDir: string): Promise<void> {
  for (const { pid } of readLastStack(dataDir)?.parts ?? []) {
    if (commandLine(pid)?.includes(dataDir)) await stopProcess(pid, [['SIGINT', 10_000], ['SIGKILL', 5_000]]);
  }
}

async function bootstrap(namespace: string, options: ConnectionOptions): Promise<void> {
  const connection = await Connection.connect(options).catch((cause: unknown) => {
    throw new Error(`the Temporal service at ${options.address} does not answer: see whether it runs, and whether TEMPORAL_ADDRESS is right`, { cause });
  });
  try {
    await bootstrapNamespace({ connection, namespace });
  } finally {
    await connection.close();
  }
}

class Stack implements LocalStack {
  temporal: LocalStack['temporal'] = { address: '', uiUrl: null, metricsUrl: null, namespace: '' };
  databaseUrl = '';
  readonly #running = new Map<PartName, SupervisedProcess>();
  readonly #startedAt = new Date().toISOString();
  readonly #unregister: () => void;
  #ready = false;
  #stopped: Promise<void> | undefined;

  constructor(
    private readonly dataDir: string,
    private readonly options: LocalStackOptions,
    private readonly release: () => void,
  ) {
    this.#unregister = onShutdown(() => this.stop());
  }

  async start(): Promise<void> {
    const { log = () => undefined, onPart = () => undefined } = this.options;
    const context: PartContext = { dataDir: this.dataDir, log, onPart, onPid: () => this.#publish() };
    const outcomes = await Promise.allSettled([this.#startTemporal(context), this.#startPostgres(context)]);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    this.#ready = true;
    this.#publish();
  }

  async #startTemporal(context: PartContext): Promise<void> {
    const { temporalAddress, temporalNamespace: namespace = 'default' } = environment();
    if (temporalAddress !== undefined) {
      this.temporal = { address: temporalAddress, uiUrl: null, metricsUrl: null, namespace };
      // TLS and keys come from the SDK's own variables and files.
      return bootstrap(namespace, loadClientConnectConfig().connectionOptions);
    }
    const { address, uiUrl, metricsUrl, process } = await startTemporal(context);
    this.#running.set('temporal', process);
    this.temporal = { address, uiUrl, metricsUrl, namespace };
    return bootstrap(namespace, { address });
  }

  async #startPostgres(context: PartContext): Promise<void> {
    const given = environment().databaseUrl;
    if (given !== undefined) {
      this.databaseUrl = given;
      return;
    }
    const { databaseUrl, process } = await startPostgres(context);
    this.#running.set('postgres', process);
    this.databaseUrl = databaseUrl;
  }

  get parts(): LocalStack['parts'] {
    return [...this.#running].flatMap(([name, { pid }]) => (pid === undefined ? [] : [{ name, pid }]));
  }

  kill(name: PartName): void {
    this.#running.get(name)?.kill();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    await Promise.all([...this.#running.values()].map((part) => part.stop(STOP_GRACE_MS)));
    forgetRunningStack(this.dataDir);
    this.release();
    this.#unregister();
  }

  #publish(): void {
    if (!this.#ready) return;
    const { address, ...temporal } = this.temporal;
    writeRunningStack(this.dataDir, { temporalAddress: address, ...temporal, databaseUrl: this.databaseUrl, startedAt: this.#startedAt, parts: [...this.parts] });
  }
}
