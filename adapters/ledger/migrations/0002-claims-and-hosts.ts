import { sql, type Migration } from 'kysely';

const indexes = [
  // A repeated claim is looked up in whatever state its meetings are by then.
  sql`create index item_claim on item (campaign, claim) where claim is not null`,
  // The vendor counts a host's creations whoever asks for them.
  sql`create index quota_spend_host on quota_spend (host, at)`,
];

export const claimsAndHosts: Migration = {
  async up(db) {
    for (const index of indexes) await index.execute(db);
  },
};
