import { sql, type Migration } from 'kysely';

/** Names of fields by verdict: `{"lost": ["hostKey"], "intended": ["id"], "equal": ["title"]}`. */
export const fidelity: Migration = {
  async up(db) {
    await sql`alter table item add column fidelity jsonb`.execute(db);
  },
};
