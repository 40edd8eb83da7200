import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { GateName } from '../../domain/gates.js';
import { stopRuleNames } from '../../domain/verdict.js';
import type { Io } from '../io.js';
import { withCampaign } from '../session.js';
import { approve, whatHolds } from '../steer/approve.js';
import { UNTOLD } from '../steer/wake.js';
import { answer, CAMPAIGN_ARGUMENT, JSON_OPTION, shortText, verb } from '../verb.js';

/** Lets a campaign pass a point that it does not pass by itself: with a name and a reason, which stay. */
export const approveCommand = ({ out, err }: Io) =>
  verb({
    name: 'approve',
    what: 'let a campaign go on that a stop rule holds, or that asks before it goes on',
    examples: [
      ['relink approve --by "Robin Vael" --reason "known fault of one room"', 'the one gate that is open'],
      ['relink approve webex-june-2024 --gate "wave 2" --by Robin --reason "wave 1 is well"', 'one of several'],
    ],
  }, err)
    .argument(...CAMPAIGN_ARGUMENT)
    .addOption(new Option('--gate <gate>', 'which, as `relink status` names it; needed when several are open').argParser(gateName))
    .requiredOption('--by <name>', 'who approves', shortText)
    .requiredOption('--reason <text>', 'why', shortText)
    .option(...JSON_OPTION)
    .action((campaign, { config, gate, by, reason, json }) =>
      withCampaign({ config, campaign, save: false }, async (session) => {
        const { given, isTold } = await approve(session, gate, { by, reason });
        if (!isTold) err.line(UNTOLD);
        const held = given.answer === 'stop' ? null : await whatHolds(session);
        const goesOn = held === null ? `: ${session.name} goes on.` : `, but ${held}`;
        answer(out, json, 'approve', { campaign: session.name, ...given }, () => [
          `${given.gate} is approved${given.answer === 'stop' ? `; \`relink start ${session.name}\` takes the campaign up again.` : goesOn}`,
        ]);
      }),
    );

const SINGLE = ['first-write', 'first-deletion'] as const;

/** `wave 2`, also as `wave-2`; `rule failures`, also as `failures`. */
export function gateName(typed: string): GateName {
  const written = typed.trim();
  const rule = stopRuleNames.find((each) => written === each || written === `rule ${each}`);
  if (rule) return `rule ${rule}`;
  const single = SINGLE.find((each) => written === each);
  if (single) return single;
  const [, wave] = /^wave[ -]?(\d{1,6})$/.exec(written) ?? [];
  if (wave === undefined) throw new InvalidArgumentError(`Write ${SINGLE.join(', ')}, wave N, or rule with one of ${stopRuleNames.join(', ')}.`);
  return `wave ${Number(wave)}`;
}
