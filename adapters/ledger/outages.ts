import { sql } from 'kysely';
import type { FailureType } from '../../domain/failures.js';
import type { Outage } from '../../domain/plan-book.js';
import { list, rows, type Db } from './database.js';

/** Failures that are tried again for as long as somebody else takes: the operator who renews a token, or the vendor. */
const patient: readonly FailureType[] = ['Unauthorised', 'VendorUnavailable', 'NetworkAmbiguous'];
/** One that is over by the next attempt is none. */
const LEAST_ATTEMPTS = 3;

/** Steps under way whose last attempts all came to nothing, per identity and failure. */
export const outagesOf = (db: Db, campaign: string): Promise<readonly Outage[]> =>
  rows<Outage>(
    db,
    sql`select lane as identity, last.failure, count(*)::integer as meetings
      from item cross join lateral (
        select step_event.failure, attempt from step_event
        where step_event.campaign = item.campaign and step_event.meeting = item.meeting and step_event.state <> 'started' order by id desc limit 1) as last
      where campaign = ${campaign} and last.failure = any(${list(patient)}) and attempt >= ${LEAST_ATTEMPTS}
        and (state in ('running', 'retired') or (state = 'waiting' and claim is not null) or (state = 'replaced' and grace_ends_at <= now()))
      group by lane, last.failure order by 1, 2`,
  );
