import { sql } from 'kysely';
import type { FailureType } from '../../domain/failures.js';
import { ADOPTED_NOTE, DUPLICATE_NOTE, KEPT_BACK_NOTE, stopRuleNames, type Causes, type StopFacts, type StopRule } from '../../domain/verdict.js';
import { list, row, type Db } from './database.js';

/** Failures with a rule of their own. */
const ownRule = {
  unverified: ['VerificationFailed', 'StillResolves'],
  bounced: ['OrganiserUnreachable'],
  reverted: ['LegacyChanged', 'LegacyDeleted', 'ReplacementGone'],
} as const satisfies Partial<Record<StopRule, readonly FailureType[]>>;

/** Starts on the legacy link between the start of the campaign and the end of the link (or now). Of one row of `campaign_state`. */
export const exposedStarts = sql`(select coalesce(sum(exposed), 0)::integer + count(*) filter (where state not in ('unaffected', 'excluded')
  and starts_at >= started_at and starts_at <= coalesce(retired_at, case when state = 'gone' or failure = 'LegacyDeleted' then settled_at end, now()))::integer from item where campaign = name)`;

export interface Situation {
  readonly facts: StopFacts;
  /** The next wave waits, and none of it has begun. */
  readonly betweenWaves: boolean;
  /** The first wave that is not settled; null when none is left. */
  readonly wave: number | null;
  /** Something is left that a hold would keep from harm. */
  readonly left: boolean;
}

/** All that stop rules and gates ask about. Each rule counts what came after its last approval: what somebody has accepted is no new cause. */
export async function situation(db: Db, campaign: string): Promise<Situation> {
  const outcomes = await outcomesOf(db, campaign);
  const log = await logOf(db, campaign);
  const now = await stateOf(db, campaign);
  const of = (rule: StopRule): number => outcomes[`${rule} of`] ?? 0;
  const counted = (rule: StopRule): Causes => ({ count: outcomes[rule] ?? 0, of: of(rule) });
  const facts: StopFacts = {
    failures: counted('failures'),
    unverified: counted('unverified'),
    duplicates: { count: log.duplicates, of: of('duplicates') },
    bounced: counted('bounced'),
    reverted: counted('reverted'),
    quotaBurn: { count: log.wasted, of: log.creations },
    exposedStarts: { count: now.exposed, of: of('exposedStarts') },
  };
  return { facts, betweenWaves: now.untouched, wave: now.wave, left: now.left };
}

const since = (campaign: string, rule: StopRule) => sql`coalesce((select max(approval.at) from gate join approval on approval.gate = gate.id
  where gate.campaign = ${campaign} and gate.rule = ${rule}), '-infinity'::timestamptz)`;

/** A failure that only the inventory saw has no step: nothing was tried. */
async function outcomesOf(db: Db, campaign: string): Promise<Readonly<Record<string, number>>> {
  const own = Object.values(ownRule).flat();
  const isCause = (rule: StopRule) => (rule in ownRule ? sql`failure = any(${list(ownRule[rule as keyof typeof ownRule])})` : sql`failure <> all(${list(own)})`);
  const columns = stopRuleNames.flatMap((rule) => [
    sql`count(*) filter (where at > ${since(campaign, rule)})::integer as ${sql.id(`${rule} of`)}`,
    sql`count(*) filter (where at > ${since(campaign, rule)} and bad and ${isCause(rule)})::integer as ${sql.id(rule)}`,
  ]);
  const found = await row<Record<string, number>>(
    db,
    sql`select ${sql.join(columns)} from (
      select failure, state in ('failed', 'held') as bad, case when state in ('failed', 'held') then settled_at else verified_at end as at from item
      where campaign = ${campaign} and (state in ('replaced', 'retired', 'done') or (state in ('failed', 'held') and failed_step is not null))) as outcome`,
  );
  return found ?? {};
}

/** As `isKeptBack` says of one line. */
const keptBack = sql`(state = 'failed' and (failure is not distinct from 'Throttled' or coalesce(note, '') like ${`%${KEPT_BACK_NOTE}`}))`;

async function logOf(db: Db, campaign: string): Promise<{ readonly duplicates: number; readonly creations: number; readonly wasted: number }> {
  const found = await row<{ duplicates: number; creations: number; wasted: number }>(
    db,
    sql`select count(distinct meeting) filter (where note = ${DUPLICATE_NOTE} and at > ${since(campaign, 'duplicates')})::integer as duplicates,
        (count(*) filter (where state = 'started' and at > ${since(campaign, 'quotaBurn')}) - count(*) filter (where ${keptBack} and at > ${since(campaign, 'quotaBurn')}))::integer as creations,
        greatest(0, count(*) filter (where state = 'failed' and not ${keptBack} and note is distinct from ${DUPLICATE_NOTE} and at > ${since(campaign, 'quotaBurn')})
          - count(distinct meeting) filter (where note = ${ADOPTED_NOTE} and at > ${since(campaign, 'quotaBurn')}))::integer as wasted
      from step_event where campaign = ${campaign} and step = 'replace'`,
  );
  return found ?? { duplicates: 0, creations: 0, wasted: 0 };
}

async function stateOf(db: Db, campaign: string): Promise<{ readonly exposed: number; readonly wave: number | null; readonly untouched: boolean; readonly left: boolean }> {
  const found = await row<{ exposed: number; wave: number | null; untouched: boolean; left: boolean }>(
    db,
    sql`select ${exposedStarts} - coalesce((select max(approval.exposed) from gate join approval on approval.gate = gate.id
          where gate.campaign = name and gate.rule = 'exposedStarts'), 0) as exposed, current as wave,
        current is not null and not exists (select from item where campaign = name and wave = current
          and (claim is not null or state not in ('waiting', 'unaffected', 'excluded', 'refused'))) as untouched,
        exists (select from item where campaign = name and state in ('waiting', 'running', 'replaced')) as left
      from campaign_state, lateral (select min(wave) as current from item where campaign = name and state in ('waiting', 'running')) as open
      where name = ${campaign}`,
  );
  return found ?? { exposed: 0, wave: null, untouched: false, left: false };
}
