import { activityInfo } from '@temporalio/activity';
import { RelinkFailure } from '../domain/failures.js';
import type { ConferencingVendor, Memory } from '../domain/ports.js';
import type { MeetingRef, MeetingSnapshot, Window } from '../domain/meeting.js';

/** What was told longer ago is asked again: an organiser may have changed it. Milliseconds. */
const FRESH_MS = 60_000;
/** How soon the next attempt goes on at a vendor that answered a moment ago. Milliseconds. */
const SOON_MS = 1_000;
/** Failed attempts remembered at once in this process. */
const MOST = 20;

type Told = Map<string, { readonly at: number; readonly answer: unknown }>;
const told = new Map<string, Told>();

const keyHere = (): string => {
  const { workflowExecution, activityId } = activityInfo();
  return `${workflowExecution?.runId ?? ''} ${activityId}`;
};

/**
 * Lets an attempt that failed half way through a long reading go on where it was, as long as it runs on the same worker. It holds what
 * the vendor said, people included, and so never leaves the memory of this process, where a success clears it.
 */
export async function remembering<T>(read: (memory: Memory) => Promise<T>): Promise<T> {
  const key = keyHere();
  const known: Told = told.get(key) ?? new Map<string, never>();
  told.delete(key);
  told.set(key, known);
  for (const oldest of [...told.keys()].slice(0, Math.max(0, told.size - MOST))) told.delete(oldest);
  const result = await read({ recall: (what, ask) => recall(known, what, ask) }).catch((cause: unknown) => {
    throw [...known.values()].some(isFresh) ? soonAgain(cause) : cause;
  });
  told.delete(key);
  return result;
}

/** Patience grows with failures in a row; a single one on the way of a long reading needs none. */
function soonAgain(cause: unknown): unknown {
  if (!(cause instanceof RelinkFailure) || cause.type !== 'VendorUnavailable' || cause.facts.retryAfterMs !== undefined) return cause;
  return new RelinkFailure(cause.type, cause.message, { ...cause.facts, retryAfterMs: SOON_MS });
}

const isFresh = ({ at }: { readonly at: number }): boolean => Date.now() - at < FRESH_MS;

async function recall<T>(known: Told, what: string, ask: () => Promise<T>): Promise<T> {
  const before = known.get(what);
  if (before && isFresh(before)) return before.answer as T;
  const answer = await ask();
  known.set(what, { at: Date.now(), answer });
  return answer;
}

/** Reads a series again: one with changed occurrences in full, of another the rest follows from its rule. What has changes or parts takes many requests. */
export function readAgain(vendor: ConferencingVendor, ref: MeetingRef, { changes = [], parts }: MeetingSnapshot, window: Window) {
  if (changes.length > 0) return remembering((memory) => vendor.readMeeting(ref, window, { memory }));
  if (parts) return remembering((memory) => vendor.readMeeting(ref, window, { memory, occurrences: 'next' }));
  return vendor.readMeeting(ref, window, { occurrences: 'next' });
}
