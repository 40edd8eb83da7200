import { Option } from '@commander-js/extra-typings';
import { faultProfiles } from '../../domain/rehearsal.js';
import { JobFailed } from '../errors.js';
import type { Io } from '../io.js';
import { outcomeText } from '../rehearse/outcome.js';
import { rehearse } from '../rehearse/rehearse.js';
import { forcedSettings, shareOf } from '../rehearse/settings.js';
import { withCampaign } from '../session.js';
import { answer, CAMPAIGN_ARGUMENT, JSON_OPTION, verb, whole } from '../verb.js';

export const rehearseCommand = ({ out, err }: Io) =>
  verb({
    name: 'rehearse',
    what: 'play the last plan on a simulated vendor: how long, how many mails, which stop rules would fire; asks nothing of the real one',
    examples: [
      ['relink rehearse', 'the plan of the campaign in campaign.yaml, with ordinary faults'],
      ['relink rehearse --share 10% --faults hostile', 'a tenth of its hosts, on a bad day'],
      ['relink rehearse --site-forces enabledJoinBeforeHost=true', 'when the site forces a setting on new meetings'],
    ],
  }, err)
    .argument(...CAMPAIGN_ARGUMENT)
    .addOption(new Option('--faults <profile>', 'how badly vendor and mail behave').choices(faultProfiles).default('ordinary' as const))
    .option('--seed <n>', 'the same seed makes the same organisation and the same faults', whole(0, 2 ** 31), 1)
    .addOption(new Option('--scale <n>', 'how much faster the vendor’s limits pass (default: as fast as this machine keeps up with)').argParser(whole(1, 10_000)))
    .addOption(new Option('--share <percent>', 'so many of the hosts, and one of each kind at least').argParser(shareOf).default(1, '100%'))
    .addOption(new Option('--site-forces <settings>', 'what the site forces on every new meeting, by the vendor’s names').argParser(forcedSettings).default({}, 'nothing'))
    .option(...JSON_OPTION)
    .action((campaign, { config, json, ...options }) =>
      withCampaign({ config, campaign, save: false, lend: true }, async (session) => {
        const outcome = await rehearse(session, options, err);
        answer(out, json, 'rehearse', outcome, () => outcomeText(outcome, out.colours));
        if (!outcome.passed) throw new JobFailed(`the rehearsal did not pass: ${outcome.faultsFound.join('; ')}`);
      }),
    );
