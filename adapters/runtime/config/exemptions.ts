import type { Instant } from '../../../domain/meeting.js';
import { csvColumns, type CsvRow } from './csv.js';
import { instant, isAddress, phrase, PHRASE } from './fields.js';
import { InputError } from './input-error.js';
import { LIST_LIMIT, readText } from './read-text.js';

/** One line of a file of exemptions. */
export interface ExemptionLine {
  readonly line: number;
  /** Key as it was typed, perhaps its beginning alone; or an address, lower case. */
  readonly subject: { readonly meeting: string } | { readonly host: string };
  readonly until: Instant;
  readonly by: string;
  readonly reason: string;
}

export interface ExemptionLines {
  readonly lines: readonly ExemptionLine[];
  /** The first fault of each line that has one. */
  readonly faults: readonly InputError[];
}

const COLUMNS = ['host', 'meeting', 'by', 'reason'] as const;
const ONE_OF = 'each line needs a host or a meeting, and not both';
const DAY = /^\d{4}-\d\d-\d\d$/;
const DAY_MS = 86_400_000;

/**
 * Exemptions from CSV with the columns host, meeting, until, by and reason.
 * Such a file names people: messages say line and column, never what stands there.
 * @throws InputError when it cannot be read as CSV at all
 */
export async function readExemptions(file: string, now: Date): Promise<ExemptionLines> {
  const rows = csvColumns(file, await readText(file, LIST_LIMIT), 'until', COLUMNS, { mayBeEmpty: true });
  if (rows.length === 0) throw new InputError({ file, key: 'until', problem: 'there are no exemptions', remedy: 'write one a line, below the names of the columns' });
  const [lines, faults]: [ExemptionLine[], InputError[]] = [[], []];
  for (const row of rows) {
    try {
      lines.push(lineOf(row, now, (key, problem, remedy) => new InputError({ file, line: row.line, key, problem, remedy })));
    } catch (cause: unknown) {
      if (!(cause instanceof InputError)) throw cause;
      faults.push(cause);
    }
  }
  return { lines, faults };
}

type Fault = (column: string, problem: string, remedy: string) => InputError;

function lineOf({ line, cells }: CsvRow, now: Date, fault: Fault): ExemptionLine {
  const { host = '', meeting = '', until = '' } = cells;
  if (host === '' && meeting === '') throw fault('host', 'the line names neither a host nor a meeting', ONE_OF);
  if (host !== '' && meeting !== '') throw fault('meeting', 'the line names a host too', ONE_OF);
  if (host !== '' && !isAddress(host)) throw fault('host', 'is not an address', 'write it like ada@example.org');
  const words = (column: 'by' | 'reason'): string => {
    const written = phrase(cells[column] ?? '');
    if (written === undefined) throw fault(column, cells[column] ? 'is too long' : 'the line has none', PHRASE);
    return written;
  };
  const end = expiry(until, now);
  if ('problem' in end) throw fault('until', end.problem, end.remedy);
  return { line, subject: host === '' ? { meeting } : { host: host.toLowerCase() }, until: end.at, by: words('by'), reason: words('reason') };
}

/** When an exemption ends: a day, to its end in UTC, or an instant with its zone. */
export function expiry(written: string, now: Date): { readonly at: Instant } | { readonly problem: string; readonly remedy: string } {
  const remedy = 'write a day like 2026-12-31, which counts to its end in UTC, or an instant like 2026-12-31T17:00:00+01:00';
  if (written === '') return { problem: 'the line has none', remedy };
  const isDay = DAY.test(written);
  const { data } = instant.safeParse(isDay ? `${written}T00:00:00Z` : written);
  if (data === undefined) return { problem: 'is not a day or an instant of the calendar', remedy };
  const at = Date.parse(data) + (isDay ? DAY_MS : 0);
  return at > now.getTime() ? { at: new Date(at).toISOString() } : { problem: 'is over already', remedy: 'write a later one' };
}
