import { LineCounter, parseDocument, isMap, isNode, isScalar, type Document } from 'yaml';
import type { z } from 'zod';
import { explain, type Fault, type Path } from './explain.js';
import { InputError } from './input-error.js';
import { YAML_LIMIT, readText } from './read-text.js';

/** Of a key in a message. Characters. */
const LONGEST_KEY = 120;

/** A YAML file that fits its schema, and where its keys are, for faults that only show later. */
export interface ParsedDocument<T> {
  readonly value: T;
  readonly fault: Fault;
}

/** @throws InputError with file, line, column and key of the first fault. */
export async function readDocument<Schema extends z.ZodType>(file: string, schema: Schema): Promise<ParsedDocument<z.output<Schema>>> {
  const text = await readText(file, YAML_LIMIT);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const [broken] = [...document.errors, ...document.warnings];
  if (broken) throw new InputError({ file, ...at(lines, broken.pos[0]), problem: broken.code === 'MULTIPLE_DOCS' ? 'a second document begins' : broken.message, remedy: 'mend the YAML there' });
  const fault: Fault = (path, problem, remedy) => new InputError({ file, ...placeOf(document, lines, path), key: path.map(String).join('.').slice(0, LONGEST_KEY) || undefined, problem, remedy });
  const value = plain(document, file);
  const parsed = schema.safeParse(value);
  const [issue] = parsed.error?.issues ?? [];
  if (issue) throw explain(issue, schema, value, fault);
  return { value: parsed.data as z.output<Schema>, fault };
}

function plain(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 20 }) ?? {};
  } catch {
    throw new InputError({ file, problem: 'repeats itself by too many aliases', remedy: 'write the values out' });
  }
}

interface Place {
  readonly line: number;
  readonly column: number;
}

const at = (lines: LineCounter, offset: number): Place => {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
};

/** Where a key is; its nearest parent when the key is missing. */
function placeOf(document: Document, lines: LineCounter, path: Path): Place {
  for (let depth = path.length; depth > 0; depth--) {
    const parent = document.getIn(path.slice(0, depth - 1), true);
    const name = path[depth - 1];
    const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && key.value === name) : undefined;
    const node = pair ? pair.key : document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return at(lines, node.range[0]);
  }
  return { line: 1, column: 1 };
}
