import type { Io, Screen } from '../io.js';
import { withCampaign, type CampaignSession } from '../session.js';
import { readPlan, type Plan } from '../show/plan-figures.js';
import { planText } from '../show/plan.js';
import { takeInventory } from '../steer/inventory.js';
import { answer, CAMPAIGN_ARGUMENT, JSON_OPTION, verb } from '../verb.js';

export const planCommand = ({ out, err }: Io) =>
  verb({
    name: 'plan',
    what: 'find and judge the meetings, and show what a start would do; only reads at the vendor',
    examples: [
      ['relink plan', 'the campaign in campaign.yaml'],
      ['relink plan webex-june-2024 --json', 'one the ledger knows, as data'],
    ],
  }, err)
    .argument(...CAMPAIGN_ARGUMENT)
    .option(...JSON_OPTION)
    .action((campaign, { config, json }) =>
      withCampaign({ config, campaign, save: true }, async (session) => {
        const plan = await makePlan(session, err);
        answer(out, json, 'plan', plan, () => planText(plan, out.colours, Date.now()));
      }),
    );

/** A new inventory, and the plan that comes of it. */
export async function makePlan(session: CampaignSession, progress: Screen): Promise<Plan> {
  await takeInventory(session, progress);
  return readPlan(session.ledger, session.config, session.spec, Date.now());
}

export function showPlan(plan: Plan, screen: Screen): void {
  for (const line of planText(plan, screen.colours, Date.now())) screen.line(line);
}
