import { InvalidArgumentError, Option, type Command, type OptionValues } from '@commander-js/extra-typings';
import { didYouMean, isAddress } from '../../adapters/runtime/config/index.js';
import { failures, isFailureType, type FailureType } from '../../domain/failures.js';
import type { Criteria } from '../../domain/selection.js';
import { states, type State } from '../../domain/states.js';
import type { CampaignSession } from '../session.js';
import { fullKeys } from '../steer/orders.js';
import { whole, type verb } from '../verb.js';

const MOST = 1_000_000;

/** The options by which a verb is given to some meetings, the same for all verbs. */
export const selecting = (command: ReturnType<typeof verb>) =>
  narrowing(command.option('--meeting <key...>', 'only these: keys, or as much of each as is unique').addOption(new Option('--host <address>', 'only those of this host; may be repeated').argParser(manyAddresses)));

/** Those of them that are not about one meeting or one host. */
export const narrowing = <Args extends unknown[], Opts extends OptionValues, Globals extends OptionValues>(command: Command<Args, Opts, Globals>) =>
  command
    .addOption(new Option('--state <state>', 'only those in this state; may be repeated').argParser(manyStates))
    .addOption(new Option('--class <failure>', 'only those that failed so, as `relink failures` names it').argParser(failureType))
    .addOption(new Option('--failure <failure>', 'the same as --class').argParser(failureType).hideHelp().conflicts('class'))
    .addOption(new Option('--wave <n>', 'only those of this wave').argParser(whole(1, MOST)))
    .addOption(new Option('--limit <n>', 'the first so many, soonest start first').argParser(whole(1, MOST)));

export interface SelectionOptions {
  readonly meeting?: readonly string[] | undefined;
  readonly state?: readonly State[] | undefined;
  readonly class?: FailureType | undefined;
  readonly failure?: FailureType | undefined;
  readonly host?: readonly string[] | undefined;
  readonly wave?: number | undefined;
  readonly limit?: number | undefined;
}

/** Keys for what the operator typed. @throws WrongUse when a key is unknown or short of being unique */
export async function criteriaOf({ ledger, name }: Pick<CampaignSession, 'ledger' | 'name'>, { meeting, state, class: type, failure = type, host, wave, limit }: SelectionOptions): Promise<Criteria> {
  return {
    ...(meeting === undefined ? {} : { meetings: await fullKeys({ ledger, name }, meeting) }),
    ...(state === undefined ? {} : { states: state }),
    ...(failure === undefined ? {} : { failure }),
    ...(host === undefined ? {} : { hosts: host.map((address) => ledger.orders.hostKey(address)) }),
    ...(wave === undefined ? {} : { wave }),
    ...(limit === undefined ? {} : { limit }),
  };
}

/** `failed`, or several with commas. */
function manyStates(typed: string, before: readonly State[] = []): readonly State[] {
  const named = typed.split(',').map((each) => each.trim());
  const unknown = named.find((each) => !isState(each));
  if (unknown !== undefined) throw new InvalidArgumentError(`There is no state ${unknown}; ${didYouMean(unknown, states)}`);
  return [...new Set([...before, ...named.filter(isState)])];
}

const isState = (word: string): word is State => (states as readonly string[]).includes(word);

function failureType(typed: string): FailureType {
  if (!isFailureType(typed)) throw new InvalidArgumentError(`There is no failure class ${typed}; ${didYouMean(typed, Object.keys(failures))}`);
  return typed;
}

export function address(typed: string): string {
  if (!isAddress(typed.trim())) throw new InvalidArgumentError('Write it like noor@example.org.');
  return typed.trim().toLowerCase();
}

const manyAddresses = (typed: string, before: readonly string[] = []): readonly string[] => [...new Set([...before, address(typed)])];
