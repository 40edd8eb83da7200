import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { initFiles, jsonSchemas } from '../../adapters/runtime/config/index.js';
import { packageRoot } from '../../adapters/runtime/package-root.js';

const folder = join(packageRoot(), 'docs', 'schema');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const schemaOf = (name: string) => z.fromJSONSchema(JSON.parse(read(name)) as Parameters<typeof z.fromJSONSchema>[0]);
const [relink, campaign] = initFiles().map(({ text }): unknown => parse(text));
const advisory: unknown = parse(readFileSync(join(packageRoot(), 'adapters/runtime/advisories/cisco-sa-webex-june-2024.yaml'), 'utf8'));

/** After a change of the files' shape: `WRITE_SCHEMA=1 npx jest test/unit/config-schema`. */
beforeAll(() => {
  if (process.env['WRITE_SCHEMA'] === '1') for (const { name, text } of jsonSchemas()) writeFileSync(join(folder, name), text);
});

test('docs/schema holds exactly the schemas of the program; WRITE_SCHEMA=1 with this test writes them anew', () => {
  expect(readdirSync(folder).filter((name) => name.endsWith('.json')).sort()).toEqual(jsonSchemas().map(({ name }) => name).sort());
  for (const { name, text } of jsonSchemas()) expect(read(name)).toBe(text);
});

test.each([
  ['relink.schema.json', relink, { identities: [{ name: 'Ops 1', vendor: 'webex' }] }],
  ['campaign.schema.json', campaign, { grace: '3 parsecs' }],
  ['advisory.schema.json', advisory, { createdBefore: '2024-05-28' }],
])('%s accepts our own example, refuses a key that is not known and a value that is wrong', (name, example, wrong) => {
  const schema = schemaOf(name);
  expect(schema.safeParse(example).success).toBe(true);
  expect(schema.safeParse({ ...(example as object), unknown: 1 }).success).toBe(false);
  expect(schema.safeParse({ ...(example as object), ...wrong }).success).toBe(false);
});

test('an editor accepts one place of a secret, and neither the secret itself nor two places', () => {
  const schema = schemaOf('relink.schema.json');
  const withToken = (token: unknown) => schema.safeParse({ identities: [{ name: 'ops-1', vendor: 'webex', token }], mail: { from: 'meetings@example.org' } }).success;
  const app = { clientId: 'C0ffee', clientSecret: { env: 'A' }, refreshToken: { file: 'a' } };
  expect([{ env: 'A' }, { file: 'a' }, { oauth: app }].map(withToken)).toEqual([true, true, true]);
  expect(['secret', { env: 'A', file: 'a' }, {}, { oauth: {} }, { oauth: { ...app, clientSecret: 'secret' } }, { env: 'A', oauth: app }].map(withToken)).toEqual(Array(6).fill(false));
});
