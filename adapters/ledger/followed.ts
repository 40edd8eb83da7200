import { sql } from 'kysely';
import type { FollowedBook } from '../../domain/edits.js';
import { RelinkFailure } from '../../domain/failures.js';
import type { State } from '../../domain/states.js';
import { row, rows, type Store } from './database.js';
import { storedFidelity } from './fidelity.js';
import { saveSnapshotIn } from './items.js';
import { queueIn } from './notices.js';

/** All in one: nothing is deleted on the strength of an edit of which nobody is told. */
export function createFollowed({ db, keyring }: Store): FollowedBook {
  return {
    save: (ref, { snapshot, startsAt, verifiedAt, graceEndsAt, fidelity, edited }) =>
      db.transaction().execute(async (tx) => {
        const { campaign, meeting } = ref;
        const item = await row<{ state: State }>(tx, sql`select state from item where campaign = ${campaign} and meeting = ${meeting} for update`);
        if (item?.state !== 'replaced') throw new RelinkFailure('InvalidInput', 'only what is replaced and in grace follows an edit');
        await saveSnapshotIn(tx, keyring, ref, snapshot, startsAt);
        await rows(
          tx,
          sql`update item set verified_at = ${verifiedAt}::timestamptz, grace_ends_at = ${graceEndsAt}::timestamptz, fidelity = ${storedFidelity(fidelity)}::jsonb
            where campaign = ${campaign} and meeting = ${meeting}`,
        );
        const lost = fidelity.flatMap(({ field, verdict }) => (verdict === 'lost' ? [field] : []));
        await queueIn(tx, keyring, ref, { kind: 'changed', snapshot, lost, edited });
      }),
  };
}
