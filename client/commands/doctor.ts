import { loadConfig } from '../../adapters/runtime/config/index.js';
import { JobFailed } from '../errors.js';
import type { Io, Screen } from '../io.js';
import { withSession } from '../session.js';
import { check, credentialChecks, outsideChecks, ownChecks, serverChecks, type Check } from '../steer/checks.js';
import { answer, JSON_OPTION, verb } from '../verb.js';

export const doctorCommand = ({ out, err }: Io) =>
  verb({
    name: 'doctor',
    what: 'look at every part that a campaign needs, and say what to do about those that are not well',
    examples: [
      ['relink doctor', 'one line for each part; exit code 1 when one is not well'],
      ['relink doctor --json', 'as data'],
    ],
  }, err)
    .option(...JSON_OPTION)
    .action(async ({ config: file, json }) => {
      const config = await loadConfig(file);
      const seen: Check[] = [];
      const show = (each: Check): void => {
        seen.push(each);
        if (!json) showCheck(each, out);
      };
      for (const each of await Promise.all(ownChecks(config))) show(each);
      const servers = await check('Temporal and database', async () => {
        await withSession(config, async (session) => {
          for (const each of await Promise.all(serverChecks(session))) show(each);
          for (const each of await outsideChecks(config)) show(each);
          for (const each of await credentialChecks(session)) show(each);
        });
        return '';
      });
      if (!servers.ok) show(servers);
      answer(out, json, 'doctor', seen, () => []);
      const unwell = seen.filter(({ ok }) => !ok).length;
      if (unwell > 0) throw new JobFailed(`${unwell} of ${seen.length} checks failed`);
    });

export function showCheck({ check: name, ok, detail, remedy }: Check, screen: Screen): void {
  const { colours } = screen;
  screen.line(`${ok ? colours.green('ok  ') : colours.red('FAIL')}  ${name}: ${detail}${ok || remedy === '' ? '' : `; ${remedy}`}`);
}
