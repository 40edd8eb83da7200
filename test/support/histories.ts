import { mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { packageRoot } from '../../adapters/runtime/package-root.js';

/** Set to anything, workflow tests write their histories for the replay tests: `RELINK_RECORD=1 npx jest test/workflow`. */
const recording = (): boolean => process.env['RELINK_RECORD'] !== undefined;

/** A campaign's sagas are all alike. */
const MOST_OF_A_KIND = 20;

/** Without the name of the machine and the place of the checkout, which identities and stack traces quote. */
const anonymous = (json: string): string => json.replaceAll(packageRoot(), '.').replaceAll(`@${hostname()}"`, '@host"');

/** Histories of all workflows that the test ran, one file each, numbered per type in the order they were started. */
export async function recordHistories(client: Client, suite: string): Promise<void> {
  if (!recording()) return;
  const folder = join(packageRoot(), 'test/replay/histories');
  await mkdir(folder, { recursive: true });
  const executions: { readonly type: string; readonly at: number; readonly workflowId: string; readonly runId: string }[] = [];
  for await (const { type, startTime, workflowId, runId } of client.workflow.list()) executions.push({ type, at: startTime.getTime(), workflowId, runId });
  const numbers = new Map<string, number>();
  for (const { type, workflowId, runId } of executions.sort((a, b) => a.at - b.at)) {
    const number = (numbers.get(type) ?? 0) + 1;
    numbers.set(type, number);
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    if (number > MOST_OF_A_KIND) continue;
    await writeFile(join(folder, `${type}.${suite}-${String(number).padStart(2, '0')}.json`), anonymous(historyToJSON(history)));
  }
}
