import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { base32 } from '../../adapters/seal/base32.js';
import { ensureKeyring, loadKeyring } from '../../adapters/seal/index.js';
import { RelinkFailure } from '../../domain/failures.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relink-seal-'));
  path = join(folder, 'keys', 'keyring.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface File {
  version: number;
  write: string;
  keys: Record<string, string>;
  index: string;
}
const readFileOf = async (): Promise<File> => JSON.parse(await readFile(path, 'utf8')) as File;
async function edit(change: (file: File) => void): Promise<void> {
  const file = await readFileOf();
  change(file);
  await writeFile(path, JSON.stringify(file));
}
const aKey = (byte: number): string => Buffer.alloc(32, byte).toString('base64');
const refusal = (call: Promise<unknown>): Promise<RelinkFailure> => call.then(() => Promise.reject(new Error('it was accepted')), (cause: unknown) => (cause instanceof RelinkFailure ? cause : Promise.reject(cause as Error)));

describe('a sealed value', () => {
  test('opens to what it was, at its own place only', async () => {
    const keyring = await ensureKeyring(path);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), fc.string(), (text, place, other) => {
        const sealed = keyring.seal(text, place);
        expect(keyring.open(sealed, place)).toBe(text);
        if (other !== place) expect(() => keyring.open(sealed, other)).toThrow(RelinkFailure);
      }),
    );
  });

  test('does not open when any one bit of it was changed, or when it was cut short', async () => {
    const keyring = await ensureKeyring(path);
    const sealed = keyring.seal('a text', 'place');
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const altered = Buffer.from(sealed);
      altered[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => keyring.open(altered, 'place')).toThrow(RelinkFailure);
    }
    for (let length = 0; length < sealed.length; length++) expect(() => keyring.open(sealed.subarray(0, length), 'place')).toThrow(RelinkFailure);
  });

  test('differs each time, and shows nothing of the text', async () => {
    const keyring = await ensureKeyring(path);
    const sealed = Array.from({ length: 50 }, () => keyring.seal('a secret text', 'place').toString('latin1'));
    expect(new Set(sealed).size).toBe(50);
    expect(sealed.join('')).not.toContain('secret');
  });

  test('of an old key opens as long as the keyring has that key, whatever key writes now', async () => {
    const old = (await ensureKeyring(path)).seal('text', 'place');
    await edit((file) => Object.assign(file, { write: 'k2', keys: { ...file.keys, k2: aKey(2) } }));
    const rotated = await loadKeyring(path);
    expect(rotated.open(old, 'place')).toBe('text');
    const fresh = rotated.seal('text', 'place');
    await edit((file) => Object.assign(file, { keys: { k2: file.keys['k2'] } }));
    const pruned = await loadKeyring(path);
    expect(pruned.open(fresh, 'place')).toBe('text');
    expect(() => pruned.open(old, 'place')).toThrow(/key that the keyring does not have; use the keyring/);
  });
});

describe('an index', () => {
  test('is the same for the same parts and survives the rotation of keys', async () => {
    const before = (await ensureKeyring(path)).index('meeting', 'a', 'b');
    await edit((file) => Object.assign(file, { write: 'k2', keys: { ...file.keys, k2: aKey(2) } }));
    const rotated = await loadKeyring(path);
    expect(rotated.index('meeting', 'a', 'b')).toBe(before);
    expect(before).toMatch(/^[a-z2-7]{40}$/);
    expect(new Set([before, rotated.index('meeting', 'ab'), rotated.index('host', 'a', 'b'), rotated.index('meeting', 'b', 'a')]).size).toBe(4);
  });

  test('is another with another keyring', async () => {
    const [a, b] = await Promise.all(['a.json', 'b.json'].map((name) => ensureKeyring(join(folder, name))));
    expect(a?.index('x')).not.toBe(b?.index('x'));
  });

  test.each([['', ''], ['f', 'my'], ['fo', 'mzxq'], ['foo', 'mzxw6'], ['foob', 'mzxw6yq'], ['fooba', 'mzxw6ytb'], ['foobar', 'mzxw6ytboi']])('writes %p in base32 as RFC 4648 does', (text, expected) => {
    expect(base32(Buffer.from(text))).toBe(expected);
  });
});

describe('a keyring file', () => {
  test('is made once, by one of many who need it at the same moment, for its owner alone', async () => {
    const keyrings = await Promise.all(Array.from({ length: 12 }, () => ensureKeyring(path)));
    expect(new Set(keyrings.map((keyring) => keyring.index('same'))).size).toBe(1);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'keys'))).mode & 0o777).toBe(0o700);
    expect(await readdir(join(folder, 'keys'))).toEqual(['keyring.json']);
  });

  test('that is there is left as it is, also in a folder that cannot be written', async () => {
    await ensureKeyring(path);
    const before = await readFile(path, 'utf8');
    await chmod(join(folder, 'keys'), 0o500);
    await ensureKeyring(path);
    expect(await readFile(path, 'utf8')).toBe(before);
    await chmod(join(folder, 'keys'), 0o700);
  });

  test('that is missing is an error with file and remedy', async () => {
    const { type, message } = await refusal(loadKeyring(path));
    expect(type).toBe('InvalidInput');
    expect(message).toBe(`${path}: the keyring cannot be read; restore it from your backup`);
  });

  test('whose place is below a file is an error that names it', async () => {
    const blocked = join(path, 'below-a-file', 'keyring.json');
    await ensureKeyring(path);
    expect((await refusal(ensureKeyring(blocked))).message).toContain(blocked);
  });

  test.each<[string, (file: File) => unknown]>([
    ['no JSON', () => 'SECRET{'],
    ['another version', (file) => ({ ...file, version: 2 })],
    ['a short key', (file) => ({ ...file, keys: { k1: 'U0VDUkVU' } })],
    ['a key id that fits no header', (file) => ({ ...file, write: 'SECRET', keys: { SECRET: file.keys['k1'] } })],
    ['a write key that is not there', (file) => ({ ...file, write: 'k9' })],
    ['no index key', (file) => ({ ...file, index: undefined })],
    ['a further entry', (file) => ({ ...file, SECRET: 1 })],
  ])('with %s is refused, and the error quotes nothing of it', async (_, change) => {
    await ensureKeyring(path);
    const file = await readFileOf();
    const broken = change(file);
    await writeFile(path, typeof broken === 'string' ? broken : JSON.stringify(broken));
    for (const call of [loadKeyring, ensureKeyring]) {
      expect((await refusal(call(path))).message).toBe(`${path}: this is not a keyring; restore it from your backup`);
    }
  });
});
