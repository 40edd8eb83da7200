import { sql, type Migration } from 'kysely';

const tables = [
  // When the next request of a campaign through an identity is due, while one of its windows has a rate.
  sql`create table window_pace (
    campaign text not null references campaign, identity text not null, rate double precision not null, next_slot timestamptz not null, primary key (campaign, identity))`,
  // When the campaign was expected to end: as its plan foresaw it at each start, and every few minutes since.
  sql`create table forecast (campaign text not null references campaign, at timestamptz not null default clock_timestamp(), ends_at timestamptz not null, planned boolean not null default false)`,
  sql`create index forecast_at on forecast (campaign, planned, at)`,
];

export const windowsAndForecasts: Migration = {
  async up(db) {
    for (const table of tables) await table.execute(db);
  },
};
