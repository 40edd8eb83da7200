import type { LaneClaim, LedgerActivities } from '../domain/activities.js';
import { CEILING_REMEDY, ceilingOf, excess } from '../domain/ceiling.js';
import { RelinkFailure } from '../domain/failures.js';
import type { Ledger, Quota } from '../domain/ledger.js';
import type { StandingVerb } from '../domain/orders.js';
import { foreseenEnd, lanesOf, quotaWindows } from '../domain/outlook.js';
import type { IdentityLimits } from '../domain/rehearsal.js';
import { closedUntil } from '../domain/windows.js';
import { openHandles } from './departed.js';
import { attempt, bookmark } from './edge.js';
import { carryOut, type OrderPosition, type SagaControl } from './orders.js';
import { createProgress } from './progress.js';

export interface CampaignContext {
  readonly ledger: Ledger;
  readonly sagas: SagaControl;
  /** Creation quota of each identity. */
  readonly quotas: ReadonlyMap<string, Quota>;
  /** Of relink.yaml, for the forecast. */
  readonly identities: readonly IdentityLimits[];
}

/** A meeting that another campaign is working on is tried again after this time, or a grace if that is shorter. Milliseconds. */
const OCCUPIED_ELSEWHERE_MS = 60_000;

/** The ledger, as workflows see it. */
export function createCampaign(context: CampaignContext): LedgerActivities {
  const { ledger, sagas, quotas } = context;
  return {
    async beginInventory({ campaign, run }) {
      const { spec } = await ledger.campaigns.get(campaign);
      await ledger.inventory.begin(campaign, run);
      return { lanes: spec.identities };
    },
    openHandles: (input) => openHandles(ledger, input),
    planWaves: async ({ campaign }) => ({ waves: await ledger.plans.assignWaves(campaign) }),
    async campaignPace({ campaign }) {
      const { spec } = await ledger.campaigns.get(campaign);
      return { lanes: spec.identities, digestEveryMs: spec.notices.digestEveryMs, maxConcurrent: spec.limits.maxConcurrent };
    },
    openCampaign: ({ campaign }) => open(context, campaign),
    setPhase: ({ campaign, phase }) => ledger.campaigns.setPhase(campaign, phase),
    giveOrder: ({ campaign, order, verb, after }) => (verb === undefined ? ledger.campaigns.setOrder(campaign, order, after) : orderedInTemporal(ledger, campaign, verb)),
    progress: createProgress(context),

    startLane: ({ campaign, lane }) => ledger.items.releaseClaims(campaign, lane),
    async claimMeetings({ lane, ...claim }) {
      const quota = quotas.get(lane);
      if (!quota) throw new RelinkFailure('InvalidInput', `this worker’s relink.yaml has no identity ${lane}`);
      await ledger.gates.judge(claim.campaign); // so that a rule fires before more is begun than a lane holds
      return claimWithin(ledger, { ...claim, lane, quota });
    },
    async unclaimMeeting(ref) {
      const { graceMs } = (await ledger.campaigns.get(ref.campaign)).spec;
      await ledger.items.unclaim(ref, new Date(Date.now() + Math.min(OCCUPIED_ELSEWHERE_MS, graceMs)).toISOString());
    },
    settle: (outcome) => settle(context, outcome),

    orderMeetings(order) {
      const mark = bookmark();
      const from = mark.saved === undefined ? undefined : (JSON.parse(mark.saved) as OrderPosition);
      return carryOut({ ledger, sagas, from, beat: (position) => mark.save(JSON.stringify(position)) }, order);
    },
  };
}

/**
 * A campaign does not wait for what is held: by the time a saga has done what an order says it may be over, with nobody left to take
 * the meeting or to send its correction. One that is over is not begun again where a plan has left what nobody has said yes to: that start takes this too.
 */
async function settle({ ledger, sagas }: CampaignContext, { campaign, meeting, state, failure, step, reason }: Parameters<LedgerActivities['settle']>[0]): Promise<void> {
  const ref = { campaign, meeting };
  const before = (await ledger.items.get(ref)).state;
  await ledger.items.move(ref, state, { failure, failedStep: step, reason });
  const mayBeMissed = before === 'held' || state === 'waiting' || (before === state && attempt() > 1);
  if (!mayBeMissed && state !== 'rolled-back') return;
  const { order } = await ledger.campaigns.get(campaign);
  if (!mayBeMissed && order !== 'stop') return; // one that goes on hears of it by its counts
  await sagas.goOn(campaign, order === 'stop' || order === 'rollback' || !(await ledger.plans.hasUntouched(campaign)));
}

/** An update says what is wanted, not by whom. A repeated attempt leaves no second line. */
async function orderedInTemporal(ledger: Ledger, campaign: string, verb: StandingVerb): Promise<void> {
  const last = (await ledger.orders.list(campaign)).at(-1);
  if (attempt() > 1 && last?.verb === verb && last.by === IN_TEMPORAL.by) return;
  await ledger.orders.give(campaign, { verb, scope: null, meetings: [], seen: last?.id ?? 0 }, IN_TEMPORAL);
}

const IN_TEMPORAL = { by: 'somebody in the Temporal UI', reason: null };

/** Outside the campaign's windows it is as if it were paused, until they open. */
async function claimWithin({ campaigns, items }: Ledger, input: Parameters<Ledger['items']['claim']>[0]): Promise<LaneClaim> {
  const { limits, windows } = (await campaigns.get(input.campaign)).spec;
  const opens = closedUntil(windows?.writes, Date.now());
  const taken = await items.claim(opens === null ? input : { ...input, limit: 0 });
  const claim = { ...taken, maxConcurrent: Math.min(limits.maxConcurrent, taken.maxConcurrent ?? Infinity) };
  if (opens === null) return claim;
  return { ...claim, order: claim.order === 'go' ? 'pause' : claim.order, waitUntil: claim.left > 0 ? opens : claim.waitUntil };
}

/** Ceilings are checked before the first write. What the plan foresees is kept, so that boards can tell how the end has moved since. */
async function open({ ledger, identities }: CampaignContext, campaign: string): Promise<void> {
  const { spec } = await ledger.campaigns.get(campaign);
  const planned = (await ledger.plans.waves(campaign)).reduce((sum, { meetings }) => sum + meetings, 0);
  const tooMany = excess(ceilingOf(spec.limits, planned, await ledger.plans.findings(campaign)), planned);
  if (tooMany !== null) throw new RelinkFailure('InvalidInput', `${tooMany}; ${CEILING_REMEDY}`);
  const [{ quota }, load] = await Promise.all([ledger.plans.status(campaign, quotaWindows(identities)), ledger.plans.hostLoad(campaign, ['waiting'])]);
  const end = foreseenEnd(spec, load, lanesOf(identities, spec, quota), Date.now());
  if (end !== null) await ledger.forecasts.plan(campaign, end);
  await ledger.campaigns.begin(campaign);
}
