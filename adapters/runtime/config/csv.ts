import { InputError } from './input-error.js';
import { didYouMean } from './nearest.js';

export interface CsvCell {
  readonly text: string;
  readonly line: number;
}

/**
 * One column of a CSV file (RFC 4180, header required): its cells in order, empty ones left out.
 * Cells that a spreadsheet would run as formulas are refused: an inventory has none, so the file is not what it seems.
 * @throws InputError
 */
export function csvColumn(file: string, text: string, column: string): readonly CsvCell[] {
  const [header, ...records] = parse(file, text);
  const names = header?.cells.map((cell) => cell.trim().toLowerCase()) ?? [];
  const index = names.indexOf(column);
  if (index < 0) {
    throw new InputError({ file, line: 1, problem: `there is no column ${column}`, remedy: names.length > 0 ? `the first line must name the columns, one of them ${column}; ${didYouMean(column, names)}` : `write ${column} in the first line` });
  }
  return records.flatMap(({ line, cells }) => {
    const formula = cells.find((cell) => /^[=+\-@\t]/.test(cell));
    if (formula !== undefined) throw new InputError({ file, line, problem: 'a cell begins like a formula (= + - @)', remedy: 'export plain values' });
    const cell = cells[index]?.trim() ?? '';
    return cell === '' ? [] : [{ text: cell, line }];
  });
}

interface Record_ {
  readonly line: number;
  readonly cells: readonly string[];
}

function parse(file: string, text: string): readonly Record_[] {
  const records: Record_[] = [];
  let [line, started, cell, quoted] = [1, 1, '', false];
  let cells: string[] = [];
  const endRecord = (): void => {
    cells.push(cell);
    if (cells.some((part) => part.trim() !== '')) records.push({ line: started, cells });
    [cells, cell, started] = [[], '', line + 1];
  };
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? '';
    if (quoted) {
      if (char === '"' && text[i + 1] === '"') cell += text[++i] ?? '';
      else if (char === '"') quoted = false;
      else cell += char;
    } else if (char === '"' && cell === '') quoted = true;
    else if (char === ',' || char === ';') {
      cells.push(cell);
      cell = '';
    } else if (char === '\n') endRecord();
    else if (char !== '\r') cell += char;
    if (char === '\n') line++;
  }
  if (quoted) throw new InputError({ file, line: started, problem: 'a quoted cell is not closed', remedy: 'close it with "' });
  endRecord();
  return records;
}
