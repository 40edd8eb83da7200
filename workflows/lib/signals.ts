import { CancellationScope, getExternalWorkflowHandle, TemporalFailure, type SignalDefinition } from '@temporalio/workflow';

/** Signals another workflow if it is open. One that has ended needs no signal. @returns whether it was */
export function signalIfOpen<Args extends unknown[]>(workflowId: string, signal: SignalDefinition<Args>, ...args: Args): Promise<boolean> {
  return CancellationScope.nonCancellable(async () => {
    try {
      await getExternalWorkflowHandle(workflowId).signal(signal, ...args);
      return true;
    } catch (cause: unknown) {
      if (!(cause instanceof TemporalFailure)) throw cause;
      return false;
    }
  });
}
