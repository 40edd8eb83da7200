import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { RelinkFailure } from '../../domain/failures.js';
import { base32 } from './base32.js';

const Key = z.base64().refine((text) => Buffer.from(text, 'base64').length === 32, 'a key has 32 bytes');
const KeyringFile = z.strictObject({ version: z.literal(1), write: z.string(), keys: z.record(z.string().regex(/^[a-z0-9]{1,16}$/), Key), index: Key });

/** What opens and names everything in the ledger. Without it the ledger cannot be read: back it up apart from the database. */
export interface Keyring {
  /** Seals `text`; `place` (table, column, row) must be the same when it is opened, so that cells cannot be exchanged. */
  seal(text: string, place: string): Buffer;
  /** @throws RelinkFailure `InvalidInput` when it was sealed with a key that this keyring does not have, or was altered. */
  open(sealed: Buffer, place: string): string;
  /** Lower-case base32 of an HMAC: equal for equal parts, and tells nothing about them. */
  index(...parts: readonly string[]): string;
}

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

function keyring(file: z.infer<typeof KeyringFile>): Keyring {
  const keys = new Map(Object.entries(file.keys).map(([id, key]) => [id, Buffer.from(key, 'base64')]));
  const indexKey = Buffer.from(file.index, 'base64');
  const keyOf = (id: string): Buffer => {
    const key = keys.get(id);
    if (!key) throw new RelinkFailure('InvalidInput', `the keyring has no key ${id}; use the one that this ledger was made with`);
    return key;
  };
  return {
    seal(text, place) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', keyOf(file.write), nonce).setAAD(Buffer.from(place));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      const id = Buffer.from(file.write);
      return Buffer.concat([Buffer.from([VERSION, id.length]), id, nonce, cipher.getAuthTag(), sealed]);
    },
    open(sealed, place) {
      const idEnd = 2 + (sealed[1] ?? 0);
      const nonceEnd = idEnd + NONCE_BYTES;
      const decipher = createDecipheriv('aes-256-gcm', keyOf(sealed.toString('utf8', 2, idEnd)), sealed.subarray(idEnd, nonceEnd));
      decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(nonceEnd, nonceEnd + TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(nonceEnd + TAG_BYTES)), decipher.final()]).toString('utf8');
      } catch {
        throw new RelinkFailure('InvalidInput', 'a sealed value of the ledger does not open: it was altered, or sealed elsewhere');
      }
    },
    index: (...parts) => base32(createHmac('sha256', indexKey).update(parts.join('\u0000')).digest()).slice(0, 40),
  };
}

/** @throws RelinkFailure `InvalidInput` naming the file and what to do; never what is in it. */
export async function loadKeyring(path: string): Promise<Keyring> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new RelinkFailure('InvalidInput', `${path}: the keyring cannot be read; restore it from your backup`);
  });
  try {
    return keyring(KeyringFile.parse(JSON.parse(text)));
  } catch {
    throw new RelinkFailure('InvalidInput', `${path}: this is not a keyring; restore it from your backup`);
  }
}

/** Loads the keyring, and makes one first when there is none. Of two processes at once one makes it, and both use that one. */
export async function ensureKeyring(path: string): Promise<Keyring> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const key = (): string => randomBytes(32).toString('base64');
  const fresh = { version: 1, write: 'k1', keys: { k1: key() }, index: key() };
  const draft = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`;
  await writeFile(draft, `${JSON.stringify(fresh, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  await link(draft, path).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  });
  await rm(draft, { force: true });
  return loadKeyring(path);
}
