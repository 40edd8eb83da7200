import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { guardGroup, releaseGroup, signalGroup } from './groups.js';
import { onShutdown } from './shutdown.js';
import type { ToolSpec } from './tools.js';

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Set when the program could not be started at all. */
  readonly error?: Error;
  readonly willRestart: boolean;
}

export interface ProcessSpec extends ToolSpec {
  readonly name: string;
  /** Start again when it ends without having been asked to. */
  readonly restart: boolean;
  /** What asks it to stop. Default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  /** Runs before each restart, not before the first start. */
  readonly beforeRestart?: () => Promise<void>;
  readonly onStart?: (pid: number) => void;
  /** One line of its output or errors. */
  readonly onLine?: (line: string) => void;
  readonly onExit?: (exit: ProcessExit) => void;
}

export interface SupervisedProcess {
  readonly name: string;
  /** `undefined` between an end and the next start. */
  readonly pid: number | undefined;
  /** Asks it to stop, kills it after `graceMs`, resolves when it is gone. No restart follows. Safe to repeat. */
  stop(graceMs: number): Promise<void>;
  /** SIGKILL, as a crash would be: a restart follows when the process is one that restarts. */
  kill(): void;
}

/** Restarts wait this long, doubling up to the limit; back to the first after a steady run. Milliseconds. */
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 5_000;
const STEADY_MS = 10_000;
const SHUTDOWN_GRACE_MS = 10_000;

/** Runs one program in a process group of its own, restarts it when it dies, and never leaves it behind. */
export function superviseProcess(spec: ProcessSpec): SupervisedProcess {
  return new Supervised(spec);
}

class Supervised implements SupervisedProcess {
  #child: ChildProcess | undefined;
  #stopped: Promise<void> | undefined;
  #restart: NodeJS.Timeout | undefined;
  #backoffMs = FIRST_BACKOFF_MS;
  #startedAt = 0;
  readonly #unregister: () => void;

  constructor(private readonly spec: ProcessSpec) {
    this.#unregister = onShutdown(() => this.stop(SHUTDOWN_GRACE_MS));
    this.#start();
  }

  get name(): string {
    return this.spec.name;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  kill(): void {
    if (this.pid !== undefined) signalGroup(this.pid, 'SIGKILL');
  }

  stop(graceMs: number): Promise<void> {
    this.#stopped ??= this.#stop(graceMs).finally(this.#unregister);
    return this.#stopped;
  }

  async #stop(graceMs: number): Promise<void> {
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child?.pid === undefined) return;
    const group = child.pid;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    signalGroup(group, this.spec.stopSignal ?? 'SIGTERM');
    const impatience = setTimeout(() => signalGroup(group, 'SIGKILL'), graceMs);
    await gone;
    clearTimeout(impatience);
  }

  #start(): void {
    const { command, args, env, cwd, uid, gid, onLine, onStart } = this.spec;
    const child = spawn(command, args, { env, cwd, uid, gid, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    this.#startedAt = performance.now();
    child.once('error', (error) => child.pid === undefined && this.#ended({ code: null, signal: null, error }));
    child.once('exit', (code, signal) => this.#ended({ code, signal }, child.pid));
    for (const input of [child.stdout, child.stderr]) createInterface({ input }).on('line', (line) => onLine?.(line));
    if (child.pid === undefined) return;
    guardGroup(child.pid, this.spec.stopSignal ?? 'SIGTERM');
    onStart?.(child.pid);
  }

  #ended(exit: Omit<ProcessExit, 'willRestart'>, group?: number): void {
    this.#child = undefined;
    if (group !== undefined) {
      signalGroup(group, 'SIGKILL'); // what it had started itself
      releaseGroup(group);
    }
    const willRestart = this.spec.restart && this.#stopped === undefined;
    if (willRestart) this.#scheduleRestart();
    else this.#unregister();
    this.spec.onExit?.({ ...exit, willRestart });
  }

  #scheduleRestart(): void {
    if (performance.now() - this.#startedAt > STEADY_MS) this.#backoffMs = FIRST_BACKOFF_MS;
    this.#restart = setTimeout(() => void this.#startAgain(), this.#backoffMs);
    this.#backoffMs = Math.min(this.#backoffMs * 2, LONGEST_BACKOFF_MS);
  }

  async #startAgain(): Promise<void> {
    await this.spec.beforeRestart?.().catch((cause: unknown) => this.spec.onLine?.(`before restart: ${String(cause)}`));
    if (this.#stopped === undefined) this.#start();
  }
}
