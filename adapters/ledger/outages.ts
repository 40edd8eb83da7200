import { sql } from 'kysely';
import type { FailureType } from '../../domain/failures.js';
import type { Outage } from '../../domain/plan-book.js';
import { list, rows, type Db } from './database.js';

/** Failures that are tried again for as long as somebody else takes: the operator who renews a token, or the vendor. */
const patient: readonly FailureType[] = ['Unauthorised', 'VendorUnavailable', 'NetworkAmbiguous'];
/** So many in a row: what is over by then is no outage. */
const LEAST_ATTEMPTS = 4;

/** Steps under way whose last attempts all came to nothing, per identity and failure. */
export const outagesOf = (db: Db, campaign: string): Promise<readonly Outage[]> =>
  rows<Outage>(
    db,
    sql`select lane as identity, last.failure, count(*)::integer as meetings
      from item cross join lateral (
        select count(*) filter (where recent.failure = any(${list(patient)})) as failures, (array_agg(recent.failure order by id desc))[1] as failure
        from (select id, step_event.failure from step_event
          where step_event.campaign = item.campaign and step_event.meeting = item.meeting and step_event.state <> 'started' order by id desc limit ${LEAST_ATTEMPTS}) as recent) as last
      where campaign = ${campaign} and last.failures = ${LEAST_ATTEMPTS}
        and (state in ('running', 'retired') or (state = 'waiting' and claim is not null) or (state = 'replaced' and grace_ends_at <= now()))
      group by lane, last.failure order by 1, 2`,
  );
