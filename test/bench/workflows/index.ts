import { ParentClosePolicy, condition, defineSignal, getExternalWorkflowHandle, proxyActivities, setHandler, startChild, workflowInfo } from '@temporalio/workflow';

/** The ceiling: sagas that do nothing, with as many activities as a remediation has, under a window like a lane's. */
const { nothing } = proxyActivities<{ nothing(): Promise<void> }>({ startToCloseTimeout: '1m' });
const ended = defineSignal('ended');

export async function emptySaga({ activities, parent }: { activities: number; parent: string }): Promise<void> {
  for (let i = 0; i < activities; i++) await nothing();
  await getExternalWorkflowHandle(parent).signal(ended);
}

export async function emptyLane({ sagas, activities, window }: { sagas: number; activities: number; window: number }): Promise<void> {
  let done = 0;
  setHandler(ended, () => void done++);
  const parent = workflowInfo().workflowId;
  for (let started = 0; started < sagas; ) {
    await condition(() => started - done <= window - Math.ceil(window / 4));
    const burst = Math.min(window - (started - done), sagas - started);
    const starts = Array.from({ length: burst }, (_, i) =>
      startChild(emptySaga, { workflowId: `${parent}/${started + i}`, args: [{ activities, parent }], parentClosePolicy: ParentClosePolicy.ABANDON }),
    );
    await Promise.all(starts);
    started += burst;
  }
  await condition(() => done === sagas);
}
