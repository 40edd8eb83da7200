import { sql, type Migration } from 'kysely';

const tables = [
  // Requests a minute that silences of the vendor have left, at the end of the last one; since then more, by the clock. Null: none was ever asked for.
  sql`alter table identity add column learned_requests double precision, add column learned_at timestamptz`,
];

export const learnedPace: Migration = {
  async up(db) {
    for (const table of tables) await table.execute(db);
  },
};
