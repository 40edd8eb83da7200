import { RelinkFailure } from '../domain/failures.js';
import type { ItemRef, Ledger } from '../domain/ledger.js';
import type { StepEvent, StepName } from '../domain/states.js';
import { attempt } from './edge.js';

export interface Recorded {
  readonly trackingId?: string | undefined;
  /** Names of fields, never their values. */
  readonly fields?: readonly string[] | undefined;
}

/**
 * Writes `started` before the effect and `done` or `failed` after it, with the vendor's tracking id.
 * A `started` without an end is how a later attempt knows that the effect is in doubt.
 */
export async function recorded<T>(ledger: Ledger, ref: ItemRef, step: StepName, effect: (note: (facts: Recorded) => void) => Promise<T>): Promise<T> {
  let trackingId: string | null = null;
  let fields: readonly string[] = [];
  const line = (state: 'started' | 'done' | 'failed', failure: unknown = null) =>
    ledger.items.recordStep(ref, { step, state, attempt: attempt(), trackingId: trackingOf(failure) ?? trackingId, ...reasonOf(failure, fields) });

  await line('started');
  try {
    const result = await effect((facts) => {
      trackingId = facts.trackingId ?? trackingId;
      fields = facts.fields ?? fields;
    });
    await line('done');
    return result;
  } catch (cause: unknown) {
    await line('failed', cause);
    throw cause;
  }
}

const trackingOf = (cause: unknown): string | null => (cause instanceof RelinkFailure ? (cause.facts.trackingId ?? null) : null);

function reasonOf(cause: unknown, noted: readonly string[]): Pick<StepEvent, 'failure' | 'code' | 'note'> {
  if (!(cause instanceof RelinkFailure)) return { failure: null, note: noted.join(' ') || null };
  const { status, fields = [] } = cause.facts;
  return { failure: cause.type, code: status, note: fields.join(' ') || null };
}
