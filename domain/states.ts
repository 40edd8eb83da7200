import type { FailureType } from './failures.js';

/** States of one meeting in a campaign. `found` lasts only until the meeting is judged, in the same transaction. */
export const states = [
  'found',
  'unaffected',
  'excluded',
  'refused',
  'waiting',
  'running',
  'replaced',
  'retired',
  'done',
  'held',
  'rolled-back',
  'failed',
  'gone',
] as const;
export type State = (typeof states)[number];

/**
 * The one table of legal transitions; the ledger refuses any other.
 * A judgement may be revised by a later inventory until work has begun, and one that finds a meeting planned anew under its old link
 * takes it out of `gone`; nothing leads out of `done`.
 */
export const transitions: Readonly<Record<State, readonly State[]>> = {
  found: ['unaffected', 'excluded', 'refused', 'waiting', 'failed'],
  unaffected: ['excluded', 'refused', 'waiting'],
  excluded: ['unaffected', 'refused', 'waiting'],
  refused: ['unaffected', 'excluded', 'waiting'],
  waiting: ['unaffected', 'excluded', 'refused', 'running', 'gone', 'failed', 'rolled-back', 'held'],
  running: ['replaced', 'refused', 'failed', 'held', 'rolled-back', 'gone', 'waiting'],
  replaced: ['retired', 'failed', 'held', 'rolled-back', 'gone', 'waiting'],
  retired: ['done', 'held'],
  done: [],
  held: ['waiting', 'replaced', 'retired', 'rolled-back', 'gone', 'held'],
  'rolled-back': ['waiting'],
  failed: ['waiting'],
  gone: ['waiting', 'refused'],
};

export const isLegal = (from: State, to: State): boolean => transitions[from].includes(to);

/** States in which nothing more happens by itself. */
export const settledStates = ['unaffected', 'excluded', 'refused', 'done', 'held', 'rolled-back', 'failed', 'gone'] as const satisfies readonly State[];

/** Counts per state; `found` is the number of all meetings found. */
export type Counts = Readonly<Record<State, number>>;

/** Conservation: every meeting found is in exactly one state. */
export const reconciles = (counts: Counts): boolean =>
  counts.found === states.filter((state) => state !== 'found').reduce((sum, state) => sum + counts[state], 0);

export const emptyCounts = (): Record<State, number> => Object.fromEntries(states.map((state) => [state, 0])) as Record<State, number>;

/** Steps of the saga, by the names that an operator sees. */
export const steps = {
  /** What was said ahead cannot be unsaid, but nothing has happened yet. */
  announce: 'reversible',
  /** Of a meeting whose host left: it stays with its new host, and the vendor has told the old one. */
  'reassign host': 'irreversible',
  snapshot: 'reversible',
  /** Whether a calendar owns the meeting: an edit that changes nothing. */
  'ask calendar': 'reversible',
  replace: 'reversible',
  'carry over': 'reversible',
  verify: 'reversible',
  /** The owner's link comes back with the old id, as long as nobody else took it; the number for dialling in may not. */
  'refresh room': 'reversible',
  'restore room': 'reversible',
  /** What the organiser changed in the old meeting during grace is changed in the replacement. */
  follow: 'reversible',
  notify: 'replaceable',
  retire: 'irreversible',
  'verify retired': 'irreversible',
  'remove replacement': 'reversible',
  correct: 'reversible',
  recheck: 'reversible',
} as const satisfies Record<string, 'reversible' | 'replaceable' | 'irreversible'>;
export type StepName = keyof typeof steps;

/** One line of the append-only log. */
export interface StepEvent {
  readonly step: StepName;
  readonly state: 'started' | 'done' | 'failed';
  readonly at: string;
  readonly attempt: number;
  readonly trackingId: string | null;
  readonly failure: FailureType | null;
  /** Status with which the vendor, or the mail server, answered what failed. */
  readonly code?: number | undefined;
  /** Field names, never values. */
  readonly note: string | null;
}
