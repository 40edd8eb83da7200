import { CancellationScope, getExternalWorkflowHandle, TemporalFailure, type SignalDefinition } from '@temporalio/workflow';

/** Signals another workflow if it is open. One that has ended needs no signal. */
export async function signalIfOpen<Args extends unknown[]>(workflowId: string, signal: SignalDefinition<Args>, ...args: Args): Promise<void> {
  await CancellationScope.nonCancellable(async () => {
    try {
      await getExternalWorkflowHandle(workflowId).signal(signal, ...args);
    } catch (cause: unknown) {
      if (!(cause instanceof TemporalFailure)) throw cause;
    }
  });
}
