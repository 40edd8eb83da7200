import { CancellationScope, TemporalFailure } from '@temporalio/workflow';
import type { StepName } from '../../domain/states.js';

interface Step<T> {
  readonly run: () => Promise<T>;
  readonly undo: () => Promise<unknown>;
}

/** An undo for steps that leave nothing of their own behind. */
export const nothing = async (): Promise<void> => {};

/**
 * Steps with their undos. The undo is registered before the step runs, because a step that failed may have had its effect.
 */
export class Saga {
  readonly #undos: { readonly step: StepName; readonly undo: () => Promise<unknown> }[] = [];

  async step<T>(step: StepName, { run, undo }: Step<T>): Promise<T> {
    this.expect(step, undo);
    return run();
  }

  /** Registers the undo of a step that an earlier run took. */
  expect(step: StepName, undo: () => Promise<unknown>): void {
    this.#undos.push({ step, undo });
  }

  /** Undoes everything, last step first, to the end, whatever happens. @returns the steps whose undo did not succeed, and why. */
  async unwind(): Promise<readonly { readonly step: StepName; readonly cause: TemporalFailure }[]> {
    return CancellationScope.nonCancellable(async () => {
      const failed: { readonly step: StepName; readonly cause: TemporalFailure }[] = [];
      for (const { step, undo } of this.#undos.splice(0).reverse()) {
        try {
          await undo();
        } catch (cause: unknown) {
          if (!(cause instanceof TemporalFailure)) throw cause;
          failed.push({ step, cause });
        }
      }
      return failed;
    });
  }
}
