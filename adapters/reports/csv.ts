export type Cell = string | number | boolean | null;

/** CSV by RFC 4180: CRLF after every record, every cell quoted, `null` as an empty cell. */
export const toCsv = (rows: readonly (readonly Cell[])[]): string => rows.map((row) => `${row.map(toCell).join(',')}\r\n`).join('');

/**
 * Spreadsheets run a cell as a formula when it begins with one of these (OWASP, "CSV Injection"; the full-width forms are
 * taken for the plain ones by some). An apostrophe in front makes it text. Quotes keep a cell one cell whatever separator the reader guesses.
 */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

function toCell(cell: Cell): string {
  const text = cell === null ? '' : String(cell);
  return `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}
