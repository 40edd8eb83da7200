import type { PlanChange } from '../../domain/plan-documents.js';
import type { Colours } from '../io.js';
import { count, shortKey, table } from './format.js';

/** Of a long list so many are shown; `--json` has them all. */
const SHOWN = 40;

export interface PlanDiff {
  /** Number of the older plan. */
  readonly since: number;
  readonly changes: readonly PlanChange[];
}

/** What is different since an older plan. */
export function planChangesText({ since, changes }: PlanDiff, colours: Colours): readonly string[] {
  if (changes.length === 0) return [`Nothing has changed since plan ${since}.`];
  const number = (kind: PlanChange['change']): number => changes.filter(({ change }) => change === kind).length;
  const rest = changes.length - SHOWN;
  return [
    `Since plan ${since}: ${count(number('new'), 'meeting')} new, ${number('gone')} gone, ${number('changed')} changed.`,
    ...table(['meeting', 'change', 'of'], changes.slice(0, SHOWN).map(({ meeting, change, fields }) => [shortKey(meeting), change, fields.join(', ')]), colours),
    ...(rest > 0 ? [`and ${count(rest, 'more', 'more')}; --json has them all`] : []),
  ];
}
