import { LineCounter, parseDocument, isMap, isNode, isScalar, type Document } from 'yaml';
import type { z } from 'zod';
import { InputError } from './input-error.js';
import { didYouMean } from './nearest.js';
import { YAML_LIMIT, readText } from './read-text.js';

type Path = readonly PropertyKey[];

/** A YAML file that fits its schema, and where its keys are, for faults that only show later. */
export interface ParsedDocument<T> {
  readonly value: T;
  /** An error that points at a key. */
  readonly fault: (path: Path, problem: string, remedy: string) => InputError;
}

/** @throws InputError with file, line and key of the first fault. */
export async function readDocument<Schema extends z.ZodType>(file: string, schema: Schema): Promise<ParsedDocument<z.output<Schema>>> {
  const text = await readText(file, YAML_LIMIT);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const [broken] = [...document.errors, ...document.warnings];
  if (broken) throw new InputError({ file, line: lines.linePos(broken.pos[0]).line, problem: sentence(broken.message), remedy: 'mend the YAML there' });
  const fault = (path: Path, problem: string, remedy: string): InputError =>
    new InputError({ file, line: lineOf(document, lines, path), key: path.map(String).join('.') || undefined, problem, remedy });
  const parsed = schema.safeParse(plain(document, file));
  const [issue] = parsed.error?.issues ?? [];
  if (issue) throw explain(issue, schema, fault);
  return { value: parsed.data as z.output<Schema>, fault };
}

function plain(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 20 }) ?? {};
  } catch {
    throw new InputError({ file, problem: 'repeats itself by too many aliases', remedy: 'write the values out' });
  }
}

/** Line of a key; of its nearest parent when the key is missing. */
function lineOf(document: Document, lines: LineCounter, path: Path): number {
  for (let depth = path.length; depth > 0; depth--) {
    const parent = document.getIn(path.slice(0, depth - 1), true);
    const name = path[depth - 1];
    const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && key.value === name) : undefined;
    const node = pair ? pair.key : document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function explain(issue: z.core.$ZodIssue, schema: z.ZodType, fault: (path: Path, problem: string, remedy: string) => InputError): InputError {
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    return fault([...issue.path, key], 'is not known', didYouMean(key, keysAt(schema, issue.path)));
  }
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return fault(issue.path, 'is required', 'write it; `relink init` shows how');
  const [problem = '', ...remedy] = sentence(issue.message).split('; ');
  return fault(issue.path, problem, remedy.join('; ') || '`relink init` shows how it is written');
}

/** Zod says `Invalid input: expected string, received number`. */
const sentence = (message: string): string => message.replace(/^Invalid input: expected (.*), received (.*)$/, 'must be a $1, not $2').replace(/\s+/g, ' ');

/** Names that the schema knows at this place. */
function keysAt(schema: z.ZodType, path: Path): readonly string[] {
  let here: unknown = schema;
  for (const step of path) here = typeof step === 'number' ? inner(here, 'element') : shapeOf(here)?.[String(step)];
  return Object.keys(shapeOf(here) ?? {});
}

function shapeOf(schema: unknown): Record<string, unknown> | undefined {
  return inner(schema, 'shape') as Record<string, unknown> | undefined;
}

/** Looks through defaults, optionals and pipes. */
function inner(schema: unknown, wanted: 'shape' | 'element'): unknown {
  let here = schema as { def?: Record<string, unknown> } | undefined;
  for (let depth = 0; here?.def && depth < 10; depth++) {
    if (here.def[wanted] !== undefined) return here.def[wanted];
    here = (here.def['innerType'] ?? here.def['in']) as typeof here;
  }
  return undefined;
}
