import { sql } from 'kysely';
import { fidelityVerdicts, type FidelityVerdict, type FieldFidelity } from '../../domain/fidelity.js';
import type { ItemBook } from '../../domain/ledger.js';
import { row, type Store } from './database.js';

/** By verdict, which is a third of the size of a list of pairs; there are many meetings. */
type Stored = Readonly<Record<FidelityVerdict, readonly string[]>>;

export const storedFidelity = (rows: readonly FieldFidelity[] | undefined): string | null =>
  rows ? JSON.stringify(Object.fromEntries(fidelityVerdicts.map((verdict) => [verdict, rows.filter((each) => each.verdict === verdict).map(({ field }) => field)]))) : null;

export const createFidelity = ({ db }: Store): Pick<ItemBook, 'fidelity'> => ({
  async fidelity({ campaign, meeting }) {
    const found = await row<{ fidelity: Stored | null }>(db, sql`select fidelity from item where campaign = ${campaign} and meeting = ${meeting}`);
    return fidelityVerdicts.flatMap((verdict) => (found?.fidelity?.[verdict] ?? []).map((field) => ({ field, verdict })));
  },
});
