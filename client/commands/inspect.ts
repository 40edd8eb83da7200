import { join } from 'node:path';
import { writeReport, type ReportRow } from '../../adapters/reports/index.js';
import { burnDown, type BurnDownPoint } from '../../domain/burn-down.js';
import type { State } from '../../domain/states.js';
import type { ItemRow } from '../../domain/ledger.js';
import { WrongUse } from '../errors.js';
import type { Colours, Io } from '../io.js';
import { withCampaign, type CampaignSession } from '../session.js';
import { burnDownLines } from '../show/burn-down.js';
import { exemptionTable } from '../show/exemptions.js';
import { failuresText, groupFailures } from '../show/failures.js';
import { explained, fidelityLines } from '../show/fidelity.js';
import { approvalLines } from '../show/gates.js';
import { meetingText, rowTable, type LoggedRow } from '../show/meeting.js';
import { revealedOf, revealText } from '../show/reveal.js';
import { readStatus, type Status } from '../show/status-figures.js';
import { throttleOrderLines } from '../show/throttles.js';
import { orderLines } from '../show/orders.js';
import { fullKeys } from '../steer/orders.js';
import { answer, CAMPAIGN_ARGUMENT, JSON_OPTION, verb } from '../verb.js';
import { criteriaOf, selecting, type SelectionOptions } from './selecting.js';

export const showCommand = ({ out, err }: Io) =>
  selecting(verb({
    name: 'show',
    what: 'what happened to one meeting: its state, every step, what to do, who ordered what, and how its replacement differs field by field; or a list of several',
    examples: [
      ['relink show 3vq7k2', 'by the first characters of its key; campaign.yaml says which campaign'],
      ['relink show 3vq7k2 webex-june-2024 --json', 'in a named campaign, as data'],
      ['relink show webex-june-2024 --state held --wave 2', 'a list of those selected'],
      ['relink show 3vq7k2 --reveal', 'also whose it is and what is in it, to find it at the vendor or plan it anew'],
    ],
  }, err))
    .argument('[meeting]', 'key of a meeting, or as much of it as is unique; with a selection: the campaign')
    .argument(...CAMPAIGN_ARGUMENT)
    .option('--reveal', 'of one meeting also host, title, times, agenda, people and settings: personal data; never a link or a passcode')
    .option(...JSON_OPTION)
    .action((meeting, campaign, { config, json, reveal = false, ...selection }) => {
      const isList = Object.keys(selection).length > 0;
      if (isList && campaign !== undefined) throw new WrongUse('one meeting, or a selection? Give either its key or options like --state');
      if (!isList && meeting === undefined) throw new WrongUse('which meeting? Give its key, or a selection like --state held');
      if (isList && reveal) throw new WrongUse('--reveal is for one meeting: give its key and no selection');
      return withCampaign({ config, campaign: isList ? meeting : campaign, save: false }, (session) => (isList ? list(session, out, json, selection) : showOne(session, out, { json, reveal }, meeting ?? '')));
    });

interface ShowOptions {
  readonly json: true | undefined;
  readonly reveal: boolean;
}

async function showOne(session: CampaignSession, out: Io['out'], { json, reveal }: ShowOptions, typed: string): Promise<void> {
  const [row] = await session.ledger.plans.rows(session.name, { meetings: await fullKeys(session, [typed]) });
  if (!row) return;
  const { approvals, exemptions, throttleOrders, orders, fidelity } = await factsOf(session, row.meeting);
  const revealed = reveal ? await revealedTo(session, row.meeting) : undefined;
  answer(out, json, 'show', { ...row, fidelity, exemptions, approvals, throttleOrders, orders, ...(revealed ? { reveal: revealed } : {}) }, () => [
    ...meetingText(row, out.colours),
    ...(revealed ? revealText(revealed, row.kind, out.colours) : []),
    ...fidelityLines(fidelity, out.colours),
    ...(exemptions.length === 0 ? [] : ['', ...exemptionTable(exemptions, out.colours)]),
    ...approvalLines(approvals, out.colours),
    ...throttleOrderLines(throttleOrders, out.colours),
    ...orderLines(orders, out.colours),
  ]);
}

/** To whoever asks by its key: on standard output, and nowhere else. */
async function revealedTo({ ledger, name: campaign }: CampaignSession, meeting: string): Promise<ReturnType<typeof revealedOf>> {
  const ref = { campaign, meeting };
  const [item, saved] = await Promise.all([ledger.items.get(ref), ledger.items.findSnapshot(ref)]);
  return revealedOf(item, saved?.snapshot ?? null);
}

function withoutLog(row: LoggedRow): ItemRow {
  const { steps: _, ...rest } = row;
  return rest;
}

async function list(session: CampaignSession, out: Io['out'], json: true | undefined, selection: SelectionOptions): Promise<void> {
  const { limit, ...criteria } = await criteriaOf(session, selection);
  const rows = (await session.ledger.plans.rows(session.name, criteria)).slice(0, limit).map(withoutLog);
  answer(out, json, 'show', rows, () => rowTable(rows, out.colours));
}

async function factsOf({ ledger, name }: CampaignSession, meeting: string) {
  const [approvals, exemptions, throttleOrders, orders, lines] = await Promise.all([
    ledger.gates.approvals(name),
    ledger.exemptions.list(name, meeting),
    ledger.throttles.orders(name),
    ledger.orders.list(name, meeting),
    ledger.items.fidelity({ campaign: name, meeting }),
  ]);
  return { approvals, exemptions, throttleOrders, orders, fidelity: explained(lines) };
}

const FAILED: readonly State[] = ['failed', 'held'];

export const failuresCommand = ({ out, err }: Io) =>
  selecting(verb({
    name: 'failures',
    what: 'meetings that failed or are held, by cause, with what to do',
    examples: [
      ['relink failures', 'the campaign in campaign.yaml'],
      ['relink failures webex-june-2024 --json', 'as data'],
      ['relink failures --wave 2', 'of one wave'],
    ],
  }, err))
    .argument(...CAMPAIGN_ARGUMENT)
    .option(...JSON_OPTION)
    .action((campaign, { config, json, ...selection }) =>
      withCampaign({ config, campaign, save: false }, async (session) => {
        const { limit, states = FAILED, ...criteria } = await criteriaOf(session, selection);
        if (!states.some((state) => FAILED.includes(state))) throw new WrongUse(`only what is ${FAILED.join(' or ')} has a cause; \`relink show --state ${states[0]}\` lists others`);
        const selected = await session.ledger.items.select(session.name, { ...criteria, states: FAILED.filter((state) => states.includes(state)) });
        const groups = groupFailures(selected.slice(0, limit));
        answer(out, json, 'failures', groups, () => failuresText(groups, out.colours, Object.keys(selection).length > 0));
      }),
    );

export const reportCommand = ({ out, err }: Io) =>
  verb({
    name: 'report',
    what: 'write what happened to every meeting, what was left over time, and who steered, as JSON and as CSV; no titles, no addresses, no links',
    examples: [
      ['relink report', 'into reports/ in the data folder'],
      ['relink report webex-june-2024 --out ./audit', 'into another folder'],
    ],
  }, err)
    .argument(...CAMPAIGN_ARGUMENT)
    .option('--out <folder>', 'where to')
    .option(...JSON_OPTION)
    .action((campaign, { config, out: folder, json }) =>
      withCampaign({ config, campaign, save: false }, async (session) => {
        const written = await report(session, folder ?? join(session.config.dataDir, 'reports'));
        answer(out, json, 'report', { json: written.json, csv: written.csv }, () => [...[written.json, written.csv].map((path) => `wrote ${path}`), ...burnDownLines(written.progress, out.colours), ...decisionLines(written.status, out.colours)]);
      }),
    );

/** Who steered the campaign, when and why. */
const decisionLines = ({ approvals, throttleOrders, orders, exemptions = [] }: Status, colours: Colours): readonly string[] => [
  ...(exemptions.length === 0 ? [] : ['', ...exemptionTable(exemptions, colours)]),
  ...approvalLines(approvals, colours),
  ...throttleOrderLines(throttleOrders, colours),
  ...orderLines(orders, colours),
];

/** @returns the paths, and what was written of the whole campaign. */
export async function report({ ledger, config, name, spec }: CampaignSession, folder: string): Promise<{ readonly json: string; readonly csv: string; readonly status: Status; readonly progress: readonly BurnDownPoint[] }> {
  const [{ status }, rows, covering] = await Promise.all([readStatus(ledger, config, spec), ledger.plans.rows(name), ledger.exemptions.covering(name)]);
  const reported = rows.map((row) => reportRow(row, covering.get(row.meeting)));
  const progress = burnDown(rows.filter((_, i) => reported[i]?.finding === 'affected').map(({ steps }) => steps));
  return { ...(await writeReport(folder, name, { status, progress, rows: reported })), status, progress };
}

export function reportRow({ meeting, state, wave, evidence, proof, reason, failure, kind, departed, startsAt, lane, steps }: LoggedRow, exemption: number | null = null): ReportRow {
  const isFinding = state === 'unaffected' || state === 'excluded' || state === 'refused';
  return { meetingKey: meeting, state, wave, finding: isFinding ? state : 'affected', evidence, proof, refusal: state === 'refused' ? reason : null, exclusion: state === 'excluded' ? reason : null, exemption, failure, kind, departed, startsAt, lane, steps };
}
