import type { ExemptionSubject, Steering } from '../../domain/exemptions.js';
import { WrongUse } from '../errors.js';
import type { Wanted } from '../steer/exempt.js';
import type { SelectionOptions } from './selecting.js';

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
  readonly state?: SelectionOptions['state'];
  readonly class?: SelectionOptions['class'];
  readonly failure?: SelectionOptions['failure'];
  readonly wave?: number | undefined;
  readonly limit?: number | undefined;
}

/** What they ask for. */
export type Way =
  | { readonly do: 'list' }
  | { readonly do: 'import'; readonly file: string }
  | { readonly do: 'grant'; readonly wanted: Wanted }
  | ({ readonly do: 'grant-each'; readonly selection: SelectionOptions } & Omit<Wanted, 'subject'>)
  | ({ readonly do: 'remove'; readonly subject: ExemptionSubject } & Steering);

/** @throws WrongUse when they do not go together, or one is missing; before anything is connected. */
export function wayOf({ state, class: type, failure = type, wave, limit, ...options }: ExemptOptions): Way {
  const narrowed = { state, failure, wave, limit };
  return Object.values(narrowed).some((value) => value !== undefined) ? wayToEach(options, narrowed) : wayTo(options);
}

type Narrowed = Pick<SelectionOptions, 'state' | 'failure' | 'wave' | 'limit'>;
type PlainOptions = Omit<ExemptOptions, keyof Narrowed | 'class'>;

/** A selection: each of its meetings by its key, so that a host’s other meetings are not exempt. */
function wayToEach({ host, meeting, file, list, remove, until, by, reason }: PlainOptions, narrowed: Narrowed): Way {
  const surplus = [file !== undefined && '--file', list && '--list', remove && '--remove'].find((each) => typeof each === 'string');
  if (surplus) throw new WrongUse(`${surplus} does not go with a selection by --state, --class, --wave or --limit; leave it out`);
  if (by === undefined || reason === undefined) throw new WrongUse(NAMELESS);
  if (until === undefined) throw new WrongUse(ENDLESS);
  const selection = { ...narrowed, ...(host === undefined ? {} : { host: [host] }), ...(meeting === undefined ? {} : { meeting: [meeting] }) };
  return { do: 'grant-each', selection, until, by, reason };
}

const NAMELESS = 'who says so, and why? Give --by NAME and --reason TEXT';
const ENDLESS = 'until when? Give --until DATE, like --until 2026-12-31';

function wayTo({ host, meeting, file, list, remove, until, by, reason }: PlainOptions): Way {
  const named = [host !== undefined && '--host', meeting !== undefined && '--meeting', file !== undefined && '--file', list && '--list'].filter((each) => typeof each === 'string');
  const [first] = named;
  if (first === undefined) throw new WrongUse('what? Give one of --host ADDRESS, --meeting KEY, a selection like --class VendorRefused, --file exemptions.csv and --list');
  if (named.length > 1) throw new WrongUse(`${named.join(' and ')} do not go together; give one of them`);
  if (list || file !== undefined) {
    const surplus = [remove && '--remove', until && '--until', by && '--by', reason && '--reason'].find((each) => typeof each === 'string');
    if (surplus) throw new WrongUse(`${surplus} does not go with ${first}${file === undefined ? '' : ', whose lines say it'}; leave it out`);
    return file === undefined ? { do: 'list' } : { do: 'import', file };
  }
  const subject = host === undefined ? { meeting: meeting ?? '' } : { host };
  if (by === undefined || reason === undefined) throw new WrongUse(NAMELESS);
  if (remove && until !== undefined) throw new WrongUse('--until does not go with --remove, which takes effect at once; leave it out');
  if (remove) return { do: 'remove', subject, by, reason };
  if (until === undefined) throw new WrongUse(ENDLESS);
  return { do: 'grant', wanted: { subject, until, by, reason } };
}
