import { sql } from 'kysely';
import { RelinkFailure } from '../../domain/failures.js';
import type { Keyring } from '../seal/index.js';
import { row, type Db } from './database.js';

/** Something sealed that stays: what opens one of them is the keyring of the ledger. */
interface Cell {
  readonly place: string;
  readonly sealed: Buffer;
}

const UNDEFINED_TABLE = '42P01';

/** Campaigns may be large, so the smallest comes first. A ledger without tables has none. */
const nthCell = (db: Db, n: number): Promise<Cell | undefined> =>
  row<Cell>(
    db,
    sql`select place, sealed from (
        select 'campaign.spec.' || name as place, spec as sealed from campaign
        union all select 'credential.refresh.' || identity, refresh from credential where refresh is not null) as cell
      order by octet_length(sealed), place offset ${n} limit 1`,
  ).catch((cause: unknown) => {
    if ((cause as { readonly code?: unknown }).code === UNDEFINED_TABLE) return undefined;
    throw cause;
  });

/** Whether the ledger holds anything that only its own keyring opens. */
export const holdsSealed = async (db: Db): Promise<boolean> => (await nthCell(db, 0)) !== undefined;

/** Whether `keyring` opens at least one of them, or there are none. */
export async function isKeyringOf(db: Db, keyring: Keyring): Promise<boolean> {
  for (let n = 0; ; n++) {
    const cell = await nthCell(db, n);
    if (!cell) return n === 0;
    if (opens(keyring, cell)) return true;
  }
}

function opens(keyring: Keyring, { place, sealed }: Cell): boolean {
  try {
    keyring.open(sealed, place);
    return true;
  } catch (cause: unknown) {
    if (!(cause instanceof RelinkFailure)) throw cause;
    return false;
  }
}
