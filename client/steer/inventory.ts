import { setTimeout as wait } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { failures, isFailureType, type FailureType } from '../../domain/failures.js';
import type { Instant } from '../../domain/meeting.js';
import { attributes, inventoryId, RELINK_QUEUE, type TakeInventoryInput } from '../../workflows/messages.js';
import { JobFailed, WrongUse } from '../errors.js';
import type { Screen } from '../io.js';
import type { CampaignSession } from '../session.js';
import { hasWorker, isUnderWay, NO_WORKER, rootCause, unserved, unservedText, wrongInput } from './campaign-run.js';

const LOOK_MS = 500;
const TROUBLE_MS = 3_000;

/** @throws JobFailed while the campaign runs: what an inventory finds would be begun at once, and without a question */
export async function mustNotFeed(session: CampaignSession): Promise<void> {
  const { name } = session;
  if (!(await isUnderWay(await session.temporal(), name))) return;
  throw new JobFailed(`${name} runs and would begin at once what an inventory finds; \`relink start FILE\` takes an edited file over while it runs; for an inventory wait until it is over, or \`relink stop ${name}\` first`);
}

/**
 * Finds and judges every meeting in scope and plans the waves: reads at the vendor, writes to the ledger alone.
 * Shows how far it is. One that is under way is waited for, and ours follows it: that one may have begun by another file.
 * @returns when ours began, which is its token in the ledger
 */
export async function takeInventory(session: CampaignSession, screen: Screen): Promise<Instant> {
  const client = await session.temporal();
  if (!(await hasWorker(client))) screen.line(NO_WORKER);
  else for (const identity of await unserved(client, session.spec.identities)) screen.line(unservedText(identity));
  for (;;) {
    const run = new Date().toISOString();
    const { handle, isOurs } = await begin(client, session.name, run);
    if (!isOurs) screen.line('an inventory is under way: waiting for it');
    await finish(session, screen, run, handle);
    if (isOurs) return run;
  }
}

interface Begun {
  readonly handle: Pick<WorkflowHandle, 'result' | 'describe'>;
  readonly isOurs: boolean;
}

async function begin(client: Client, campaign: string, run: Instant): Promise<Begun> {
  const workflowId = inventoryId(campaign);
  const args: [TakeInventoryInput] = [{ campaign, run }];
  try {
    const handle = await client.workflow.start('takeInventory', { workflowId, taskQueue: RELINK_QUEUE, args, typedSearchAttributes: new TypedSearchAttributes(attributes({ campaign })), staticSummary: `inventory of ${campaign}` });
    return { handle, isOurs: true };
  } catch (cause: unknown) {
    if (!(cause instanceof WorkflowExecutionAlreadyStartedError)) throw cause;
    return { handle: client.workflow.getHandle(workflowId), isOurs: false };
  }
}

async function finish(session: CampaignSession, screen: Screen, run: Instant, handle: Begun['handle']): Promise<void> {
  const ended = new AbortController();
  const shown = Promise.all([showProgress(session, run, screen, ended.signal), showTroubles(handle, screen, ended.signal)]);
  try {
    await handle.result();
  } catch (cause: unknown) {
    const told = wrongInput(cause);
    if (told !== undefined) throw new WrongUse(`${told}; nothing was written at the vendor`, { cause });
    throw new JobFailed(`the inventory failed: ${rootCause(cause)}; nothing was written at the vendor`, { cause });
  } finally {
    ended.abort();
    await shown;
  }
}

/** Where the vendor lets nobody in, nothing else would be seen of it. Each cause is told once. */
async function showTroubles(handle: Begun['handle'], screen: Screen, ended: AbortSignal): Promise<void> {
  const told = new Set<FailureType>();
  while (!ended.aborted) {
    await wait(TROUBLE_MS, undefined, { signal: ended }).catch(() => undefined);
    const { raw } = await handle.describe().catch(() => ({ raw: undefined }));
    for (const { lastFailure } of raw?.pendingActivities ?? []) {
      const type = lastFailure?.applicationFailureInfo?.type;
      if (ended.aborted || !isFailureType(type) || told.has(type)) continue;
      told.add(type);
      screen.line(`the inventory waits: ${type}; ${failures[type].remedy}`);
    }
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
