import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markProcess, until } from '../../adapters/runtime/local-stack/processes.js';
import { superviseProcess, type ProcessExit, type ProcessSpec, type SupervisedProcess } from '../../adapters/runtime/local-stack/supervise.js';
import { runTool, tail } from '../../adapters/runtime/local-stack/tools.js';

const PATIENCE_MS = 10_000;
let folder = '';
const running: SupervisedProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relink supervise '));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop(0)));
  rmSync(folder, { recursive: true, force: true });
});

interface Watched {
  readonly program: SupervisedProcess;
  readonly lines: string[];
  readonly exits: ProcessExit[];
}

function start(script: string, options: Partial<ProcessSpec> = {}): Watched {
  const lines: string[] = [];
  const exits: ProcessExit[] = [];
  const program = superviseProcess({
    name: 'example',
    command: '/bin/sh',
    args: ['-c', script],
    cwd: folder,
    restart: false,
    onLine: (line) => lines.push(line),
    onExit: (exit) => exits.push(exit),
    ...options,
  });
  running.push(program);
  return { program, lines, exits };
}

const soon = (question: () => boolean): Promise<boolean> => until(question, PATIENCE_MS);

describe('a supervised process', () => {
  it('hands over what it says, on either stream, line by line', async () => {
    const { lines, exits } = start('echo one; echo two >&2; exit 3');
    expect(await soon(() => exits.length === 1 && lines.length === 2)).toBe(true);
    expect([...lines].sort()).toEqual(['one', 'two']);
    expect(exits).toEqual([{ code: 3, signal: null, willRestart: false }]);
  });

  it('comes back when it dies, and has its place prepared before', async () => {
    let prepared = 0;
    const { program, exits } = start('sleep 60', { restart: true, beforeRestart: async () => void prepared++ });
    const first = program.pid;
    program.kill();
    expect(await soon(() => program.pid !== undefined && program.pid !== first)).toBe(true);
    expect(exits).toEqual([{ code: null, signal: 'SIGKILL', willRestart: true }]);
    expect(prepared).toBe(1);
  });

  it('does not come back when it was asked to stop', async () => {
    const { program, exits } = start('sleep 60', { restart: true });
    await Promise.all([program.stop(PATIENCE_MS), program.stop(PATIENCE_MS)]);
    expect(exits).toEqual([{ code: null, signal: 'SIGTERM', willRestart: false }]);
    expect(program.pid).toBeUndefined();
  });

  it('is not started again by a stop that comes between its end and its restart', async () => {
    const { program, exits } = start('exit 1', { restart: true });
    expect(await soon(() => exits.length > 0)).toBe(true);
    await program.stop(0);
    const { length } = exits;
    const later = start('sleep 0.5'); // longer than the wait before a first restart
    expect(await soon(() => later.exits.length === 1)).toBe(true);
    expect(exits.length).toBe(length);
    expect(program.pid).toBeUndefined();
  });

  it('is killed when it does not listen', async () => {
    const { program, lines, exits } = start('trap "" TERM; echo deaf; while :; do sleep 1; done');
    expect(await soon(() => lines.includes('deaf'))).toBe(true);
    await program.stop(50);
    expect(exits).toMatchObject([{ signal: 'SIGKILL' }]);
  });

  it('takes with it what it has started itself', async () => {
    const { program, lines } = start('sleep 60 & echo $! > child; echo ready; wait');
    expect(await soon(() => lines.includes('ready'))).toBe(true);
    const child = Number(readFileSync(join(folder, 'child'), 'utf8'));
    await program.stop(PATIENCE_MS);
    expect(await soon(() => markProcess(child) === undefined)).toBe(true);
  });

  it('that cannot be started at all is an end like any other', async () => {
    const { exits } = start('', { command: join(folder, 'no-such-program') });
    expect(await soon(() => exits.length === 1)).toBe(true);
    expect(exits[0]?.error?.message).toMatch(/ENOENT/);
  });
});

describe('a tool', () => {
  it('gives its exit code and all it said', async () => {
    const { code, output } = await runTool({ command: '/bin/sh', args: ['-c', 'echo out; echo err >&2; exit 4'] });
    expect(code).toBe(4);
    expect(output.split('\n').sort()).toEqual(['', 'err', 'out']);
  });

  it('that is missing has no exit code', async () => {
    const { code, output } = await runTool({ command: join(folder, 'no-such-program'), args: [] });
    expect(code).toBeNull();
    expect(output).toMatch(/ENOENT/);
  });

  it('is quoted by its last lines', () => {
    expect(tail('1\n2\n3\n', 2)).toBe('2\n3');
  });
});
