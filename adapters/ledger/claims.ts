import { sql } from 'kysely';
import { aheadOf, type Ahead } from '../../domain/announcements.js';
import type { CampaignOrder } from '../../domain/campaign.js';
import type { CampaignBook, ItemBook, Quota } from '../../domain/ledger.js';
import type { MeetingKind } from '../../domain/meeting.js';
import type { State } from '../../domain/states.js';
import { heldUntil } from './ahead.js';
import { exemptKeys, leaveAlone } from './exempt.js';
import { isOpen } from './gates.js';
import { instant, list, row, rows, type Db, type Store } from './database.js';

type ClaimInput = Parameters<ItemBook['claim']>[0];
/** With how far ahead the campaign tells organisers. */
type Asked = ClaimInput & { readonly ahead: Ahead | undefined };

/** Which meetings a lane takes next. */
export function createClaims({ db }: Store, campaigns: CampaignBook): Pick<ItemBook, 'claim' | 'releaseClaims' | 'unclaim' | 'postpone'> {
  return {
    async claim(asked) {
      const input: Asked = { ...asked, ahead: aheadOf((await campaigns.get(asked.campaign)).spec) };
      return db.transaction().execute(async (tx) => {
        // The same question asked twice at once, by an attempt that was given up and the next one, must not get two answers.
        await rows(tx, sql`select pg_advisory_xact_lock(hashtextextended(${`claim ${input.claim}`}, 0))`);
        const order = await orderFor(tx, input);
        const full = await fullHosts(tx, input.lane, input.quota);
        const { most, room } = await roomFor(tx, input);
        const taken = (await takenBefore(tx, input)) ?? (order.standing === 'go' ? await take(tx, { ...input, limit: Math.min(input.limit, room) }, full.hosts) : []);
        const { left, due } = await waiting(tx, input, full);
        return { meetings: taken, waitUntil: instant(due), left, order: order.forWave, ...(most === null ? {} : { maxConcurrent: most }) };
      });
    },
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

/** Of a row of `item`: another campaign is at the meeting. */
export const isElsewhere = sql`exists (select from item other where other.meeting = item.meeting and other.campaign <> item.campaign
  and (other.state in ('running', 'replaced', 'retired') or (other.state = 'held' and other.replacement is not null)))`;

/** When a lane asks again for such meetings: nobody tells it how the other campaign gets on. */
const askedAgain = sql`now() + interval '1 minute'`;

/** Of earlier waves too: what was taken up again there goes on while its wave's successor waits for an approval. */
const inTurn = ({ campaign, wave }: ClaimInput) => sql`wave <= ${wave}
  and not exists (select from gate where gate.campaign = ${campaign} and gate.gate = 'wave ' || item.wave and ${isOpen})`;

/** A wave that waits for its approval is paused; a lane whose identity is frozen is, whatever the wave. */
async function orderFor(tx: Db, { campaign, lane, wave }: ClaimInput): Promise<{ readonly standing: CampaignOrder; readonly forWave: CampaignOrder }> {
  const state = await row<{ order: CampaignOrder; asked: boolean; frozen: boolean }>(
    tx,
    sql`select standing as "order", exists (select from gate where campaign = name and gate.gate = ${`wave ${wave}`} and ${isOpen}) as asked,
        exists (select from identity where identity.name = ${lane} and most_requests = 0) as frozen
      from campaign_state where name = ${campaign}`,
  );
  if (!state) return { standing: 'stop', forWave: 'stop' };
  const standing = state.order === 'go' && state.frozen ? 'pause' : state.order;
  return { standing, forWave: standing === 'go' && state.asked ? 'pause' : standing };
}

/** What an operator's throttle leaves: at the moment of the claim, so that it holds from the next one on, however many are under way. */
async function roomFor(tx: Db, { campaign, lane }: ClaimInput): Promise<{ readonly most: number | null; readonly room: number }> {
  const found = await row<{ most: number; busy: number }>(
    tx,
    sql`select most_concurrent as most, (select count(*)::integer from item where campaign = name and lane = ${lane} and (state = 'running' or (state = 'waiting' and claim is not null))) as busy
      from campaign_state where name = ${campaign} and most_concurrent is not null`,
  );
  return found ? { most: found.most, room: Math.max(0, found.most - found.busy) } : { most: null, room: Infinity };
}

interface Taken {
  readonly meeting: string;
  readonly starts_at: Date | null;
  readonly kind: MeetingKind;
  readonly departed: boolean;
}

const toClaimed = ({ meeting, starts_at, kind, departed }: Taken) => ({ meeting, startsAt: instant(starts_at), ...(kind === 'room' ? { room: true } : {}), ...(departed ? { departed } : {}) });

/** The same claim again gets what it got, so that a lost answer loses no meeting, and takes no more. `undefined` when it is a new one. */
async function takenBefore(tx: Db, { campaign, claim }: ClaimInput) {
  const found = await rows<Taken & { state: State }>(
    tx,
    sql`select meeting, starts_at, kind, departed, state from item where campaign = ${campaign} and claim = ${claim} order by starts_at nulls last, meeting`,
  );
  return found.length > 0 ? found.filter(({ state }) => state === 'waiting').map(toClaimed) : undefined;
}

async function take(tx: Db, input: Asked, fullHosts: readonly string[]) {
  const { campaign, lane, limit, claim, ahead } = input;
  await leaveAlone(tx, campaign, { wait: false });
  const taken = await rows<Taken>(
    tx,
    sql`with ${exemptKeys(campaign)}, next as (
        select meeting from item
        where campaign = ${campaign} and lane = ${lane} and ${inTurn(input)} and state = 'waiting' and claim is null
          and (not_before is null or not_before <= now()) and ${heldUntil(ahead)} is null and host <> all(${list(fullHosts)})
          and meeting not in (select key from exempt) and host not in (select key from exempt) -- what came in between
          and not ${isElsewhere}
        order by starts_at nulls last, meeting limit ${limit} for update skip locked),
      taken as (
        update item set claim = ${claim} from next where item.campaign = ${campaign} and item.meeting = next.meeting
        returning item.meeting, item.starts_at, item.kind, item.departed)
      select meeting, starts_at, kind, departed from taken order by starts_at nulls last, meeting`,
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
async function waiting(tx: Db, { campaign, lane, wave, ahead }: Asked, { hosts, frees }: Full): Promise<{ left: number; due: Date | null }> {
  const found = await row<{ left: number; later: Date | null; held: Date | null; blocked: number; elsewhere: Date | null }>(
    tx,
    sql`select count(*)::integer as left, min(not_before) filter (where not_before > now()) as later, min(${heldUntil(ahead)}) as held,
        count(*) filter (where host = any(${list(hosts)}))::integer as blocked, case when count(*) filter (where ${isElsewhere}) > 0 then ${askedAgain} end as elsewhere
      from item where campaign = ${campaign} and lane = ${lane} and wave <= ${wave} and state = 'waiting' and claim is null`,
  );
  const times = [found?.later, found?.held, found && found.blocked > 0 ? frees : null, found?.elsewhere].flatMap((date) => (date ? [date.getTime()] : []));
  return { left: found?.left ?? 0, due: times.length > 0 ? new Date(Math.min(...times)) : null };
}
