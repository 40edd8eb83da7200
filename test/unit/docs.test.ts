import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { loadAdvisory } from '../../adapters/runtime/config/index.js';
import { packageRoot } from '../../adapters/runtime/package-root.js';
import { program } from '../../client/cli.js';
import { processIo } from '../../client/io.js';
import { ConfigFolder } from '../support/config-files.js';

const root = packageRoot();
const text = (file: string): string => readFileSync(join(root, file), 'utf8');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'simulators/README.md',
  'adapters/vendors/webex/README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md')).map((name) => join('docs', name)),
];

const withoutCode = (page: string): string => page.replaceAll(/```[^]*?```/g, '');
/** As GitHub makes them of headings. */
const anchorsOf = (page: string): readonly string[] =>
  [...withoutCode(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase().replaceAll(/[^\p{L}\p{N} -]/gu, '').replaceAll(' ', '-'));

test('links lead to files and headings that are there', () => {
  const dead = pages.flatMap((page) =>
    [...withoutCode(text(page)).matchAll(/\]\((?!https?:)([^)#]*)#?([^)]*)\)/g)].flatMap(([link, path = '', anchor = '']) => {
      const file = path === '' ? page : relative(root, resolve(root, dirname(page), path));
      const leads = existsSync(join(root, file)) && (anchor === '' || anchorsOf(text(file)).includes(anchor));
      return leads ? [] : [`${page}: ${link}`];
    }),
  );
  expect(dead).toEqual([]);
});

test('every heading of operate.md is in its list of contents', () => {
  const page = text('docs/operate.md');
  const [contents = ''] = page.split('\n## ');
  expect(anchorsOf(page).slice(1).filter((anchor) => !contents.includes(`(#${anchor})`))).toEqual([]);
});

test('what is typed are verbs that there are', () => {
  const verbs = program(processIo()).commands.map((each) => each.name());
  const unknown = pages.flatMap((page) => [...text(page).matchAll(/(?:^|`|\$ )relink ([a-z]+)/gm)].flatMap(([, verb = '']) => (verbs.includes(verb) ? [] : [`${page}: ${verb}`])));
  expect(unknown).toEqual([]);
});

test('the advisory that operate.md shows is one', async () => {
  const [, example = ''] = /## A new advisory[^]*?```yaml\n([^]*?)```/.exec(text('docs/operate.md')) ?? [];
  const folder = await ConfigFolder.create();
  try {
    const { id, marginMs, notice } = await loadAdvisory(await folder.put('example.yaml', example), folder.path, new Date());
    expect([id, marginMs, Object.keys(notice ?? {})]).toEqual(['example-sa-2026-09', 172_800_000, ['en']]);
  } finally {
    await folder.remove();
  }
});
