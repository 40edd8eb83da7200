import { mkdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { initFiles } from '../../adapters/runtime/config/index.js';
import { WrongUse } from '../errors.js';
import type { Io } from '../io.js';
import { verb } from '../verb.js';

/** The one verb that needs no configuration: it writes one. */
export const initCommand = ({ out, err }: Io) =>
  verb({
    name: 'init',
    what: 'write commented examples of relink.yaml and campaign.yaml',
    examples: [
      ['relink init', 'into the working folder'],
      ['relink init ./spring-clean', 'into another folder, made when missing'],
    ],
  }, err)
    .argument('[folder]', 'where to', '.')
    .action(async (folder) => {
      const files = initFiles().map(({ name, text }) => ({ path: join(folder, name), text }));
      const there = files.find(({ path }) => existsSync(path));
      if (there) throw new WrongUse(`${there.path} is there already and is left as it is; name another folder, or move the file away`);
      await mkdir(folder, { recursive: true });
      for (const { path, text } of files) await writeFile(path, text, { flag: 'wx' });
      for (const { path } of files) out.line(`wrote ${path}`);
      out.line('Next: fill in relink.yaml, then `relink up`, and in another terminal `relink doctor`, `relink plan`.');
    });
