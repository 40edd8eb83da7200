/** How far the clocks of worker and database may be apart. Milliseconds. */
const MOST_APART_MS = 10_000;

/**
 * Steps are dated by the database, and what a list may not show yet is counted from there: by a clock that is ahead an unknown creation would be taken for none.
 * @returns what is wrong, `null` when nothing is
 */
export function clockFault(aheadMs: number): string | null {
  if (Math.abs(aheadMs) <= MOST_APART_MS) return null;
  return `is ${Math.round(Math.abs(aheadMs) / 1000)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} the database’s`;
}
