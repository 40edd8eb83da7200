import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { environment } from '../adapters/runtime/env.js';
import { packageRoot } from '../adapters/runtime/package-root.js';
import { approveCommand } from './commands/approve.js';
import { demoCommand } from './commands/demo.js';
import { doctorCommand } from './commands/doctor.js';
import { exemptCommand } from './commands/exempt.js';
import { initCommand } from './commands/init.js';
import { failuresCommand, reportCommand, showCommand } from './commands/inspect.js';
import { inventoryCommand } from './commands/inventory.js';
import { meetingOrders } from './commands/meeting-orders.js';
import { standingOrders } from './commands/orders.js';
import { planCommand } from './commands/plan.js';
import { rehearseCommand } from './commands/rehearse.js';
import { scheduleCommand } from './commands/schedule.js';
import { startCommand } from './commands/start.js';
import { statusCommand, watchCommand } from './commands/status.js';
import { throttleCommand } from './commands/throttle.js';
import { upCommand } from './commands/up.js';
import { workerCommand } from './commands/worker.js';
import { explain } from './errors.js';
import { forever, wasInterrupted } from './interrupts.js';
import { processIo, type Io } from './io.js';
import { quiet } from './verb.js';

/**
 * The command line. @param argv without interpreter and program.
 * @returns the exit code: 0 done, 1 the job failed, 2 wrong use.
 */
export const main = (argv: readonly string[]): Promise<number> => run(argv, processIo());

export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    const relink = program(io);
    await relink.parseAsync(isKnown(relink, argv) ? argv : withoutHelp(argv), { from: 'user' });
    return 0;
  } catch (cause: unknown) {
    if (wasInterrupted()) return forever(); // whatever fails while the parts are being stopped is no news
    const { exitCode, message } = explain(cause);
    if (message !== null) io.err.line(`relink: ${message}`);
    if (environment().debug && exitCode !== 0 && cause instanceof Error) io.err.line(cause.stack);
    return exitCode;
  }
}

/** Whether its first words name a verb, or none. */
function isKnown(relink: CommandUnknownOpts, argv: readonly string[]): boolean {
  let group = relink;
  for (const word of argv) {
    if (group.commands.length === 0 || word.startsWith('-') || word === 'help') return true;
    const next = group.commands.find((each) => each.name() === word);
    if (next === undefined) return false;
    group = next;
  }
  return true;
}

/** Asked for help, Commander gives that of the group and never says that there is no such verb. */
const withoutHelp = (argv: readonly string[]): readonly string[] => argv.filter((word) => word !== '--help' && word !== '-h');

/** All verbs, in the order in which a campaign needs them. */
export function program(io: Io): CommandUnknownOpts {
  const relink = quiet(new Command('relink'), io.err)
    .description('Gives every meeting that an advisory made unsafe a new link, tells the organisers, removes the old link, and proves it.')
    .version(version())
    .addHelpText('after', '\nExamples:\n  relink demo                a whole campaign on a simulated vendor, on this machine\n  relink init                write relink.yaml and campaign.yaml\n  relink plan                what a campaign would do\n\nExit codes: 0 done, 1 the job failed, 2 wrong use.');
  const verbs: readonly CommandUnknownOpts[] = [
    demoCommand(io),
    initCommand(io),
    doctorCommand(io),
    upCommand(io),
    workerCommand(io),
    planCommand(io),
    rehearseCommand(io),
    startCommand(io),
    statusCommand(io),
    watchCommand(io),
    showCommand(io),
    failuresCommand(io),
    approveCommand(io),
    throttleCommand(io),
    exemptCommand(io),
    ...standingOrders(io),
    ...meetingOrders(io),
    scheduleCommand(io),
    reportCommand(io),
    inventoryCommand(io),
  ];
  for (const each of verbs) relink.addCommand(each);
  return relink;
}

function version(): string {
  const { version: written } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
  return written;
}
