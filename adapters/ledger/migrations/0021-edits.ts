import { sql, type Migration } from 'kysely';

const tables = [
  // An organiser may edit more than once, and is told each time.
  sql`alter table notice add column edition integer not null default 0, drop constraint notice_campaign_meeting_kind_replacement_key`,
  sql`alter table notice add constraint notice_once unique (campaign, meeting, kind, replacement, edition)`,
];

export const edits: Migration = {
  async up(db) {
    for (const table of tables) await table.execute(db);
  },
};
