import type { ExemptionSubject, Steering } from '../../domain/exemptions.js';
import { WrongUse } from '../errors.js';
import type { Wanted } from '../steer/exempt.js';

/** The options of `relink exempt`, as they were typed. */
export interface ExemptOptions {
  readonly host?: string | undefined;
  readonly meeting?: string | undefined;
  readonly file?: string | undefined;
  readonly list?: true | undefined;
  readonly remove?: true | undefined;
  readonly until?: string | undefined;
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
}

/** What they ask for. */
export type Way =
  | { readonly do: 'list' }
  | { readonly do: 'import'; readonly file: string }
  | { readonly do: 'grant'; readonly wanted: Wanted }
  | ({ readonly do: 'remove'; readonly subject: ExemptionSubject } & Steering);

/** @throws WrongUse when they do not go together, or one is missing; before anything is connected. */
export function wayOf({ host, meeting, file, list, remove, until, by, reason }: ExemptOptions): Way {
  const named = [host !== undefined && '--host', meeting !== undefined && '--meeting', file !== undefined && '--file', list && '--list'].filter((each) => typeof each === 'string');
  const [first] = named;
  if (first === undefined) throw new WrongUse('what? Give one of --host ADDRESS, --meeting KEY, --file exemptions.csv and --list');
  if (named.length > 1) throw new WrongUse(`${named.join(' and ')} do not go together; give one of them`);
  if (list || file !== undefined) {
    const surplus = [remove && '--remove', until && '--until', by && '--by', reason && '--reason'].find((each) => typeof each === 'string');
    if (surplus) throw new WrongUse(`${surplus} does not go with ${first}${file === undefined ? '' : ', whose lines say it'}; leave it out`);
    return file === undefined ? { do: 'list' } : { do: 'import', file };
  }
  const subject = host === undefined ? { meeting: meeting ?? '' } : { host };
  if (by === undefined || reason === undefined) throw new WrongUse('who says so, and why? Give --by NAME and --reason TEXT');
  if (remove && until !== undefined) throw new WrongUse('--until does not go with --remove, which takes effect at once; leave it out');
  if (remove) return { do: 'remove', subject, by, reason };
  if (until === undefined) throw new WrongUse('until when? Give --until DATE, like --until 2026-12-31');
  return { do: 'grant', wanted: { subject, until, by, reason } };
}
