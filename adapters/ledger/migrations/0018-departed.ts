import { sql, type Migration } from 'kysely';

const tables = [
  // Found by what the evidence names, because its host is listed no more.
  sql`alter table item add column departed boolean not null default false`,
  sql`alter table plan_line add column departed boolean not null default false`,
  // Handles that no meeting of a listed host has: sealed, under an HMAC. `token`: the run in which it is looked up; `closed`: it led nowhere, and is not looked up again.
  sql`create table inventory_handle (
    campaign text not null references campaign, handle text not null, token text not null, is_link boolean not null, body bytea not null,
    looked_up boolean not null default false, closed boolean not null default false, primary key (campaign, handle))`,
  sql`create index inventory_handle_open on inventory_handle (campaign, token, is_link, handle) where not looked_up and not closed`,
];

export const departed: Migration = {
  async up(db) {
    for (const table of tables) await table.execute(db);
  },
};
