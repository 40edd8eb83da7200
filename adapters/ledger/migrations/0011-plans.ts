import { sql, type Migration } from 'kysely';

const tables = [
  sql`create table plan (campaign text not null references campaign, number integer not null, kept_at timestamptz not null default clock_timestamp(), primary key (campaign, number))`,
  sql`create table plan_line (
    campaign text not null, number integer not null, meeting text not null, state text not null, wave integer, kind text not null, lane text not null,
    evidence text not null, reason text, starts_at timestamptz, primary key (campaign, number, meeting), foreign key (campaign, number) references plan)`,
];

export const plans: Migration = {
  async up(db) {
    for (const table of tables) await table.execute(db);
  },
};
