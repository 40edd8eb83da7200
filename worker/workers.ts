import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import type { RelinkConfig } from '../adapters/runtime/config/index.js';
import type { Ledger } from '../domain/ledger.js';
import type { Mailer } from '../domain/ports.js';
import { NOTICE_QUEUE, RELINK_QUEUE, vendorQueue } from '../workflows/messages.js';
import { ledgerActivities, noticeActivities, vendorActivities } from './wire.js';

export interface WorkersInput {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly config: RelinkConfig;
  readonly ledger: Ledger;
  readonly mailer: Mailer;
}

/** Everything that the SDK would otherwise choose by itself, because its choices change between versions. */
const explicit = {
  shutdownGraceTime: '20s',
  shutdownForceTime: '40s',
  activityTaskPollerBehavior: { type: 'autoscaling', minimum: 1, initial: 3, maximum: 10 },
} as const satisfies Partial<WorkerOptions>;

/** About 0.6 MB each: enough for the lanes' windows and the sagas that wake at once. */
const CACHED_WORKFLOWS = 600;
/** Calls to the vendor under way at once, per identity. The pace comes from the ledger; this bounds memory and connections. */
const VENDOR_CALLS = 48;

/** One Temporal worker per task queue, so that a vendor that makes us wait never holds up the ledger or the notices. */
export async function createWorkers({ connection, namespace, config, ledger, mailer }: WorkersInput): Promise<readonly Worker[]> {
  const client = new Client({ connection, namespace });
  const common = { ...explicit, connection, namespace };
  const relink = Worker.create({
    ...common,
    taskQueue: RELINK_QUEUE,
    workflowBundle: { codePath: fileURLToPath(new URL('../workflow-bundle.js', import.meta.url)) },
    activities: ledgerActivities(config, ledger, client),
    workflowTaskPollerBehavior: { type: 'autoscaling', minimum: 2, initial: 5, maximum: 10 },
    maxConcurrentWorkflowTaskExecutions: 40,
    maxConcurrentActivityTaskExecutions: 40,
    maxCachedWorkflows: CACHED_WORKFLOWS,
    stickyQueueScheduleToStartTimeout: '5s',
  });
  const notices = Worker.create({ ...common, taskQueue: NOTICE_QUEUE, activities: noticeActivities(ledger, mailer), maxConcurrentActivityTaskExecutions: 8 });
  const vendors = config.identities.map((identity) =>
    Worker.create({
      ...common,
      taskQueue: vendorQueue(identity.name),
      activities: vendorActivities(identity, ledger),
      maxConcurrentActivityTaskExecutions: VENDOR_CALLS,
    }),
  );
  return Promise.all([relink, notices, ...vendors]);
}
