import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import type { Client } from '@temporalio/client';
import { mustFit } from '../../adapters/ledger/own-ledger.js';
import { addresses } from '../../adapters/runtime/addresses.js';
import { InputError, readSecret, secretsOf, type RelinkConfig } from '../../adapters/runtime/config/index.js';
import { secretFromEnv } from '../../adapters/runtime/env.js';
import { commandToAdd, missingAttributes } from '../../adapters/runtime/local-stack/bootstrap.js';
import { hasKeyring, keyringFile, loadKeyring } from '../../adapters/seal/index.js';
import { clockFault } from '../../domain/clocks.js';
import { RelinkFailure } from '../../domain/failures.js';
import { explain, isEmptyLedger } from '../errors.js';
import type { Session } from '../session.js';
import { credentialText, credentialWarning, readCredentials } from '../show/credentials.js';
import { workerChecks, type Check } from '../worker-program.js';
import { hasWorker, unserved } from './campaign-run.js';

export type { Check } from '../worker-program.js';

/** A part that is not as it must be, with the way out. */
class Unfit extends Error {
  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}

export async function check(name: string, look: () => Promise<string>): Promise<Check> {
  try {
    return { check: name, ok: true, detail: await look(), remedy: '' };
  } catch (cause: unknown) {
    if (cause instanceof Unfit) return { check: name, ok: false, detail: cause.message, remedy: cause.remedy };
    const [detail = '', ...remedy] = (explain(cause).message ?? '').split('; ');
    return { check: name, ok: false, detail, remedy: remedy.join('; ') };
  }
}

const OLDEST_NODE = [20, 3] as const;
/** Sagas that have ended must stay known while a campaign runs. */
const LEAST_RETENTION_S = 7 * 24 * 60 * 60;

/** What can be seen without any server. */
export const ownChecks = (config: RelinkConfig): readonly Promise<Check>[] => [
  check('node', async () => {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) throw new Unfit(`Node ${process.versions.node} is too old`, `install Node ${OLDEST_NODE.join('.')} or later`);
    return process.versions.node;
  }),
  check('configuration', async () => `${config.file} has ${config.identities.length} identities`),
  ...config.identities.flatMap(secretsOf).map(({ source, what }) => check(what.replace('identity ', ''), async () => `is there (${(await readSecret(source, what, secretFromEnv)).length} characters)`)),
  check('mail settings', async () => {
    await readSecret(config.mail.smtpUrl, 'URL of the mail server', secretFromEnv);
    return 'the URL of the mail server is there';
  }),
  check('data folder', () => dataFolder(config.dataDir)),
  check('keyring', () => keyring(config.dataDir)),
];

/** Held against the ledger where there is one that answers; that it does not has a line of its own. */
async function keyring(dataDir: string): Promise<string> {
  const [file, { databaseUrl }] = [keyringFile(dataDir), addresses(dataDir)];
  const isThere = await hasKeyring(file);
  if (isThere) await loadKeyring(file);
  if (databaseUrl !== undefined) {
    await mustFit(databaseUrl, file).catch((cause: unknown) => {
      if (cause instanceof InputError) throw cause;
    });
  }
  return isThere ? 'opens; keep a copy of it apart from the database' : 'is made at first use; back it up then, apart from the database';
}

async function dataFolder(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await access(folder, constants.W_OK).catch(() => {
    throw new Unfit('cannot be written', 'give this user the right to write there, or name another folder under `data`');
  });
  const { mode } = await stat(folder);
  if ((mode & 0o066) !== 0) throw new Unfit('can be read by others', `chmod 700 ${folder}`);
  return 'is ours alone';
}

/** What needs Temporal and the database. */
export const serverChecks = (session: Session): readonly Promise<Check>[] => [
  check('database', async () => {
    await session.ledger.ping();
    return 'answers';
  }),
  check('clock', async () => {
    const fault = clockFault(await session.ledger.clockAheadMs());
    if (fault !== null) throw new Unfit(fault, 'have both set by NTP');
    return 'agrees with the database’s';
  }),
  check('ledger', () => ledgerTables(session)),
  check('Temporal', async () => `answers, namespace ${(await session.temporal()).options.namespace}`),
  check('retention', async () => retention(await session.temporal())),
  check('search attributes', async () => searchAttributes(await session.temporal())),
  check('worker', async () => {
    const client = await session.temporal();
    if (!(await hasWorker(client))) throw new Unfit('none is polling', 'start `relink worker`; `relink up` has one');
    const [missing] = await unserved(client, session.config.identities.map(({ name }) => name));
    if (missing !== undefined) throw new Unfit(`none makes the requests of identity ${missing}`, 'start the workers again: they read relink.yaml when they begin');
    return 'is polling';
  }),
];

async function ledgerTables({ ledger }: Session): Promise<string> {
  try {
    await ledger.campaigns.get('doctor');
  } catch (cause: unknown) {
    if (isEmptyLedger(cause)) return 'has no tables yet; the worker or `relink plan` makes them';
    if (!(cause instanceof RelinkFailure)) throw cause; // there is no campaign of that name: the tables are
  }
  return 'has its tables';
}

async function retention(client: Client): Promise<string> {
  const { config } = await client.workflowService.describeNamespace({ namespace: client.options.namespace });
  const seconds = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0);
  const shown = `closed workflows are kept for ${Math.round(seconds / 86_400)} days`;
  if (seconds < LEAST_RETENTION_S) throw new Unfit(shown, 'keep them longer than a campaign lasts: `temporal operator namespace update --retention 30d`');
  return shown;
}

async function searchAttributes(client: Client): Promise<string> {
  const { customAttributes } = await client.connection.operatorService.listSearchAttributes({ namespace: client.options.namespace });
  const missing = missingAttributes(customAttributes ?? {});
  const names = Object.keys(missing);
  if (names.length > 0) throw new Unfit(`missing: ${names.join(', ')}`, `\`relink worker\` adds them when it may; or \`${commandToAdd(missing)}\``);
  return 'are there';
}

/** Tokens that Relink renews, as the ledger has them: best after the worker has asked the vendor. */
export async function credentialChecks({ ledger, config }: Session): Promise<readonly Check[]> {
  const credentials = await readCredentials(ledger, config, config.identities.map(({ name }) => name)).catch((cause: unknown) => {
    if (isEmptyLedger(cause)) return []; // the check of the ledger says so
    throw cause;
  });
  return Promise.all(
    credentials.map((credential) =>
      check(`credentials of ${credential.identity}`, async () => {
        const warning = credentialWarning(credential, config, Date.now());
        if (warning === null) return credentialText(credential).replace(/^Identity [^:]+: |\.$/g, '');
        const [detail = '', ...remedy] = warning.slice(credential.identity.length + 2).split('; ');
        throw new Unfit(detail, remedy.join('; '));
      }),
    ),
  );
}

export const outsideChecks = (config: RelinkConfig): Promise<readonly Check[]> => workerChecks(config.file);
