import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { expiry, readExemptions } from '../../adapters/runtime/config/index.js';
import type { ExemptionPreview, ExemptionSubject } from '../../domain/exemptions.js';
import type { State } from '../../domain/states.js';
import { JobFailed, WrongUse } from '../errors.js';
import type { Io } from '../io.js';
import { withCampaign, type CampaignSession } from '../session.js';
import { count } from '../show/format.js';
import { exemptionTable, previewText, receiptText } from '../show/exemptions.js';
import { exempt, keysOf, resolved, takeBack, wantedIn, type Wanted } from '../steer/exempt.js';
import { UNTOLD } from '../steer/wake.js';
import { answer, CAMPAIGN_ARGUMENT, JSON_OPTION, shortText, verb } from '../verb.js';
import { wayOf, type Way } from './exempt-way.js';
import { address, criteriaOf, narrowing } from './selecting.js';

/** Leaves hosts and meetings alone until a day, with a name and a reason, which stay. */
export const exemptCommand = (io: Io) =>
  narrowing(verb({
    name: 'exempt',
    what: 'leave a host or a meeting alone until a day: shows how many meetings that concerns and asks, or takes --yes',
    examples: [
      ['relink exempt --host noor@example.org --until 2026-12-31 --by Robin --reason "moves to another site"', 'all meetings of a host'],
      ['relink exempt webex-june-2024 --meeting 3vq7k2 --until 2026-12-31 --by Robin --reason "court hearing"', 'one meeting'],
      ['relink exempt --class NotLicensed --until 2026-12-31 --by Robin --reason "licences come"', 'each of a selection, as `relink failures` counts them'],
      ['relink exempt --file exemptions.csv', 'many: columns host,meeting,until,by,reason'],
      ['relink exempt --remove --host noor@example.org --by Robin --reason "has moved"', 'takes it back'],
      ['relink exempt --list', 'all that there ever were, with the addresses of hosts'],
    ],
  }, io.err))
    .argument(...CAMPAIGN_ARGUMENT)
    .option('--host <address>', 'all meetings of this host', address)
    .option('--meeting <key>', 'one meeting: its key, or as much of it as is unique')
    .option('--file <csv>', 'many, from a file')
    .option('--list', 'show them')
    .option('--remove', 'take it back')
    .addOption(new Option('--until <date>', 'a day, to its end in UTC, or an instant with its zone').argParser(until))
    .option('--by <name>', 'who says so', shortText)
    .option('--reason <text>', 'why', shortText)
    .option('--yes', 'do not ask')
    .option(...JSON_OPTION)
    .action(async (campaign, { config, json, yes, ...asked }) => {
      const way = wayOf(asked);
      const file = way.do === 'import' ? { path: way.file, ...(await readExemptions(way.file, new Date())) } : undefined;
      await withCampaign({ config, campaign, save: false }, (session) => {
        const here: Here = { session, io, json, yes };
        if (way.do === 'list') return show(here);
        if (way.do === 'remove') return remove(here, way);
        if (way.do === 'grant-each') return grantEach(here, way);
        return grant(here, async (keys) => (way.do === 'import' ? wantedIn(way.file, file?.lines ?? [], file?.faults ?? [], await keys()) : [{ ...way.wanted, subject: await inFull(way.wanted.subject, keys) }]));
      });
    });

interface Here {
  readonly session: CampaignSession;
  readonly io: Io;
  readonly json: true | undefined;
  readonly yes: true | undefined;
}
type Keys = () => Promise<readonly string[]>;

/** All keys are read only when one was typed. */
const inFull = async (subject: ExemptionSubject, keys: Keys): Promise<ExemptionSubject> => ('host' in subject ? subject : resolved(subject, await keys()));

/** What nobody works on now and may be worked on later. */
const SKIPPED: readonly State[] = ['waiting', 'failed', 'held', 'rolled-back'];

async function grantEach(here: Here, { selection, until, by, reason }: Extract<Way, { readonly do: 'grant-each' }>): Promise<void> {
  const { limit, states = SKIPPED, ...criteria } = await criteriaOf(here.session, selection);
  const selected = (await here.session.ledger.items.select(here.session.name, { ...criteria, states })).slice(0, limit);
  if (selected.length === 0) throw new JobFailed('nothing is selected, so nothing was changed');
  await grant(here, () => Promise.resolve(selected.map(({ meeting }) => ({ subject: { meeting }, until, by, reason }))));
}

async function grant(here: Here, read: (keys: Keys) => Promise<readonly Wanted[]>): Promise<void> {
  const { session, io, json } = here;
  const wanted = await read(() => keysOf(session));
  const preview = await session.ledger.exemptions.preview(session.name, wanted.map(({ subject }) => subject));
  await consent(here, previewText(session.name, 'exempt', wanted.length, preview));
  const { given: receipt, isTold } = await exempt(session, wanted, preview);
  if (!isTold) io.err.line(UNTOLD);
  answer(io.out, json, 'exempt', { campaign: session.name, order: 'exempt', ...receipt, preview: figures(preview) }, () => [receiptText(receipt)]);
}

async function remove(here: Here, { subject: typed, by, reason }: Extract<Way, { readonly do: 'remove' }>): Promise<void> {
  const { session, io, json } = here;
  const subject = await inFull(typed, () => keysOf(session));
  const preview = await session.ledger.exemptions.preview(session.name, [subject]);
  if (preview.inForce > 0) await consent(here, previewText(session.name, 'remove', 1, preview)); // else there is nothing to ask, and the ledger says why
  const removed = await takeBack(session, subject, preview, { by, reason });
  answer(io.out, json, 'exempt', { campaign: session.name, order: 'remove', removed, preview: figures(preview) }, () => [
    `Taken back: the next inventory (\`relink plan\`, \`relink start\` or a rerun) judges ${count(preview.return, 'meeting')} of ${session.name} again.`,
  ]);
}

/** What was seen is for the ledger alone. */
const figures = ({ leave, underWay, return: back, settled, inForce }: ExemptionPreview) => ({ leave, underWay, return: back, settled, inForce });

async function consent({ io, json, yes }: Here, preview: readonly string[]): Promise<void> {
  if (yes) return;
  const screen = json ? io.err : io.out;
  for (const line of preview) screen.line(line);
  if (io.ask === null) throw new WrongUse('there is no terminal to ask on: give --yes');
  if (!(await io.ask('Go on?'))) throw new JobFailed('nothing was changed, as you wished');
}

async function show({ session: { ledger, name }, io, json }: Here): Promise<void> {
  const [exemptions, addresses] = await Promise.all([ledger.exemptions.list(name), ledger.exemptions.addresses(name)]);
  const data = exemptions.map((each) => ({ ...each, host: addresses.get(each.id) ?? null }));
  answer(io.out, json, 'exempt', data, () => (exemptions.length === 0 ? ['Nothing is exempt, and nothing was.'] : exemptionTable(exemptions, io.out.colours, addresses)));
}

function until(typed: string): string {
  const end = expiry(typed.trim(), new Date());
  if ('problem' in end) throw new InvalidArgumentError(`It ${end.problem}; ${end.remedy}.`);
  return end.at;
}
