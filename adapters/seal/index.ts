import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { RelinkFailure } from '../../domain/failures.js';
import { base32 } from './base32.js';
import { isThere, readKeyringFile, writeKeyringFile, type KeyringFile } from './keyring-file.js';

/** What opens and names everything in the ledger. Without it the ledger cannot be read: back it up apart from the database. */
export interface Keyring {
  /** Seals `text`; `place` (table, column, row) must be the same when it is opened, so that cells cannot be exchanged. */
  seal(text: string, place: string): Buffer;
  /** @throws RelinkFailure `InvalidInput` when it was sealed with a key that this keyring does not have, or was altered. */
  open(sealed: Buffer, place: string): string;
  /** Lower-case base32 of an HMAC, 40 characters: equal for equal parts, and tells nothing about them. */
  index(...parts: readonly string[]): string;
}

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const INDEX_LENGTH = 40;

/** A sealed value is: version (1 byte), length of the key id (1), key id, nonce (12), tag (16), AES-256-GCM ciphertext. */
function keyring(file: KeyringFile): Keyring {
  const keys = new Map(Object.entries(file.keys).map(([id, key]) => [id, Buffer.from(key, 'base64')]));
  const indexKey = Buffer.from(file.index, 'base64');
  const keyOf = (id: string): Buffer => {
    const key = keys.get(id);
    if (!key) throw new RelinkFailure('InvalidInput', 'a sealed value of the ledger needs a key that the keyring does not have; use the keyring that this ledger was made with');
    return key;
  };
  return {
    seal(text, place) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', keyOf(file.write), nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(place));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      const id = Buffer.from(file.write);
      return Buffer.concat([Buffer.from([VERSION, id.length]), id, nonce, cipher.getAuthTag(), sealed]);
    },
    open(sealed, place) {
      const { id, nonce, tag, body } = unpack(sealed);
      const decipher = createDecipheriv('aes-256-gcm', keyOf(id), nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(place)).setAuthTag(tag);
      try {
        return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
      } catch {
        throw altered();
      }
    },
    index: (...parts) => base32(createHmac('sha256', indexKey).update(parts.join('\u0000')).digest()).slice(0, INDEX_LENGTH),
  };
}

const altered = (): RelinkFailure => new RelinkFailure('InvalidInput', 'a sealed value of the ledger does not open: it was altered, or sealed elsewhere');

function unpack(sealed: Buffer): { id: string; nonce: Buffer; tag: Buffer; body: Buffer } {
  const nonceAt = 2 + (sealed[1] ?? 0);
  const tagAt = nonceAt + NONCE_BYTES;
  const bodyAt = tagAt + TAG_BYTES;
  if (sealed[0] !== VERSION || sealed.length < bodyAt) throw altered();
  return { id: sealed.toString('utf8', 2, nonceAt), nonce: sealed.subarray(nonceAt, tagAt), tag: sealed.subarray(tagAt, bodyAt), body: sealed.subarray(bodyAt) };
}

/** Where a data folder has its keyring. */
export const keyringFile = (dataDir: string): string => join(dataDir, 'keyring.json');

export const hasKeyring = (path: string): Promise<boolean> => isThere(path);

/** @throws RelinkFailure `InvalidInput` naming the file and what to do; never what is in it. */
export const loadKeyring = async (path: string): Promise<Keyring> => keyring(await readKeyringFile(path));

/**
 * Loads the keyring, and makes one first when there is none. Of two processes at once one makes it, and both use that one.
 * @throws RelinkFailure `InvalidInput` like `loadKeyring`
 */
export async function ensureKeyring(path: string): Promise<Keyring> {
  await writeKeyringFile(path, () => {
    const key = (): string => randomBytes(32).toString('base64');
    return { version: 1, write: 'k1', keys: { k1: key() }, index: key() };
  });
  return loadKeyring(path);
}
