import { sql, type Migration } from 'kysely';

// Append-only. Figures and settings alone: nothing in it names a person or leads to a meeting.
const table = sql`create table rehearsal (
  id integer generated always as identity primary key, campaign text not null, plan integer not null, passed boolean not null, faults text not null,
  share double precision not null, shape jsonb not null, settings text not null, at timestamptz not null default clock_timestamp(),
  foreign key (campaign, plan) references plan)`;

export const rehearsals: Migration = {
  async up(db) {
    await table.execute(db);
  },
};
