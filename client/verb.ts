import { Command, InvalidArgumentError, Option, type CommandUnknownOpts } from '@commander-js/extra-typings';
import type { AnsweringVerb, AnswerOf } from './answers/index.js';
import { phrase } from '../adapters/runtime/config/index.js';
import type { Screen } from './io.js';

export interface VerbHelp {
  readonly name: string;
  readonly what: string;
  /** Command line and what it does. */
  readonly examples: readonly (readonly [string, string])[];
}

/** One verb of the command line, with what all of them have: the configuration, examples, errors in one line. */
export const verb = ({ name, what, examples }: VerbHelp, err: Screen) =>
  quiet(new Command(name), err)
    .description(what)
    .addHelpText('after', () => exampleText(examples))
    .addOption(new Option('--config <file>', 'where things are').default('relink.yaml'));

/** Commander throws instead of ending the process, and says what is wrong in our way. */
export function quiet<T extends CommandUnknownOpts>(command: T, err: Screen): T {
  command.exitOverride().configureOutput({
    outputError: (text) => err.line(`relink: ${oneLine(text)}; see \`${usageOf(command)} --help\``),
  });
  return command;
}

/** `error: unknown option '--x'\n(Did you mean --y?)` */
const oneLine = (text: string): string => text.replace(/^error: /, '').trim().replaceAll(/\s*\n\s*/g, ' ');

function usageOf(command: CommandUnknownOpts): string {
  const names: string[] = [];
  for (let each: CommandUnknownOpts | null = command; each; each = each.parent) names.unshift(each.name());
  return names[0] === 'relink' ? names.join(' ') : `relink ${names.join(' ')}`;
}

export function exampleText(examples: VerbHelp['examples']): string {
  const width = Math.max(...examples.map(([line]) => line.length));
  return `\nExamples:\n${examples.map(([line, does]) => `  ${line.padEnd(width)}  ${does}`).join('\n')}`;
}

/** Reads the value of an option: a whole number within these bounds. */
export const whole =
  (least: number, most: number) =>
  (text: string): number => {
    const n = Number(text);
    if (!/^\d+$/.test(text) || n < least || n > most) throw new InvalidArgumentError(`Write a whole number from ${least} to ${most}.`);
    return n;
  };

/** Reads the value of an option: a name or a reason, on one line. */
export function shortText(typed: string): string {
  const written = phrase(typed);
  if (written === undefined) throw new InvalidArgumentError('Write 1 to 500 characters.');
  return written;
}

/** Data for a program, as `answers` says what this verb prints; or the same in words. */
export function answer<V extends AnsweringVerb>(out: Screen, json: boolean | undefined, _verb: V, data: AnswerOf<V>, words: () => readonly string[]): void {
  for (const line of json ? [JSON.stringify(data)] : words()) out.line(line);
}

export const CAMPAIGN_ARGUMENT = ['[campaign]', 'a campaign file, or the name of a campaign the ledger knows (default: campaign.yaml)'] as const;
export const JSON_OPTION = ['--json', 'print data as JSON on standard output'] as const;
