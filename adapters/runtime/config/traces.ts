import { linkKey, numberKey, startKey, type Trace } from '../../../domain/traces.js';
import { csvColumns, type CsvRow } from './csv.js';
import { instant, isAddress } from './fields.js';
import { InputError } from './input-error.js';
import { LIST_LIMIT, readText } from './read-text.js';

/** Ways to name a meeting: one of these columns, or the last two together. */
const NAMING = ['number', 'link', 'host', 'start'] as const;
const HOW = 'each needs a number, a link, or host and start';
/** Webex has 9 to 11 digits; a number that a spreadsheet rounded (`2.55E+10`) has other characters. */
const NUMBER = /^\d{6,20}$/;

type Complain = (column: string, problem: string, remedy: string) => InputError;

/**
 * Dates of calendar events or of mails, each with what names the meeting: the earliest of each name.
 * These files hold personal data: messages say line and column, never what stands there.
 * @throws InputError
 */
export async function readTraces(file: string, now: Date): Promise<readonly Trace[]> {
  const text = await readText(file, LIST_LIMIT);
  const rows = csvColumns(file, text, 'created', NAMING);
  if (rows.length === 0) throw new InputError({ file, key: 'created', problem: 'names no meeting', remedy: 'export it again, or leave the file out' });
  const earliest = new Map<string, Trace>();
  for (const row of rows) {
    for (const trace of tracesOf(row, now, ({ line }, key, problem, remedy) => new InputError({ file, line, key, problem, remedy }))) {
      const name = `${trace.by} ${trace.key}`;
      const known = earliest.get(name);
      if (!known || trace.created < known.created) earliest.set(name, trace);
    }
  }
  return [...earliest.values()];
}

/**
 * Host and start count only where the line has nothing surer: two meetings of one host may begin at the same time,
 * and a number that is none of ours says that the line is about another meeting.
 */
function tracesOf(row: CsvRow, now: Date, complain: (row: CsvRow, ...rest: Parameters<Complain>) => InputError): readonly Trace[] {
  const { created = '', number = '', link = '', host = '', start = '' } = row.cells;
  const fault: Complain = (column, problem, remedy) => complain(row, column, problem, remedy);
  const at = instantOf(created, 'created', fault);
  if (Date.parse(at) > now.getTime()) throw fault('created', 'lies in the future', 'write when the event or the mail was made, not when the meeting is held');
  const traces: Trace[] = [];
  if (number !== '') traces.push({ by: 'number', key: numberOf(number, fault), created: at });
  if (link !== '') traces.push({ by: 'link', key: linkOf(link, fault), created: at });
  if (traces.length === 0) traces.push({ by: 'host+start', key: hostAndStart(host, start, fault), created: at });
  return traces;
}

/** The messages of the schema are `problem; remedy`, and none repeats what was written. */
function instantOf(written: string, column: string, fault: Complain): string {
  const { data, error } = instant.safeParse(written);
  if (data !== undefined) return data;
  const [problem = '', remedy = ''] = (error?.issues[0]?.message ?? '').split('; ');
  throw fault(column, problem, remedy);
}

function numberOf(written: string, fault: Complain): string {
  const key = numberKey(written);
  if (!NUMBER.test(key)) throw fault('number', 'is not the number of a meeting', 'write its digits, like 2555 123 4567; let a spreadsheet treat the column as text');
  return key;
}

function linkOf(written: string, fault: Complain): string {
  const key = /\s/.test(written) ? '' : linkKey(written);
  if (key === '') throw fault('link', 'is not a link', 'write one link, from https:// on');
  return key;
}

function hostAndStart(host: string, start: string, fault: Complain): string {
  if (host === '' && start === '') throw fault('number', 'the line names no meeting', HOW);
  if (host === '') throw fault('host', 'the line has a start and no host', HOW);
  if (start === '') throw fault('start', 'the line has a host and no start', HOW);
  if (!isAddress(host)) throw fault('host', 'is not an address', 'write it like ada@example.org');
  return startKey(host, instantOf(start, 'start', fault));
}
