import { loadConfig } from '../../adapters/runtime/config/index.js';
import { bootstrapNamespace, onShutdown } from '../../adapters/runtime/local-stack/index.js';
import { JobFailed, messageOf, WrongUse } from '../errors.js';
import type { Io } from '../io.js';
import { withSession, type Session } from '../session.js';
import { verb } from '../verb.js';
import { REFUSED, startWorker, WORKER_PATIENCE_MS } from '../worker-program.js';

export const workerCommand = ({ out, err }: Io) =>
  verb({
    name: 'worker',
    what: 'run the process that executes campaigns, against TEMPORAL_* and DATABASE_URL or the stack of `relink up`',
    examples: [
      ['relink worker', 'until it is told to stop; logs as JSON on standard error'],
      ['relink worker --config /etc/relink.yaml', 'as a service'],
    ],
  }, err).action(async ({ config: file }) => {
    await withSession(await loadConfig(file), (session) => makeReady(session, err));
    await new Promise<void>((resolve, reject) => {
      const worker = startWorker({
        config: file,
        restart: false,
        onReady: () => out.line('{"ready":true}'),
        onLine: (line) => err.line(line),
        onExit: ({ code, error }) => (code === 0 ? resolve() : reject(code === REFUSED ? new WrongUse('the worker refuses what it was given, see above') : new JobFailed(error ? error.message : 'the worker ended, see above'))),
      });
      onShutdown(() => worker.stop(WORKER_PATIENCE_MS));
    });
  });

/** Many services let only their administrator do this; then it has been done, or `relink doctor` says what is missing. */
async function makeReady(session: Session, err: Io['err']): Promise<void> {
  const { connection, options } = await session.temporal();
  await bootstrapNamespace({ connection, namespace: options.namespace }).catch((cause: unknown) => err.line(`the namespace could not be made ready: ${messageOf(cause)}; see \`relink doctor\``));
}
