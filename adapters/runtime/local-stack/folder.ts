import { chownSync, existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { lives, markProcess, type ProcessMark } from './processes.js';

const ProcessMark = z.object({ pid: z.number().int().positive(), born: z.string() });

/** stack.json: what runs on a data folder now. Holds the password of the database, so mode 0600. */
const RunningStack = z.object({
  /** The process that supervises the parts. */
  pid: z.number().int().positive(),
  born: z.string(),
  temporalAddress: z.string(),
  namespace: z.string(),
  /** `null` when Temporal is not ours and we do not know. */
  uiUrl: z.string().nullable(),
  metricsUrl: z.string().nullable(),
  databaseUrl: z.string(),
  /** Instant in UTC. */
  startedAt: z.string(),
  parts: z.array(z.object({ name: z.string(), pid: z.number().int().positive() })),
});
export type RunningStack = Readonly<z.infer<typeof RunningStack>>;

/** What a data folder keeps from one run to the next: addresses stay the same, and so does the password. Mode 0600. */
const StackSettings = z.object({
  temporal: z.object({ port: z.number(), uiPort: z.number(), metricsPort: z.number().optional() }).optional(),
  postgres: z.object({ port: z.number().optional(), password: z.string() }).optional(),
});
export type StackSettings = z.infer<typeof StackSettings>;

/** Makes the data folder, closed to everybody else. @returns its absolute path. */
export function openDataFolder(dataDir: string): string {
  const folder = resolve(dataDir);
  mkdirSync(dirname(folder), { recursive: true });
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
  return folder;
}

/** What runs on `dataDir`, `undefined` when its supervisor is gone. */
export function readRunningStack(dataDir: string): RunningStack | undefined {
  const stack = readLastStack(dataDir);
  return stack && lives(stack) ? stack : undefined;
}

/** What ran last, even when its supervisor is gone. */
export const readLastStack = (dataDir: string): RunningStack | undefined => read(join(dataDir, 'stack.json'), RunningStack);

export function writeRunningStack(dataDir: string, stack: Omit<RunningStack, 'pid' | 'born'>): void {
  writePrivate(join(dataDir, 'stack.json'), { ...self(), ...stack });
}

export const forgetRunningStack = (dataDir: string): void => rmSync(join(dataDir, 'stack.json'), { force: true });

export const readSettings = (dataDir: string): StackSettings => read(join(dataDir, 'stack-settings.json'), StackSettings) ?? {};

/** Merges `part` into what is kept. */
export function saveSettings(dataDir: string, part: StackSettings): void {
  writePrivate(join(dataDir, 'stack-settings.json'), { ...readSettings(dataDir), ...part });
}

/**
 * Makes this process the only supervisor of the folder.
 * @returns gives the folder back.
 * @throws when another living process has it.
 */
export function claimFolder(dataDir: string): () => void {
  const lock = join(dataDir, 'stack.lock');
  while (!create(lock)) {
    const holder = read(lock, ProcessMark);
    if (holder && lives(holder)) {
      throw new Error(`a local stack already runs on ${dataDir} (process ${holder.pid}): use that one, stop it, or choose another data folder`);
    }
    removeStale(lock, holder);
  }
  return () => rmSync(lock, { force: true });
}

/** Moves the lock away and looks at it before deleting: another process may have been quicker and own it by now. */
function removeStale(lock: string, stale: ProcessMark | undefined): void {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch {
    return; // somebody else removed it
  }
  const moved = read(aside, ProcessMark);
  if (moved && (moved.pid !== stale?.pid || moved.born !== stale.born)) linkSync(aside, lock);
  rmSync(aside);
}

/** Whole or not at all: a reader never sees a lock that is still being written. */
function create(lock: string): boolean {
  const draft = `${lock}.${process.pid}.new`;
  writePrivate(draft, self());
  try {
    linkSync(draft, lock);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

function self(): ProcessMark {
  const mark = markProcess(process.pid);
  if (!mark) throw new Error('the system does not show when this process was started');
  return mark;
}

function read<T>(file: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined; // absent, or left half-written by a crash of the machine: as if there were none
  }
}

function writePrivate(file: string, content: unknown): void {
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  leaveToOwner(draft);
  renameSync(draft, file);
}

/** Root that works on somebody's folder must not lock its owner out. */
function leaveToOwner(file: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(file));
  chownSync(file, uid, gid);
}
