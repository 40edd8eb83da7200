import type { CampaignPhase } from '../../domain/campaign.js';
import type { Io } from '../io.js';
import { withCampaign } from '../session.js';
import { readStatus } from '../show/status-figures.js';
import { statusText } from '../show/status.js';
import { hasWorker, NO_WORKER } from '../steer/campaign-run.js';
import { follow, mustNotHaveFailed, withFailure } from '../steer/follow.js';
import { SHORT_PATIENCE_MS, unlessAway } from '../steer/wake.js';
import { answer, CAMPAIGN_ARGUMENT, JSON_OPTION, verb } from '../verb.js';

/** Whether somebody must work for it to go on. */
const isWorkedOn = (phase: CampaignPhase): boolean => phase !== 'planning' && phase !== 'finished' && phase !== 'stopped';

export const statusCommand = ({ out, err }: Io) =>
  verb({
    name: 'status',
    what: 'how a campaign stands, from the ledger, whether every meeting is accounted for, and whether its workflow failed, where Temporal answers',
    examples: [
      ['relink status', 'the campaign in campaign.yaml'],
      ['relink status webex-june-2024 --json', 'one object, for programs'],
    ],
  }, err)
    .argument(...CAMPAIGN_ARGUMENT)
    .option(...JSON_OPTION)
    .action((campaign, { config, json }) =>
      withCampaign({ config, campaign, save: false }, async (session) => {
        const figures = await withFailure(session, await readStatus(session.ledger, session.config, session.spec));
        answer(out, json, 'status', figures.status, () => statusText(figures, out.colours, Date.now()));
        if (isWorkedOn(figures.status.phase) && (await unlessAway(async () => hasWorker(await session.temporal()), SHORT_PATIENCE_MS)) === false) err.line(NO_WORKER);
      }),
    );

export const watchCommand = ({ out, err }: Io) =>
  verb({
    name: 'watch',
    what: 'a live board until the campaign is over; exit code 1 when its workflow failed; Ctrl-C leaves the campaign running',
    examples: [
      ['relink watch', 'the campaign in campaign.yaml'],
      ['relink watch webex-june-2024 | tee log', 'where there is no terminal: a line for every change'],
    ],
  }, err)
    .argument(...CAMPAIGN_ARGUMENT)
    .action((campaign, { config }) =>
      withCampaign({ config, campaign, save: false }, async (session) => {
        await follow(session, out);
        await mustNotHaveFailed(session);
      }),
    );
