import { failures, type FailureType } from '../../domain/failures.js';
import type { Selected } from '../../domain/selection.js';
import type { Colours } from '../io.js';
import { shortKey, table } from './format.js';

/** Meetings that failed or are held for the same cause, on the same answer of the vendor. */
export interface FailureGroup {
  readonly failure: FailureType | 'unknown';
  /** The vendor's status; null when it failed on something else. */
  readonly code: number | null;
  readonly failed: number;
  readonly held: number;
  /** Key of one of them, for `relink show`. */
  readonly example: string;
  readonly remedy: string;
}

type Row = Pick<Selected, 'meeting' | 'state' | 'failure' | 'code'>;

/** Most frequent first. */
export function groupFailures(rows: readonly Row[]): readonly FailureGroup[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const cause = `${row.failure} ${row.code}`;
    groups.set(cause, [...(groups.get(cause) ?? []), row]);
  }
  return [...groups.values()].flatMap(groupOf).sort((a, b) => b.failed + b.held - (a.failed + a.held));
}

function groupOf(own: readonly Row[]): readonly FailureGroup[] {
  const [first] = own;
  if (!first) return [];
  const { failure, code, meeting: example } = first;
  const count = (wanted: Row['state']): number => own.filter(({ state }) => state === wanted).length;
  return [{ failure: failure ?? 'unknown', code, failed: count('failed'), held: count('held'), example, remedy: failure === null ? 'see `relink show`' : failures[failure].remedy }];
}

/** @param isPart of the campaign's meetings: then it says nothing of the others */
export function failuresText(groups: readonly FailureGroup[], colours: Colours, isPart = false): readonly string[] {
  if (groups.length === 0) return [isPart ? 'Of the meetings selected none failed and none is held.' : 'No meeting failed and none is held.'];
  const rows = groups.map(({ failure, code, failed, held, example, remedy }) => [failure, code ?? '–', failed, held, shortKey(example), remedy]);
  return [...table(['failure', 'code', 'failed', 'held', 'example', 'what to do'], rows, colours), '', 'See one with `relink show KEY`; take them up again with `relink retry --class TYPE`.'];
}
