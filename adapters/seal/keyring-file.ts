import { randomBytes } from 'node:crypto';
import { access, link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { RelinkFailure } from '../../domain/failures.js';

const Key = z.base64().refine((text) => Buffer.from(text, 'base64').length === 32, 'a key has 32 bytes');

/** One key seals, all of `keys` open. `index` makes the names of rows and is never changed: every key in the ledger depends on it. */
const KeyringFile = z
  .strictObject({ version: z.literal(1), write: z.string(), keys: z.record(z.string().regex(/^[a-z0-9]{1,16}$/), Key), index: Key })
  .refine(({ write, keys }) => write in keys, 'the write key is one of the keys');
export type KeyringFile = z.infer<typeof KeyringFile>;

const trouble = (path: string, problem: string): RelinkFailure => new RelinkFailure('InvalidInput', `${path}: ${problem}`);
const codeOf = (cause: unknown): unknown => (cause as NodeJS.ErrnoException).code;

export async function readKeyringFile(path: string): Promise<KeyringFile> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw trouble(path, codeOf(cause) === 'EACCES' ? 'this user may not read the keyring; give it to the user who runs Relink, mode 0600' : 'the keyring cannot be read; restore it from your backup');
  });
  try {
    return KeyringFile.parse(JSON.parse(text));
  } catch {
    throw trouble(path, 'this is not a keyring; restore it from your backup'); // the cause may quote keys
  }
}

/** What cannot be looked at counts as there, so that nothing is made in its place. */
export const isThere = (path: string): Promise<boolean> => access(path).then(() => true, (cause: unknown) => codeOf(cause) !== 'ENOENT');

/** Written beside its place, to the disk, and then linked there: it is whole or absent, and a second writer changes nothing. */
export async function writeKeyringFile(path: string, make: () => KeyringFile): Promise<void> {
  if (await isThere(path)) return;
  const draft = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeThrough(draft, `${JSON.stringify(make(), null, 2)}\n`);
    await link(draft, path);
  } catch (cause: unknown) {
    if (codeOf(cause) === 'EEXIST') return;
    throw trouble(path, `the keyring cannot be made (${String(codeOf(cause))}); let the user who runs Relink write to this folder`);
  } finally {
    await rm(draft, { force: true });
  }
}

async function writeThrough(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync(); // the database is synced too: what it holds must not outlive the key
  } finally {
    await file.close();
  }
}
