import { appendFileSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { superviseProcess, type ProcessSpec, type SupervisedProcess } from './supervise.js';
import { tail } from './tools.js';

export type PartName = 'temporal' | 'postgres';

export interface PartEvent {
  readonly name: PartName;
  readonly state: 'downloading' | 'starting' | 'ready' | 'restarting';
}

/** What the parts share while they start. */
export interface PartContext {
  readonly dataDir: string;
  readonly log: (message: string, fields?: Readonly<Record<string, unknown>>) => void;
  readonly onPart: (event: PartEvent) => void;
  /** Called whenever a part has a new process. */
  readonly onPid: () => void;
}

export type PartSpec = Omit<ProcessSpec, 'name' | 'restart' | 'onLine' | 'onExit' | 'onStart'> & { readonly name: PartName };

/** How long a server may take until it answers. Milliseconds; a first start on a busy machine takes a few seconds. */
const START_PATIENCE_MS = 60_000;

/**
 * Starts a server of the stack and waits until `answers` resolves to true. From then on it is restarted whenever it dies.
 * @returns what it `said` when it ended by itself before it answered, as it does when its port was taken meanwhile: the caller may try another.
 * @throws when it runs but does not answer.
 */
export async function startPart(context: PartContext, spec: PartSpec, answers: () => Promise<boolean>): Promise<SupervisedProcess | { readonly said: string }> {
  const write = logFile(context.dataDir, spec.name);
  const said: string[] = [];
  const first = { ended: false };
  const running = superviseProcess({
    ...spec,
    restart: true,
    onLine: (line) => {
      write(line);
      if (said.push(line) > 30) said.shift();
    },
    onStart: context.onPid,
    onExit: ({ code, signal, error, willRestart }) => {
      first.ended = true;
      if (error) said.push(error.message);
      if (!willRestart) return;
      context.log('a part of the local stack ended and is started again', { part: spec.name, code, signal });
      context.onPart({ name: spec.name, state: 'restarting' });
    },
  });
  const answered = await untilAnswer(answers, first);
  const { ended } = first;
  if (answered && !ended) return running;
  await running.stop(5_000);
  if (!ended) throw new Error(`${spec.name} runs but does not answer; see logs/${spec.name}.log in the data folder`);
  return { said: tail(said.join('\n')) };
}

async function untilAnswer(answers: () => Promise<boolean>, first: { readonly ended: boolean }): Promise<boolean> {
  const end = performance.now() + START_PATIENCE_MS;
  while (!first.ended && performance.now() < end) {
    if (await answers()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

/** The log of this run and of the one before are kept. */
function logFile(dataDir: string, name: string): (line: string) => void {
  const folder = join(dataDir, 'logs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${name}.log`);
  try {
    renameSync(file, `${file}.old`);
  } catch {
    // the first run
  }
  return (line) => appendFileSync(file, `${line}\n`, { mode: 0o600 });
}
