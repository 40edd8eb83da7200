import { sql, type Migration } from 'kysely';

const columns = [
  // By what the proof behind `evidence` was found: a word, never the value.
  sql`alter table item add column proof text`,
  // Of a host whose list was refused, or had entries without an id: an inventory without them must not be exported as a whole one.
  sql`alter table inventory_host add column incomplete boolean not null default false`,
];

export const proofs: Migration = {
  async up(db) {
    for (const column of columns) await column.execute(db);
  },
};
