import { setTimeout as wait } from 'node:timers/promises';
import { ServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { NamespaceNotFoundError } from '@temporalio/common';
import { campaignId, laneId, wake } from '../../workflows/messages.js';
import { JobFailed } from '../errors.js';
import type { CampaignSession } from '../session.js';

/** For Temporal, of a command that has done its work in the ledger. Milliseconds. */
export const SHORT_PATIENCE_MS = 3_000;

/** The campaign, or several that share its identities, and their lanes, those that are open. They would see it by themselves within a minute. */
export async function wakeAll(session: CampaignSession, campaigns: readonly string[] = [session.name]): Promise<void> {
  const client = await session.temporal();
  for (const workflowId of campaigns.flatMap((name) => [campaignId(name), ...session.spec.identities.map((lane) => laneId(name, lane))])) {
    await client.workflow
      .getHandle(workflowId)
      .signal(wake)
      .catch((cause: unknown) => {
        if (!(cause instanceof WorkflowNotFoundError)) throw cause;
      });
  }
}

/** After an order that the ledger has. @returns whether Temporal could be told; the order holds in any case */
export const tell = async (session: CampaignSession, campaigns?: readonly string[], patienceMs = SHORT_PATIENCE_MS): Promise<boolean> =>
  (await unlessAway(async () => (await wakeAll(session, campaigns), true), patienceMs)) ?? false;

/** For whoever gave an order of which Temporal could not be told. */
export const UNTOLD = 'relink: it is ordered and holds; Temporal does not answer, so whoever waits sees it a minute later';

/** @returns `null` when Temporal does not answer, or not within `patienceMs`. */
export const unlessAway = <T>(ask: () => Promise<T>, patienceMs = Infinity): Promise<T | null> => within(patienceMs, unlessRefused(ask));

const within = <T>(ms: number, answer: Promise<T | null>): Promise<T | null> => (ms === Infinity ? answer : Promise.race([answer, wait(ms, null, { ref: false })]));

async function unlessRefused<T>(ask: () => Promise<T>): Promise<T | null> {
  return ask().catch((cause: unknown) => {
    if (cause instanceof JobFailed || cause instanceof ServiceError || cause instanceof NamespaceNotFoundError) return null;
    throw cause;
  });
}
