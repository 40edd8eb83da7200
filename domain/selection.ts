import { isRefusal, type FailureType } from './failures.js';
import type { State } from './states.js';

/** Which meetings of a campaign: those of which all holds that is given. */
export interface Selection {
  readonly meetings?: readonly string[] | undefined;
  readonly states?: readonly State[] | undefined;
  readonly failure?: FailureType | undefined;
  /** Keys, never addresses. */
  readonly hosts?: readonly string[] | undefined;
  readonly wave?: number | undefined;
}

/** A selection as an operator types it. */
export interface Criteria extends Selection {
  /** Of those that the verb reaches the first so many, soonest start first. */
  readonly limit?: number | undefined;
}

/** A meeting as far as a selection looks at it. */
export interface Selected {
  readonly meeting: string;
  readonly state: State;
  readonly lane: string;
  readonly wave: number | null;
  readonly failure: FailureType | null;
  /** Status with which the vendor answered what failed; null when it failed on something else. */
  readonly code: number | null;
  /** The old one is deleted. */
  readonly isPastPivot: boolean;
}

/** Orders to meetings, where those to whole campaigns hold or let go. */
export const meetingVerbs = ['rollback', 'retry', 'release'] as const;
export type MeetingVerb = (typeof meetingVerbs)[number];

/** States that an order applies to. */
const applies: Readonly<Record<MeetingVerb, readonly State[]>> = {
  rollback: ['running', 'replaced', 'held', 'retired', 'done'],
  release: ['replaced'],
  retry: ['failed', 'held'],
};

export const isWhole = (criteria: Criteria): boolean => Object.values(criteria).every((value) => value === undefined);

/** Its organiser deleted the old meeting and was asked about the new one. */
export const isAsked = ({ state, failure }: Pick<Selected, 'state'> & { readonly failure?: FailureType | null }): boolean => state === 'held' && failure === 'LegacyDeleted';

/** The vendor refused the deletion, and nothing else is wrong: before it such a refusal undoes everything. Not asked of what is past its pivot. */
export const isStuckAtDeletion = ({ state, failure }: Parameters<typeof isAsked>[0]): boolean => state === 'held' && isRefusal(failure);

/**
 * What an order comes to for one meeting. What was put back is taken up again only when it is asked for by key or by state. The answer to a question is
 * given by key or by class, so that no order to many deletes the last link of one.
 */
export function fateOf(verb: MeetingVerb, item: Pick<Selected, 'state' | 'isPastPivot'> & { readonly failure?: FailureType | null }, { meetings, states, failure }: Criteria): 'reached' | 'refused' | 'untouched' {
  const { state, isPastPivot } = item;
  if (isAsked(item)) return verb !== 'retry' && (meetings !== undefined || failure === 'LegacyDeleted') ? 'reached' : 'untouched';
  const isNamed = meetings !== undefined || states !== undefined;
  if (!applies[verb].includes(state) && !(verb === 'retry' && isNamed && state === 'rolled-back')) return 'untouched';
  return verb === 'rollback' && isPastPivot ? 'refused' : 'reached';
}

/** What an order would come to, before it is given. */
export interface Reach {
  readonly reached: readonly Selected[];
  /** Beyond the reach of the verb for good: past the pivot. */
  readonly refused: readonly Selected[];
  /** Selected, but in a state that the verb does nothing to. */
  readonly untouched: readonly Selected[];
}

/** @param selected soonest start first */
export function reachOf(verb: MeetingVerb, selected: readonly Selected[], criteria: Criteria): Reach {
  const of = (fate: ReturnType<typeof fateOf>) => selected.filter((each) => fateOf(verb, each, criteria) === fate);
  return { reached: of('reached').slice(0, criteria.limit), refused: of('refused'), untouched: of('untouched') };
}

/** So many meetings have this in common. */
export interface Group extends Pick<Selected, 'state' | 'wave' | 'failure'> {
  readonly meetings: number;
}

/** Most frequent first. */
export function grouped(selected: readonly Selected[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const { state, wave, failure } of selected) {
    const name = `${state} ${wave} ${failure}`;
    groups.set(name, { state, wave, failure, meetings: (groups.get(name)?.meetings ?? 0) + 1 });
  }
  return [...groups.values()].sort((a, b) => b.meetings - a.meetings);
}
