import { sql } from 'kysely';
import { RelinkFailure } from '../../domain/failures.js';
import { notedVerbs, orderText, standingUnder, type GivenOrder, type OrderAuthor, type OrderBook, type OrderScope, type OrderVerb, type StandingVerb, type WantedOrder } from '../../domain/orders.js';
import { meetingVerbs, type MeetingVerb } from '../../domain/selection.js';
import type { State } from '../../domain/states.js';
import type { Keyring } from '../seal/index.js';
import { deletionsOver } from './campaigns.js';
import { instant, list, row, rows, type Db, type Store } from './database.js';
import { lockState } from './gates.js';
import { hostKey } from './keys.js';

/** What operators ordered. */
export function createOrders({ db, keyring }: Store): OrderBook {
  return {
    hostKey: (address) => hostKey(keyring, address),
    lastOrder: async (campaign, agoMs) =>
      (await row<{ last: number }>(db, sql`select coalesce(max(id), 0) as last from operator_order where campaign = ${campaign} and at <= clock_timestamp() - make_interval(secs => ${agoMs / 1000})`))?.last ?? 0,
    async give(campaign, wanted, author) {
      const standing = standingUnder(wanted);
      const given = await db.transaction().execute(async (tx) => {
        const { order } = await lockState(tx, campaign);
        if (wanted.verb === 'retry' || wanted.verb === 'release') mustBeWorkedOn(campaign, wanted.verb, order);
        await mustBeSeen(tx, campaign, wanted);
        if (wanted.verb === 'pause' || wanted.verb === 'resume' || wanted.verb === 'stop') mustNotBePutBack(campaign, wanted.verb, order);
        if (wanted.verb === 'pause' || wanted.verb === 'resume') mustNotBeStopped(campaign, wanted.verb, order);
        if (wanted.unlessApproved !== undefined) await mustBeOpen(tx, wanted.unlessApproved);
        const id = await write(tx, keyring, campaign, wanted, author);
        if (standing) await rows(tx, sql`update campaign_state set "order" = ${standing} where name = ${campaign}`);
        return (await lines(tx, keyring, sql`id = ${id}`))[0];
      });
      if (!given) throw new RelinkFailure('InvalidInput', 'the order was not written');
      if (standing) await deletionsOver(db, campaign);
      return given;
    },
    list: (campaign, meeting) =>
      lines(db, keyring, meeting === undefined ? sql`campaign = ${campaign}` : sql`campaign = ${campaign} and (${isWhole} or exists (select from operator_order_meeting where given = id and meeting = ${meeting}))`),
    async read(id) {
      const found = await row<{ campaign: string; verb: MeetingVerb; scope: OrderScope | null }>(db, sql`select campaign, verb, scope from operator_order where id = ${id} and verb = any(${list(meetingVerbs)})`);
      if (!found) throw new RelinkFailure('InvalidInput', 'the ledger has no such order to meetings');
      const meetings = await rows<{ meeting: string }>(
        db,
        sql`select meeting from operator_order_meeting join item using (meeting) where given = ${id} and campaign = ${found.campaign} order by starts_at nulls last, meeting`,
      );
      return { ...found, meetings: meetings.map(({ meeting }) => meeting) };
    },
    async carriedOut(id, { ordered, refused }) {
      await rows(db, sql`insert into operator_order_done (given, ordered, refused) values (${id}, ${ordered}, ${refused}) on conflict do nothing`);
    },
    left: async (campaign, agoMs) =>
      (
        await rows<{ id: number }>(
          db,
          sql`select id from operator_order where campaign = ${campaign} and verb = any(${list(meetingVerbs)}) and at <= clock_timestamp() - make_interval(secs => ${agoMs / 1000})
            and not exists (select from operator_order_done where given = id) order by id`,
        )
      ).map(({ id }) => id),
  };
}

const isWhole = sql`scope is null`;

function mustBeWorkedOn(campaign: string, verb: MeetingVerb, order: string): void {
  if (order !== 'stop' && order !== 'rollback') return;
  const stands = order === 'stop' ? 'is stopped' : 'was put back as a whole';
  throw new RelinkFailure('InvalidInput', `${campaign} ${stands}, so nothing of it is worked on; begin again with \`relink start ${campaign}\`, then ${verb}`);
}

/** A rollback is not held up by the order under which the campaign stands: sagas that put back do not look at it. Another order would let the campaign go on. */
function mustNotBePutBack(campaign: string, verb: StandingVerb, order: string): void {
  if (order !== 'rollback') return;
  const remedy = `\`relink throttle ${campaign} --requests 0 --by NAME --reason TEXT\` holds a rollback up, and \`relink start ${campaign}\` begins again when it is over`;
  throw new RelinkFailure('InvalidInput', `${campaign} is put back as a whole, so there is nothing to ${verb}; ${remedy}`);
}

/** What a stop has left in grace is looked after by nobody: no lane, no digests, no stop rule. Only a start begins them. */
function mustNotBeStopped(campaign: string, verb: StandingVerb, order: string): void {
  if (order === 'stop') throw new RelinkFailure('InvalidInput', `${campaign} is stopped, so there is nothing to ${verb}; \`relink start ${campaign}\` begins again`);
}

/** Of two orders about the same meetings that say different things the first wins; who gave the second has not seen it and decides anew. */
async function mustBeSeen(tx: Db, campaign: string, wanted: WantedOrder): Promise<void> {
  const unseen = await row<{ verb: OrderVerb; scope: OrderScope | null; meetings: number }>(
    tx,
    sql`select verb, scope, (select count(*)::integer from operator_order_meeting where given = id) as meetings from operator_order
      where campaign = ${campaign} and id > ${wanted.seen} and verb <> ${wanted.verb} and verb <> all(${list(notedVerbs)})
        and (${isWhole} or ${wanted.scope === null}::boolean or exists (select from operator_order_meeting where given = id and meeting = any(${list(wanted.meetings)})))
      order by id desc limit 1`,
  );
  if (!unseen) return;
  const text = orderText({ ...unseen, now: { running: unseen.meetings } });
  throw new RelinkFailure('InvalidInput', `somebody ordered meanwhile: ${text}; so nothing was ordered; \`relink status ${campaign}\` says who and why; order it again if you still want it`);
}

/** An approval takes the lock that orders take, so one of the two comes first. */
async function mustBeOpen(tx: Db, gate: number): Promise<void> {
  const approved = await row(tx, sql`select gate from approval where gate = ${gate}`);
  if (approved) throw new RelinkFailure('InvalidInput', 'somebody approved meanwhile what held it, so this was not ordered; order it again if you still want it');
}

const place = (id: number, what: 'author' | 'reason'): string => `order.${what}.${id}`;

async function write(tx: Db, keyring: Keyring, campaign: string, { verb, scope, meetings }: WantedOrder, { by, reason }: OrderAuthor): Promise<number> {
  const { id = 0 } = (await row<{ id: number }>(tx, sql`select nextval(pg_get_serial_sequence('operator_order', 'id'))::integer as id`)) ?? {};
  const why = reason === null ? null : keyring.seal(reason, place(id, 'reason'));
  await rows(
    tx,
    sql`insert into operator_order (id, campaign, verb, scope, author, reason)
      values (${id}, ${campaign}, ${verb}, ${scope === null ? null : JSON.stringify(scope)}::jsonb, ${keyring.seal(by, place(id, 'author'))}, ${why})`,
  );
  await rows(tx, sql`insert into operator_order_meeting (given, meeting) select ${id}::integer, meeting from item where campaign = ${campaign} and meeting = any(${list(meetings)})`);
  return id;
}

interface Line {
  readonly id: number;
  readonly verb: OrderVerb;
  readonly scope: OrderScope | null;
  readonly author: Buffer;
  readonly reason: Buffer | null;
  readonly at: Date;
  readonly now: Partial<Record<State, number>>;
  readonly later: Partial<Record<State, number>>;
  readonly ordered: number | null;
  readonly refused: number | null;
  readonly done_at: Date | null;
}

async function lines(db: Db, keyring: Keyring, which: ReturnType<typeof sql>): Promise<readonly GivenOrder[]> {
  const found = await rows<Line>(
    db,
    sql`with named as materialized (select * from operator_order where ${which}),
        counted as (
          select own.given, state, count(*)::integer as meetings, count(*) filter (where exists (
            select from operator_order_meeting other join operator_order on operator_order.id = other.given
            where other.meeting = own.meeting and other.given > own.given and operator_order.campaign = named.campaign))::integer as later
          from named join operator_order_meeting own on own.given = named.id
          join item on item.campaign = named.campaign and item.meeting = own.meeting group by own.given, state)
      select id, verb, scope, author, reason, named.at, ordered, refused, done.at as done_at,
        coalesce((select jsonb_object_agg(state, meetings) from counted where given = id), '{}'::jsonb) as now,
        coalesce((select jsonb_object_agg(state, later) from counted where given = id and later > 0), '{}'::jsonb) as later
      from named left join operator_order_done done on done.given = id order by id`,
  );
  return found.map((line) => toOrder(keyring, line));
}

function toOrder(keyring: Keyring, { id, verb, scope, author, reason, at, now, later, ordered, refused, done_at }: Line): GivenOrder {
  const reached = instant(done_at);
  return {
    id,
    verb,
    at: at.toISOString(),
    by: keyring.open(author, place(id, 'author')),
    reason: reason && keyring.open(reason, place(id, 'reason')),
    scope,
    now,
    later,
    carriedOut: reached === null ? null : { at: reached, ordered: ordered ?? 0, refused: refused ?? 0 },
  };
}
