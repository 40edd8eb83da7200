import { sql } from 'kysely';
import { aheadOf } from '../../domain/announcements.js';
import type { CampaignOrder, CampaignPhase, CampaignSpec } from '../../domain/campaign.js';
import type { FailureType } from '../../domain/failures.js';
import type { CampaignBook, CampaignStatus, ItemRow, PlanBook, PlannedWave, QuotaWindows } from '../../domain/ledger.js';
import type { ExclusionReason } from '../../domain/judge.js';
import type { Instant } from '../../domain/meeting.js';
import { emptyCounts, reconciles, type Counts, type State } from '../../domain/states.js';
import { waveBounds } from '../../domain/waves.js';
import { foreseenUntil } from './ahead.js';
import { instant, list, row, rows, type Db, type Store } from './database.js';
import { unknownCampaign } from './campaigns.js';
import { exposedStarts } from './causes.js';
import { isElsewhere } from './claims.js';
import { matches, stepEventsOf } from './items.js';
import { isNeverDue } from './notices.js';
import { outagesOf } from './outages.js';

/** What operators, boards and reports read. */
export function createPlans({ db }: Store, campaigns: CampaignBook): PlanBook {
  const waves = (campaign: string) => plannedWaves(db, campaign);
  return {
    waves,
    async assignWaves(campaign) {
      await assign(db, (await campaigns.get(campaign)).spec);
      return waves(campaign);
    },
    hasUntouched: async (campaign) =>
      (await row(db, sql`select from item where campaign = ${campaign} and state = 'waiting' and claim is null
        and not exists (select from step_event where step_event.campaign = item.campaign and step_event.meeting = item.meeting) limit 1`)) !== undefined,
    organisers: async (campaign) =>
      (await row<{ count: number }>(db, sql`select count(distinct ${hostToBe})::integer as count from item where campaign = ${campaign} and state = 'waiting'`))?.count ?? 0,
    departed: async (campaign) => (await row<{ count: number }>(db, sql`select count(*)::integer as count from item where campaign = ${campaign} and state = 'waiting' and departed`))?.count ?? 0,
    findings: (campaign) =>
      rows(db, sql`select state, evidence, reason, count(*)::integer as count from item where campaign = ${campaign} group by state, evidence, reason order by state, evidence, reason`),
    status: (campaign, quotaWindows) => status(db, campaigns, campaign, quotaWindows),
    rows: (campaign, selection = {}) => itemRows(db, campaign, selection),
    async hostLoad(campaign, states) {
      const ahead = aheadOf((await campaigns.get(campaign)).spec);
      const found = await rows<{ wave: number; lane: string; host: string; meetings: number; held: Date | null }>(
        db,
        sql`select coalesce(wave, 1) as wave, lane, ${hostToBe} as host, case when state = 'waiting' and claim is null then ${foreseenUntil(ahead)} end as held, count(*)::integer as meetings
          from item where campaign = ${campaign} and state = any(${list(states)}) group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
      );
      return found.map(({ held, ...line }) => ({ ...line, from: instant(held) }));
    },
    async queue(campaign) {
      const ahead = aheadOf((await campaigns.get(campaign)).spec);
      const found = await rows<{ meeting: string; wave: number; lane: string; host: string; starts_at: Date | null; held: Date | null }>(
        db,
        sql`select meeting, coalesce(wave, 1) as wave, lane, ${hostToBe} as host, starts_at, case when claim is null then ${foreseenUntil(ahead)} end as held
          from item where campaign = ${campaign} and state = 'waiting' order by 2, starts_at nulls last, meeting`,
      );
      return found.map(({ starts_at, held, ...line }) => ({ ...line, meetings: 1, startsAt: instant(starts_at), from: instant(held) }));
    },
    load: (campaign) =>
      rows(
        db,
        sql`select coalesce(wave, 1) as wave, lane, count(*) filter (where state = 'waiting')::integer as waiting, count(*) filter (where state = 'running')::integer as running,
            count(*) filter (where state = 'replaced')::integer as replaced, count(*) filter (where state = 'retired')::integer as retired
          from item where campaign = ${campaign} and state in ('waiting', 'running', 'replaced', 'retired') group by coalesce(wave, 1), lane order by 1, 2`,
      ),
  };
}

/** All that hosts who left had planned goes to one, who has one quota: a campaign that names several for several sites is foreseen a little too slow. */
const hostToBe = sql`case when departed then 'departed' else host end`;

/**
 * What an earlier inventory found in a scope that has been narrowed since: a later one does not look there, and judges it no more. A start that
 * went by on its old link is counted.
 */
const leaveOutOfScope = (db: Db, campaign: string, { personalRooms, horizonMs }: CampaignSpec['scope']) =>
  rows(
    db,
    sql`update item set state = 'excluded', reason = case when kind = 'room' and not ${personalRooms === true}::boolean then ${ROOM_OUT_OF_SCOPE} else ${BEYOND_HORIZON} end, settled_at = now(),
        exposed = exposed + case when item.starts_at between started_at and now() then 1 else 0 end
      from campaign_state where campaign_state.name = ${campaign} and item.campaign = ${campaign} and state = 'waiting' and claim is null
        and ((kind = 'room' and not ${personalRooms === true}::boolean) or item.starts_at > now() + make_interval(secs => ${horizonMs / 1000}))`,
  );
const ROOM_OUT_OF_SCOPE: ExclusionReason = 'RoomOutOfScope';
const BEYOND_HORIZON: ExclusionReason = 'BeyondHorizon';

/**
 * Soonest start first. What starts within the guard cannot be touched until it is over, so it goes last:
 * the first wave is to show quickly that all works.
 */
async function assign(db: Db, { name, waves, startGuardMs, scope }: CampaignSpec): Promise<void> {
  await leaveOutOfScope(db, name, scope);
  const total = await row<{ count: number }>(db, sql`select count(*)::integer as count from item where campaign = ${name} and state = 'waiting' and claim is null`);
  const bounds = waveBounds(waves, total?.count ?? 0);
  await rows(
    db,
    sql`with ordered as (
        select meeting, row_number() over (order by starts_at <= now() + make_interval(secs => ${startGuardMs / 1000}), starts_at nulls last, meeting) as place
        from item where campaign = ${name} and state = 'waiting' and claim is null)
      update item set wave = 1 + (select count(*) from unnest(${bounds}::integer[]) as bound where bound < place)
      from ordered where item.campaign = ${name} and item.meeting = ordered.meeting`,
  );
}

async function plannedWaves(db: Db, campaign: string): Promise<readonly PlannedWave[]> {
  const found = await rows<{ wave: number; meetings: number; soonest: Date | null; hosts: number }>(
    db,
    sql`select wave, count(*)::integer as meetings, min(starts_at) as soonest, count(distinct host)::integer as hosts
      from item where campaign = ${campaign} and state = 'waiting' and wave is not null group by wave order by wave`,
  );
  return found.map((wave) => ({ ...wave, soonest: instant(wave.soonest) }));
}

async function status(db: Db, campaigns: CampaignBook, campaign: string, quotaWindows: QuotaWindows): Promise<CampaignStatus> {
  const { spec } = await campaigns.get(campaign);
  const [counts, failures, notices, quota, outages, rest] = await Promise.all([
    countStates(db, campaign),
    countBy<FailureType>(db, sql`select failure as key, count(*)::integer as count from item where campaign = ${campaign} and state in ('failed', 'held') and failure is not null group by failure`),
    countBy(db, sql`select state as key, count(*)::integer as count from notice where campaign = ${campaign} and not ${isNeverDue} group by state`),
    quotas(db, spec.identities, quotaWindows),
    outagesOf(db, campaign),
    summary(db, campaign),
  ]);
  const { waiting, running, replaced, retired } = counts;
  return {
    campaign,
    counts,
    failures,
    quota,
    outages,
    reconciles: reconciles(counts),
    notices: { queued: (notices['queued'] ?? 0) + (notices['assigned'] ?? 0), sent: notices['sent'] ?? 0, bounced: notices['bounced'] ?? 0 },
    remaining: waiting + running + replaced + retired,
    ...rest,
  };
}

async function countStates(db: Db, campaign: string): Promise<Counts> {
  const counts = emptyCounts();
  for (const [state, count] of Object.entries(await countBy<State>(db, sql`select state as key, count(*)::integer as count from item where campaign = ${campaign} group by state`))) {
    counts[state as State] = count;
    counts.found += count;
  }
  return counts;
}

async function countBy<Key extends string>(db: Db, query: ReturnType<typeof sql>): Promise<Partial<Record<Key, number>>> {
  const found = await rows<{ key: Key; count: number }>(db, query);
  return Object.fromEntries(found.map(({ key, count }) => [key, count])) as Partial<Record<Key, number>>;
}

async function quotas(db: Db, identities: readonly string[], windows: QuotaWindows): Promise<CampaignStatus['quota']> {
  const lengths = identities.map((name) => (typeof windows === 'number' ? windows : (windows[name] ?? 0)) / 1000);
  const found = await rows<{ identity: string; used: number; quiet_until: Date | null; learned: number | null; age: number | null }>(
    db,
    sql`select wanted.name as identity, case when quiet_until > now() then quiet_until end as quiet_until, learned_requests as learned, extract(epoch from now() - learned_at)::float8 * 1000 as age,
        (select count(*)::integer from quota_spend where quota_spend.identity = wanted.name and at > now() - make_interval(secs => wanted.seconds)) as used
      from unnest(${[...identities]}::text[], ${lengths}::float8[]) with ordinality as wanted (name, seconds, place) left join identity using (name) order by place`,
  );
  return found.map(({ identity, used, quiet_until, learned, age }) => {
    const pace = learned === null || age === null ? {} : { learned: { perMinute: learned, ageMs: age } };
    return { identity, createsUsed: used, quietUntil: instant(quiet_until), ...pace };
  });
}

async function summary(db: Db, campaign: string) {
  const found = await row<{ order: CampaignOrder; phase: CampaignPhase; exposed: number; grace: Date | null; lately: number; deadline: Date | null; current: number | null; last: number | null; elsewhere: number }>(
    db,
    sql`select standing as "order", phase, ${exposedStarts} as exposed,
        (select max(grace_ends_at) from item where campaign = name and state = 'replaced') as grace,
        (select count(*)::integer from item where campaign = name and verified_at > now() - interval '10 minutes') as lately,
        (select min(starts_at) from item where campaign = name and state in ('waiting', 'running') and starts_at > now()) as deadline,
        (select min(wave) from item where campaign = name and state in ('waiting', 'running')) as current,
        (select max(wave) from item where campaign = name) as last,
        (select count(*)::integer from item where campaign = name and state = 'waiting' and claim is null and ${isElsewhere}) as elsewhere
      from campaign_state where name = ${campaign}`,
  );
  if (!found) throw unknownCampaign(campaign);
  const { order, phase, exposed, grace, lately, deadline, current, last, elsewhere } = found;
  return { order, phase, elsewhere, exposedStarts: exposed, replacedLately: lately, deadline: instant(deadline), latestGraceEnd: instant(grace), wave: last === null ? null : { current: current ?? last, last } };
}

type StoredRow = Omit<ItemRow, 'failedStep' | 'startsAt' | 'graceEndsAt' | 'retiredAt'> & {
  readonly failed_step: string | null;
  readonly starts_at: Date | null;
  readonly grace_ends_at: Date | null;
  readonly retired_at: Date | null;
};

async function itemRows(db: Db, campaign: string, selection: Parameters<typeof matches>[1]): ReturnType<PlanBook['rows']> {
  const found = await rows<StoredRow>(
    db,
    sql`select meeting, state, wave, evidence, proof, reason, failure, failed_step, note, kind, lane, starts_at, grace_ends_at, retired_at, departed
      from item where ${matches(campaign, selection)} order by starts_at nulls last, meeting`,
  );
  const events = await stepEventsOf(db, campaign, found.map(({ meeting }) => meeting));
  const at = (date: Date | null): Instant | null => instant(date);
  return found.map(({ failed_step, starts_at, grace_ends_at, retired_at, ...item }) => ({
    ...item,
    failedStep: failed_step,
    startsAt: at(starts_at),
    graceEndsAt: at(grace_ends_at),
    retiredAt: at(retired_at),
    steps: events.get(item.meeting) ?? [],
  }));
}
