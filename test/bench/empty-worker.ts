import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { STEP_QUEUE } from './empty-sagas.js';

/** A program that executes empty sagas: `node empty-worker.js <address> <namespace> <queue>`. Settings as in worker/workers.ts. */
const [address = '', namespace = 'default', taskQueue = ''] = process.argv.slice(2);
const logger = new DefaultLogger('WARN');
Runtime.install({ logger });

const connection = await NativeConnection.connect({ address });
const common = {
  connection,
  namespace,
  activityTaskPollerBehavior: { type: 'autoscaling', minimum: 1, initial: 3, maximum: 10 },
} as const satisfies Partial<WorkerOptions>;
const workers = await Promise.all([
  Worker.create({
    ...common,
    taskQueue,
    workflowBundle: await bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL('empty-sagas.js', import.meta.url)), logger }),
    workflowTaskPollerBehavior: { type: 'autoscaling', minimum: 2, initial: 5, maximum: 10 },
    maxConcurrentWorkflowTaskExecutions: 40,
    maxCachedWorkflows: 600,
  }),
  Worker.create({ ...common, taskQueue: STEP_QUEUE, activities: { emptyStep: async () => undefined }, maxConcurrentActivityTaskExecutions: 24 }),
]);
const running = Promise.all(workers.map((worker) => worker.run()));
process.stdout.write('ready\n');
await running;
await connection.close();
