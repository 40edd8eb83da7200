import { Option } from '@commander-js/extra-typings';
import { failures } from '../../domain/failures.js';
import type { OrderReceipt } from '../../domain/orders.js';
import { grouped, isWhole, type MeetingVerb } from '../../domain/selection.js';
import { authorOf, BY_OPTION, REASON_OPTION } from '../author.js';
import { JobFailed, WrongUse } from '../errors.js';
import type { Io } from '../io.js';
import { withCampaign, type CampaignSession } from '../session.js';
import { count } from '../show/format.js';
import { prospectText, verbTexts } from '../show/orders.js';
import { hasWorker, NO_WORKER } from '../steer/campaign-run.js';
import { orderMeetings, prospectOf, type Prospect } from '../steer/orders.js';
import { answer, CAMPAIGN_ARGUMENT, JSON_OPTION, verb, whole, type VerbHelp } from '../verb.js';
import { criteriaOf, selecting, type SelectionOptions } from './selecting.js';
import { waitForEnd } from './start.js';

/** Orders to meetings: all that the verb applies to, or a selection of them. Each shows what it comes to, and asks. */
export const meetingOrders = (io: Io) => [
  meetingOrder(io, {
    name: 'rollback',
    what: 'put meetings back as they were: removes replacements and tells those who had been told; not after the pivot. Those whose organiser deleted the old one (LegacyDeleted) lose the new one too, by key or class alone',
    examples: [
      ['relink rollback', 'the whole campaign in campaign.yaml'],
      ['relink rollback --wave 2 --reason "wrong lobby"', 'what was begun of one wave'],
      ['relink rollback --meeting 3vq7k2 --yes', 'one meeting, without a question'],
    ],
  }),
  meetingOrder(io, {
    name: 'release',
    what: 'end grace early: the old meetings are deleted as soon as all else allows it; of those whose organiser deleted the old one (LegacyDeleted): the new one stays',
    examples: [
      ['relink release --meeting 3vq7k2 --meeting 9hz4m1', 'two meetings'],
      ['relink release --wave 1 --limit 10', 'the next ten of one wave'],
    ],
  }),
  meetingOrder(io, {
    name: 'retry',
    what: 'take failed and held meetings up again',
    examples: [
      ['relink retry', 'all that failed or are held'],
      ['relink retry --class VendorRefused --yes', 'those that failed for one cause, without a question'],
      ['relink retry --host noor@example.org --yes --expect 3', 'those of one host, if there are three'],
    ],
  }),
];

function meetingOrder(io: Io, help: VerbHelp & { readonly name: MeetingVerb }) {
  const command = selecting(verb(help, io.err))
    .argument(...CAMPAIGN_ARGUMENT)
    .option(...BY_OPTION)
    .option(...REASON_OPTION)
    .option('--yes', 'do not ask')
    .addOption(new Option('--expect <n>', 'order nothing unless it reaches exactly so many').argParser(whole(0, 1_000_000)))
    .option('--wait', 'stay until the campaign is over')
    .option(...JSON_OPTION);
  return command.action((campaign, { config, by, reason, yes, expect, wait, json, ...selection }) =>
    withCampaign({ config, campaign, save: false }, async (session) => {
      const author = authorOf({ by, reason });
      const prospect = await prospectOf(session, help.name, await criteriaOf(session, selection));
      if (expect !== undefined && prospect.reached.length !== expect) throw new JobFailed(`${help.name} reaches ${count(prospect.reached.length, 'meeting')}, not ${expect}; nothing was ordered`);
      const receipt = isIdle(prospect) ? { number: null, ordered: 0, refused: prospect.refused.length } : await give({ session, io, json, yes: yes === true || isCounted(help.name, selection) }, prospect, author);
      const preview = grouped(prospect.reached);
      answer(io.out, json, help.name, { campaign: session.name, order: help.name, ...receipt, preview }, () => [receiptText(receipt, help.name)]);
      mustHaveReached(prospect, receipt);
      if (wait) await waitForEnd(session, io, false, io.err);
    }),
  );
}

/** Nothing is left that the order could do. A campaign that is put back as a whole begins nothing more, which is something. */
const isIdle = ({ reached, isWhole: whole, isUnderWay }: Prospect): boolean => reached.length === 0 && !(whole && isUnderWay);

/** Who names meetings by their keys has counted them. What was told to organisers is taken back only after a question. */
const isCounted = (name: MeetingVerb, { meeting, ...others }: SelectionOptions): boolean => name !== 'rollback' && meeting !== undefined && isWhole(others);

interface Here {
  readonly session: CampaignSession;
  readonly io: Io;
  readonly json: true | undefined;
  readonly yes: boolean;
}

async function give({ session, io, json, yes }: Here, prospect: Prospect, author: Parameters<typeof orderMeetings>[2]): Promise<OrderReceipt & { readonly number: number }> {
  if (!yes) await consent(session, io, json, prospect);
  if (!(await hasWorker(await session.temporal()))) io.err.line(NO_WORKER);
  const { given, isTold } = await orderMeetings(session, prospect, author);
  if (!isTold) throw new JobFailed(`order ${given.id} is in the ledger, but Temporal does not answer; it is carried out once the campaign runs again, or order it again then`);
  return { number: given.id, ordered: given.receipt.ordered, refused: given.receipt.refused };
}

async function consent({ name }: CampaignSession, { ask, out, err }: Io, json: true | undefined, prospect: Prospect): Promise<void> {
  const screen = json ? err : out;
  for (const line of prospectText(name, prospect, screen.colours)) screen.line(line);
  if (ask === null) throw new WrongUse('there is no terminal to ask on: give --yes');
  if (!(await ask(`${prospect.isWhole ? `Put the whole campaign ${name} back` : `Order this for ${count(prospect.reached.length, 'meeting')}`}?`))) throw new JobFailed('nothing was ordered, as you wished');
}

const why: Readonly<Record<MeetingVerb, string>> = { rollback: failures.PastPivot.remedy, release: 'they are not in grace', retry: 'they are past the point where this helps, or stand for what could not be listed, at which `relink plan` looks again; see `relink show`' };

/** `3 meetings are being put back; 2 are not: …` */
export function receiptText({ ordered, refused }: OrderReceipt, name: MeetingVerb): string {
  const { given, nothing } = verbTexts[name];
  if (ordered + refused === 0) return `${nothing}.`;
  const most = `${count(ordered, 'meeting is', 'meetings are')} ${given}`;
  return refused === 0 ? `${most}.` : `${most}; ${refused} not: ${why[name]}.`;
}

/** Nothing to do is no failure, unless somebody selected something. */
function mustHaveReached({ verb: name, criteria, reached, untouched }: Prospect, { ordered, refused }: OrderReceipt): void {
  if (ordered > 0 || reached.length > 0) return;
  if (refused > 0) throw new JobFailed(`refused: ${why[name]}`);
  if (isWhole(criteria)) return;
  throw new JobFailed(untouched.length === 0 ? 'nothing is selected, so nothing was ordered' : `of the ${count(untouched.length, 'meeting')} selected none is in a state that ${name} applies to; nothing was ordered`);
}
