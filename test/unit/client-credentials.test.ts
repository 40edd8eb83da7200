import type { RelinkConfig } from '../../adapters/runtime/config/index.js';
import { credentialText, credentialWarning, readCredentials } from '../../client/show/credentials.js';
import { credentialProblems, type CredentialProblem } from '../../domain/credential.js';
import { ConfigFolder, RELINK, change } from '../support/config-files.js';

const NOW = Date.parse('2026-11-24T00:00:00.000Z');
const inDays = (days: number): string => new Date(NOW + days * 86_400_000).toISOString();
let files: ConfigFolder;
let config: RelinkConfig;
beforeEach(async () => {
  files = await ConfigFolder.create();
  const ops2 = '  - { name: ops-2, vendor: webex, oauth: { clientId: a, clientSecret: { env: OPS2_SECRET }, refreshToken: { env: OPS2_REFRESH } } }\n';
  const ops3 = '  - { name: ops-3, vendor: webex, oauth: { clientId: a, clientSecret: { file: secret }, refreshToken: { file: refresh } } }\n';
  config = await files.relink(change(RELINK, 'mail:', `${ops2}${ops3}mail:`));
});
afterEach(() => files.remove());

/** As the ledger has it: the same for each identity. */
const told = (problem: CredentialProblem | null = null, refreshExpiresAt: string | null = inDays(60)) => {
  const list = async (identities: readonly string[]) => identities.map((identity) => ({ identity, accessExpiresAt: inDays(3), refreshExpiresAt, problem }));
  return readCredentials({ credentials: { list } as never }, config, ['ops-1', 'ops-2', 'ops-3']);
};

test('only identities that use OAuth are told of, and a healthy one needs nothing', async () => {
  const credentials = await told();
  expect(credentials).toEqual(['ops-2', 'ops-3'].map((identity) => ({ identity, accessExpiresAt: inDays(3), refreshExpiresAt: inDays(60), problem: null })));
  expect(credentials.map((credential) => credentialWarning(credential, config, NOW))).toEqual([null, null]);
  expect(credentialText(credentials[0]!)).toBe('Identity ops-2: access token until 2026-11-27 00:00 UTC, refresh token until 2027-01-23 00:00 UTC.');
});

test('a problem says what happened and where the new token goes: a variable needs a restart, a file does not', async () => {
  const [byEnv, byFile] = (await told('RefreshLost')).map(({ problem }) => problem);
  expect(byEnv).toBe(
    'RefreshLost: a renewal was cut off before its answer was saved, and the vendor no longer takes the refresh token that we have; authorise the app anew at the vendor, then set OPS2_REFRESH to the new refresh token and restart the workers; work goes on by itself',
  );
  expect(byFile).toContain(`; authorise the app anew at the vendor, then write the new refresh token to ${files.path}/refresh; work goes on by itself`);
});

test('every problem of the closed list is explained with a remedy', async () => {
  for (const problem of credentialProblems) for (const { problem: said, ...credential } of await told(problem)) {
    expect(said).toMatch(new RegExp(`^${problem}: .+; .+`));
    expect(credentialWarning({ ...credential, problem: said }, config, NOW)).toBe(`${credential.identity}: ${said}`);
  }
});

test.each([
  [13.5, 'expires in 13 d 12 h'],
  [-1, 'has expired'],
])('a refresh token that ends in %d days is announced', async (days, said) => {
  const [credential] = await told(null, inDays(days));
  expect(credentialWarning(credential!, config, NOW)).toContain(`ops-2: the refresh token ${said}; `);
});

test('one whose end is two weeks away, or unknown, is not', async () => {
  for (const end of [inDays(14.1), null]) expect(credentialWarning((await told(null, end))[0]!, config, NOW)).toBeNull();
});
