import { sql, type Migration } from 'kysely';

const tables = [
  // Sealed: by what an organiser knows the meeting. Only where the campaign tells organisers ahead.
  sql`alter table item add column heading bytea`,
  // Each meeting once. `until`: none of the digest's meetings is touched before; counted from `opened_at`, when it was last put into words.
  sql`create table announcement (
    campaign text not null, meeting text not null, digest text not null references digest, primary key (campaign, meeting),
    foreign key (campaign, meeting) references item (campaign, meeting))`,
  sql`create index announcement_digest on announcement (digest)`,
  sql`alter table digest add column opened_at timestamptz, add column until timestamptz`,
];

export const announcements: Migration = {
  async up(db) {
    for (const table of tables) await table.execute(db);
  },
};
