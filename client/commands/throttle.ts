import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { requestRate as rateOf } from '../../adapters/runtime/config/index.js';
import { throttleText, type ThrottleChange } from '../../domain/throttle.js';
import { WrongUse } from '../errors.js';
import type { Io } from '../io.js';
import { withCampaign } from '../session.js';
import { throttle } from '../steer/throttle.js';
import { UNTOLD } from '../steer/wake.js';
import { answer, CAMPAIGN_ARGUMENT, JSON_OPTION, shortText, verb, whole } from '../verb.js';

/** Slower than the files allow, at once and until it is taken off: with a name and a reason, which stay. */
export const throttleCommand = ({ out, err }: Io) =>
  verb({
    name: 'throttle',
    what: 'go slower than relink.yaml and the campaign file allow, or freeze; within five seconds on all workers, until it is taken off',
    examples: [
      ['relink throttle --requests 120/m --concurrent 5 --by Robin --reason "the helpdesk is busy"', 'the campaign in campaign.yaml'],
      ['relink throttle --requests 0 --by Robin --reason "the vendor has an outage"', 'freeze: nothing is asked of the vendor'],
      ['relink throttle webex-june-2024 --clear --by Robin --reason "it is over"', 'as fast as the files allow'],
    ],
  }, err)
    .argument(...CAMPAIGN_ARGUMENT)
    .addOption(new Option('--requests <rate>', 'requests of each identity of the campaign, in all its campaigns: 2/s, 120/m, 600/h, or 0 to freeze').argParser(requestRate))
    .addOption(new Option('--concurrent <n>', 'meetings of the campaign at once, in each lane').argParser(whole(1, 1_000_000)))
    .option('--clear', 'take off whatever throttles the campaign and its identities')
    .requiredOption('--by <name>', 'who orders it', shortText)
    .requiredOption('--reason <text>', 'why', shortText)
    .option(...JSON_OPTION)
    .action((campaign, { config, requests, concurrent, clear, by, reason, json }) => {
      const change = changeOf({ requests, concurrent, clear });
      return withCampaign({ config, campaign, save: false }, async (session) => {
        const { orders, areTold } = await throttle(session, change, { by, reason }, performance.now()); // since the operator pressed enter
        if (!areTold) err.line(UNTOLD);
        answer(out, json, 'throttle', { campaign: session.name, orders }, () => orders.map((order) => `${throttleText(order)}.`));
      });
    });

/** @throws WrongUse unless there is something to do, and one thing only. */
export function changeOf({ requests, concurrent, clear }: { readonly requests?: number | undefined; readonly concurrent?: number | undefined; readonly clear?: true | undefined }): ThrottleChange {
  const isSet = requests !== undefined || concurrent !== undefined;
  if (clear && isSet) throw new WrongUse('--clear takes all off, so it goes without --requests and --concurrent');
  if (!clear && !isSet) throw new WrongUse('say how slow: --requests, --concurrent, or both; or --clear');
  return clear ? { requests: null, concurrent: null } : { requests, concurrent };
}

/** `120/m` as requests a minute. 0 alone freezes. */
export function requestRate(typed: string): number {
  const perMinute = rateOf(typed);
  if (perMinute === undefined) throw new InvalidArgumentError('Write a rate like 2/s, 120/m or 600/h, or 0 to freeze.');
  return perMinute;
}
