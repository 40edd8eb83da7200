import { loadConfig, readSecret, secretsOf, type RelinkConfig } from '../../adapters/runtime/config/index.js';
import { secretFromEnv } from '../../adapters/runtime/env.js';
import { onShutdown, startLocalStack, type LocalStack, type PartEvent } from '../../adapters/runtime/local-stack/index.js';
import { WrongUse } from '../errors.js';
import { forever, noteInterrupts } from '../interrupts.js';
import type { Io, Screen } from '../io.js';
import { answer, JSON_OPTION, verb } from '../verb.js';
import { REFUSED, startWorker, WORKER_PATIENCE_MS, workerLog } from '../worker-program.js';

export const upCommand = ({ out, err }: Io) =>
  verb({
    name: 'up',
    what: 'run Temporal with its UI, Postgres and a worker on this machine, until Ctrl-C; restarts what dies',
    examples: [
      ['relink up', 'then work in another terminal'],
      ['relink up --json', 'one line of JSON when all is up'],
    ],
  }, err)
    .option(...JSON_OPTION)
    .action(async ({ config: file, json }) => {
      const config = await loadConfig(file);
      await mustHaveSecrets(config);
      const stack = await startLocalStack({ dataDir: config.dataDir, onPart: (event) => showPart(event, err) });
      noteInterrupts();
      await startedWorker(config, err).catch(async (cause: unknown) => {
        await stack.stop();
        throw cause;
      });
      const { address, namespace, uiUrl, metricsUrl } = stack.temporal;
      answer(out, json, 'up', { temporal: address, namespace, ui: uiUrl, metrics: metricsUrl, data: config.dataDir }, () => upText(stack, config));
      await forever();
    });

/** A worker that lacks one would start and die again and again. */
async function mustHaveSecrets({ identities, mail }: RelinkConfig): Promise<void> {
  for (const { source, what } of identities.flatMap(secretsOf)) await readSecret(source, what, secretFromEnv);
  await readSecret(mail.smtpUrl, 'URL of the mail server', secretFromEnv);
}

export const showPart = ({ name, state }: PartEvent, screen: Screen): void => screen.line(`${name}: ${state}`);

function startedWorker(config: RelinkConfig, err: Screen): Promise<void> {
  const log = workerLog(config.dataDir);
  let said = '';
  let isReady = false;
  return new Promise((resolve, reject) => {
    const worker = startWorker({
      config: config.file,
      restart: true,
      onReady: () => {
        err.line('worker: ready');
        isReady = true;
        resolve();
      },
      onLine: (line) => {
        said = line;
        log(line);
      },
      onExit({ code, willRestart }) {
        if (willRestart && code === REFUSED && !isReady) void worker.stop(0).then(() => reject(new WrongUse(said.slice(0, 300) || 'the worker does not start; see logs/worker.log in the data folder')));
        else if (willRestart) err.line(`worker: restarting; it said: ${said.slice(0, 300)}`);
      },
    });
    onShutdown(() => worker.stop(WORKER_PATIENCE_MS)); // before the servers that it still needs
  });
}

const upText = ({ temporal }: LocalStack, { dataDir }: RelinkConfig): readonly string[] => [
  `Temporal is at ${temporal.address}, namespace ${temporal.namespace}.`,
  ...(temporal.uiUrl === null ? [] : [`Temporal UI: ${temporal.uiUrl}`]),
  ...(temporal.metricsUrl === null ? [] : [`Temporal’s figures, for Prometheus: ${temporal.metricsUrl}`]),
  `Data, keys and logs are in ${dataDir}.`,
  'Ctrl-C stops all of it; campaigns go on at the next start.',
];
