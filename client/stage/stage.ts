import { rm, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { basename, join } from 'node:path';
import { forgetServices } from '../../adapters/runtime/env.js';
import { onShutdown, startLocalStack, type LocalStack, type SupervisedProcess } from '../../adapters/runtime/local-stack/index.js';
import { JobFailed } from '../errors.js';
import { noteInterrupts } from '../interrupts.js';
import type { Screen } from '../io.js';
import { startWorker, workerLog } from '../worker-program.js';
import { stageFolder } from './home-folder.js';
import { startSimulators, type Simulators } from './simulators.js';

/** What a whole system on this machine is set up for. */
export interface StageSettings {
  /** In the name of its folder. */
  readonly purpose: 'demo' | 'rehearsal';
  /** Whether its folder stays. */
  readonly keep: boolean;
  /** Files that the simulators read, by name. */
  readonly props: Readonly<Record<string, string>>;
  /** Flags of the simulators' program; they run in the folder. */
  readonly simulators: readonly string[];
  /** The operator's files for what the simulators turned out to be, by name; relink.yaml among them. Its data folder is `data`. */
  files(simulators: Simulators): Promise<Readonly<Record<string, string>>>;
}

/** All parts of one system, on a folder of their own. */
export interface Stage {
  readonly stack: LocalStack;
  readonly simulators: Simulators;
  readonly worker: SupervisedProcess;
  /** Resolves when the worker that runs now polls. */
  workerReady(): Promise<void>;
  readonly folder: string;
  /** Path of relink.yaml. */
  readonly config: string;
  /** Outlives the stage. */
  readonly reports: string;
}

const STOP_GRACE_MS = 10_000;
/** A worker on a busy machine takes a few seconds. */
const READY_PATIENCE_MS = 90_000;

/**
 * Sets the stage, lets `act` play, and clears it away, on every way out: also when a part does not start, also on Ctrl-C.
 * From here on this process no longer knows the Temporal service and the database of its environment.
 */
export async function onStage<T>(settings: StageSettings, screen: Screen, act: (stage: Stage) => Promise<T>): Promise<T> {
  const { home, folder } = await stageFolder(settings.purpose, settings.keep);
  const clear = async (): Promise<void> => {
    if (!settings.keep) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const unregister = onShutdown(clear); // the first to register is the last to be called
  const unnote = noteInterrupts();
  const stops: (() => Promise<void>)[] = [];
  try {
    return await act(await build(settings, screen, { folder, reports: join(home, 'reports', basename(folder)) }, stops));
  } finally {
    for (const stop of stops.reverse()) await stop();
    await clear();
    unnote();
    unregister();
  }
}

async function build(settings: StageSettings, screen: Screen, { folder, reports }: Pick<Stage, 'folder' | 'reports'>, stops: (() => Promise<void>)[]): Promise<Stage> {
  const write = async (files: Readonly<Record<string, string>>): Promise<void> => {
    await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text, { mode: 0o600 })));
  };
  await write({ 'temporal.toml': '[profile.default]\n', ...settings.props }); // the SDK stumbles over a file without it
  forgetServices(join(folder, 'temporal.toml'));
  const dataDir = join(folder, 'data');
  const parts = await Promise.allSettled([
    startLocalStack({ dataDir, onPart: ({ name, state }) => screen.line(`${name}: ${state}`) }),
    startSimulators(settings.simulators, folder),
  ]);
  for (const part of parts) if (part.status === 'fulfilled') stops.push(() => part.value.stop());
  const [stack, simulators] = parts.map((part) => {
    if (part.status === 'rejected') throw part.reason;
    return part.value;
  }) as [LocalStack, Simulators];
  await write(await settings.files(simulators));
  const config = join(folder, 'relink.yaml');
  const { worker, ready } = hire(config, dataDir, screen);
  stops.push(() => worker.stop(STOP_GRACE_MS));
  await soon(ready());
  return { stack, simulators, worker, workerReady: ready, folder, config, reports };
}

async function soon(ready: Promise<void>): Promise<void> {
  const patience = new AbortController();
  const late = wait(READY_PATIENCE_MS, undefined, { signal: patience.signal }).then(() => {
    throw new JobFailed('the worker does not become ready; run `relink demo --keep` and see logs/worker.log in its data folder');
  });
  try {
    await Promise.race([ready, late]);
  } finally {
    patience.abort();
    late.catch(() => undefined);
  }
}

/** A worker that comes back whenever it dies. */
function hire(config: string, dataDir: string, screen: Screen): { readonly worker: SupervisedProcess; readonly ready: () => Promise<void> } {
  let isReady = false;
  let waiting: (() => void)[] = [];
  const log = workerLog(dataDir);
  const worker = startWorker({
    config,
    restart: true,
    onReady: () => {
      isReady = true;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    onLine: log,
    onExit: ({ code, willRestart }) => {
      isReady = false;
      if (willRestart && code !== null) screen.line(`worker: ended with code ${code}, restarting; see logs/worker.log in the data folder`);
    },
  });
  return { worker, ready: () => (isReady ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))) };
}
