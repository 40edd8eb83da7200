import { constants, open } from 'node:fs/promises';
import { InputError } from './input-error.js';

/** Largest files that are read. Bytes. */
export const YAML_LIMIT = 1_000_000;
export const LIST_LIMIT = 20_000_000;

/** Without it the opening of a named pipe would wait for a writer for ever. Windows has neither. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Reads a text file that a user named; a byte order mark is left out. @throws InputError before anything large is read. */
export async function readText(file: string, limit: number): Promise<string> {
  const bytes = await read(file, limit);
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) throw fault(file, 'is in UTF-16', 'save it as UTF-8');
  if (bytes.includes(0)) throw fault(file, 'is a binary file', 'name a text file in UTF-8');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw fault(file, 'is not valid UTF-8', 'save it as UTF-8');
  }
}

async function read(file: string, limit: number): Promise<Buffer> {
  const handle = await open(file, FLAGS).catch((cause: unknown) => {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    throw fault(file, code === 'ENOENT' ? 'does not exist' : `cannot be opened (${code})`, 'check the path; `relink init` writes relink.yaml and campaign.yaml');
  });
  try {
    const { size, isFile } = await handle.stat().then((stat) => ({ size: stat.size, isFile: stat.isFile() }));
    if (!isFile) throw fault(file, 'is not a regular file', 'name a file');
    if (size > limit) throw fault(file, `has ${(size / 1e6).toPrecision(2)} MB`, `at most ${limit / 1e6} MB are read; split it`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

const fault = (file: string, problem: string, remedy: string): InputError => new InputError({ file, problem, remedy });
