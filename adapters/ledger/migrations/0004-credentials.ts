import { sql, type Migration } from 'kysely';

const tables = [
  // `access_key`, `origins` and `tried` are HMACs: whether two tokens are the same can be told without opening one.
  // `origins`: the refresh tokens of the configuration that were ever taken over; an old one never comes back, however late a worker still has it.
  // `tried`: what the last renewal was asked with; `pending_since`: its answer is not known. `hasty`: renewals in a row whose token was refused at once.
  sql`create table credential (
    identity text primary key, origins text[] not null default '{}',
    access bytea, access_key text, access_at timestamptz, access_expires_at timestamptz, access_refused boolean not null default false, hasty integer not null default 0,
    refresh bytea, refresh_expires_at timestamptz,
    tried text, pending_since timestamptz, problem text, retry_at timestamptz)`,
];

export const credentials: Migration = {
  async up(db) {
    for (const table of tables) await table.execute(db);
  },
};
