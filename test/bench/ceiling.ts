import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { superviseProcess, type SupervisedProcess } from '../../adapters/runtime/local-stack/index.js';
import { JobFailed } from '../../client/errors.js';
import type { Stage } from '../../client/stage/stage.js';
import type { EmptyLaneInput } from './empty-sagas.js';

const QUEUE = 'bench';
const STOP_GRACE_MS = 5_000;
/** So that neither program is measured while it is still being compiled by its engine. */
const WARM_UP = 40;

type Temporal = Stage['stack']['temporal'];

/** Runs empty sagas on the stage's own Temporal server, by a worker process of their own. @returns how long they took, in seconds. */
export async function timeEmptySagas(temporal: Temporal, input: EmptyLaneInput): Promise<number> {
  const worker = await startEmptyWorker(temporal);
  const connection = await Connection.connect({ address: temporal.address });
  try {
    const client = new Client({ connection, namespace: temporal.namespace });
    const run = async (name: string, args: EmptyLaneInput): Promise<number> => {
      const began = performance.now();
      await client.workflow.execute('emptyLane', { workflowId: `bench/${name}`, taskQueue: QUEUE, args: [args] });
      return (performance.now() - began) / 1000;
    };
    await run('warm-up', { ...input, sagas: WARM_UP });
    return await run('ceiling', input);
  } finally {
    await connection.close();
    await worker.stop(STOP_GRACE_MS);
  }
}

/** Resolves when it polls. */
function startEmptyWorker({ address, namespace }: Temporal): Promise<SupervisedProcess> {
  return new Promise((resolve, reject) => {
    let said = '';
    const worker = superviseProcess({
      name: 'worker of empty sagas',
      command: process.execPath,
      args: [fileURLToPath(new URL('empty-worker.js', import.meta.url)), address, namespace, QUEUE],
      restart: false,
      onLine: (line) => {
        said = line;
        if (line === 'ready') resolve(worker);
      },
      onExit: () => reject(new JobFailed(`the worker of the empty sagas ended: ${said}`)),
    });
  });
}
