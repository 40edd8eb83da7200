import { failures, isFailureType, type FailureType } from '../../domain/failures.js';
import type { ItemRow } from '../../domain/ledger.js';
import type { Colours } from '../io.js';
import { shortKey, table } from './format.js';

/** Meetings that failed or are held for the same cause. */
export interface FailureGroup {
  readonly failure: FailureType | 'unknown';
  readonly failed: number;
  readonly held: number;
  /** Key of one of them, for `relink show`. */
  readonly example: string;
  readonly remedy: string;
}

type Row = Pick<ItemRow, 'meeting' | 'state' | 'failure'>;

/** Most frequent first. */
export function groupFailures(rows: readonly Row[]): readonly FailureGroup[] {
  const groups = new Map<FailureGroup['failure'], Row[]>();
  for (const row of rows) groups.set(row.failure ?? 'unknown', [...(groups.get(row.failure ?? 'unknown') ?? []), row]);
  return [...groups]
    .map(([failure, own]) => ({
      failure,
      failed: own.filter(({ state }) => state === 'failed').length,
      held: own.filter(({ state }) => state === 'held').length,
      example: own[0]?.meeting ?? '',
      remedy: isFailureType(failure) ? failures[failure].remedy : 'see `relink show`',
    }))
    .sort((a, b) => b.failed + b.held - (a.failed + a.held));
}

export function failuresText(groups: readonly FailureGroup[], colours: Colours): readonly string[] {
  if (groups.length === 0) return ['No meeting failed and none is held.'];
  const rows = groups.map(({ failure, failed, held, example, remedy }) => [failure, failed, held, shortKey(example), remedy]);
  return [...table(['failure', 'failed', 'held', 'example', 'what to do'], rows, colours), '', 'See one with `relink show KEY`; take them up again with `relink retry --class TYPE`.'];
}
