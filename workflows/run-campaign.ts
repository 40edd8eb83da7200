import { allHandlersFinished, condition, continueAsNew, executeChild, sleep, workflowInfo } from '@temporalio/workflow';
import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { CampaignProgress } from '../domain/activities.js';
import type { CampaignPhase } from '../domain/campaign.js';
import type { Gate } from '../domain/gates.js';
import { ledgerActivities as ledger } from './lib/activities.js';
import { showBoard } from './lib/board.js';
import { takeOrders } from './lib/campaign-orders.js';
import { Crew } from './lib/crew.js';
import { isLong } from './lib/history.js';
import { attributes, digestsId, finishDigests, inventoryId, RELINK_QUEUE, type CampaignOutcome, type RunCampaignInput } from './messages.js';
import { signalIfOpen } from './lib/signals.js';
import { takeInventory } from './take-inventory.js';

/** How often the ledger is asked: soon after a change, seldom while nothing moves. Milliseconds. */
const LOOK = { first: 1_000, last: 30_000, growth: 1.5 };

/**
 * One campaign from inventory to the last deletion: plan, waves in order, grace, the last notices.
 * It knows how things stand from the ledger alone, so it may be continued, killed or started again at any point.
 * A rerun of a finished campaign handles only the difference.
 *
 * @throws ApplicationFailure `InvalidInput` before anything is written at the vendor, when more meetings are affected
 * than `limits.maxMeetings` or `limits.maxShare` allows; and what `takeInventory` throws
 */
export async function runCampaign(input: RunCampaignInput): Promise<CampaignOutcome> {
  const { campaign } = input;
  let look = false;
  const lookSoon = () => void (look = true);
  const underWay = takeOrders(campaign, lookSoon);

  const crew = new Crew(campaign, await ledger.campaignPace({ campaign }), input.continued ?? false, lookSoon);
  if (!input.continued) await begin(input);
  await crew.startDigests();
  let phase: CampaignPhase = 'planning';
  let interval = LOOK.first;
  let last = '';
  for (;;) {
    look = false;
    const progress = await ledger.progress({ campaign });
    phase = await enter(campaign, phaseOf(progress), phase);
    showBoard(campaign, phase, progress);
    const left = (progress.leftOrders ?? []).filter((order) => !underWay.has(order));
    for (const order of left) await ledger.orderMeetings({ campaign, order });
    if (left.length > 0) continue; // what was over is perhaps no more
    if (progress.order !== 'go') crew.rest();
    await crew.keepDigests();
    if (isOver(progress) && allHandlersFinished()) {
      look = false;
      const outcome = await settle(campaign, phase, () => look);
      if (outcome && !look && allHandlersFinished()) return outcome;
      phase = outcome?.phase ?? phase;
      await crew.startDigests();
    } else {
      if (progress.announce) crew.announce();
      if (progress.order === 'go') await crew.work(progress);
      const now = JSON.stringify(progress.counts);
      interval = now === last ? Math.min(LOOK.last, interval * LOOK.growth) : LOOK.first;
      last = now;
      if (await condition(() => look, Math.round(interval))) interval = LOOK.first;
    }
    if (isLong() && allHandlersFinished()) {
      await continueAsNew<typeof runCampaign>({ ...input, continued: true });
    }
  }
}

/** The order to go, unless a schedule begins; inventory, plan, ceilings; and what an earlier stop had left in grace. */
async function begin({ campaign, inventory, order: after, rerun }: RunCampaignInput): Promise<void> {
  if (inventory === 'none') return;
  if (!rerun) await ledger.giveOrder({ campaign, order: 'go', ...(after === undefined ? {} : { after }) });
  await ledger.setPhase({ campaign, phase: 'planning' });
  if (inventory === 'take') await newInventory(campaign);
  else await ledger.planWaves({ campaign });
  await ledger.openCampaign({ campaign });
  await ledger.orderMeetings({ campaign, order: 'continue' });
}

/** One that a `plan` has under way may be older than what we were started for: ours follows it. */
async function newInventory(campaign: string): Promise<void> {
  const args: [{ campaign: string; run: string }] = [{ campaign, run: workflowInfo().runId }];
  for (let interval = LOOK.first; ; interval = Math.min(LOOK.last, interval * LOOK.growth)) {
    try {
      await executeChild(takeInventory, { workflowId: inventoryId(campaign), taskQueue: RELINK_QUEUE, args, staticSummary: `inventory of ${campaign}`, typedSearchAttributes: new TypedSearchAttributes(attributes({ campaign })) });
      return;
    } catch (cause: unknown) {
      if (!(cause instanceof WorkflowExecutionAlreadyStartedError)) throw cause;
      await sleep(Math.round(interval), { summary: 'until the inventory of a plan is over' });
    }
  }
}

async function enter(campaign: string, phase: CampaignPhase, before: CampaignPhase): Promise<CampaignPhase> {
  if (phase !== before) await ledger.setPhase({ campaign, phase });
  return phase;
}

const total = ({ counts }: CampaignProgress, ...states: readonly (keyof CampaignProgress['counts'])[]): number =>
  states.reduce((sum, state) => sum + counts[state], 0);

function phaseOf(progress: CampaignProgress): CampaignPhase {
  const { order, gates = [] } = progress;
  if (order === 'pause') return gates.some(({ holds }) => holds === 'all') ? 'awaiting-approval' : 'paused';
  if (order === 'rollback') return 'rolling-back';
  if (order === 'go' && gates.some((gate) => isNext(gate, progress))) return 'awaiting-approval';
  return total(progress, 'waiting', 'running') > 0 && order === 'go' ? 'remediating' : 'settling';
}

/** Nothing else is left to do before the gate. */
function isNext({ gate, holds }: Gate, { open }: CampaignProgress): boolean {
  const current = open.find(({ waiting, running }) => waiting + running > 0);
  if (!current) return holds === 'deletion';
  return current.running === 0 && gate === `wave ${current.wave}`;
}

function isOver(progress: CampaignProgress): boolean {
  if ((progress.leftOrders ?? []).length > 0) return false;
  switch (progress.order) {
    case 'go':
      return total(progress, 'waiting', 'running', 'replaced', 'retired') === 0;
    case 'pause':
      return false;
    case 'stop':
      return total(progress, 'running') === 0;
    case 'rollback':
      return total(progress, 'running', 'replaced', 'retired') === 0;
  }
}

const mayMail = ({ windows = [] }: CampaignProgress): boolean => !windows.some(({ of, rate }) => of === 'notices' && rate === 0);

/**
 * The last notices go out, corrections too; then the campaign is over until somebody starts it again.
 * @returns nothing when something came first: an order, something to do, or the end of this run, which has become long
 */
async function settle(campaign: string, phase: CampaignPhase, isOrdered: () => boolean): Promise<CampaignOutcome | undefined> {
  await signalIfOpen(digestsId(campaign), finishDigests);
  for (;;) {
    const progress = await ledger.progress({ campaign });
    if (!isOver(progress)) return undefined;
    if (progress.pendingNotices === 0) return end(campaign, progress);
    showBoard(campaign, phase, progress);
    await condition(isOrdered, mayMail(progress) ? '2s' : '1m', { summary: 'until the last notices are sent' });
    if (isOrdered() || isLong()) return undefined;
  }
}

async function end(campaign: string, progress: CampaignProgress): Promise<CampaignOutcome> {
  const phase = progress.order === 'go' ? 'finished' : 'stopped';
  await ledger.setPhase({ campaign, phase });
  showBoard(campaign, phase, progress);
  return { phase };
}
