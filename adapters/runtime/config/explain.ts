import type { z } from 'zod';
import type { InputError } from './input-error.js';
import { didYouMean } from './nearest.js';

export type Path = readonly PropertyKey[];
/** An error that points at a key. */
export type Fault = (path: Path, problem: string, remedy: string) => InputError;

/** The first thing that does not fit, in words. Schemas write their own messages as `problem; remedy`. */
export function explain(issue: z.core.$ZodIssue, schema: z.ZodType, value: unknown, fault: Fault): InputError {
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    return fault([...issue.path, key], 'is not known', didYouMean(key, keysAt(schema, issue.path)));
  }
  const [problem = '', ...rest] = plainWords(issue.message).split('; ');
  const remedy = rest.join('; ') || '`relink init` shows how it is written';
  const found = valueAt(value, issue.path);
  if (found === undefined) return fault(issue.path, 'is required', remedy);
  return fault(issue.path, found === null ? 'has no value' : problem, remedy);
}

const NOUNS: Readonly<Record<string, string>> = { object: 'must be keys with values', array: 'must be a list', string: 'must be a text' };

/** Zod says `Invalid input: expected string, received number` where a schema says nothing itself. */
const plainWords = (message: string): string =>
  message.replace(/^Invalid input: expected (\w+).*$/, (_, expected: string) => NOUNS[expected] ?? `must be a ${expected}`).replace(/\s+/g, ' ');

function valueAt(value: unknown, path: Path): unknown {
  let here = value;
  for (const step of path) here = typeof here === 'object' && here !== null ? (here as Record<PropertyKey, unknown>)[step] : undefined;
  return here;
}

/** Names that the schema knows at this place. */
function keysAt(schema: z.ZodType, path: Path): readonly string[] {
  let here: unknown = schema;
  for (const step of path) here = typeof step === 'number' ? inner(here, 'element') : shapeOf(here)?.[String(step)];
  return Object.keys(shapeOf(here) ?? {});
}

const shapeOf = (schema: unknown): Record<string, unknown> | undefined => inner(schema, 'shape') as Record<string, unknown> | undefined;

/** Looks through defaults, optionals, pipes and alternatives. */
function inner(schema: unknown, wanted: 'shape' | 'element'): unknown {
  let here = schema as { def?: Record<string, unknown> } | undefined;
  for (let depth = 0; here?.def && depth < 10; depth++) {
    if (here.def[wanted] !== undefined) return here.def[wanted];
    const options = (here.def['options'] ?? []) as readonly unknown[];
    here = (here.def['innerType'] ?? here.def['in'] ?? options.find((option) => inner(option, wanted) !== undefined)) as typeof here;
  }
  return undefined;
}
