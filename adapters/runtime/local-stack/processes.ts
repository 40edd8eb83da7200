import { existsSync, readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';

/** A process that cannot be mistaken for a later one with the same id. */
export interface ProcessMark {
  readonly pid: number;
  /** When the system started it, in the system's own words. */
  readonly born: string;
}

/** @returns `undefined` when no such process lives. */
export function markProcess(pid: number): ProcessMark | undefined {
  const born = bornAt(pid);
  return born === undefined ? undefined : { pid, born };
}

export const lives = (mark: ProcessMark): boolean => bornAt(mark.pid) === mark.born;

/** The command line with blanks between arguments; `undefined` when no such process lives. */
export function commandLine(pid: number): string | undefined {
  const line = hasProc ? readProc(pid, 'cmdline')?.replaceAll('\0', ' ') : ps(pid, 'args=');
  return line?.trim() || undefined;
}

const hasProc = existsSync('/proc/self/stat');

function bornAt(pid: number): string | undefined {
  if (!hasProc) return ps(pid, 'lstart=');
  // proc(5): the name, field 2, is in brackets and may hold anything; state is field 3, the start time field 22.
  const fields = readProc(pid, 'stat')?.replace(/^.*\) /s, '').split(' ');
  return fields?.[0] === 'Z' ? undefined : fields?.[19];
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}

function ps(pid: number, column: string): string | undefined {
  return spawnSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() || undefined;
}

/** Signals one after the other, each with its patience in milliseconds, until the process is gone. */
export async function stopProcess(pid: number, signals: readonly (readonly [NodeJS.Signals, number])[]): Promise<void> {
  for (const [signal, patienceMs] of signals) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    if (await until(() => markProcess(pid) === undefined, patienceMs)) return;
  }
}

/** Asks again every 50 ms. @returns false when `patienceMs` passed without a yes. */
export async function until(question: () => boolean | Promise<boolean>, patienceMs: number): Promise<boolean> {
  const end = performance.now() + patienceMs;
  while (!(await question())) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}
