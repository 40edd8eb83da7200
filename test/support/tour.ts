import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../adapters/runtime/package-root.js';
import type { Rehearsal } from './rehearsal.js';

const FILE = join(packageRoot(), 'docs/tour.md');
const INTRODUCTION = `# A tour

One campaign as an operator meets it, on a simulated vendor. The end-to-end test \`test/e2e/tour.test.ts\` types these commands; \`WRITE_TOUR=1 npx jest test/e2e/tour\` writes this page from what they print, and every other run fails when the page shows other commands.
`;

/** The page, written while its commands run. */
export class Tour {
  readonly #page: string[] = [INTRODUCTION];

  constructor(private readonly rehearsal: Rehearsal) {}

  chapter(title: string, text: string): void {
    this.#page.push(`## ${title}\n\n${text}\n`);
  }

  say(text: string): void {
    this.#page.push(`${text}\n`);
  }

  /** One command line, as it is typed. @returns what it printed, also when it ended with another code than 0 */
  async type(line: string, code = 0): Promise<string> {
    const ran = await this.rehearsal.relink(...words(line));
    if (ran.code !== code) throw new Error(`relink ${line} ended with ${ran.code}: ${ran.out}${ran.err}`);
    const printed = `${ran.out}${code === 0 ? '' : ran.err}`;
    this.#page.push(`\`\`\`console\n$ relink ${line}\n${this.#plain(printed)}\n\`\`\`\n`);
    return printed;
  }

  /** Writes the page with \`WRITE_TOUR\`; else holds the page that is there against what was typed. @returns commands of both */
  async close(): Promise<{ readonly typed: readonly string[]; readonly shown: readonly string[] }> {
    const text = this.#page.join('\n');
    if (process.env['WRITE_TOUR'] !== undefined) await writeFile(FILE, text);
    return { typed: commandsOf(text), shown: commandsOf(await readFile(FILE, 'utf8')) };
  }

  /** Without the folder of this run. */
  #plain(printed: string): string {
    return printed.replaceAll(this.rehearsal.folder, '.').replaceAll(/[ \t]+$/gm, '').trim();
  }
}

/** Keys of meetings are others in each run. */
const commandsOf = (page: string): readonly string[] => page.split('\n').filter((line) => line.startsWith('$ ')).map((line) => line.replaceAll(/\b[a-z2-7]{8,}\b(?=$| )/g, (key) => (/\d/.test(key) ? 'KEY' : key)));

/** As a shell does: words, and what stands in double quotes as one. */
const words = (line: string): readonly string[] => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
