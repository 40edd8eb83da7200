import { parseArgs } from 'node:util';
import { NativeConnection, Runtime } from '@temporalio/worker';
import { addresses } from '../adapters/runtime/addresses.js';
import type { OpenLedger } from '../adapters/ledger/index.js';
import { mustBeOwn, openOwnLedger } from '../adapters/ledger/own-ledger.js';
import { loadConfig, InputError, readSecret, secretsOf, type RelinkConfig } from '../adapters/runtime/config/index.js';
import { secretFromEnv } from '../adapters/runtime/env.js';
import { createLogger, temporalLogger, type Logger } from '../adapters/runtime/logger.js';
import { clockFault } from '../domain/clocks.js';
import { RelinkFailure } from '../domain/failures.js';
import { runChecks } from './checks.js';
import { mailerOf } from './wire.js';
import { createWorkers } from './workers.js';

/** Database connections for everything but pivots and the pace, which the ledger adds. */
const POOL_SIZE = 40;

/**
 * The process that executes: `--config relink.yaml`, and Temporal and Postgres from the environment
 * (`TEMPORAL_*`, `DATABASE_URL`) or from the stack that `relink up` runs in the data folder.
 * With `--check` it looks at the vendor and the mail server and prints one line of JSON per check.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: 'string', default: 'relink.yaml' }, check: { type: 'boolean', default: false } } });
  const config = await loadConfig(values.config);
  const logger = createLogger({ name: 'relink-worker', level: 'info' });
  const ledger = await openOwnLedger({ databaseUrl: databaseUrl(config), dataDir: config.dataDir, poolSize: POOL_SIZE });
  try {
    if (values.check) return await runChecks(config, ledger);
    await ledger.migrate();
    const fault = clockFault(await ledger.clockAheadMs());
    if (fault !== null) throw new Error(`the clock of this machine ${fault}; have both set by NTP`);
    await mustBeOwn(ledger, config.dataDir); // one that polls with another keyring fails whatever it is given
    for (const { source, what } of config.identities.flatMap(secretsOf)) await readSecret(source, what, secretFromEnv); // one that lacks a secret would wait for it in silence
    await work(config, ledger, logger);
  } finally {
    await ledger.close();
  }
}

async function work(config: RelinkConfig, ledger: OpenLedger, logger: Logger): Promise<void> {
  Runtime.install({ logger: temporalLogger(logger), telemetryOptions: { logging: { forward: {}, filter: { core: 'WARN', other: 'WARN' } } } });
  const mailer = await mailerOf(config);
  const { options = {}, namespace = 'default' } = addresses(config.dataDir).temporal ?? {};
  const connection = await NativeConnection.connect(options);
  try {
    const workers = await createWorkers({ connection, namespace, config, ledger, mailer });
    const running = Promise.all(workers.map((worker) => worker.run()));
    process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
    logger.info({ queues: workers.map(({ options }) => options.taskQueue) }, 'worker is polling');
    await running;
  } finally {
    mailer.close();
    await connection.close();
  }
}

function databaseUrl(config: RelinkConfig): string {
  const url = addresses(config.dataDir).databaseUrl;
  if (url) return url;
  throw new InputError({ file: config.file, problem: 'no database: DATABASE_URL is not set and no local stack runs', remedy: 'set DATABASE_URL, or start `relink up`' });
}

/** What the operator mends in a file or the environment, so that another start would end the same way. */
const isWrongInput = (cause: unknown): boolean => cause instanceof InputError || (cause instanceof RelinkFailure && cause.type === 'InvalidInput');

/** Of several addresses that were tried in vain, the first. */
function messageOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.message || (cause instanceof AggregateError ? messageOf(cause.errors[0]) : cause.name);
}

main().catch((cause: unknown) => {
  process.stderr.write(`relink worker: ${messageOf(cause)}\n`);
  process.exit(isWrongInput(cause) ? 2 : 1); // all is closed; the native part of the SDK, once installed, would keep the process
});
