import { sql, type Migration } from 'kysely';

const tables = [
  // When the next request of a campaign through an identity is due, while one of its windows has a rate.
  sql`create table window_pace (
    campaign text not null references campaign, identity text not null, rate double precision not null, next_slot timestamptz not null, primary key (campaign, identity))`,
];

export const windows: Migration = {
  async up(db) {
    for (const table of tables) await table.execute(db);
  },
};
