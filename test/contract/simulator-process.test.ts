import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { compile } from '../support/compile.js';

let programs = '';
beforeAll(() => {
  programs = compile(['simulators']);
});
afterAll(() => rmSync(programs, { recursive: true, force: true }));

const children: ChildProcessWithoutNullStreams[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function run(...args: string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [join(programs, 'simulators/main.js'), ...args]);
  children.push(child);
  return child;
}

async function ready(child: ChildProcessWithoutNullStreams): Promise<{ webex: { url: string; token: string }; smtp: { url: string }; control: string }> {
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return JSON.parse(line) as Awaited<ReturnType<typeof ready>>;
}

test('it prints where it is in one line, serves, and ends on SIGTERM', async () => {
  const child = run('--meetings', '12', '--hosts', '3', '--seed', '4');
  const at = await ready(child);
  expect(at).toEqual({
    webex: { url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/v1$/) as string, token: expect.stringMatching(/^\S{20,}$/) as string },
    smtp: { url: expect.stringMatching(/^smtp:\/\/127\.0\.0\.1:\d+$/) as string },
    control: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/_control$/) as string,
  });
  const me = await fetch(`${at.webex.url}/people/me`, { headers: { authorization: `Bearer ${at.webex.token}` } });
  expect(me.status).toBe(200);
  expect(await (await fetch(`${at.control}/meetings`)).json()).toHaveLength(13);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('it is told which kinds a campaign is held to replace', async () => {
  const at = await ready(run('--meetings', '60', '--hosts', '3', '--supports', 'exceptions, space'));
  const truth = (await (await fetch(`${at.control}/truth`)).json()) as Record<string, { kind: string; supported: boolean }>;
  const supported = Object.values(truth).filter((each) => each.supported);
  expect(new Set(supported.map(({ kind }) => kind))).toEqual(new Set(['single', 'series', 'exceptions', 'breakouts', 'interpretation', 'registration', 'live-stream', 'webinar', 'space']));
});

test('it ends with its parent when it is told so', async () => {
  const child = run('--meetings', '0', '--with-parent');
  await ready(child);
  child.stdin.end();
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test.each([['--faults', 'terrible'], ['--meetings', 'many'], ['--cutoff', 'yesterday'], ['--supports', 'everything'], ['--shape', 'nowhere.json'], ['--nonsense']])('wrong use (%s %s) is told on stderr and ends with 2', async (...args) => {
  const child = run(...args.filter(Boolean));
  const [[code], [told]] = (await Promise.all([once(child, 'exit'), once(child.stderr, 'data')])) as [[number], [Buffer]];
  expect(code).toBe(2);
  expect(told.toString()).toContain(args[0]);
});
