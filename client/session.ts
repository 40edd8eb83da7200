import { Client, Connection } from '@temporalio/client';
import type { OpenLedger } from '../adapters/ledger/index.js';
import { mustBeOwn, openOwnLedger } from '../adapters/ledger/own-ledger.js';
import { addresses, type Addresses } from '../adapters/runtime/addresses.js';
import { loadConfig, type RelinkConfig } from '../adapters/runtime/config/index.js';
import type { CampaignSpec } from '../domain/campaign.js';
import { RelinkFailure } from '../domain/failures.js';
import { readTarget, type Target } from './campaign-argument.js';
import { JobFailed } from './errors.js';

/** A command talks to Temporal and to the ledger; to Temporal only when it must, so that `status` works without it. */
export interface Session {
  readonly config: RelinkConfig;
  readonly ledger: OpenLedger;
  /** Connects at the first call. */
  temporal(): Promise<OpenClient>;
  /** Of the Temporal UI, when we know it. */
  readonly ui: Addresses['ui'];
}

/** A client whose connection is known to be a whole one, with the services of operators. */
export interface OpenClient extends Client {
  readonly connection: Connection;
}

export interface CampaignSession extends Session {
  readonly name: string;
  readonly spec: CampaignSpec;
  /** The spec is that of a file which the ledger does not have yet. */
  readonly isLent?: boolean;
}

export interface CampaignCommand {
  /** Path of relink.yaml. */
  readonly config: string;
  /** File or name; absent: campaign.yaml. */
  readonly campaign: string | undefined;
  /** Whether a campaign file is taken over into the ledger at once. */
  readonly save: boolean;
  /** Whether, when it is not taken over at once, it counts for this command, which may take it over by itself. Where neither, only the name is read. */
  readonly lend?: boolean;
}

const NOTHING_RUNS = 'nothing runs here: start `relink up`, or set TEMPORAL_ADDRESS and DATABASE_URL';
const POOL_SIZE = 4;

/** Reads all that the user wrote before anything is connected: a wrong file is told first, and nothing is changed. */
export async function withCampaign<T>({ config: file, campaign, save, lend = false }: CampaignCommand, act: (session: CampaignSession) => Promise<T>): Promise<T> {
  const config = await loadConfig(file);
  const target = await readTarget(campaign, config, !save && !lend);
  return withSession(config, async (session) => {
    await mustBeOwn(session.ledger, config.dataDir);
    const lent = lend ? target.spec : undefined;
    const spec = lent ?? (save ? await take(session.ledger, target) : (await session.ledger.campaigns.get(target.name)).spec);
    return act({ ...session, name: target.name, spec, ...(lent ? { isLent: true } : {}) });
  });
}

/**
 * Takes the campaign file over into the ledger, where workers read it.
 * @returns what gives the ledger back the one that it had, unless another was taken over meanwhile; of a new campaign the file stays
 */
export async function takeOver({ ledger, name, spec, isLent }: Pick<CampaignSession, 'ledger' | 'name' | 'spec' | 'isLent'>): Promise<() => Promise<void>> {
  await ledger.migrate();
  if (!isLent) return () => Promise.resolve();
  const before = await specOf(ledger, name);
  await ledger.campaigns.save(spec);
  return async () => {
    const isOurs = JSON.stringify(await specOf(ledger, name)) === JSON.stringify(spec);
    if (before && isOurs) await ledger.campaigns.save(before);
  };
}

/** What the file says that the ledger does not, by the names of its parts; nothing when the ledger has it, or knows no such campaign. */
export async function editedParts({ ledger, name, spec, isLent }: Pick<CampaignSession, 'ledger' | 'name' | 'spec' | 'isLent'>): Promise<readonly string[]> {
  const known = isLent ? await specOf(ledger, name) : undefined;
  if (!known) return [];
  const [before, after]: readonly Readonly<Record<string, unknown>>[] = [{ ...known }, { ...spec }];
  const parts = [...new Set([...Object.keys(known), ...Object.keys(spec)])];
  return parts.filter((part) => JSON.stringify(before?.[part]) !== JSON.stringify(after?.[part])).map((part) => part.replace(/Ms$/, ''));
}

/** As the ledger has it; `undefined` when it knows no such campaign. */
async function specOf({ campaigns }: Pick<OpenLedger, 'campaigns'>, name: string): Promise<CampaignSpec | undefined> {
  try {
    return (await campaigns.get(name)).spec;
  } catch (cause: unknown) {
    if (cause instanceof RelinkFailure) return undefined;
    throw cause;
  }
}

async function take(ledger: OpenLedger, { name, spec }: Target): Promise<CampaignSpec> {
  await ledger.migrate();
  if (spec) await ledger.campaigns.save(spec);
  return (await ledger.campaigns.get(name)).spec;
}

export async function withSession<T>(config: RelinkConfig, act: (session: Session) => Promise<T>): Promise<T> {
  const { databaseUrl, temporal, ui } = addresses(config.dataDir);
  if (databaseUrl === undefined) throw new JobFailed(NOTHING_RUNS);
  const ledger = await openOwnLedger({ databaseUrl, dataDir: config.dataDir, poolSize: POOL_SIZE });
  let client: Promise<OpenClient> | undefined;
  try {
    return await act({ config, ledger, ui, temporal: () => (client ??= connect(temporal)) });
  } finally {
    await client?.then((open) => open.connection.close()).catch(() => undefined);
    await ledger.close();
  }
}

async function connect(temporal: Addresses['temporal']): Promise<OpenClient> {
  if (!temporal) throw new JobFailed(NOTHING_RUNS);
  const { options, namespace } = temporal;
  const connection = await Connection.connect(options).catch((cause: unknown) => {
    throw new JobFailed(`the Temporal service at ${options.address} does not answer; see whether it runs, and whether TEMPORAL_ADDRESS is right`, { cause });
  });
  return new Client({ connection, namespace }) as OpenClient;
}
