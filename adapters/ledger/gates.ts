import { sql } from 'kysely';
import type { CampaignOrder } from '../../domain/campaign.js';
import { RelinkFailure } from '../../domain/failures.js';
import { pointsReached, type Approval, type ApprovalPolicy, type Gate, type GateBook, type GateName } from '../../domain/gates.js';
import type { CampaignBook } from '../../domain/ledger.js';
import { usualStopRules, verdict, type StopRule, type Threshold } from '../../domain/verdict.js';
import type { Keyring } from '../seal/index.js';
import { exposedStarts, situation, type Situation } from './causes.js';
import { row, rows, type Db, type Store } from './database.js';
import { unknownCampaign } from './campaigns.js';

/** Stop rules and approvals: facts of the ledger, so that no restart forgets one. */
export function createGates({ db, keyring }: Store, campaigns: CampaignBook): GateBook {
  return {
    async judge(campaign) {
      const { spec } = await campaigns.get(campaign);
      const { stopRules = usualStopRules, approval } = spec;
      return db.transaction().execute(async (tx) => {
        const { order, held } = await lockState(tx, campaign);
        if (order === 'go' && !held) {
          const now = await situation(tx, campaign);
          await judgeBy(tx, campaign, now, stopRules);
          if (approval) await ask(tx, campaign, now, approval);
        }
        return openGates(tx, campaign);
      });
    },
    open: (campaign) => openGates(db, campaign),
    approve: (campaign, wanted, { by, reason }) =>
      db.transaction().execute(async (tx) => {
        const { order } = await lockState(tx, campaign);
        const gate = pick(campaign, await openGates(tx, campaign), wanted, order);
        const sealed = { by: keyring.seal(by, place(campaign, gate.id, 'author')), reason: keyring.seal(reason, place(campaign, gate.id, 'reason')) };
        await rows(tx, sql`insert into approval (gate, author, reason, exposed) select ${gate.id}::integer, ${sealed.by}, ${sealed.reason}, ${exposedStarts} from campaign_state where name = ${campaign}`);
        await rows(tx, sql`update campaign_state set held = ${isHeld(await openGates(tx, campaign))} where name = ${campaign}`);
        const given = (await approvals(tx, keyring, campaign)).find(({ id }) => id === gate.id);
        if (!given) throw new RelinkFailure('InvalidInput', 'the approval was not written');
        return given;
      }),
    approvals: (campaign) => approvals(db, keyring, campaign),
  };
}

const place = (campaign: string, gate: number, what: 'author' | 'reason'): string => `approval.${what}.${campaign}.${gate}`;
const isHeld = (open: readonly Gate[]): boolean => open.some(({ holds }) => holds === 'all');

/** Whoever changes how a campaign stands does it one after the other. */
export async function lockState(tx: Db, campaign: string): Promise<{ readonly order: CampaignOrder; readonly held: boolean }> {
  const found = await row<{ order: CampaignOrder; held: boolean }>(tx, sql`select "order", held from campaign_state where name = ${campaign} for update`);
  if (!found) throw unknownCampaign(campaign);
  return found;
}

/** Nothing is held when nothing is left to be kept from harm. */
async function judgeBy(tx: Db, campaign: string, { facts, betweenWaves, left }: Situation, stopRules: typeof usualStopRules): Promise<void> {
  const found = verdict(stopRules, facts, betweenWaves);
  if (found.answer === 'go' || !left) return;
  const { rule, count, of, limit } = found.cause;
  await rows(
    tx,
    sql`insert into gate (campaign, gate, holds, answer, rule, causes, total, threshold)
      values (${campaign}, ${`rule ${rule}`}, 'all', ${found.answer}, ${rule}, ${count}, ${of}, ${String(limit)})`,
  );
  await rows(tx, sql`update campaign_state set held = true, "order" = ${found.answer === 'stop' ? 'stop' : 'go'} where name = ${campaign}`);
}

/** Each point once in the life of a campaign, so that a rerun does not ask again for what was approved. */
async function ask(tx: Db, campaign: string, now: Situation, policy: ApprovalPolicy): Promise<void> {
  if (!now.left) return;
  for (const { gate, holds } of pointsReached(policy, now)) {
    await rows(
      tx,
      sql`insert into gate (campaign, gate, holds, answer) select ${campaign}, ${gate}, ${holds}, 'hold'
        where not exists (select from gate where campaign = ${campaign} and gate = ${gate})`,
    );
  }
  await rows(tx, sql`update campaign_state set held = ${isHeld(await openGates(tx, campaign))} where name = ${campaign}`);
}

function pick(campaign: string, open: readonly Gate[], wanted: GateName | undefined, order: CampaignOrder): Gate {
  const fitting = open.filter(({ gate }) => wanted === undefined || gate === wanted);
  const [gate] = fitting;
  if (!gate) throw new RelinkFailure('InvalidInput', `${wanted === undefined ? 'nothing' : `'${wanted}'`} of ${campaign} waits for no approval; see \`relink status ${campaign}\``);
  if (fitting.length > 1) throw new RelinkFailure('InvalidInput', `several gates of ${campaign} are open; name one with --gate: ${fitting.map((each) => `'${each.gate}'`).join(', ')}`);
  if (order === 'rollback' || (order === 'stop' && gate.answer === 'hold')) {
    throw new RelinkFailure('InvalidInput', `${campaign} was ${order === 'stop' ? 'stopped' : 'put back'}, so there is nothing to approve; \`relink start ${campaign}\` takes it up again and asks then`);
  }
  return gate;
}

interface GateRow {
  readonly id: number;
  readonly gate: GateName;
  readonly holds: Gate['holds'];
  readonly answer: Gate['answer'];
  readonly rule: StopRule | null;
  readonly causes: number | null;
  readonly total: number | null;
  readonly threshold: string | null;
  readonly opened_at: Date;
}

export const isOpen = sql`not exists (select from approval where approval.gate = gate.id)`;
const columns = sql`gate.id, gate.gate, holds, answer, rule, causes, total, threshold, opened_at`;

/** A deletion waits for its approval from the beginning; a human is asked once there is something to delete. */
async function openGates(db: Db, campaign: string): Promise<readonly Gate[]> {
  const found = await rows<GateRow>(
    db,
    sql`select ${columns} from gate where campaign = ${campaign} and ${isOpen}
      and (holds <> 'deletion' or exists (select from item where campaign = ${campaign} and state = 'replaced')) order by id`,
  );
  return found.map(toGate);
}

async function approvals(db: Db, keyring: Keyring, campaign: string): Promise<readonly Approval[]> {
  const found = await rows<GateRow & { author: Buffer; reason: Buffer; at: Date }>(
    db,
    sql`select ${columns}, author, reason, at from gate join approval on approval.gate = gate.id where campaign = ${campaign} order by at, id`,
  );
  return found.map((line) => ({
    ...toGate(line),
    approvedAt: line.at.toISOString(),
    by: keyring.open(line.author, place(campaign, line.id, 'author')),
    reason: keyring.open(line.reason, place(campaign, line.id, 'reason')),
  }));
}

const toGate = ({ id, gate, holds, answer, rule, causes, total, threshold, opened_at }: GateRow): Gate => ({
  id,
  gate,
  holds,
  answer,
  cause: rule === null ? null : { rule, count: causes ?? 0, of: total ?? 0, limit: toThreshold(threshold ?? '') },
  openedAt: opened_at.toISOString(),
});

const toThreshold = (text: string): Threshold => (/^\d+$/.test(text) ? Number(text) : (text as Threshold));
