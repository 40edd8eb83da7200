import { activityInfo } from '@temporalio/activity';
import { RelinkFailure } from '../domain/failures.js';
import type { ConferencingVendor, Memory, Reading } from '../domain/ports.js';
import type { MeetingRef, MeetingSnapshot, Window } from '../domain/meeting.js';

/** What was told longer ago is asked again: an organiser may have changed it. Milliseconds. */
const FRESH_MS = 60_000;
/** How soon the next attempt goes on at a vendor that answered a moment ago. Milliseconds. */
const SOON_MS = 1_000;
/** Failed attempts remembered at once in this process. */
const MOST = 20;

type Told = Map<string, { readonly at: number; readonly answer: unknown }>;
const attempts = new Map<string, Told>();

const keyHere = (): string => {
  const { workflowExecution, activityId } = activityInfo();
  return `${workflowExecution?.runId ?? ''} ${activityId}`;
};

export interface Look<T> {
  readonly seen: T;
  /** Nothing of it was asked before then. Milliseconds since the epoch; what lists may lag behind is counted to here, not to the end of the reading. */
  readonly lookedAt: number;
}

/**
 * Lets an attempt that failed half way through a long reading go on where it was, as long as it runs on the same worker. It holds what
 * the vendor said, people included, and so never leaves the memory of this process, where a success clears it.
 */
export async function remembering<T>(read: (memory: Memory) => Promise<T>): Promise<Look<T>> {
  const key = keyHere();
  const known: Told = attempts.get(key) ?? new Map<string, never>();
  attempts.delete(key);
  attempts.set(key, known);
  for (const oldest of [...attempts.keys()].slice(0, Math.max(0, attempts.size - MOST))) attempts.delete(oldest);
  let lookedAt = Date.now();
  const recall: Memory['recall'] = async (what, ask) => {
    const { at, answer } = await recalled(known, what, ask);
    lookedAt = Math.min(lookedAt, at);
    return answer;
  };
  const seen = await read({ recall }).catch((cause: unknown) => {
    throw [...known.values()].some(isFresh) ? soonAgain(cause) : cause;
  });
  attempts.delete(key);
  return { seen, lookedAt };
}

/** Patience grows with failures in a row; a single one on the way of a long reading needs none. */
function soonAgain(cause: unknown): unknown {
  if (!(cause instanceof RelinkFailure) || cause.type !== 'VendorUnavailable' || cause.facts.retryAfterMs !== undefined) return cause;
  return new RelinkFailure(cause.type, cause.message, { ...cause.facts, retryAfterMs: SOON_MS });
}

const isFresh = ({ at }: { readonly at: number }): boolean => Date.now() - at < FRESH_MS;

async function recalled<T>(known: Told, what: string, ask: () => Promise<T>): Promise<{ readonly at: number; readonly answer: T }> {
  const before = known.get(what);
  if (before && isFresh(before)) return { at: before.at, answer: before.answer as T };
  const at = Date.now();
  const told = { at, answer: await ask() };
  known.set(what, told);
  return told;
}

/** So many occurrences come in a request or two; a reading of more goes on where an attempt failed. */
const FEW = 100;

/**
 * Reads a meeting again, a series in the zone that it was found to be in. With `next` the rest of a series follows from its rule, unless some of its
 * occurrences were changed: then, as with `all`, each is asked for.
 */
export async function readAgain(vendor: ConferencingVendor, ref: MeetingRef, { changes = [], parts, partsSince, occurrences, timezone }: MeetingSnapshot, window: Window, how: Pick<Reading, 'made' | 'occurrences'>): Promise<Look<MeetingSnapshot | 'gone'>> {
  const known = { ...ref, timezone };
  const depth = changes.length > 0 ? 'all' : how.occurrences;
  if (changes.length > 0 || parts || (depth === 'all' && occurrences.length > FEW)) return remembering((memory) => vendor.readMeeting(known, window, { memory, partsSince, occurrences: depth }));
  const lookedAt = Date.now();
  return { seen: await vendor.readMeeting(known, window, { ...how, occurrences: depth }), lookedAt };
}
