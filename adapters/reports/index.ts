import { join } from 'node:path';
import { RelinkFailure } from '../../domain/failures.js';
import { writeAtomically } from './atomic.js';
import { toCsv, type Cell } from './csv.js';

export { writePlan } from './plan.js';
export { writeInventory, type InventoryExport } from './inventory.js';

/** One line of a meeting's log. */
export interface ReportStep {
  readonly step: string;
  readonly state: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** The vendor's own id of the call. */
  readonly trackingId: string | null;
}

/** What happened to one meeting: keys, codes and times, never a title or an address. */
export interface ReportRow {
  readonly meetingKey: string;
  readonly state: string;
  readonly wave: number | null;
  readonly finding: string;
  readonly evidence: string;
  /** By what the deciding proof was found; null when the meeting itself is the proof, or there is none. */
  readonly proof: string | null;
  readonly refusal: string | null;
  /** Why it is left alone. */
  readonly exclusion: string | null;
  /** Id of the exemption that leaves it alone; the status has who, when, why and until when. */
  readonly exemption: number | null;
  readonly failure: string | null;
  readonly kind: string;
  /** Its host left; the steps say whether it was given to another one, which cannot be taken back. */
  readonly departed: boolean;
  /** ISO 8601 in UTC; null when nothing is left to be held. */
  readonly startsAt: string | null;
  readonly lane: string;
  readonly steps: readonly ReportStep[];
}

export interface CampaignReport {
  /** As `relink status --json` prints it. */
  readonly status: object;
  /** What was left over time, as `domain/burn-down.ts` has it. */
  readonly progress: readonly object[];
  readonly rows: readonly ReportRow[];
}

/**
 * Writes `<name>-report.json` (everything) and `<name>-report.csv` (one line per meeting) into `folder`, which is made when missing.
 * @returns the paths. @throws RelinkFailure `InvalidInput` when `name` is no campaign name.
 */
export async function writeReport(folder: string, name: string, report: CampaignReport): Promise<{ json: string; csv: string }> {
  if (!/^[a-z0-9-]+$/.test(name)) throw new RelinkFailure('InvalidInput', 'the name of a campaign is made of a–z, 0–9 and -');
  const json = join(folder, `${name}-report.json`);
  const csv = join(folder, `${name}-report.csv`);
  const { status, progress, rows } = report;
  await writeAtomically(json, `${JSON.stringify({ status, progress, rows: rows.map(plain) }, null, 2)}\n`);
  await writeAtomically(csv, toCsv([[...columns, 'steps'], ...rows.map(cells)]));
  return { json, csv };
}

const columns = ['meetingKey', 'state', 'wave', 'finding', 'evidence', 'proof', 'refusal', 'exclusion', 'exemption', 'failure', 'kind', 'departed', 'startsAt', 'lane'] as const satisfies readonly (keyof ReportRow)[];

const cells = (row: ReportRow): readonly Cell[] => [...columns.map((column) => row[column]), row.steps.map(stepText).join('; ')];

const stepText = ({ step, state, at, attempt, trackingId }: ReportStep): string => `${at} ${step} ${state} #${attempt}${trackingId === null ? '' : ` ${trackingId}`}`;

/** Only the named fields: a caller's row may be richer than a report is meant to be. */
const plain = (row: ReportRow): object => ({
  ...Object.fromEntries(columns.map((column) => [column, row[column]])),
  steps: row.steps.map(({ step, state, at, attempt, trackingId }) => ({ step, state, at, attempt, trackingId })),
});
