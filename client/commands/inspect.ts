import { join } from 'node:path';
import { writeReport, type ReportRow } from '../../adapters/reports/index.js';
import type { Io } from '../io.js';
import { withCampaign, type CampaignSession } from '../session.js';
import { exemptionTable } from '../show/exemptions.js';
import { failuresText, groupFailures } from '../show/failures.js';
import { explained, fidelityLines } from '../show/fidelity.js';
import { approvalLines } from '../show/gates.js';
import { meetingText, type LoggedRow } from '../show/meeting.js';
import { readStatus } from '../show/status-figures.js';
import { throttleOrderLines } from '../show/throttles.js';
import { selectionOf } from '../steer/orders.js';
import { answer, CAMPAIGN_ARGUMENT, JSON_OPTION, verb } from '../verb.js';

export const showCommand = ({ out, err }: Io) =>
  verb({
    name: 'show',
    what: 'what happened to one meeting: its state, every step, what to do, and how its replacement differs field by field',
    examples: [
      ['relink show 3vq7k2', 'by the first characters of its key; campaign.yaml says which campaign'],
      ['relink show 3vq7k2 webex-june-2024 --json', 'in a named campaign, as data'],
    ],
  }, err)
    .argument('<meeting>', 'key of a meeting, or as much of it as is unique')
    .argument(...CAMPAIGN_ARGUMENT)
    .option(...JSON_OPTION)
    .action((meeting, campaign, { config, json }) =>
      withCampaign({ config, campaign, save: false }, async (session) => {
        const [row] = await session.ledger.plans.rows(session.name, await selectionOf(session, [meeting]));
        if (!row) return;
        const { approvals, exemptions, throttleOrders, fidelity } = await factsOf(session, row.meeting);
        answer(out, json, 'show', { ...row, fidelity, exemptions, approvals, throttleOrders }, () => [
          ...meetingText(row, out.colours),
          ...fidelityLines(fidelity, out.colours),
          ...(exemptions.length === 0 ? [] : ['', ...exemptionTable(exemptions, out.colours)]),
          ...approvalLines(approvals, out.colours),
          ...throttleOrderLines(throttleOrders, out.colours),
        ]);
      }),
    );

async function factsOf({ ledger, name }: CampaignSession, meeting: string) {
  const [approvals, exemptions, throttleOrders, lines] = await Promise.all([
    ledger.gates.approvals(name),
    ledger.exemptions.list(name, meeting),
    ledger.throttles.orders(name),
    ledger.items.fidelity({ campaign: name, meeting }),
  ]);
  return { approvals, exemptions, throttleOrders, fidelity: explained(lines) };
}

export const failuresCommand = ({ out, err }: Io) =>
  verb({
    name: 'failures',
    what: 'meetings that failed or are held, by cause, with what to do',
    examples: [
      ['relink failures', 'the campaign in campaign.yaml'],
      ['relink failures webex-june-2024 --json', 'as data'],
    ],
  }, err)
    .argument(...CAMPAIGN_ARGUMENT)
    .option(...JSON_OPTION)
    .action((campaign, { config, json }) =>
      withCampaign({ config, campaign, save: false }, async ({ ledger, name }) => {
        const groups = groupFailures(await ledger.plans.rows(name, { states: ['failed', 'held'] }));
        answer(out, json, 'failures', groups, () => failuresText(groups, out.colours));
      }),
    );

export const reportCommand = ({ out, err }: Io) =>
  verb({
    name: 'report',
    what: 'write what happened to every meeting, as JSON and as CSV; no titles, no addresses, no links',
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
        answer(out, json, 'report', written, () => [written.json, written.csv].map((path) => `wrote ${path}`));
      }),
    );

/** @returns the paths. */
export async function report({ ledger, config, name, spec }: CampaignSession, folder: string): Promise<{ readonly json: string; readonly csv: string }> {
  const [{ status }, rows, covering] = await Promise.all([readStatus(ledger, config, spec), ledger.plans.rows(name), ledger.exemptions.covering(name)]);
  return writeReport(folder, name, { status, rows: rows.map((row) => reportRow(row, covering.get(row.meeting))) });
}

export function reportRow({ meeting, state, wave, evidence, proof, reason, failure, kind, startsAt, lane, steps }: LoggedRow, exemption: number | null = null): ReportRow {
  const isFinding = state === 'unaffected' || state === 'excluded' || state === 'refused';
  return { meetingKey: meeting, state, wave, finding: isFinding ? state : 'affected', evidence, proof, refusal: state === 'refused' ? reason : null, exclusion: state === 'excluded' ? reason : null, exemption, failure, kind, startsAt, lane, steps };
}
