import type { StandingVerb } from '../../domain/orders.js';
import { authorOf, BY_OPTION, REASON_OPTION } from '../author.js';
import type { Io } from '../io.js';
import { withCampaign, type CampaignSession } from '../session.js';
import { whatHolds } from '../steer/approve.js';
import { hasWorker, NO_WORKER } from '../steer/campaign-run.js';
import { order } from '../steer/orders.js';
import { UNTOLD } from '../steer/wake.js';
import { answer, CAMPAIGN_ARGUMENT, JSON_OPTION, verb, type VerbHelp } from '../verb.js';

/** Orders to a whole campaign that runs: each is in the ledger, with who and why, and in force when the command returns. */
export const standingOrders = (io: Io) => [
  standing(io, 'is paused: nothing is created and nothing is deleted until `relink resume`', {
    name: 'pause',
    what: 'no creation and no deletion after it returns; grace goes on',
    examples: [
      ['relink pause', 'the campaign in campaign.yaml'],
      ['relink pause webex-june-2024 --reason "the helpdesk is called"', 'with a reason, which stays'],
    ],
  }),
  standing(io, 'goes on', {
    name: 'resume',
    what: 'go on after a pause',
    examples: [['relink resume webex-june-2024', 'a campaign by its name']],
  }),
  standing(io, 'stops: what is begun goes on to grace and stays there; `relink start` takes it up again', {
    name: 'stop',
    what: 'no new work and no deletion; replacements that exist stay beside the old meetings',
    examples: [['relink stop --by "Robin Vael" --reason "wrong scope"', 'the campaign in campaign.yaml']],
  }),
];

const standing = ({ out, err }: Io, told: string, help: VerbHelp & { readonly name: StandingVerb }) =>
  verb(help, err)
    .argument(...CAMPAIGN_ARGUMENT)
    .option(...BY_OPTION)
    .option(...REASON_OPTION)
    .option(...JSON_OPTION)
    .action((campaign, { config, json, ...author }) =>
      withCampaign({ config, campaign, save: false }, async (session) => {
        const { given, isTold } = await order(session, help.name, authorOf(author), performance.now()); // since the operator pressed enter
        await sayWhoMissesIt(session, err, isTold);
        const held = help.name === 'resume' ? await whatHolds(session) : null;
        answer(out, json, help.name, { campaign: session.name, order: help.name, number: given.id, at: given.at, by: given.by, reason: given.reason }, () => [held ?? `${session.name} ${told}.`]);
      }),
    );

/** It holds whether anybody works or not. */
async function sayWhoMissesIt(session: CampaignSession, err: Io['err'], isTold: boolean): Promise<void> {
  if (!isTold) err.line(UNTOLD);
  else if (!(await hasWorker(await session.temporal()))) err.line(NO_WORKER);
}
