import { InputError } from './input-error.js';
import { nearest } from './nearest.js';

export interface CsvCell {
  readonly text: string;
  readonly line: number;
}

/** The cells of one line, by column; `''` where a column that may be missing has nothing. */
export interface CsvRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

/** One column of a CSV file, as `csvColumns` reads it. @throws InputError */
export const csvColumn = (file: string, text: string, column: string): readonly CsvCell[] =>
  csvColumns(file, text, column).map(({ line, cells }) => ({ text: cells[column] ?? '', line }));

/**
 * Columns of a CSV file (RFC 4180, header required), in order; lines without anything are left out.
 * Whatever could hide an entry is refused: who is not in an inventory is taken to be new.
 * So are cells of these columns that a spreadsheet would run as formulas; what stands in others is nobody's concern.
 * @param column must be there, and filled in every line unless it `mayBeEmpty`; the `others` may be missing
 * @throws InputError
 */
export function csvColumns(file: string, text: string, column: string, others: readonly string[] = [], { mayBeEmpty = false } = {}): readonly CsvRow[] {
  const [header, ...rows] = records(file, text);
  if (!header) throw new InputError({ file, line: 1, key: column, problem: 'the file is empty', remedy: `write ${column} in the first line and one entry a line` });
  const names = header.cells.map((cell) => cell.trim().toLowerCase());
  const near = nearest(column, names);
  if (!names.includes(column)) throw new InputError({ file, line: header.line, key: column, problem: 'there is no such column', remedy: near ? `rename ${near} to ${column}` : `the first line must name the columns, one of them ${column}` });
  const wanted = [column, ...others].map((name) => ({ name, index: names.indexOf(name) }));
  const twice = wanted.find(({ name, index }) => names.lastIndexOf(name) !== index);
  if (twice) throw new InputError({ file, line: header.line, key: twice.name, problem: 'there are two such columns', remedy: 'keep one' });
  return rows.map(({ line, cells }) => {
    const fault = (problem: string, remedy: string): InputError => new InputError({ file, line, key: column, problem, remedy });
    if (cells.length !== names.length) throw fault(`cells: ${cells.length} here, ${names.length} in the first line`, 'put cells that contain a separator in quotes');
    const found = Object.fromEntries(wanted.map(({ name, index }) => [name, (cells[index] ?? '').trim()]));
    const formula = wanted.find(({ name }) => isFormula(found[name] ?? ''));
    if (formula) throw new InputError({ file, line, key: formula.name, problem: FORMULA, remedy: PLAIN });
    if (found[column] === '' && !mayBeEmpty) throw fault('the line has none', 'fill it in or remove the line');
    return { line, cells: found };
  });
}

const FORMULA = 'a cell begins like a formula (= + - @)';
const PLAIN = 'export plain values';
const isFormula = (cell: string): boolean => /^\s*[=+\-@]/.test(cell);

interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

function records(file: string, text: string): readonly CsvRecord[] {
  const separator = separatorOf(text);
  const special = new RegExp(`[\\r\\n"${separator}]|$`, 'g');
  const found: CsvRecord[] = [];
  let cells: string[] = [];
  let [line, started] = [1, 1];
  for (let at = 0; ; ) {
    const { cell, stop } = cellAt(text, at, special);
    const end = [separator, '\n', '\r\n'].find((mark) => text.startsWith(mark, stop)) ?? '';
    if (end === '' && stop < text.length) throw outOfPlace(file, line, cell);
    cells.push(cell);
    line += text.slice(at, stop + end.length).split('\n').length - 1;
    at = stop + end.length;
    if (end === separator) continue;
    if (cells.some((part) => part.trim() !== '')) found.push({ line: started, cells });
    if (end === '') return found;
    [cells, started] = [[], line];
  }
}

const outOfPlace = (file: string, line: number, cell: string): InputError =>
  isFormula(cell)
    ? new InputError({ file, line, problem: FORMULA, remedy: PLAIN })
    : new InputError({ file, line, problem: 'a quote or a line end is out of place', remedy: 'put the whole cell in quotes, and write " inside it as ""' });

/** The cell that begins at `at`, and where it stops: on the spot when its opening quote is never closed. `special` finds what no bare cell holds. */
function cellAt(text: string, at: number, special: RegExp): { readonly cell: string; readonly stop: number } {
  if (text[at] !== '"') {
    special.lastIndex = at;
    const stop = special.exec(text)?.index ?? text.length;
    return { cell: text.slice(at, stop), stop };
  }
  let close = text.indexOf('"', at + 1);
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  return close < 0 ? { cell: '', stop: at } : { cell: text.slice(at + 1, close).replaceAll('""', '"'), stop: close + 1 };
}

/** Spreadsheets write semicolons where the comma is the decimal sign. The first line, which only holds names, tells. */
function separatorOf(text: string): ',' | ';' {
  const first = text.slice(0, text.search(/[\r\n]|$/));
  return first.includes(';') && !first.includes(',') ? ';' : ',';
}
