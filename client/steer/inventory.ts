import { setTimeout as wait } from 'node:timers/promises';
import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { attributes, inventoryId, RELINK_QUEUE, type TakeInventoryInput } from '../../workflows/messages.js';
import { JobFailed } from '../errors.js';
import type { Screen } from '../io.js';
import type { CampaignSession } from '../session.js';
import { hasWorker, NO_WORKER, rootCause } from './campaign-run.js';

const LOOK_MS = 500;

/**
 * Finds and judges every meeting in scope and plans the waves: reads at the vendor, writes to the ledger alone.
 * Shows how far it is. An inventory that is under way is waited for instead.
 */
export async function takeInventory(session: CampaignSession, screen: Screen): Promise<void> {
  const { name: campaign } = session;
  const client = await session.temporal();
  if (!(await hasWorker(client))) screen.line(NO_WORKER);
  const run = new Date().toISOString();
  const args: [TakeInventoryInput] = [{ campaign, run }];
  const handle = await client.workflow
    .start('takeInventory', { workflowId: inventoryId(campaign), taskQueue: RELINK_QUEUE, args, typedSearchAttributes: new TypedSearchAttributes(attributes({ campaign })), staticSummary: `inventory of ${campaign}` })
    .catch((cause: unknown) => {
      if (!(cause instanceof WorkflowExecutionAlreadyStartedError)) throw cause;
      screen.line('an inventory is under way: waiting for it');
      return client.workflow.getHandle(inventoryId(campaign));
    });
  const ended = new AbortController();
  const shown = showProgress(session, run, screen, ended.signal);
  try {
    await handle.result();
  } catch (cause: unknown) {
    throw new JobFailed(`the inventory failed: ${rootCause(cause)}; nothing was written at the vendor`, { cause });
  } finally {
    ended.abort();
    await shown;
  }
}

async function showProgress({ ledger, name }: CampaignSession, run: string, screen: Screen, ended: AbortSignal): Promise<void> {
  for (let last = false; !last; ) {
    last = ended.aborted;
    const { hosts, finished, meetings } = await ledger.inventory.progress(name, run).catch(() => ({ hosts: 0, finished: 0, meetings: 0 }));
    const text = `inventory: ${finished} of ${hosts} hosts, ${meetings} meetings`;
    if (hosts > 0) screen.draw({ block: [text], line: text });
    if (!last) await wait(LOOK_MS, undefined, { signal: ended }).catch(() => undefined);
  }
}
