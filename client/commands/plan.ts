import { Option } from '@commander-js/extra-typings';
import { writePlan } from '../../adapters/reports/index.js';
import { REQUESTS_PER_MEETING } from '../../domain/forecast.js';
import type { Io, Screen } from '../io.js';
import { takeOver, withCampaign, type CampaignSession } from '../session.js';
import { readPlan, type Plan } from '../show/plan-figures.js';
import { planChangesText, type PlanDiff } from '../show/plan-changes.js';
import { planText } from '../show/plan.js';
import { mustNotFeed, takeInventory } from '../steer/inventory.js';
import { answer, CAMPAIGN_ARGUMENT, JSON_OPTION, verb, whole } from '../verb.js';

/** More than anybody makes. */
export const MOST_PLANS = 1_000_000;

export const planCommand = ({ out, err }: Io) =>
  verb({
    name: 'plan',
    what: 'find and judge the meetings, and show what a start would do; only reads at the vendor. Not while the campaign runs',
    examples: [
      ['relink plan', 'the campaign in campaign.yaml'],
      ['relink plan webex-june-2024 --json', 'one the ledger knows, as data'],
      ['relink plan --diff 2', 'and what is different since plan 2'],
      ['relink plan --csv plan.csv', 'and a line for each meeting, into a file'],
    ],
  }, err)
    .argument(...CAMPAIGN_ARGUMENT)
    .addOption(new Option('--diff <n>', 'also what is different since the plan of this number').argParser(whole(1, MOST_PLANS)))
    .option('--csv <file>', 'also write a line for each meeting')
    .option(...JSON_OPTION)
    .action((campaign, { config, diff, csv, json }) =>
      withCampaign({ config, campaign, save: false, lend: true }, async (session) => {
        await mustNotFeed(session);
        await takeOver(session);
        if (diff !== undefined) await session.ledger.planDocuments.mustExist(session.name, diff); // before the vendor is asked
        const plan = await makePlan(session, err);
        if (csv !== undefined) await writePlan(csv, await session.ledger.planDocuments.lines(session.name, plan.number), { requestsPerMeeting: REQUESTS_PER_MEETING, exposed: plan.exposed.keys });
        const since = diff === undefined ? undefined : await changesSince(session, diff, plan.number);
        answer(out, json, 'plan', { ...plan, ...(since ? { diff: since } : {}) }, () => [...planText(plan, out.colours, Date.now()), ...(since ? ['', ...planChangesText(since, out.colours)] : [])]);
      }),
    );

/** @throws RelinkFailure `InvalidInput` when there is no plan of that number. */
export const changesSince = async ({ ledger, name }: CampaignSession, since: number, now: number): Promise<PlanDiff> => ({
  since,
  changes: await ledger.planDocuments.changes(name, since, now),
});

/** A new inventory, and the plan that comes of it, kept under its number. */
export async function makePlan(session: CampaignSession, progress: Screen): Promise<Plan> {
  await takeInventory(session, progress);
  const { number } = await session.ledger.planDocuments.keep(session.name);
  return readPlan(session.ledger, session.config, session.spec, { number, now: Date.now() });
}

export function showPlan(plan: Plan, screen: Screen): void {
  for (const line of planText(plan, screen.colours, Date.now())) screen.line(line);
}
