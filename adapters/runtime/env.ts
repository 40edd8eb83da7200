/** The variables that Relink reads. Anything else in the environment is none of its business. */
export interface Environment {
  /** `host:port` of a Temporal service to use instead of a local one. */
  readonly temporalAddress: string | undefined;
  readonly temporalNamespace: string | undefined;
  /** Connection string of a Postgres to use instead of the embedded one. */
  readonly databaseUrl: string | undefined;
  /** Set to anything: no colours (no-color.org). */
  readonly noColor: boolean;
  readonly ci: boolean;
  /** Errors of the command line show where they come from. */
  readonly debug: boolean;
  /** Folders in which programs are looked up. */
  readonly path: string;
}

/** The one place that reads the process environment. An empty variable counts as absent. */
export const environment = (): Environment =>
  Object.freeze({
    temporalAddress: variable('TEMPORAL_ADDRESS'),
    temporalNamespace: variable('TEMPORAL_NAMESPACE'),
    databaseUrl: variable('DATABASE_URL'),
    noColor: variable('NO_COLOR') !== undefined,
    ci: variable('CI') !== undefined,
    debug: variable('RELINK_DEBUG') !== undefined,
    path: variable('PATH') ?? '/usr/local/bin:/usr/bin:/bin',
  });

/** A secret that a configuration file names as `{ env: NAME }`. `undefined` when it is not set. */
export const secretFromEnv = (name: string): string | undefined => variable(name);

/** What a child process inherits, with `extra` on top. */
export const childEnvironment = (extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({ ...process.env, ...extra });

/**
 * For this process and its children, from now on: as if the environment named no Temporal service and no database.
 * A demo must never end up on somebody's own. `noSettings` is a file without settings, which stands in for the SDK's settings file.
 */
export function forgetServices(noSettings: string): void {
  for (const name of Object.keys(process.env)) if (name.startsWith('TEMPORAL_') || name === 'DATABASE_URL') delete process.env[name];
  process.env['TEMPORAL_CONFIG_FILE'] = noSettings;
}

function variable(name: string): string | undefined {
  const value = process.env[name];
  return value === undefined || value === '' ? undefined : value;
}
