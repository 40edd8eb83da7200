import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markProcess } from '../../adapters/runtime/local-stack/processes.js';
import { packageRoot } from '../../adapters/runtime/package-root.js';

/** In a folder that is to go when its process ends: one that was killed has left it. */
const PASSING = '.passing';

/** In the checkout; a package that was installed for everybody cannot be written to. */
async function homeFolder(): Promise<string> {
  for (const folder of [join(packageRoot(), '.relink'), join(tmpdir(), 'relink')]) {
    try {
      await mkdir(folder, { recursive: true, mode: 0o711 });
      await rm(await mkdtemp(join(folder, 'probe-')), { recursive: true });
      return folder;
    } catch {
      continue;
    }
  }
  return tmpdir();
}

/** A folder of this process alone, in the one that everything is kept in. What processes that were killed have left there goes. */
export async function stageFolder(purpose: string, keep: boolean): Promise<{ readonly home: string; readonly folder: string }> {
  const home = await homeFolder();
  await sweep(home, purpose);
  const folder = await mkdtemp(join(home, `${purpose}-${process.pid}-`));
  if (!keep) await writeFile(join(folder, PASSING), '');
  return { home, folder };
}

async function sweep(home: string, purpose: string): Promise<void> {
  for (const name of await readdir(home)) {
    const pid = Number(new RegExp(`^${purpose}-(\\d+)-`).exec(name)?.[1]);
    if (!(pid > 0) || markProcess(pid)) continue;
    const isPassing = (await readdir(join(home, name)).catch((): string[] => [])).includes(PASSING);
    if (isPassing) await rm(join(home, name), { recursive: true, force: true }).catch(() => undefined); // its last processes may still write
  }
}
