import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../../adapters/runtime/package-root.js';

/** Where the repository keeps what verbs print with `--json`. */
export const answerFolder = join(packageRoot(), 'docs', 'schema', 'json');
const fileOf = (verb: string): string => join(answerFolder, `${verb.replaceAll(' ', '-')}.schema.json`);

const read = new Map<string, z.ZodType>();

/** As it is in the repository, not as the program has it. */
export function shippedSchema(verb: string): z.ZodType {
  const known = read.get(verb) ?? z.fromJSONSchema(JSON.parse(readFileSync(fileOf(verb), 'utf8')) as Parameters<typeof z.fromJSONSchema>[0]);
  read.set(verb, known);
  return known;
}

/** What a verb printed with `--json` is one line of JSON that its shipped schema allows. @throws with the names of the fields that differ */
export function mustFitSchema(args: readonly string[], printed: string): void {
  const [first = '', second = ''] = args;
  const verb = existsSync(fileOf(`${first} ${second}`)) ? `${first} ${second}` : first;
  const lines = printed.split('\n').filter((line) => line !== '');
  if (lines.length !== 1) throw new Error(`relink ${args.join(' ')} printed ${lines.length} lines, not one of JSON`);
  const fit = shippedSchema(verb).safeParse(JSON.parse(lines[0] ?? ''));
  if (!fit.success) throw new Error(`relink ${args.join(' ')} printed what docs/schema/json does not allow: ${z.prettifyError(fit.error)}`);
}
