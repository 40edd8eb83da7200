import { run } from '../../client/cli.js';
import { createScreen } from '../../client/io.js';

async function typed(...argv: readonly string[]): Promise<{ readonly code: number; readonly said: readonly string[] }> {
  let said = '';
  const screen = createScreen({ write: (text: string | Uint8Array) => ((said += String(text)), true) }, true);
  const code = await run(argv, { out: screen, err: screen, ask: null });
  return { code, said: said.split('\n').filter((line) => line !== '') };
}

test.each([
  [['bogus', '--help'], "relink: unknown command 'bogus'; see `relink --help`"],
  [['bogus', '-h'], "relink: unknown command 'bogus'; see `relink --help`"],
  [['stauts', '--help'], "relink: unknown command 'stauts' (Did you mean status?); see `relink --help`"],
  [['schedule', 'bogus', '--help'], "relink: unknown command 'bogus'; see `relink schedule --help`"],
])('%j is wrong use, in one line, although help is asked for', async (argv, line) => {
  expect(await typed(...argv)).toEqual({ code: 2, said: [line] });
});

test.each([[['--help']], [['plan', '--help']], [['schedule', '--help']], [['schedule', 'create', '--help']], [['help', 'plan']]])('%j gives help', async (argv) => {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true); // Commander's own way out
  expect(await typed(...argv)).toEqual({ code: 0, said: [] });
  expect(write).toHaveBeenCalledWith(expect.stringContaining('Usage: relink'));
  write.mockRestore();
});

test('an inventory is exported under a name by which it is read again, or not at all', async () => {
  expect(await typed('inventory', 'export', '--out', 'foo.txt')).toEqual({ code: 2, said: ["relink: option '--out <file>' argument 'foo.txt' is invalid. Write a name that ends with .json.; see `relink inventory export --help`"] });
});
