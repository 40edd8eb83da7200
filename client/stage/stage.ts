import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { basename, join } from 'node:path';
import { loadAdvisory } from '../../adapters/runtime/config/index.js';
import { forgetServices } from '../../adapters/runtime/env.js';
import { onShutdown, startLocalStack, type LocalStack, type SupervisedProcess } from '../../adapters/runtime/local-stack/index.js';
import { packageRoot } from '../../adapters/runtime/package-root.js';
import { cutOff } from '../../domain/advisory.js';
import { JobFailed } from '../errors.js';
import { noteInterrupts } from '../interrupts.js';
import type { Screen } from '../io.js';
import { startWorker, workerLog } from '../worker-program.js';
import { startSimulators, type Simulators } from './simulators.js';
import { ADVISORY, demoFiles, type DemoOptions } from './settings.js';

/** All parts of one demo, on a folder of their own. */
export interface Stage {
  readonly stack: LocalStack;
  readonly simulators: Simulators;
  readonly worker: SupervisedProcess;
  /** Resolves when the worker that runs now polls. */
  workerReady(): Promise<void>;
  /** Of the advisory, margin included. */
  readonly cutOff: string;
  readonly config: string;
  readonly campaign: string;
  /** Outlives the demo. */
  readonly reports: string;
}

const STOP_GRACE_MS = 10_000;
/** A worker on a busy machine takes a few seconds. */
const READY_PATIENCE_MS = 90_000;

/**
 * Sets the stage, lets `act` play, and clears it away, on every way out: also when a part does not start, also on Ctrl-C.
 * With `keep` the folder stays.
 */
export async function onStage<T>(options: DemoOptions, screen: Screen, act: (stage: Stage) => Promise<T>): Promise<T> {
  const home = await homeFolder();
  const folder = await mkdtemp(join(home, `demo-${process.pid}-`));
  const clear = async (): Promise<void> => {
    if (!options.keep) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const unregister = onShutdown(clear); // the first to register is the last to be called
  const unnote = noteInterrupts();
  const stops: (() => Promise<void>)[] = [];
  try {
    return await act(await build(options, screen, folder, join(home, 'reports', basename(folder)), stops));
  } finally {
    for (const stop of stops.reverse()) await stop();
    await clear();
    unnote();
    unregister();
  }
}

/** In the checkout; a package that was installed for everybody cannot be written to. */
async function homeFolder(): Promise<string> {
  for (const folder of [join(packageRoot(), '.relink'), join(tmpdir(), 'relink')]) {
    try {
      await mkdir(folder, { recursive: true });
      await rm(await mkdtemp(join(folder, 'probe-')), { recursive: true });
      return folder;
    } catch {
      continue;
    }
  }
  return tmpdir();
}

async function build(options: DemoOptions, screen: Screen, folder: string, reports: string, stops: (() => Promise<void>)[]): Promise<Stage> {
  const noSettings = join(folder, 'temporal.toml');
  await writeFile(noSettings, '[profile.default]\n'); // the SDK stumbles over a file without it
  forgetServices(noSettings);
  const dataDir = join(folder, 'data');
  const parts = await Promise.allSettled([startLocalStack({ dataDir, onPart: ({ name, state }) => screen.line(`${name}: ${state}`) }), startSimulators(options)]);
  for (const part of parts) if (part.status === 'fulfilled') stops.push(() => part.value.stop());
  const [stack, simulators] = parts.map((part) => {
    if (part.status === 'rejected') throw part.reason;
    return part.value;
  }) as [LocalStack, Simulators];
  const cut = cutOff(await loadAdvisory(ADVISORY, folder, new Date()));
  const files = demoFiles(options, simulators.vendorUrl, cut);
  const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text, { mode: 0o600 });
  await Promise.all([write('relink.yaml', files.relink), write('campaign.yaml', files.campaign), write('token', simulators.token), write('smtp', simulators.smtpUrl), write('inventory.csv', await simulators.inventory(cut))]);
  const config = join(folder, 'relink.yaml');
  const { worker, ready } = hire(config, dataDir, screen);
  stops.push(() => worker.stop(STOP_GRACE_MS));
  await soon(ready());
  return { stack, simulators, worker, workerReady: ready, cutOff: cut, config, campaign: join(folder, 'campaign.yaml'), reports };
}

async function soon(ready: Promise<void>): Promise<void> {
  const patience = new AbortController();
  const late = wait(READY_PATIENCE_MS, undefined, { signal: patience.signal }).then(() => {
    throw new JobFailed('the worker does not become ready; run the demo with --keep and see logs/worker.log in its data folder');
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
