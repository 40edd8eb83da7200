import { sql } from 'kysely';
import type { CampaignOrder } from '../../domain/campaign.js';
import type { ItemBook, Quota } from '../../domain/ledger.js';
import type { MeetingKind } from '../../domain/meeting.js';
import type { State } from '../../domain/states.js';
import { exemptKeys, leaveAlone } from './exempt.js';
import { isOpen } from './gates.js';
import { instant, list, row, rows, type Db, type Store } from './database.js';

type ClaimInput = Parameters<ItemBook['claim']>[0];

/** Which meetings a lane takes next. */
export function createClaims({ db }: Store): Pick<ItemBook, 'claim' | 'releaseClaims' | 'unclaim' | 'postpone'> {
  return {
    claim: (input) =>
      db.transaction().execute(async (tx) => {
        // The same question asked twice at once, by an attempt that was given up and the next one, must not get two answers.
        await rows(tx, sql`select pg_advisory_xact_lock(hashtextextended(${`claim ${input.claim}`}, 0))`);
        const order = await orderFor(tx, input);
        const full = await fullHosts(tx, input.lane, input.quota);
        const taken = (await takenBefore(tx, input)) ?? (order === 'go' ? await take(tx, input, full.hosts) : []);
        const { left, due } = await waiting(tx, input, full);
        return { meetings: taken, waitUntil: instant(due), left, order };
      }),
    async releaseClaims(campaign, lane) {
      await rows(db, sql`update item set claim = null where campaign = ${campaign} and lane = ${lane} and state = 'waiting' and claim is not null`);
    },
    async postpone({ campaign, meeting }, until) {
      await rows(
        db,
        sql`update item set state = 'waiting', claim = null, not_before = ${until},
          wave = (select max(wave) from item as any_item where any_item.campaign = ${campaign})
        where campaign = ${campaign} and meeting = ${meeting} and state in ('waiting', 'running') and replacement is null`,
      );
    },
    async unclaim({ campaign, meeting }, notBefore) {
      await rows(db, sql`update item set claim = null, not_before = ${notBefore} where campaign = ${campaign} and meeting = ${meeting} and state = 'waiting'`);
    },
  };
}

/** A wave that waits for its approval is paused; waves before it are not. */
async function orderFor(tx: Db, { campaign, wave }: ClaimInput): Promise<CampaignOrder> {
  const state = await row<{ order: CampaignOrder; asked: boolean }>(
    tx,
    sql`select standing as "order", exists (select from gate where campaign = name and gate.gate = ${`wave ${wave}`} and ${isOpen}) as asked
      from campaign_state where name = ${campaign}`,
  );
  if (!state) return 'stop';
  return state.order === 'go' && state.asked ? 'pause' : state.order;
}

interface Taken {
  readonly meeting: string;
  readonly starts_at: Date | null;
  readonly kind: MeetingKind;
}

const toClaimed = ({ meeting, starts_at, kind }: Taken) => ({ meeting, startsAt: instant(starts_at), ...(kind === 'room' ? { room: true } : {}) });

/** The same claim again gets what it got, so that a lost answer loses no meeting, and takes no more. `undefined` when it is a new one. */
async function takenBefore(tx: Db, { campaign, claim }: ClaimInput) {
  const found = await rows<Taken & { state: State }>(
    tx,
    sql`select meeting, starts_at, kind, state from item where campaign = ${campaign} and claim = ${claim} order by starts_at nulls last, meeting`,
  );
  return found.length > 0 ? found.filter(({ state }) => state === 'waiting').map(toClaimed) : undefined;
}

async function take(tx: Db, { campaign, lane, wave, limit, claim }: ClaimInput, fullHosts: readonly string[]) {
  await leaveAlone(tx, campaign, { wait: false });
  const taken = await rows<Taken>(
    tx,
    sql`with ${exemptKeys(campaign)}, next as (
        select meeting from item
        where campaign = ${campaign} and lane = ${lane} and wave = ${wave} and state = 'waiting' and claim is null
          and (not_before is null or not_before <= now()) and host <> all(${list(fullHosts)})
          and meeting not in (select key from exempt) and host not in (select key from exempt) -- what came in between
          and not exists (select from item other where other.meeting = item.meeting and other.campaign <> item.campaign and other.state in ('running', 'replaced', 'retired'))
        order by starts_at nulls last, meeting limit ${limit} for update skip locked),
      taken as (
        update item set claim = ${claim} from next where item.campaign = ${campaign} and item.meeting = next.meeting
        returning item.meeting, item.starts_at, item.kind)
      select meeting, starts_at, kind from taken order by starts_at nulls last, meeting`,
  );
  return taken.map(toClaimed);
}

interface Full {
  readonly hosts: readonly string[];
  /** When the first of them has quota again. */
  readonly frees: Date | null;
}

/** Hosts whose last creations that first attempts may use, by any identity, are all inside the window. All hosts, when the identity itself is full. */
async function fullHosts(tx: Db, lane: string, { fresh, windowMs, ...all }: Quota): Promise<Full> {
  const { identity, host } = fresh ?? all;
  const window = sql`make_interval(secs => ${windowMs / 1000})`;
  const own = await row<{ frees: Date | null }>(
    tx,
    sql`select at + ${window} as frees from quota_spend where identity = ${lane} and at > now() - ${window} order by at desc offset ${identity - 1} limit 1`,
  );
  if (own?.frees) {
    const all = await rows<{ host: string }>(tx, sql`select distinct host from item where lane = ${lane} and state = 'waiting'`);
    return { hosts: all.map((line) => line.host), frees: own.frees };
  }
  const full = await rows<{ host: string; frees: Date }>(
    tx,
    sql`select host, (array_agg(at order by at desc))[${host}::integer] + ${window} as frees from quota_spend
      where at > now() - ${window} group by host having count(*) >= ${host}`,
  );
  const times = full.map(({ frees }) => frees.getTime());
  return { hosts: full.map((line) => line.host), frees: times.length > 0 ? new Date(Math.min(...times)) : null };
}

/** What is left of the wave, and when the first of it that is not due yet may be. */
async function waiting(tx: Db, { campaign, lane, wave }: ClaimInput, { hosts, frees }: Full): Promise<{ left: number; due: Date | null }> {
  const found = await row<{ left: number; later: Date | null; blocked: number }>(
    tx,
    sql`select count(*)::integer as left, min(not_before) filter (where not_before > now()) as later,
        count(*) filter (where host = any(${list(hosts)}))::integer as blocked
      from item where campaign = ${campaign} and lane = ${lane} and wave = ${wave} and state = 'waiting' and claim is null`,
  );
  const times = [found?.later, found && found.blocked > 0 ? frees : null].flatMap((date) => (date ? [date.getTime()] : []));
  return { left: found?.left ?? 0, due: times.length > 0 ? new Date(Math.min(...times)) : null };
}
