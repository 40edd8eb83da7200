import { failures } from '../../domain/failures.js';
import { exclusionReasons } from '../../domain/judge.js';
import type { ItemRow } from '../../domain/ledger.js';
import { refusalReasons } from '../../domain/meeting.js';
import type { StepEvent } from '../../domain/states.js';
import type { Colours } from '../io.js';
import { shortKey, table, time } from './format.js';

/** Those of a selection, a line each, and below what their reasons mean. */
export function rowTable(rows: readonly ItemRow[], colours: Colours): readonly string[] {
  if (rows.length === 0) return ['No meeting is selected.'];
  const reasons = [...new Set(rows.flatMap(({ reason }) => reason ?? []))];
  const column = (of: string): readonly string[] => (reasons.length === 0 ? [] : [of]);
  return [
    ...table(
      ['meeting', 'state', ...column('reason'), 'wave', 'lane', 'class', 'next start', 'grace ends'],
      rows.map(({ meeting, state, reason, wave, lane, failure, startsAt, graceEndsAt }) => [shortKey(meeting), state, ...column(reason ?? '–'), wave ?? '–', lane, failure ?? '–', time(startsAt), time(graceEndsAt)]),
      colours,
    ),
    ...reasons.filter((reason) => reason in why).flatMap((reason, i) => [...(i === 0 ? [''] : []), `${explained(reason)}.`]),
  ];
}

/** One meeting with its log: keys, codes and times. */
export type LoggedRow = ItemRow & { readonly steps: readonly StepEvent[] };

export function meetingText(row: LoggedRow, colours: Colours): readonly string[] {
  const facts: readonly (readonly [string, string])[] = [
    ['state', row.state],
    ['wave, lane', `${row.wave ?? '–'}, ${row.lane}`],
    ['kind', row.kind],
    ...(row.departed ? [['host', gotHost(row) ? 'left; the meeting was given to another one, which cannot be taken back' : 'left'] as const] : []),
    ['evidence', row.proof === null ? row.evidence : `${row.evidence}, found by ${row.proof}`],
    ['next start', time(row.startsAt)],
    ['grace ends', time(row.graceEndsAt)],
    ['old one deleted', time(row.retiredAt)],
    ...(row.reason === null ? [] : [['reason', explained(row.reason)] as const]),
    ...(row.failure === null ? [] : [['failure', `${row.failure}${row.failedStep === null ? '' : ` in step ${row.failedStep}`}`] as const, ['what to do', failures[row.failure].remedy] as const]),
    ...(row.note === null ? [] : [['note', row.note] as const]),
  ];
  return [colours.bold(`Meeting ${row.meeting}`), ...facts.map(([name, value]) => `${colours.dim(name.padEnd(15))} ${value}`), '', ...log(row.steps, colours)];
}

const gotHost = ({ steps }: LoggedRow): boolean => steps.some(({ step, state }) => step === 'reassign host' && state === 'done');

const why: Readonly<Record<string, string>> = { ...refusalReasons, ...exclusionReasons };
const explained = (reason: string): string => (reason in why ? `${reason}: ${why[reason]}` : reason);

function log(events: readonly StepEvent[], colours: Colours): readonly string[] {
  if (events.length === 0) return ['Nothing was done to it.'];
  const rows = events.map(({ at, step, state, attempt, failure, code, trackingId, note }) => [at, step, state, attempt, failure ?? '', code ?? '', trackingId ?? '', note ?? '']);
  return table(['at', 'step', 'state', 'attempt', 'failure', 'code', 'tracking id', 'note'], rows, colours);
}
