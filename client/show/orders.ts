import { failures } from '../../domain/failures.js';
import { orderText, type GivenOrder } from '../../domain/orders.js';
import { grouped, type MeetingVerb, type Selected } from '../../domain/selection.js';
import type { State } from '../../domain/states.js';
import type { Colours } from '../io.js';
import type { Prospect } from '../steer/orders.js';
import { count, shortKey, table } from './format.js';

/** Status shows so many; `show` and the report all. */
const LAST = 20;

/** Who ordered what, when and why, and how far it has come. */
export function orderLines(orders: readonly GivenOrder[] = [], colours: Colours, most = Infinity): readonly string[] {
  if (orders.length === 0) return [];
  const earlier = orders.length - Math.min(orders.length, most);
  return [
    '',
    ...table(['ordered', 'at', 'by', 'reason', 'its meetings now'], orders.slice(earlier).map((order) => [orderText(order), order.at, order.by, order.reason ?? '–', nowText(order)]), colours),
    ...(earlier === 0 ? [] : [`and ${count(earlier, 'earlier order')}: \`relink report\` has them all`]),
  ];
}

export const lastOrderLines = (orders: readonly GivenOrder[] | undefined, colours: Colours): readonly string[] => orderLines(orders, colours, LAST);

const WITH_MEETINGS: readonly string[] = ['rollback', 'retry', 'release'];

function nowText({ verb, now, carriedOut }: GivenOrder): string {
  const states = Object.entries(now).map(([state, meetings]) => `${state} ${meetings}`);
  const isLate = WITH_MEETINGS.includes(verb) && carriedOut === null;
  return [...states, ...(isLate ? ['not all reached yet'] : [])].join(', ');
}

/** How far a rollback has come that is not over, a line each. What a later order was given to, such as a retry, is that one's. */
export const rollbackLines = (orders: readonly GivenOrder[] = [], colours: Colours): readonly string[] =>
  orders.flatMap(({ verb, by, now, later }) => {
    const left = (...of: readonly State[]): number => of.reduce((sum, state) => sum + (now[state] ?? 0) - (later[state] ?? 0), 0);
    if (verb !== 'rollback' || left('running', 'replaced') === 0) return [];
    return [colours.yellow(`Rolling back by ${by}: ${left('rolled-back')} put back, ${left('running', 'replaced')} to go, ${left('held')} held, ${left('retired', 'done')} past the pivot.`)];
  });

export interface VerbTexts {
  /** Of meetings the order is given to. */
  readonly given: string;
  /** What it does to them, before it is given. */
  readonly does: string;
  readonly nothing: string;
}

export const verbTexts: Readonly<Record<MeetingVerb, VerbTexts>> = {
  rollback: { given: 'being put back', does: 'puts back', nothing: 'nothing has begun that could be put back' },
  release: { given: 'released from grace', does: 'ends the grace of', nothing: 'no such meeting is in grace' },
  retry: { given: 'taken up again', does: 'takes up again', nothing: 'no such meeting failed or is held' },
};

/** What an order would come to, and what it would not. */
export function prospectText(campaign: string, { verb, isWhole, criteria, reached, refused, untouched }: Prospect, colours: Colours): readonly string[] {
  const all = isWhole ? `the whole campaign ${campaign}: ` : '';
  const ofAll = isWhole ? '' : ` of ${campaign}`;
  const isNarrowed = Object.keys(criteria).length > 0;
  return [
    `${capital(verb)} ${verbTexts[verb].does} ${all}${count(reached.length, 'meeting')}${ofAll}.`,
    ...groupTable(reached, colours),
    ...(refused.length === 0 ? [] : pastPivotLines(campaign, refused, colours)),
    ...(untouched.length === 0 || !isNarrowed ? [] : [`${count(untouched.length, 'meeting')} of the selection ${untouched.length === 1 ? 'is' : 'are'} in a state that this does nothing to (${statesText(untouched)})${verb === 'rollback' && untouched.some(({ state }) => state === 'waiting') ? '; what waits is still to be replaced: `relink exempt` leaves it alone' : ''}.`]),
  ];
}

const capital = (word: string): string => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;

const groupTable = (selected: readonly Selected[], colours: Colours): readonly string[] =>
  selected.length === 0 ? [] : table(['state', 'wave', 'class', 'meetings'], grouped(selected).map(({ state, wave, failure, meetings }) => [state, wave ?? '–', failure ?? '–', meetings]), colours);

const SHOWN = 10;

/** What cannot be put back is never skipped in silence. */
function pastPivotLines(campaign: string, refused: readonly Selected[], colours: Colours): readonly string[] {
  const more = refused.length - SHOWN;
  return [
    colours.red(`${count(refused.length, 'meeting')} not: ${failures.PastPivot.remedy}.`),
    `  The new link works and its organiser was told, so nothing has to be done; who must not keep it gets a further replacement, planned by hand at the vendor.`,
    `  ${refused.slice(0, SHOWN).map(({ meeting }) => shortKey(meeting)).join(' ')}${more > 0 ? ` and ${more} more: \`relink show ${campaign} --state retired,done,held\`` : ''}`,
  ];
}

function statesText(selected: readonly Selected[]): string {
  const states = new Map<string, number>();
  for (const { state } of selected) states.set(state, (states.get(state) ?? 0) + 1);
  return [...states].map(([state, n]) => `${state} ${n}`).join(', ');
}
