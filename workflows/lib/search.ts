import { upsertSearchAttributes } from '@temporalio/workflow';
import type { FailureType } from '../../domain/failures.js';
import type { State } from '../../domain/states.js';
import { RelinkFailure, RelinkState } from '../messages.js';

/** Shows a change of state to whoever searches the Temporal UI. Each costs the server a write: changes only. */
export const showState = (state: State, failure?: FailureType): void =>
  upsertSearchAttributes([
    { key: RelinkState, value: state },
    { key: RelinkFailure, value: failure ?? null },
  ]);
