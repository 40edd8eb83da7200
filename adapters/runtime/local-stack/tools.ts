import { spawn } from 'node:child_process';
import { guardGroup, releaseGroup, signalGroup } from './groups.js';

export interface ToolSpec {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly cwd?: string | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

export interface ToolResult {
  /** `null` when it could not be started or was ended by a signal. */
  readonly code: number | null;
  /** Output and errors as they came. */
  readonly output: string;
}

/** Runs a program to its end. Never throws: a program that is missing is a result with `code` null. */
export function runTool({ command, args, ...options }: ToolSpec): Promise<ToolResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    const finish = (code: number | null, note = ''): void => resolve({ code, output: Buffer.concat(chunks).toString() + note });
    child.once('error', (cause) => finish(null, cause.message));
    child.once('close', (code) => {
      if (child.pid !== undefined) end(child.pid);
      finish(code);
    });
    if (child.pid !== undefined) guardGroup(child.pid, 'SIGKILL');
  });
}

function end(group: number): void {
  signalGroup(group, 'SIGKILL');
  releaseGroup(group);
}

/** The last lines of an output, for an error message. */
export const tail = (output: string, lines = 15): string => output.trimEnd().split('\n').slice(-lines).join('\n');
