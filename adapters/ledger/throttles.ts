import { sql } from 'kysely';
import { RelinkFailure } from '../../domain/failures.js';
import type { CampaignBook } from '../../domain/ledger.js';
import { throttleText, type ThrottleBook, type ThrottleChange, type ThrottleLimit, type ThrottleOrder } from '../../domain/throttle.js';
import type { Keyring } from '../seal/index.js';
import { list, row, rows, type Db, type Store } from './database.js';
import { lockState } from './gates.js';

/** Throttles by hand: facts of the ledger, so that no worker has to be told and no restart forgets one. */
export function createThrottles({ db, keyring }: Store, campaigns: CampaignBook): ThrottleBook {
  const identitiesOf = async (campaign: string): Promise<readonly string[]> => (await campaigns.get(campaign)).spec.identities;
  return {
    async active(campaign) {
      const last = await lastOrders(db, campaign, await identitiesOf(campaign));
      return last.flatMap(({ id, limit, name, value, at }) => (value === null ? [] : [{ id, limit, of: name, value, at: at.toISOString() }]));
    },
    async orders(campaign) {
      const found = await rows<StoredOrder>(db, sql`select ${columns} from throttle where ${isFor(campaign, await identitiesOf(campaign))} order by id`);
      return found.map((line) => toOrder(keyring, line));
    },
    lastOrder: async (agoMs) =>
      (await row<{ last: number }>(db, sql`select coalesce(max(id), 0) as last from throttle where at <= clock_timestamp() - make_interval(secs => ${agoMs / 1000})`))?.last ?? 0,
    async sharers(campaign) {
      const lanes = list(await identitiesOf(campaign));
      return (await rows<{ campaign: string }>(db, sql`select distinct campaign from item where lane = any(${lanes}) and state in ('waiting', 'running') order by campaign`)).map((line) => line.campaign);
    },
    async give(campaign, change, author, seen) {
      const identities = await identitiesOf(campaign);
      return db.transaction().execute(async (tx) => {
        await lock(tx, campaign, identities);
        const targets = targetsOf(campaign, identities, change, await lastOrders(tx, campaign, identities));
        mustBeSeen(targets, seen);
        const wanted = targets.filter(({ value, last }) => value !== null || (last && last.value !== null));
        if (wanted.length === 0) throw new RelinkFailure('InvalidInput', `nothing of ${campaign} is throttled`);
        const given: ThrottleOrder[] = [];
        for (const target of wanted) given.push(await write(tx, keyring, campaign, target, author));
        return given;
      });
    },
  };
}

interface StoredOrder {
  readonly id: number;
  readonly campaign: string;
  readonly limit: ThrottleLimit;
  readonly name: string;
  readonly value: number | null;
  readonly author: Buffer;
  readonly reason: Buffer;
  readonly at: Date;
}
const columns = sql`id, campaign, "limit", name, value, author, reason, at`;
const isFor = (campaign: string, identities: readonly string[]) => sql`(("limit" = 'concurrent' and name = ${campaign}) or ("limit" = 'requests' and name = any(${list(identities)})))`;

const lastOrders = (db: Db, campaign: string, identities: readonly string[]) =>
  rows<StoredOrder>(db, sql`select distinct on ("limit", name) ${columns} from throttle where ${isFor(campaign, identities)} order by "limit", name, id desc`);

/** Two campaigns may share an identity: its row, in the order of names, is the lock of its rate. */
async function lock(tx: Db, campaign: string, identities: readonly string[]): Promise<void> {
  await lockState(tx, campaign);
  await rows(tx, sql`insert into identity (name) select unnest(${list([...identities].sort())}) on conflict do nothing`);
  await rows(tx, sql`select name from identity where name = any(${list(identities)}) order by name for update`);
}

interface Target {
  readonly limit: ThrottleLimit;
  readonly of: string;
  readonly value: number | null;
  /** The order that is in force. */
  readonly last: StoredOrder | undefined;
}

function targetsOf(campaign: string, identities: readonly string[], { requests, concurrent }: ThrottleChange, last: readonly StoredOrder[]): readonly Target[] {
  const target = (limit: ThrottleLimit, of: string, value: number | null): Target => ({ limit, of, value, last: last.find((order) => order.limit === limit && order.name === of) });
  return [
    ...(requests === undefined ? [] : identities.map((name) => target('requests', name, requests))),
    ...(concurrent === undefined ? [] : [target('concurrent', campaign, concurrent)]),
  ];
}

/** Of two orders at once the first wins; who gave the second has not seen it and decides anew. */
function mustBeSeen(targets: readonly Target[], seen: number): void {
  const unseen = targets.flatMap(({ last }) => (last && last.id > seen ? [last] : []))[0];
  if (!unseen) return;
  const text = throttleText({ limit: unseen.limit, of: unseen.name, value: unseen.value });
  throw new RelinkFailure('InvalidInput', `somebody ordered meanwhile: ${text}; so nothing was changed; see \`relink status ${unseen.campaign}\`, and order it again if you still want it`);
}

const place = (id: number, what: 'author' | 'reason'): string => `throttle.${what}.${id}`;

/** A rate in force begins now: slots that were reserved under the one before do not stand. */
async function write(tx: Db, keyring: Keyring, campaign: string, { limit, of, value }: Target, { by, reason }: { readonly by: string; readonly reason: string }): Promise<ThrottleOrder> {
  const { id = 0 } = (await row<{ id: number }>(tx, sql`select nextval(pg_get_serial_sequence('throttle', 'id'))::integer as id`)) ?? {};
  const written = await row<StoredOrder>(
    tx,
    sql`insert into throttle (id, campaign, "limit", name, value, author, reason)
      values (${id}, ${campaign}, ${limit}, ${of}, ${value}, ${keyring.seal(by, place(id, 'author'))}, ${keyring.seal(reason, place(id, 'reason'))}) returning ${columns}`,
  );
  if (!written) throw new RelinkFailure('InvalidInput', 'the order was not written');
  await (limit === 'concurrent'
    ? rows(tx, sql`update campaign_state set most_concurrent = ${value} where name = ${of}`)
    : rows(tx, sql`update identity set most_requests = ${value}, throttled_by = ${id}, next_slot = least(next_slot, clock_timestamp()) where name = ${of}`));
  return toOrder(keyring, written);
}

const toOrder = (keyring: Keyring, { id, limit, name, value, author, reason, at }: StoredOrder): ThrottleOrder => ({
  id,
  limit,
  of: name,
  value,
  at: at.toISOString(),
  by: keyring.open(author, place(id, 'author')),
  reason: keyring.open(reason, place(id, 'reason')),
});
