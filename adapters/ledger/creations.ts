import { sql } from 'kysely';
import type { Beside } from '../../domain/futile.js';
import type { ItemBook } from '../../domain/ledger.js';
import { ADOPTED_NOTE, DUPLICATE_NOTE } from '../../domain/verdict.js';
import { rows, type Store } from './database.js';

/** What was adopted was made before, and a duplicate is none that failed. */
export const createCreations = ({ db }: Store): Pick<ItemBook, 'creationsBeside'> => ({
  async creationsBeside({ campaign, meeting }, lane, since) {
    const found = await rows<{ at: Date; made: boolean }>(
      db,
      sql`select at, step_event.state = 'done' as made from step_event join item using (campaign, meeting)
        where step = 'replace' and at > ${since} and lane = ${lane} and (campaign, meeting) <> (${campaign}, ${meeting})
          and ((step_event.state = 'done' and step_event.note is distinct from ${ADOPTED_NOTE})
            or (step_event.state = 'failed' and step_event.failure = 'NetworkAmbiguous' and step_event.note is distinct from ${DUPLICATE_NOTE})) order by at`,
    );
    return found.map(({ at, made }): Beside => ({ at: at.toISOString(), made }));
  },
});
