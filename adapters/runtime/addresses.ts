import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';
import { environment } from './env.js';
import { readRunningStack } from './local-stack/index.js';

/** Where Temporal and the database are. */
export interface Addresses {
  /** With the password in it: never log it. */
  readonly databaseUrl: string | undefined;
  readonly temporal: { readonly options: ClientConnectConfig['connectionOptions']; readonly namespace: string } | undefined;
  /** Of the Temporal UI, when we know it. */
  readonly ui: { readonly url: string; readonly namespace: string } | null;
}

/** The environment wins, then what `relink up` runs in the data folder, then the SDK's own settings file. */
export function addresses(dataDir: string): Addresses {
  const { temporalAddress, databaseUrl } = environment();
  const stack = readRunningStack(dataDir);
  const database = databaseUrl ?? stack?.databaseUrl;
  if (temporalAddress === undefined && stack) {
    const { temporalAddress: address, namespace, uiUrl } = stack;
    return { databaseUrl: database, temporal: { options: { address }, namespace }, ui: uiUrl === null ? null : { url: uiUrl, namespace } };
  }
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const known = connectionOptions.address === undefined ? undefined : { options: connectionOptions, namespace };
  return { databaseUrl: database, temporal: known, ui: null };
}
