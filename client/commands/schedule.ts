import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { ScheduleOverlapPolicy, type ScheduleHandle } from '@temporalio/client';
import { durationMs, loadConfig } from '../../adapters/runtime/config/index.js';
import type { CampaignRecord } from '../../domain/ledger.js';
import { authorOf, BY_OPTION, REASON_OPTION } from '../author.js';
import { JobFailed, WrongUse } from '../errors.js';
import type { Colours, Io } from '../io.js';
import { takeOver, withCampaign, withSession, type CampaignSession } from '../session.js';
import { table, time } from '../show/format.js';
import { runningCampaign } from '../steer/campaign-run.js';
import { note } from '../steer/orders.js';
import { createSchedule, listSchedules, onSchedule, USUAL_CATCH_UP_MS, type ScheduleLine, type Times } from '../steer/schedules.js';
import { answer, CAMPAIGN_ARGUMENT, JSON_OPTION, quiet, verb } from '../verb.js';

export const scheduleCommand = (io: Io) =>
  quiet(new Command('schedule'), io.err)
    .description('run a campaign again by the clock: catches late arrivals, touches nothing that is done')
    .addHelpText('after', '\nExamples:\n  relink schedule create webex-june-2024 --every 1d  every day\n  relink schedule list                               all that there are')
    .addCommand(create(io))
    .addCommand(list(io))
    .addCommand(trigger(io))
    .addCommand(simple(io, 'pause', 'no reruns until it is resumed', 'is paused', (handle) => handle.pause('by the command line')))
    .addCommand(simple(io, 'resume', 'reruns go on', 'goes on', (handle) => handle.unpause('by the command line')))
    .addCommand(simple(io, 'delete', 'no more reruns; the campaign itself stays', 'is deleted', (handle) => handle.delete()));

const create = ({ out, err }: Io) =>
  verb({
    name: 'create',
    what: 'make the schedule of a campaign',
    examples: [
      ['relink schedule create campaign.yaml --every 1d', 'every day, counted from midnight UTC'],
      ['relink schedule create webex-june-2024 --cron "0 3 * * 1" --zone Europe/Amsterdam', 'Mondays at three, there'],
    ],
  }, err)
    .argument(...CAMPAIGN_ARGUMENT)
    .option('--every <duration>', 'how often, like 30m, 12h or 7d; 10s at least', everyMs)
    .option('--cron <expression>', 'when, in five fields')
    .option('--zone <name>', 'of --cron, like Europe/Amsterdam; UTC without it')
    .option('--jitter <duration>', 'begin up to so much later, so that many schedules do not begin at once', spanMs)
    .option('--catch-up <duration>', 'make up for a run that was missed within this time, one for all; usually --every, or 1d', spanMs)
    .option(...BY_OPTION)
    .option(...REASON_OPTION)
    .option(...JSON_OPTION)
    .action((campaign, { config, json, by, reason, ...when }) => {
      const spec = timesOf(when);
      return withCampaign({ config, campaign, save: false, lend: true }, async (session) => {
        await mustBeStarted(session);
        await createSchedule(await session.temporal(), session.name, spec); // it alone knows whether there is one already, and whether the times are right
        await takeOver(session);
        await note(session, 'schedule create', authorOf({ by, reason }));
        answer(out, json, 'schedule create', { campaign: session.name, schedule: 'created' }, () => [`The schedule of ${session.name} is made; \`relink schedule list\` shows the next runs.`]);
      });
    });

/** @throws JobFailed when reruns would begin what nobody has said yes to */
async function mustBeStarted(session: CampaignSession): Promise<CampaignRecord> {
  const { ledger, name } = session;
  const campaign = await ledger.campaigns.get(name);
  const isStarted = campaign.startedAt !== null || (await runningCampaign(await session.temporal(), name)) !== undefined; // its first inventory may take a while
  if (!isStarted) throw new JobFailed(`${name} was never started, and a rerun would begin all of it without a question; look at \`relink plan\`, then \`relink start\``);
  return campaign;
}

interface When {
  readonly every?: number | undefined;
  readonly cron?: string | undefined;
  readonly zone?: string | undefined;
  readonly jitter?: number | undefined;
  readonly catchUp?: number | undefined;
}

export function timesOf({ every, cron, zone, jitter = 0, catchUp }: When): Times {
  const spread = jitter > 0 ? { jitter } : {};
  if (every !== undefined && cron === undefined) {
    if (zone !== undefined) throw new WrongUse('--zone goes with --cron; --every counts from midnight UTC');
    return { intervals: [{ every }], ...spread, catchUpMs: catchUp ?? every };
  }
  if (cron !== undefined && every === undefined) return { cronExpressions: [cron], ...(zone === undefined ? {} : { timezone: zone }), ...spread, catchUpMs: catchUp ?? USUAL_CATCH_UP_MS };
  throw new WrongUse('when? Give either --every, like --every 1d, or --cron, like --cron "0 3 * * *"');
}

const SHORTEST_MS = 10_000;

function spanMs(text: string): number {
  const ms = durationMs(text);
  if (ms === undefined || ms < SHORTEST_MS) throw new InvalidArgumentError('Write a duration of 10s at least, like 10m or 1d.');
  return ms;
}

export function everyMs(text: string): number {
  const ms = durationMs(text);
  if (ms === undefined || ms < SHORTEST_MS) throw new InvalidArgumentError('Write a duration of 10s at least, like 30m, 12h or 7d.');
  return ms;
}

const list = ({ out, err }: Io) =>
  verb({ name: 'list', what: 'all schedules of campaigns', examples: [['relink schedule list', 'with their next runs']] }, err)
    .option(...JSON_OPTION)
    .action(async ({ config, json }) =>
      withSession(await loadConfig(config), async (session) => {
        const lines = await listSchedules(await session.temporal());
        answer(out, json, 'schedule list', lines, () => schedulesText(lines, out.colours));
      }),
    );

function schedulesText(lines: readonly ScheduleLine[], colours: Colours): readonly string[] {
  if (lines.length === 0) return ['There is no schedule; make one with `relink schedule create`.'];
  const rows = lines.map(({ campaign, paused, next, last }) => [campaign, paused ? 'paused' : 'active', time(next[0] ?? null), time(last)]);
  return table(['campaign', 'state', 'next run', 'last run'], rows, colours);
}

/** A rerun works with the campaign as the ledger has it, so an edited file is taken over first. */
const trigger = ({ out, err }: Io) =>
  verb({ name: 'trigger', what: 'run it now, once, unless it is running', examples: [['relink schedule trigger campaign.yaml', 'with what the file says now']] }, err)
    .argument(...CAMPAIGN_ARGUMENT)
    .option(...BY_OPTION)
    .option(...REASON_OPTION)
    .action((campaign, { config, ...author }) =>
      withCampaign({ config, campaign, save: false, lend: true }, async (session) => {
        const { order } = await mustBeStarted(session);
        if (order === 'stop' || order === 'rollback') throw new JobFailed(`${session.name} was ${order === 'stop' ? 'stopped' : 'put back'}, and reruns leave it so; \`relink start ${session.name}\` takes it up again`);
        await onSchedule(await session.temporal(), session.name, async (handle) => {
          await handle.describe(); // what there is no schedule for leaves no line, and no file
          await takeOver(session);
          await note(session, 'schedule trigger', authorOf(author));
          await handle.trigger(ScheduleOverlapPolicy.SKIP);
        });
        out.line(`A rerun of ${session.name} is asked for; see \`relink status ${session.name}\`.`);
      }),
    );

const simple = ({ out, err }: Io, name: 'pause' | 'resume' | 'delete', what: string, told: string, act: (handle: ScheduleHandle) => Promise<unknown>) =>
  verb({ name, what, examples: [[`relink schedule ${name} webex-june-2024`, what]] }, err)
    .argument(...CAMPAIGN_ARGUMENT)
    .option(...BY_OPTION)
    .option(...REASON_OPTION)
    .action((campaign, { config, ...author }) =>
      withCampaign({ config, campaign, save: false }, async (session) => {
        await onSchedule(await session.temporal(), session.name, async (handle) => {
          await handle.describe();
          await note(session, `schedule ${name}`, authorOf(author));
          await act(handle);
        });
        out.line(`The schedule of ${session.name} ${told}.`);
      }),
    );
