import { executeChild, proxyActivities } from '@temporalio/workflow';

/** Workflows that do nothing, in the shape of a lane and its sagas: what the Temporal server can do at most on this machine. */

/** Steps have a queue of their own, as the vendor's have. */
export const STEP_QUEUE = 'bench.steps';

export interface EmptyLaneInput {
  readonly sagas: number;
  /** Activities of each, one after the other. */
  readonly steps: number;
  /** Sagas under way at once. */
  readonly maxConcurrent: number;
}

const { emptyStep } = proxyActivities<{ emptyStep(): Promise<void> }>({ taskQueue: STEP_QUEUE, startToCloseTimeout: '1m', heartbeatTimeout: '15s' });

/** A sliding window: as one saga ends the next begins. Its history stays whole, so a few thousand sagas are the limit. */
export async function emptyLane({ sagas, steps, maxConcurrent }: EmptyLaneInput): Promise<void> {
  let begun = 0;
  const slot = async (): Promise<void> => {
    while (begun < sagas) {
      begun += 1;
      await executeChild(emptySaga, { args: [steps] });
    }
  };
  await Promise.all(Array.from({ length: maxConcurrent }, slot));
}

export async function emptySaga(steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) await emptyStep();
}
