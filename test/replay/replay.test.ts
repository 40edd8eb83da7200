import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { packageRoot } from '../../adapters/runtime/package-root.js';

const folder = join(packageRoot(), 'test/replay/histories');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const load = (name: string): object => JSON.parse(readFileSync(join(folder, name), 'utf8')) as object;

Runtime.install({ logger: new DefaultLogger('ERROR') });
const replay = async (histories: readonly { readonly workflowId: string; readonly history: object }[]) => {
  const workflowBundle = await bundleWorkflowCode({ workflowsPath: join(packageRoot(), 'workflows/index.ts'), logger: new DefaultLogger('ERROR') });
  const results: { readonly workflowId: string; readonly error: Error | undefined }[] = [];
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, histories)) results.push({ workflowId, error });
  return results;
};

test('there are histories of every kind of workflow', () => {
  const kinds = new Set(files.map((name) => name.split('.')[0] ?? ''));
  expect([...kinds].toSorted()).toEqual(['drainLane', 'recheckDone', 'remediateMeeting', 'rerunCampaign', 'runCampaign', 'sendDigests', 'takeInventory']);
});

test('every history that a server recorded is replayed to the same commands', async () => {
  const results = await replay(files.map((name) => ({ workflowId: name, history: load(name) })));
  expect(results).toHaveLength(files.length);
  expect(results.filter(({ error }) => error !== undefined)).toEqual([]);
});

test('a history in which another activity ran is noticed', async () => {
  const name = files.find((file) => file.startsWith('remediateMeeting')) ?? '';
  const forged = JSON.parse(JSON.stringify(load(name)).replaceAll('ensureReplacement', 'somethingElse')) as object;
  const [result] = await replay([{ workflowId: 'forged', history: forged }]);
  expect(result?.error?.name).toBe('DeterminismViolationError');
});
