import { InputError } from '../runtime/config/input-error.js';
import { ensureKeyring, hasKeyring, keyringFile, loadKeyring } from '../seal/index.js';
import { connect } from './database.js';
import { openLedger, type LedgerOptions, type OpenLedger } from './index.js';
import { holdsSealed, isKeyringOf } from './sealed-cells.js';

/**
 * The ledger with the keyring of a data folder. One is made when there is none and the ledger holds nothing that was sealed with another.
 * @throws InputError when the ledger holds such things, and nothing is made; RelinkFailure `InvalidInput` like `ensureKeyring`
 */
export async function openOwnLedger({ dataDir, ...options }: Omit<LedgerOptions, 'keyring'> & { readonly dataDir: string }): Promise<OpenLedger> {
  const file = keyringFile(dataDir);
  if (!(await hasKeyring(file))) await mustFit(options.databaseUrl, file);
  return openLedger({ ...options, keyring: await ensureKeyring(file) });
}

/**
 * Changes nothing, and makes no keyring.
 * @throws InputError when the keyring in `file` is not the one of the ledger, or there is none and the ledger has one
 */
export async function mustFit(databaseUrl: string, file: string): Promise<void> {
  const db = connect(databaseUrl, 1);
  try {
    if (!(await hasKeyring(file))) {
      if (await holdsSealed(db)) throw strange(file, 'does not exist, and this ledger has a keyring');
    } else if (!(await isKeyringOf(db, await loadKeyring(file)))) throw strange(file);
  } finally {
    await db.destroy();
  }
}

const strange = (file: string, problem = 'is not the keyring of this ledger'): InputError => new InputError({ file, problem, remedy: 'copy the one that its workers use, in their data folder, or your backup of it' });

/** @throws InputError when the keyring that `ledger` was opened with, from this data folder, is not its own. */
export async function mustBeOwn(ledger: Pick<OpenLedger, 'isOwn'>, dataDir: string): Promise<void> {
  if (!(await ledger.isOwn())) throw strange(keyringFile(dataDir));
}
