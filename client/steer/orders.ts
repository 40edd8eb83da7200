import { WithStartWorkflowOperation } from '@temporalio/client';
import { counted } from '../../domain/counted.js';
import { scopeOf, type GivenOrder, type NotedVerb, type OrderAuthor, type OrderReceipt, type StandingVerb } from '../../domain/orders.js';
import type { Ledger } from '../../domain/ledger.js';
import { isWhole, reachOf, type Criteria, type MeetingVerb, type Reach } from '../../domain/selection.js';
import { release, retry, rollback } from '../../workflows/messages.js';
import { JobFailed, refusedByLedger, WrongUse } from '../errors.js';
import type { CampaignSession } from '../session.js';
import { campaignStart, isWritten, runningCampaign } from './campaign-run.js';
import { SHORT_PATIENCE_MS, tell, unlessAway } from './wake.js';

/** Whether Temporal could be told: the ledger has the order in any case. */
export interface Told<T> {
  readonly given: T;
  readonly isTold: boolean;
}

/**
 * An order to a campaign that runs, or that a rerun is about to start: into the ledger, which alone decides, and past Temporal, where no name and no reason belongs; then whoever waits is told to look.
 * It needs neither a worker nor, for what holds in the ledger, Temporal.
 * @param agoMs how long ago the operator looked: what anybody ordered since then is not overruled
 * @param patienceMs for Temporal, which an order in an emergency does not wait for
 * @throws JobFailed when the campaign does not run, or another operator was first
 */
export async function order(session: CampaignSession, verb: StandingVerb, author: OrderAuthor, agoMs: number, patienceMs = SHORT_PATIENCE_MS): Promise<Told<GivenOrder>> {
  const { ledger, name } = session;
  const seen = await ledger.orders.lastOrder(name, agoMs);
  const [gate] = verb === 'stop' ? await ledger.gates.open(name) : [];
  const runs = await unlessAway(async () => isWritten(await session.temporal(), name), patienceMs);
  if (runs === false) throw new JobFailed(`${name} is not running, so there is nothing to ${verb}; see \`relink status ${name}\``);
  const given = await ledger.orders.give(name, { verb, scope: null, meetings: [], seen, unlessApproved: gate?.id }, author).catch(refusedByLedger);
  return { given, isTold: runs !== null && (await tell(session, undefined, patienceMs)) };
}

/**
 * Notes who gives an order that is put in force elsewhere: the workflow of a campaign that is started sees to that, unless something else is ordered
 * until then; one that runs has only its file taken over. @returns the number of the order
 */
export async function note({ ledger, name }: CampaignSession, verb: NotedVerb, author: OrderAuthor): Promise<number> {
  const seen = await ledger.orders.lastOrder(name, 0);
  return (await ledger.orders.give(name, { verb, scope: null, meetings: [], seen }, author).catch(refusedByLedger)).id;
}

/** What an order to meetings would come to, and what its giver has seen. */
export interface Prospect extends Reach {
  readonly verb: MeetingVerb;
  readonly criteria: Criteria;
  readonly seen: number;
  /** A rollback of the whole campaign: nothing more is begun either, and of that there may be something left. */
  readonly isWhole: boolean;
  readonly isUnderWay: boolean;
}

/** Changes nothing. @throws JobFailed when the standing order of the campaign would keep the meetings from being worked on, or when others would be begun with them. */
export async function prospectOf(session: CampaignSession, verb: MeetingVerb, criteria: Criteria): Promise<Prospect> {
  const { ledger, name } = session;
  const seen = await ledger.orders.lastOrder(name, 0);
  const standing = (await ledger.campaigns.get(name)).order;
  if (verb !== 'rollback' && (standing === 'stop' || standing === 'rollback')) {
    const stands = standing === 'stop' ? 'is stopped' : 'was put back as a whole';
    throw new JobFailed(`${name} ${stands}, so nothing of it is worked on; begin again with \`relink start ${name}\`, then ${verb}`);
  }
  const selected = await ledger.items.select(name, criteria);
  const isUnderWay = selected.some(({ state }) => state === 'waiting' || state === 'running' || state === 'replaced');
  const prospect = { verb, criteria, seen, isWhole: verb === 'rollback' && isWhole(criteria), isUnderWay, ...reachOf(verb, selected, criteria) };
  const goesOn = !prospect.isWhole && (standing === 'go' || standing === 'pause');
  if (goesOn && prospect.reached.length > 0) await mustBeginNothingElse(session, verb);
  return prospect;
}

/**
 * An order runs a campaign that does not run, and with it all that a plan has left waiting: nobody has said yes to that, and no ceiling was held
 * against it. Where Temporal is away nothing is run.
 */
async function mustBeginNothingElse(session: CampaignSession, verb: MeetingVerb): Promise<void> {
  const { ledger, name } = session;
  const runs = await unlessAway(async () => (await runningCampaign(await session.temporal(), name)) !== undefined);
  const waiting = runs === false ? (await ledger.items.select(name, { states: ['waiting'] })).length : 0;
  if (waiting === 0) return;
  throw new JobFailed(`${name} does not run, and to ${verb} would also begin ${counted(waiting, 'meeting')} that no start has taken up; begin with \`relink start ${name}\`, then ${verb}`);
}

const updates = { rollback, retry, release } as const;

/**
 * Exactly the meetings that were shown: into the ledger first, and to the campaign by the number of the order, which carries it out whether it still runs or not.
 * @throws JobFailed when another operator was first
 */
export async function orderMeetings(session: CampaignSession, { verb, criteria, seen, isWhole: whole, reached, refused }: Prospect, author: OrderAuthor): Promise<Told<GivenOrder & { readonly receipt: OrderReceipt }>> {
  const { ledger, name } = session;
  const meetings = [...reached, ...refused].map(({ meeting }) => meeting);
  const given = await ledger.orders.give(name, { verb, scope: whole ? null : scopeOf(criteria), meetings, seen }, author).catch(refusedByLedger);
  const receipt = await unlessAway(async () =>
    (await session.temporal()).workflow.executeUpdateWithStart(updates[verb], {
      args: [{ order: given.id }],
      startWorkflowOperation: new WithStartWorkflowOperation('runCampaign', { ...campaignStart(name, 'none'), workflowIdConflictPolicy: 'USE_EXISTING' }),
    }),
  );
  return { given: { ...given, receipt: receipt ?? { ordered: 0, refused: 0 } }, isTold: receipt !== null };
}

type KnownCampaign = { readonly ledger: Pick<Ledger, 'items'>; readonly name: string };

/** Keys in full for what the user typed. @throws WrongUse when a key is unknown or short of being unique. */
export async function fullKeys({ ledger, name }: KnownCampaign, typed: readonly string[]): Promise<readonly string[]> {
  const keys = (await ledger.items.select(name, {})).map(({ meeting }) => meeting);
  return typed.map((each) => fullKey(each, keys));
}

export function fullKey(typed: string, keys: readonly string[]): string {
  const wanted = typed.toLowerCase();
  const found = keys.includes(wanted) ? [wanted] : keys.filter((key) => key.startsWith(wanted));
  const [key] = found;
  if (key === undefined || wanted === '') throw new WrongUse(`no meeting of this campaign has a key that begins with ${typed}; \`relink report\` lists them all`);
  if (found.length > 1) throw new WrongUse(`${found.length} meetings have a key that begins with ${typed}; type more of it`);
  return key;
}
