import { Option } from '@commander-js/extra-typings';
import { failures, type FailureType } from '../../domain/failures.js';
import type { OrderReceipt } from '../../workflows/messages.js';
import { JobFailed, WrongUse } from '../errors.js';
import type { Io } from '../io.js';
import { withCampaign, type CampaignSession } from '../session.js';
import { count } from '../show/format.js';
import { hasWorker, NO_WORKER } from '../steer/campaign-run.js';
import { order, orderMeetings, selectionOf, type MeetingVerb, type StandingVerb } from '../steer/orders.js';
import { answer, CAMPAIGN_ARGUMENT, JSON_OPTION, verb, type VerbHelp } from '../verb.js';
import { waitForEnd } from './start.js';

/** Orders to a whole campaign that runs: each is in the ledger when the command returns. */
export const standingOrders = (io: Io) => [
  standing(io, 'is paused: nothing is created and nothing is deleted until `relink resume`', {
    name: 'pause',
    what: 'no creation and no deletion after it returns; grace goes on',
    examples: [['relink pause', 'the campaign in campaign.yaml']],
  }),
  standing(io, 'goes on', {
    name: 'resume',
    what: 'go on after a pause',
    examples: [['relink resume webex-june-2024', 'a campaign by its name']],
  }),
  standing(io, 'stops: what is begun goes on to grace and stays there; `relink start` takes it up again', {
    name: 'stop',
    what: 'no new work and no deletion; replacements that exist stay beside the old meetings',
    examples: [['relink stop', 'the campaign in campaign.yaml']],
  }),
];

const standing = ({ out, err }: Io, told: string, help: VerbHelp & { readonly name: StandingVerb }) =>
  verb(help, err)
    .argument(...CAMPAIGN_ARGUMENT)
    .option(...JSON_OPTION)
    .action((campaign, { config, json }) =>
      withCampaign({ config, campaign, save: false }, async (session) => {
        await sayWhenNobodyWorks(session, err);
        await order(session, help.name);
        answer(out, json, help.name, { campaign: session.name, order: help.name }, () => [`${session.name} ${told}.`]);
      }),
    );

async function sayWhenNobodyWorks(session: CampaignSession, err: Io['err']): Promise<void> {
  if (!(await hasWorker(await session.temporal()))) err.line(NO_WORKER);
}

interface MeetingOrderHelp extends VerbHelp {
  readonly name: MeetingVerb;
  /** Of meetings the order was given to. */
  readonly given: string;
  /** Why others were not reached. */
  readonly refused: string;
  readonly nothing: string;
}

export const meetingOrders = (io: Io) => [
  meetingOrder(io, {
    name: 'rollback',
    what: 'put meetings back as they were: removes replacements and tells those who had been told; not after the pivot',
    examples: [
      ['relink rollback', 'the whole campaign in campaign.yaml'],
      ['relink rollback --meeting 3vq7k2 --yes', 'one meeting, without a question'],
    ],
    given: 'being put back',
    refused: failures.PastPivot.remedy,
    nothing: 'nothing has begun that could be put back',
  }),
  meetingOrder(io, {
    name: 'release',
    what: 'end grace early: the old meetings are deleted as soon as all else allows it',
    examples: [['relink release --meeting 3vq7k2 --meeting 9hz4m1', 'two meetings']],
    given: 'released from grace',
    refused: 'they are not in grace',
    nothing: 'no such meeting is in grace',
  }),
  meetingOrder(io, {
    name: 'retry',
    what: 'take failed and held meetings up again',
    examples: [
      ['relink retry', 'all that failed or are held'],
      ['relink retry --failure VendorRefused', 'those that failed for one cause'],
    ],
    given: 'taken up again',
    refused: 'they are past the point where this helps; see `relink show`',
    nothing: 'no such meeting failed or is held',
  }),
];

function meetingOrder(io: Io, help: MeetingOrderHelp) {
  const command = verb(help, io.err)
    .argument(...CAMPAIGN_ARGUMENT)
    .option('--meeting <key...>', 'only these: keys, or as much of each as is unique')
    .addOption(new Option('--failure <type>', 'only those that failed so').choices(Object.keys(failures) as FailureType[]))
    .option('--yes', help.name === 'rollback' ? 'do not ask' : 'accepted and not needed')
    .option('--wait', 'stay until the campaign is over')
    .option(...JSON_OPTION);
  return command.action((campaign, { config, meeting = [], failure, yes, wait, json }) =>
    withCampaign({ config, campaign, save: false }, async (session) => {
      const selection = await selectionOf(session, meeting, failure);
      if (help.name === 'rollback' && !yes) await mustConsent(io, session, meeting.length > 0 || failure !== undefined);
      await sayWhenNobodyWorks(session, io.err);
      const receipt = await orderMeetings(session, help.name, selection);
      answer(io.out, json, help.name, { campaign: session.name, order: help.name, ...receipt }, () => [receiptText(receipt, help)]);
      if (receipt.refused > 0 && receipt.ordered === 0) throw new JobFailed(`refused: ${help.refused}`);
      if (wait) await waitForEnd(session, io, false, io.err);
    }),
  );
}

/** `3 meetings are being put back; 2 are not: …` */
export function receiptText({ ordered, refused }: OrderReceipt, { given, refused: why, nothing }: Pick<MeetingOrderHelp, 'given' | 'refused' | 'nothing'>): string {
  if (ordered + refused === 0) return `${nothing}.`;
  const most = `${count(ordered, 'meeting is', 'meetings are')} ${given}`;
  return refused === 0 ? `${most}.` : `${most}; ${refused} not: ${why}.`;
}

async function mustConsent({ ask }: Io, { name }: CampaignSession, isPart: boolean): Promise<void> {
  if (ask === null) throw new WrongUse('there is no terminal to ask on: give --yes');
  if (!(await ask(`Put ${isPart ? 'these meetings' : 'the whole campaign'} of ${name} back?`))) throw new JobFailed('nothing was ordered, as you wished');
}
