import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { childEnvironment } from '../adapters/runtime/env.js';
import { superviseProcess, type ProcessExit, type SupervisedProcess } from '../adapters/runtime/local-stack/index.js';
import { runTool, tail } from '../adapters/runtime/local-stack/tools.js';
import { packageRoot } from '../adapters/runtime/package-root.js';

/** The worker is a program of its own: the command line starts it and never imports it. */
const program = (): string => join(packageRoot(), 'dist', 'worker', 'main.js');

/** With which the worker refuses what it was given: another start would come to the same. */
export const REFUSED = 2;
/** Longer than the worker itself takes to let go of its work. */
export const WORKER_PATIENCE_MS = 45_000;

/** What the worker prints when it polls. */
const READY = '{"ready":true}';

export interface WorkerOptions {
  /** Path of relink.yaml. */
  readonly config: string;
  readonly restart: boolean;
  readonly onReady: () => void;
  /** One line of its log. */
  readonly onLine: (line: string) => void;
  readonly onExit?: (exit: ProcessExit) => void;
}

export const startWorker = ({ config, restart, onReady, onLine, onExit }: WorkerOptions): SupervisedProcess =>
  superviseProcess({
    name: 'worker',
    command: process.execPath,
    args: ['--enable-source-maps', program(), '--config', config],
    env: childEnvironment(),
    restart,
    onLine: (line) => (line === READY ? onReady() : onLine(line)),
    ...(onExit ? { onExit } : {}),
  });

/** A file in the data folder that takes the worker's log, line by line. */
export function workerLog(dataDir: string): (line: string) => void {
  const folder = join(dataDir, 'logs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = createWriteStream(join(folder, 'worker.log'), { flags: 'a', mode: 0o600 });
  file.on('error', () => undefined); // the folder of a demo goes away while the last lines come
  return (line) => void file.write(`${line}\n`);
}

const Check = z.object({ check: z.string(), ok: z.boolean(), detail: z.string().default(''), remedy: z.string().default('') });
export type Check = Readonly<z.infer<typeof Check>>;

/** Has the worker's program look at the vendor and the mail server, which the command line itself knows nothing of. */
export async function workerChecks(config: string): Promise<readonly Check[]> {
  const { code, output } = await runTool({ command: process.execPath, args: [program(), '--check', '--config', config], env: childEnvironment() });
  const checks = output.split('\n').flatMap((line) => {
    const parsed = Check.safeParse(json(line));
    return parsed.success ? [parsed.data] : [];
  });
  if (code === 0 || checks.some(({ ok }) => !ok)) return checks;
  return [...checks, { check: 'vendor and mail', ok: false, detail: tail(output, 1), remedy: 'mend what the line names' }];
}

function json(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
