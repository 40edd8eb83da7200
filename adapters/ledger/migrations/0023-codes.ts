import { sql, type Migration } from 'kysely';

const tables = [
  // With which status the other side answered what failed; it stood in the note before.
  sql`alter table step_event add column code integer`,
  sql`update step_event set code = substring(note from '^status ([0-9]+)')::integer, note = nullif(regexp_replace(note, '^status [0-9]+ ?', ''), '') where note ~ '^status [0-9]+( |$)'`,
];

export const codes: Migration = {
  async up(db) {
    for (const table of tables) await table.execute(db);
  },
};
