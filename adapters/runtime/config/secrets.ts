import { readFile } from 'node:fs/promises';
import { InputError } from './input-error.js';
import type { SecretSource } from './fields.js';

/** Reads a secret where the configuration says it is. @throws InputError naming the place, never what is in it. */
export async function readSecret(source: SecretSource, what: string, env: (name: string) => string | undefined): Promise<string> {
  if ('env' in source) {
    const value = env(source.env)?.trim();
    if (value) return value;
    throw new InputError({ file: 'environment', key: source.env, problem: `is not set, and the ${what} is there`, remedy: `set ${source.env}` });
  }
  const value = await readFile(source.file, 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
  if (value) return value;
  throw new InputError({ file: source.file, problem: `${value === undefined ? 'cannot be read' : 'is empty'}, and the ${what} is there`, remedy: 'write it to that file, mode 0600' });
}
