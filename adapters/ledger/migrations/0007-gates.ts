import { sql, type Migration } from 'kysely';

const tables = [
  // Held by a stop rule. Beside the operator's order, so that neither forgets the other: a pause outlasts an approval, and a hold outlasts `resume` and `start`.
  sql`alter table campaign_state add column held boolean not null default false`,
  sql`alter table campaign_state add column standing text generated always as (case when held and "order" = 'go' then 'pause' else "order" end) stored`,
  // Append-only. A gate is open as long as it has no approval.
  sql`create table gate (
    id integer generated always as identity primary key, campaign text not null references campaign, gate text not null, holds text not null, answer text not null,
    rule text, causes integer, total integer, threshold text, opened_at timestamptz not null default clock_timestamp())`,
  sql`create index gate_campaign on gate (campaign)`,
  // Author and reason are sealed. `exposed`: starts on old links until then, of which no time is kept.
  sql`create table approval (gate integer primary key references gate, author bytea not null, reason bytea not null, exposed integer not null, at timestamptz not null default clock_timestamp())`,
  // What the stop rules count in the log, before every claim.
  sql`create index step_event_replace on step_event (campaign, at) where step = 'replace'`,
];

export const gates: Migration = {
  async up(db) {
    for (const table of tables) await table.execute(db);
  },
};
