import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** Bundles the workflows once, at build time, so that a worker starts in a moment and every worker runs the same code. */
const here = fileURLToPath(new URL('.', import.meta.url));
const { code } = await bundleWorkflowCode({
  workflowsPath: join(here, '../workflows/index.js'),
  logger: new DefaultLogger('WARN'),
});
await writeFile(join(here, '../workflow-bundle.js'), code);
