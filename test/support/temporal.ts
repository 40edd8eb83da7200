import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { packageRoot } from '../../adapters/runtime/package-root.js';
import { bootstrapNamespace } from '../../adapters/runtime/local-stack/bootstrap.js';
import { startTemporal } from '../../adapters/runtime/local-stack/temporal-server.js';
import { recordHistories } from './histories.js';
import { NOTICE_QUEUE, RELINK_QUEUE, vendorQueue } from '../../workflows/messages.js';

/** A real Temporal server with a namespace of its own, and workers whose activities the test brings. */
export interface TestTemporal {
  readonly client: Client;
  readonly address: string;
  readonly namespace: string;
  /** Runs workers on all queues while `run` runs. */
  withWorkers<T>(activities: object, run: () => Promise<T>, options?: { readonly lanes?: readonly string[]; readonly cached?: number }): Promise<T>;
  stop(): Promise<void>;
}

/**
 * `suite` names the histories that are recorded for the replay tests.
 * @param tuning of the server's dynamic configuration, as `key=value`
 */
export async function startTestTemporal(suite: string, tuning: readonly string[] = []): Promise<TestTemporal> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const folder = await mkdtemp(join(tmpdir(), 'relink-test-'));
  const quiet = () => undefined;
  const part = await startTemporal({ dataDir: folder, log: quiet, onPart: quiet, onPid: quiet }, tuning);
  const namespace = 'test';
  const connection = await Connection.connect({ address: part.address });
  await bootstrapNamespace({ connection, namespace });
  const native = await NativeConnection.connect({ address: part.address });
  const workflowBundle = await workflows();
  const client = new Client({ connection, namespace });
  return {
    client,
    address: part.address,
    namespace,
    withWorkers: (activities, run, { lanes = ['ops-1'], cached = 100 } = {}) =>
      runWith([RELINK_QUEUE, NOTICE_QUEUE, ...lanes.map(vendorQueue)], { native, namespace, workflowBundle, activities, cached }, run),
    async stop() {
      await recordHistories(client, suite);
      await native.close();
      await connection.close();
      await part.process.stop(5_000);
      await Runtime.instance().shutdown();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The bundle that the build made, when `npm test` says where it is; else made anew. */
async function workflows(): Promise<WorkflowBundleOption> {
  const codePath = process.env['RELINK_TEST_WORKFLOWS'];
  return codePath ? { codePath } : bundleWorkflowCode({ workflowsPath: join(packageRoot(), 'workflows/index.ts'), logger: new DefaultLogger('ERROR') });
}

interface Crew {
  readonly native: NativeConnection;
  readonly namespace: string;
  readonly workflowBundle: WorkflowBundleOption;
  readonly activities: object;
  readonly cached: number;
}

async function runWith<T>(queues: readonly string[], { native, namespace, workflowBundle, activities, cached }: Crew, run: () => Promise<T>): Promise<T> {
  const workers = await Promise.all(
    queues.map((taskQueue) =>
      Worker.create({
        connection: native,
        namespace,
        taskQueue,
        activities,
        ...(taskQueue === RELINK_QUEUE ? { workflowBundle, maxCachedWorkflows: cached } : {}),
      }),
    ),
  );
  const running = Promise.all(workers.map((worker) => worker.run()));
  try {
    return await run();
  } finally {
    for (const worker of workers) worker.shutdown();
    await running;
  }
}
