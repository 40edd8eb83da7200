import { Option, Command } from '@commander-js/extra-typings';
import { faultProfiles } from '../../domain/rehearsal.js';
import { kindsProfiles, type DemoOptions } from '../demo/settings.js';
import { runDemo } from '../demo/run-demo.js';
import type { Io } from '../io.js';
import { exampleText, quiet, whole } from '../verb.js';

export const demoCommand = (io: Io) =>
  quiet(new Command('demo'), io.err)
    .description('a whole campaign on this machine: real Temporal, Postgres and SMTP, a simulated vendor, and the vendor’s own audit at the end')
    .option('--meetings <n>', 'how many', whole(1, 100_000), 150)
    .option('--hosts <n>', 'how many own them', whole(1, 20_000), 30)
    .option('--seed <n>', 'the same seed makes the same organisation and the same faults', whole(0, 2 ** 31), 1)
    .addOption(new Option('--faults <profile>', 'how badly vendor and mail behave').choices(faultProfiles).default('ordinary' as const))
    .addOption(new Option('--kinds <profile>', 'what the organisation plans: all has many meetings of each kind, those that are refused too').choices(kindsProfiles).default('usual' as const))
    .option('--scale <n>', 'how much faster the simulated vendor’s clock runs', whole(1, 1_000), 20)
    .option('--chaos', 'kill the worker at random moments, and Temporal and Postgres too')
    .option('--keep', 'leave everything running at the end, until Ctrl-C; keep the data')
    .option('--json', 'end with one line of JSON: status and audit')
    .addHelpText('after', () =>
      exampleText([
        ['relink demo', '150 meetings in about a minute'],
        ['relink demo --meetings 1000 --hosts 120 --faults hostile', 'more, and on a bad day'],
        ['relink demo --chaos', 'while its parts are killed'],
      ]),
    )
    .action(({ chaos = false, keep = false, json = false, ...options }) => {
      const all: DemoOptions = { ...options, chaos, keep, json };
      return runDemo(all, io);
    });
