import { InputError } from './input-error.js';
import type { SecretSource } from './fields.js';
import { readText } from './read-text.js';
import type { IdentityConfig } from './relink-file.js';

/** Far above any token. Bytes. */
const SECRET_LIMIT = 64_000;

/** The secrets of an identity, each with its name for a message. */
export const secretsOf = ({ name: identity, token, oauth }: IdentityConfig): readonly { readonly source: SecretSource; readonly what: string }[] =>
  oauth
    ? [
        { source: oauth.clientSecret, what: `client secret of identity ${identity}` },
        { source: oauth.refreshToken, what: `refresh token of identity ${identity}` },
      ]
    : [{ source: token, what: `token of identity ${identity}` }];

/**
 * Reads a secret where the configuration says it is, without blanks around it.
 * @param what it is, for the message: `token of identity ops-1`
 * @throws InputError naming the variable or file, never what is in it.
 */
export async function readSecret(source: SecretSource, what: string, env: (name: string) => string | undefined): Promise<string> {
  if ('env' in source) return usable(env(source.env), { file: 'environment', key: source.env, what, remedy: `set ${source.env}` });
  const remedy = 'write it to that file, on one line, mode 0600';
  const text = await readText(source.file, SECRET_LIMIT).catch((cause: unknown) => {
    if (!(cause instanceof InputError)) throw cause;
    throw new InputError({ file: source.file, problem: `${cause.fault.problem}, and the ${what} is there`, remedy });
  });
  return usable(text, { file: source.file, what, remedy });
}

/** Line ends inside a secret would end a header. */
function usable(text: string | undefined, { what, ...place }: { file: string; key?: string; what: string; remedy: string }): string {
  const value = text?.trim() ?? '';
  if (value === '') throw new InputError({ ...place, problem: `${text === undefined ? 'is not set' : 'is empty'}, and the ${what} is there` });
  if (/\p{Cc}/u.test(value)) throw new InputError({ ...place, problem: `has more than one line, and the ${what} is there` });
  return value;
}
