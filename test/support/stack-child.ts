import { startLocalStack } from '../../adapters/runtime/local-stack/index.js';

/** A program that runs a local stack until it is told to end: `node stack-child.js <data folder>`. Prints one line of JSON when it is up. */
const stack = await startLocalStack({ dataDir: process.argv[2] ?? '' });
process.stdout.write(`${JSON.stringify({ parts: stack.parts, databaseUrl: stack.databaseUrl, address: stack.temporal.address })}\n`);
setInterval(() => undefined, 60_000);
