import { whyOf, type FieldFidelity } from '../../domain/fidelity.js';
import type { Colours } from '../io.js';
import { count, table } from './format.js';

/** How one field of the replacement stands to the old meeting, and why. */
export interface FidelityLine extends FieldFidelity {
  readonly why: string;
}

export const explained = (fields: readonly FieldFidelity[]): readonly FidelityLine[] => fields.map((field) => ({ ...field, why: whyOf(field) }));

/** A row for each field, what is lost first; nothing when there is no replacement to compare. */
export function fidelityLines(lines: readonly FidelityLine[], colours: Colours): readonly string[] {
  if (lines.length === 0) return [];
  const of = (verdict: FidelityLine['verdict']): number => lines.filter((line) => line.verdict === verdict).length;
  const sum = `The replacement against the old meeting: ${count(of('equal'), 'field')} equal, ${of('intended')} different on purpose, ${of('lost')} lost.`;
  return ['', colours.bold(sum), ...table(['field', 'verdict', 'why'], lines.map(({ field, verdict, why }) => [field, verdict, why]), colours)];
}
