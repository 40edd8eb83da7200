import { loadavg } from 'node:os';
import { Command } from '@commander-js/extra-typings';
import { explain } from '../../client/errors.js';
import { forever, wasInterrupted } from '../../client/interrupts.js';
import { processIo, type Io, type Screen } from '../../client/io.js';
import { whole } from '../../client/verb.js';
import { measureFree, measurePaced, type BenchOptions } from './figures.js';
import { reportText } from './report.js';

/** `npm run bench`. Progress goes to standard error, figures to standard output. @returns 0 when it ran, whatever the figures are. */
export async function main(argv: readonly string[]): Promise<number> {
  const io = processIo();
  try {
    await program(io).parseAsync(argv, { from: 'user' });
    return 0;
  } catch (cause: unknown) {
    if (wasInterrupted()) return forever(); // whatever fails while the parts are being stopped is no news
    const { exitCode, message } = explain(cause);
    if (message !== null) io.err.line(`bench: ${message}`);
    return exitCode;
  }
}

const program = (io: Io) =>
  new Command('npm run bench --')
    .description('How fast a campaign is, what a meeting costs at the vendor, and how well the vendor’s limit is used; on this machine, with a simulated vendor.')
    .option('--meetings <n>', 'meetings of the simulated vendor; about six in ten are remediated', whole(20, 5_000), 400)
    .option('--concurrent <n>', 'remediations under way at once', whole(1, 500), 20)
    .option('--scale <n>', 'how much faster than real the limit of 300 requests a minute passes', whole(1, 1_000), 5)
    .option('--json', 'end with one line of JSON')
    .exitOverride()
    .action(async ({ json = false, ...options }) => bench({ ...options, load: loadavg()[0] ?? 0 }, json, io));

async function bench(options: BenchOptions, json: boolean, { out, err }: Io): Promise<void> {
  const screen: Screen = { ...err, width: err.width, draw: (board) => void (process.stderr.isTTY && err.draw(board)) }; // a log needs no board every moment
  screen.line('1 of 2: without vendor limits');
  const free = await measureFree(options, screen);
  screen.line('2 of 2: with the vendor limit');
  const paced = await measurePaced(options, screen);
  for (const line of reportText(free, paced, options, out)) out.line(line);
  if (json) out.line(JSON.stringify({ ...options, ...free, paced }));
}
