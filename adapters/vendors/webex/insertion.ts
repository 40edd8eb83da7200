import type { Written } from '../../../domain/ports.js';
import { isStatus } from './errors.js';

/** Most that one call takes: that of invitees by the vendor's document, that of registrants by ours, which names no limit. */
const AT_ONCE = 100;

export interface Insertion<T> {
  readonly addressOf: (person: T) => string;
  /** Of those who are there already, in lower case, as a list shows them. */
  readonly present: () => Promise<ReadonlySet<string>>;
  readonly insert: (people: readonly T[]) => Promise<Written>;
  /** What else to try for one whom the vendor refuses (400). Default: nothing. */
  readonly otherwise?: (person: T) => T | undefined;
}

/** What two writes came to, one after the other. */
export const both = (first: Written, second: Written): Written => ({ ...first, ...second, ...(first.aliases && second.aliases ? { aliases: [...first.aliases, ...second.aliases] } : {}) });

/**
 * Adds whoever is missing, by hundreds. That somebody of a hundred is there already fails the call, and whether the others were added then the vendor
 * does not say: so the list is read again, and who is missing still is added one by one. Who is refused then as there already is there, by another
 * address of the same account or too lately to be shown.
 */
export async function insertMissing<T>(people: readonly T[], known: ReadonlySet<string>, insertion: Insertion<T>): Promise<Written> {
  const { addressOf } = insertion;
  const missing = people.filter((person) => !known.has(addressOf(person).toLowerCase()));
  let written: Written = {};
  for (let i = 0; i < missing.length; i += AT_ONCE) written = both(written, await insertSome(missing.slice(i, i + AT_ONCE), insertion));
  return written;
}

async function insertSome<T>(some: readonly T[], insertion: Insertion<T>): Promise<Written> {
  const { addressOf, present, insert, otherwise } = insertion;
  try {
    return await insert(some);
  } catch (cause: unknown) {
    const mayBeOne = isStatus(cause, 400) && some.some((person) => otherwise?.(person) !== undefined);
    if (!isStatus(cause, 409) && !mayBeOne) throw cause;
  }
  const known = await present();
  let written: Written = {};
  for (const person of some.filter((each) => !known.has(addressOf(each).toLowerCase()))) written = both(written, await insertOne(person, insertion));
  return written;
}

async function insertOne<T>(person: T, insertion: Insertion<T>): Promise<Written> {
  try {
    return await insertion.insert([person]);
  } catch (cause: unknown) {
    if (isStatus(cause, 409)) return { aliases: [insertion.addressOf(person).toLowerCase()] };
    const other = isStatus(cause, 400) ? insertion.otherwise?.(person) : undefined;
    if (other === undefined) throw cause;
    return insertOne(other, insertion);
  }
}
