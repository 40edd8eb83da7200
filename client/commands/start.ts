import { Option } from '@commander-js/extra-typings';
import { onShutdown } from '../../adapters/runtime/local-stack/shutdown.js';
import { CEILING_REMEDY, excess } from '../../domain/ceiling.js';
import { beyondPlan } from '../../domain/plan-documents.js';
import { authorOf, BY_OPTION, REASON_OPTION } from '../author.js';
import { JobFailed, WrongUse } from '../errors.js';
import type { Io, Screen } from '../io.js';
import { editedParts, takeOver, withCampaign, type CampaignSession } from '../session.js';
import { planChangesText } from '../show/plan-changes.js';
import type { Plan } from '../show/plan-figures.js';
import { campaignLink, workflowLink } from '../show/links.js';
import { hasWorker, NO_WORKER, runningCampaign, startCampaign } from '../steer/campaign-run.js';
import { follow, mustHaveEndedWell } from '../steer/follow.js';
import { note } from '../steer/orders.js';
import { wakeAll } from '../steer/wake.js';
import { answer, CAMPAIGN_ARGUMENT, JSON_OPTION, verb, whole } from '../verb.js';
import { campaignId } from '../../workflows/messages.js';
import { changesSince, makePlan, MOST_PLANS, showPlan } from './plan.js';

export const startCommand = (io: Io) =>
  verb({
    name: 'start',
    what: 'begin a campaign, or take it up again: shows the plan and asks, or takes --yes',
    examples: [
      ['relink start', 'the campaign in campaign.yaml, after a look at its plan'],
      ['relink start --yes --wait', 'without a question, and stay until it is over'],
      ['relink start --plan 3', 'plan 3 and nothing beyond it, or not at all'],
    ],
  }, io.err)
    .argument(...CAMPAIGN_ARGUMENT)
    .option('--yes', 'do not show the plan and do not ask')
    .addOption(new Option('--plan <n>', 'do not ask: do what the plan of this number says, or say what has changed and begin nothing').argParser(whole(1, MOST_PLANS)).conflicts('yes'))
    .option('--unrehearsed', 'begin although rehearseAbove asks for a rehearsal that passed')
    .option('--wait', 'stay until the campaign is over; exit code 1 unless all went well')
    .option(...BY_OPTION)
    .option(...REASON_OPTION)
    .option(...JSON_OPTION)
    .action((campaign, { config, ...options }) => withCampaign({ config, campaign, save: false, lend: true }, (session) => start(session, io, options)));

interface StartOptions {
  readonly yes?: true | undefined;
  readonly plan?: number | undefined;
  readonly unrehearsed?: true | undefined;
  readonly wait?: true | undefined;
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
  readonly json?: true | undefined;
}

async function start(session: CampaignSession, io: Io, { yes, plan, unrehearsed, wait, json, ...author }: StartOptions): Promise<void> {
  await mustNotBeEnding(session);
  const progress = json ? io.err : io.out;
  const look: Look = { progress, mustBeFit: (made) => mustBeFit(made, unrehearsed === true) };
  let inventory: 'take' | 'taken' = 'taken';
  if (plan !== undefined) await mustBePlan(session, io, plan, look);
  else if (!yes) await consent(session, io, look);
  else if (!(await lookedFirst(session, io, look))) inventory = 'take';
  const client = await session.temporal();
  if ((await runningCampaign(client, session.name)) !== undefined) await mustWantEdit(session, io, yes === true, progress);
  await takeOver(session);
  const { started, run } = await startCampaign(session, inventory, await note(session, 'start', authorOf(author)));
  const links = linksTo(session, run);
  if (!started) await wakeAll(session); // an edited file holds from now on
  progress.line(started ? `${session.name} is started.` : `${session.name} is already running.`);
  for (const link of links) progress.line(link);
  if (!(await hasWorker(client))) io.err.line(NO_WORKER);
  if (!wait) {
    return answer(io.out, json, 'start', { campaign: session.name, started, run: run ?? null, links }, () => []);
  }
  await waitForEnd(session, io, json === true, progress);
}

/** A campaign that has not yet ended as it was ordered to would end all the same. @throws JobFailed */
async function mustNotBeEnding(session: CampaignSession): Promise<void> {
  const { ledger, name } = session;
  if ((await runningCampaign(await session.temporal(), name)) === undefined) return;
  const { order } = await ledger.campaigns.get(name);
  if (order !== 'stop' && order !== 'rollback') return;
  throw new JobFailed(`${name} is still being ${order === 'stop' ? 'stopped' : 'put back'}; start it when \`relink watch ${name}\` says that this is over`);
}

/** Stays until the campaign is over. @throws JobFailed unless all went well. */
export async function waitForEnd(session: CampaignSession, { out }: Io, json: boolean, progress: Screen): Promise<void> {
  const end = await follow(session, progress);
  answer(out, json, 'start', end.status, () => []);
  await mustHaveEndedWell(session, end);
}

interface Look {
  readonly progress: Screen;
  /** @throws JobFailed when the plan is not to be begun */
  readonly mustBeFit: (plan: Plan) => void;
}

/** A campaign that runs takes an edited file over at once, and what was edited may be somebody else's. @throws JobFailed when the answer is no */
async function mustWantEdit(session: CampaignSession, { ask }: Io, yes: boolean, progress: Screen): Promise<void> {
  const edited = await editedParts(session);
  if (edited.length === 0) return;
  progress.line(`${session.name} runs by another file: this one changes ${edited.join(', ')}.`);
  if (yes) return;
  if (ask === null) throw new WrongUse('there is no terminal to ask on: give --yes to have it taken over');
  if (!(await ask('Take it over?'))) throw new JobFailed('nothing was changed, as you wished');
}

/**
 * The plan by this file, which the ledger has only meanwhile: nobody has said yes to it yet, and whatever is refused, or goes wrong, or Ctrl-C, is a no.
 * What is scheduled goes by the one before.
 */
async function lookAhead(session: CampaignSession, err: Screen): Promise<Plan> {
  const giveBack = await takeOver(session);
  const release = onShutdown(giveBack);
  try {
    return await makePlan(session, err);
  } finally {
    release();
    await giveBack();
  }
}

/** Nobody is asked, but what is not to be begun is told before it is: the inventory comes before the campaign. @returns whether it was taken; not when the campaign runs */
async function lookedFirst(session: CampaignSession, { err }: Io, { mustBeFit: check }: Look): Promise<boolean> {
  if ((await runningCampaign(await session.temporal(), session.name)) !== undefined) return false;
  check(await lookAhead(session, err));
  return true;
}

/** Nothing is written at the vendor before the plan was shown and somebody said yes. */
async function consent(session: CampaignSession, { ask, err }: Io, { progress, mustBeFit: check }: Look): Promise<void> {
  if ((await runningCampaign(await session.temporal(), session.name)) !== undefined) return;
  if (ask === null) throw new WrongUse('there is no terminal to ask on: look at `relink plan`, then give --yes');
  const plan = await lookAhead(session, err);
  showPlan(plan, progress);
  check(plan);
  if (!(await ask(`Replace ${plan.meetings} meetings?`))) throw new JobFailed('not started, as you wished; nothing was written at the vendor');
  await mustBeWhatWasShown(session, plan.number);
}

/** The question may have stood for hours, and somebody else's inventory may have found more meanwhile. @throws JobFailed when there is more to do now than the plan that was shown says */
async function mustBeWhatWasShown({ ledger, name }: CampaignSession, shown: number): Promise<void> {
  const { number } = await ledger.planDocuments.keep(name);
  const changes = await ledger.planDocuments.changes(name, shown, number);
  if (beyondPlan(changes, await ledger.planDocuments.lines(name, number)).length === 0) return;
  throw new JobFailed(`not started: meanwhile plan ${number} was made, which does more than plan ${shown}; look at it: \`relink plan ${name} --diff ${shown}\``);
}

/** Says what has changed. @throws JobFailed when by a new inventory something would be done that the plan does not say, or the campaign runs. */
async function mustBePlan(session: CampaignSession, { err }: Io, number: number, { mustBeFit: check }: Look): Promise<void> {
  if ((await runningCampaign(await session.temporal(), session.name)) !== undefined) throw new JobFailed(`${session.name} is already running`);
  await session.ledger.planDocuments.mustExist(session.name, number);
  const plan = await lookAhead(session, err);
  check(plan);
  if (plan.number === number) return;
  const diff = await changesSince(session, number, plan.number);
  for (const line of planChangesText(diff, err.colours)) err.line(line);
  if (beyondPlan(diff.changes, await session.ledger.planDocuments.lines(session.name, plan.number)).length === 0) return;
  throw new JobFailed(`not started: plan ${plan.number}, which is what there is now, does more than plan ${number}; look at it, then \`relink start ${session.name} --plan ${plan.number}\``);
}

function mustBeFit({ campaign, meetings, ceiling, rehearsal: { asked, standing } }: Plan, unrehearsed: boolean): void {
  const tooMany = excess(ceiling, meetings);
  if (tooMany !== null) throw new JobFailed(`not started: ${tooMany}; ${CEILING_REMEDY}`);
  if (!asked || unrehearsed || standing === 'passed') return;
  const heard = standing === 'failed' ? 'the rehearsal of it did not pass' : 'it is not rehearsed as it is now';
  throw new JobFailed(`not started: ${meetings} meetings are more than rehearseAbove, and ${heard}; \`relink rehearse ${campaign}\`, or give --unrehearsed`);
}

/** Into the Temporal UI, when we know where it is. */
export function linksTo({ ui, name }: Pick<CampaignSession, 'ui' | 'name'>, run: string | undefined): readonly string[] {
  if (ui === null) return [];
  return [`board:    ${workflowLink(ui, campaignId(name), run)}`, `meetings: ${campaignLink(ui, name)}`];
}
