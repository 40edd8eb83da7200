import { transformFileSync } from '@swc/core';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../adapters/runtime/package-root.js';

/**
 * Compiles sources for a test that needs them in a process of its own, under the package's folder so that its packages are found.
 * @param sources files or folders, relative to the package.
 * @returns the folder that holds the programs under their own paths; the caller removes it.
 */
export function compile(sources: readonly string[]): string {
  const root = packageRoot();
  mkdirSync(join(root, '.relink'), { recursive: true });
  const target = mkdtempSync(join(root, '.relink', 'compiled-'));
  for (const source of sources.flatMap((each) => typescriptIn(root, each))) {
    const { code } = transformFileSync(join(root, source), { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } });
    const file = join(target, source.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, code);
  }
  return target;
}

function typescriptIn(root: string, source: string): readonly string[] {
  if (source.endsWith('.ts')) return [source];
  return readdirSync(join(root, source), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(source, name));
}
