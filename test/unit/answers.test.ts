import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { answers, answerSchemas } from '../../client/answers/index.js';
import { program } from '../../client/cli.js';
import { processIo } from '../../client/io.js';
import { printedAnswers } from '../support/printed-answers.js';
import { answerFolder, mustFitSchema, shippedSchema } from '../support/shipped-schemas.js';

/** After a change of what a verb prints: `WRITE_SCHEMA=1 npx jest test/unit/answers`. */
beforeAll(() => {
  if (process.env['WRITE_SCHEMA'] !== '1') return;
  mkdirSync(answerFolder, { recursive: true });
  for (const { name, text } of answerSchemas()) writeFileSync(join(answerFolder, name), text);
});

/** Verbs below this one that take `--json`, as a user types them. */
const takingJson = (command: CommandUnknownOpts, path: readonly string[] = []): readonly string[] => [
  ...(command.options.some(({ long }) => long === '--json') ? [path.join(' ')] : []),
  ...command.commands.flatMap((each) => takingJson(each, [...path, each.name()])),
];

test('every verb of the command line that takes --json has a schema, and every schema a verb', () => {
  expect([...takingJson(program(processIo()))].sort()).toEqual(Object.keys(answers).sort());
});

test('docs/schema/json holds exactly the schemas of the program; WRITE_SCHEMA=1 with this test writes them anew', () => {
  expect(readdirSync(answerFolder).sort()).toEqual(answerSchemas().map(({ name }) => name).sort());
  for (const { name, text } of answerSchemas()) expect(readFileSync(join(answerFolder, name), 'utf8')).toBe(text);
});

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** The same value with one field of one object under another name: every field once. */
function renamed(value: Json): readonly (readonly [field: string, value: Json])[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap((item, i) => renamed(item).map(([field, other]) => [`[${i}].${field}`, (value as readonly Json[]).with(i, other)] as const));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const { [name]: _, ...rest } = value as Readonly<Record<string, Json>>;
    return [[name, { ...rest, [`${name}X`]: inner }] as const, ...renamed(inner).map(([field, other]) => [`${name}.${field}`, { ...rest, [name]: other }] as const)];
  });
}

/** The audit is the vendor's, who may count more one day; settings and what is attached to a meeting have the vendor's names. */
const isFree = (field: string): boolean => /^(audit|reveal\.content\.(settings|parts))\./.test(field);

test.each(Object.entries(printedAnswers))('what `%s` prints fits its shipped schema, and no longer when any field has another name', (verb, printed) => {
  const schema = shippedSchema(verb);
  expect(schema.safeParse(printed).error).toBeUndefined();
  const variants = renamed(printed as Json);
  expect(variants.length).toBeGreaterThan(0);
  expect(variants.filter(([field, variant]) => !isFree(field) && schema.safeParse(variant).success).map(([field]) => field)).toEqual([]);
});

test('no field may be missing that is not there on occasion only', () => {
  const onOccasion = ['announcements', 'credentials', 'elsewhere', 'outages', 'gates', 'approvals', 'windows', 'departed', 'diff', 'exemptions', 'throttles', 'throttleOrders', 'orders', 'recheck', 'kills'];
  for (const [verb, printed] of Object.entries(printedAnswers)) {
    if (Array.isArray(printed)) continue;
    const without = (name: string): object => Object.fromEntries(Object.entries(printed as object).filter(([each]) => each !== name));
    const dispensable = Object.keys(printed).filter((name) => shippedSchema(verb).safeParse(without(name)).success);
    expect(dispensable.filter((name) => (verb === 'show' ? name !== 'reveal' : !onOccasion.includes(name)))).toEqual([]);
  }
});

test('a run of a verb is held to its schema: one line, of this verb', () => {
  const line = JSON.stringify(printedAnswers['schedule list']);
  expect(() => mustFitSchema(['schedule', 'list', '--json'], `${line}\n`)).not.toThrow();
  expect(() => mustFitSchema(['schedule', 'list', '--json'], '')).toThrow('printed 0 lines');
  expect(() => mustFitSchema(['schedule', 'list', '--json'], `${line}\n${line}\n`)).toThrow('printed 2 lines');
  expect(() => mustFitSchema(['pause', '--json'], line)).toThrow('does not allow');
});
