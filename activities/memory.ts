import { activityInfo } from '@temporalio/activity';
import type { ConferencingVendor, Memory } from '../domain/ports.js';
import type { MeetingRef, MeetingSnapshot, Window } from '../domain/meeting.js';

/** What was told longer ago is asked again: an organiser may have changed it. Milliseconds. */
const FRESH_MS = 120_000;
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
  const result = await read({ recall: (what, ask) => recall(known, what, ask) });
  told.delete(key);
  return result;
}

async function recall<T>(known: Told, what: string, ask: () => Promise<T>): Promise<T> {
  const before = known.get(what);
  if (before && Date.now() - before.at < FRESH_MS) return before.answer as T;
  const answer = await ask();
  known.set(what, { at: Date.now(), answer });
  return answer;
}

/** Reads a series again: one with changed occurrences in full, of another the rest follows from its rule. */
export const readAgain = (vendor: ConferencingVendor, ref: MeetingRef, { changes = [] }: MeetingSnapshot, window: Window) =>
  changes.length > 0 ? remembering((memory) => vendor.readMeeting(ref, window, { memory })) : vendor.readMeeting(ref, window, { occurrences: 'next' });
