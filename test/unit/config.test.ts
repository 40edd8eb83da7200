import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, initFiles, loadAdvisory, loadConfig, readSecret, shippedAdvisories } from '../../adapters/runtime/config/index.js';
import { usualStopRules } from '../../domain/verdict.js';
import { VENDORS } from '../../adapters/runtime/config/fields.js';
import { createVendor } from '../../adapters/vendors/index.js';
import { cutOff } from '../../domain/advisory.js';
import { CAMPAIGN, ConfigFolder, RELINK, change } from '../support/config-files.js';

let files: ConfigFolder;
beforeEach(async () => void (files = await ConfigFolder.create()));
afterEach(() => files.remove());

const [relinkExample = '', campaignExample = ''] = initFiles().map(({ text }) => text);
/** A program of the system, which Node has no call for. */
const MAKE_PIPE = 'mkfifo';
const LEAST_CAMPAIGN = 'name: webex-june-2024\nadvisory: cisco-sa-webex-june-2024\nidentities: [ops-1]\n';
const LEAST_RELINK = 'identities: [{ name: ops-1, vendor: webex }]\nmail: { from: Meetings <meetings@example.org>, replyTo: helpdesk@example.org }\n';

describe('what init writes', () => {
  test('is a configuration and a campaign that load', async () => {
    expect(await files.relink(relinkExample)).toEqual({
      file: join(files.path, 'relink.yaml'),
      dataDir: join(files.path, '.relink'),
      identities: [
        {
          name: 'ops-1',
          vendor: 'webex',
          baseUrl: 'https://webexapis.com/v1',
          token: { env: 'WEBEX_OPS1_TOKEN' },
          requestsPerMinute: 240,
          createsPerDay: { identity: 3000, host: 800, reserve: 6 },
          quotaWindowMs: 86_400_000,
          listLagMs: 60_000,
          roomLagMs: 1_860_000,
          timeoutMs: 30_000,
        },
      ],
      mail: { smtpUrl: { env: 'SMTP_URL' }, from: 'Meetings <meetings@example.org>', replyTo: 'helpdesk@example.org' },
    });
    expect(await files.campaign(campaignExample)).toMatchObject({ name: 'webex-june-2024', graceMs: 86_400_000, waves: [1, 10, 100, 'rest'], limits: { maxMeetings: 20_000, maxShare: '100%' }, stopRules: usualStopRules });
  });

  test('says the defaults: the least that must be written gives the same', async () => {
    expect(await files.campaign(LEAST_CAMPAIGN)).toEqual(await files.campaign(campaignExample));
    expect(await files.relink(LEAST_RELINK)).toEqual(await files.relink(relinkExample));
  });
});

test('organisers are told ahead only where the campaign says how long', async () => {
  expect((await files.campaign(`${LEAST_CAMPAIGN}notices: { announce: 3d }\n`)).notices.announceMs).toBe(3 * 86_400_000);
  expect((await files.campaign(`${LEAST_CAMPAIGN}notices: { announce: never }\n`)).notices).not.toHaveProperty('announceMs');
});

test('meetings of hosts who left are looked for, and get another host only where the campaign names one', async () => {
  const departed = async (lines: string) => (await files.campaign(`${LEAST_CAMPAIGN}${lines}`)).departed;
  expect(await departed('')).toEqual({ find: true });
  expect(await departed('departed: { find: false }\n')).toEqual({ find: false });
  const named = 'departed: { to: Noor@Example.org, sites: [{ site: Example-North.webex.com, to: Sam@example.org }] }\n';
  expect(await departed(named)).toEqual({ find: true, to: 'noor@example.org', sites: { 'example-north.webex.com': 'sam@example.org' } });
});

test('what a replacement must have is what the file says, and what it does not name is as before', async () => {
  const policy = async (lines: string) => (await files.campaign(`${LEAST_CAMPAIGN}${lines}`)).policy;
  expect(await policy('')).toEqual({ lobby: 'required', joinBeforeHost: false, publicListing: 'as-before', automaticLock: 'as-before', entryTone: 'as-before', audio: 'as-before', connectors: 'text', trackingCodes: 'as-before' });
  expect(await policy('policy: { publicListing: never, automaticLock: 5, entryTone: announce-name, audio: computer-only }\n')).toMatchObject({ publicListing: 'never', automaticLock: 5, entryTone: 'announce-name', audio: 'computer-only' });
});

test('windows are days and hours by the clock of a zone, each day and all of it unless they say so', async () => {
  const { windows } = await files.campaign(`${LEAST_CAMPAIGN}windows: { writes: [{ days: [fri], hours: 22:30-06:00, zone: Europe/Amsterdam }, { zone: UTC }] }\n`);
  expect(windows).toEqual({ writes: [{ days: ['fri'], from: 1350, to: 360, zone: 'Europe/Amsterdam' }, { days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: 0, to: 1440, zone: 'UTC' }], notices: [] });
  const frozen = await files.campaign(`${LEAST_CAMPAIGN}windows: { writes: [{ hours: 08:00-18:00, zone: UTC, rate: 120/m }, { hours: 18:00-08:00, zone: UTC }, { dates: 2026-12-24 to 2027-01-03, zone: UTC, rate: 0 }], notices: [{ days: [sun], zone: UTC, rate: 0 }] }\n`);
  expect([frozen.windows?.writes.map(({ rate }) => rate), frozen.windows?.writes[2]?.dates, frozen.windows?.notices[0]?.rate]).toEqual([[120, undefined, 0], { first: '2026-12-24', last: '2027-01-03' }, 0]);
});

test('the shipped advisory moves its cut-off by its margin', async () => {
  expect(shippedAdvisories()).toEqual(['cisco-sa-webex-june-2024']);
  const advisory = await loadAdvisory('cisco-sa-webex-june-2024', files.path, new Date('2026-01-01T00:00:00Z'));
  expect(advisory).toMatchObject({ vendor: 'webex', createdBefore: '2024-05-28T00:00:00.000Z' });
  expect(cutOff(advisory)).toBe('2024-06-04T00:00:00.000Z');
});

test('the vendors that files may name are those that there are adapters for', () => {
  const options = {} as Parameters<typeof createVendor>[1];
  expect(() => createVendor('another', options)).toThrow(new RegExp(`known are: ${VENDORS.join(', ')}$`));
});

test('what is loaded is frozen to its leaves', async () => {
  const config = await files.relink(RELINK);
  const campaign = await files.campaign(CAMPAIGN);
  for (const part of [config, config.identities, config.identities[0]?.createsPerDay, config.mail.smtpUrl, campaign, campaign.scope, campaign.waves, campaign.advisory.sources[0]]) {
    expect(Object.isFrozen(part)).toBe(true);
  }
});

test('addresses of people and sites are lower case, a file of the operator counts from its own folder', async () => {
  const text = change(change(RELINK, '{ env: WEBEX_OPS1_TOKEN }', '{ file: secrets/token }'), 'Meetings <meetings@example.org>', `'"Meetings, Ltd" <Meetings@example.org>'`);
  const config = await files.relink(text);
  expect(config.identities[0]?.token).toEqual({ file: join(files.path, 'secrets', 'token') });
  expect(config.mail.from).toBe('"Meetings, Ltd" <meetings@example.org>');
  const { scope } = await files.campaign(change(change(CAMPAIGN, 'hosts: all', 'hosts: [Ada@Example.org, bob@example.org]'), 'sites: all', 'sites: [Example.webex.com]'));
  expect(scope).toMatchObject({ hosts: ['ada@example.org', 'bob@example.org'], sites: ['example.webex.com'] });
});

test.each(['oauth: APP', 'token: { oauth: APP }'])('tokens that Relink renews are named by %s, and a file of a secret counts from its own folder', async (written) => {
  const app = '{ clientId: C0ffee, clientSecret: { env: WEBEX_SECRET }, refreshToken: { file: secrets/refresh } }';
  const [identity] = (await files.relink(change(RELINK, 'token: { env: WEBEX_OPS1_TOKEN }', written.replace('APP', app)))).identities;
  expect(identity).toMatchObject({ oauth: { clientId: 'C0ffee', clientSecret: { env: 'WEBEX_SECRET' }, refreshToken: { file: join(files.path, 'secrets', 'refresh') } } });
  expect(identity).not.toHaveProperty('token');
});

test.each(['http://127.0.0.1:8080/v1/', 'http://localhost:8080/v1', 'http://[::1]:8080/v1', 'https://api.example.org'])('a token may go to %s', async (url) => {
  const config = await files.relink(change(RELINK, 'https://webexapis.com/v1', url));
  expect(config.identities[0]?.baseUrl).toBe(url.replace(/\/$/, ''));
});

describe('a file that cannot be read', () => {
  const refusal = (load: Promise<unknown>) => load.then(() => undefined, (cause: unknown) => (cause instanceof InputError ? cause.fault : cause));

  test('says so when it is a folder, a pipe or not there', async () => {
    await mkdir(join(files.path, 'folder.yaml'));
    expect(await refusal(loadConfig(join(files.path, 'folder.yaml')))).toMatchObject({ problem: 'is not a regular file', remedy: 'name a file' });
    expect(await refusal(loadConfig(join(files.path, 'none.yaml')))).toMatchObject({ problem: 'does not exist', remedy: expect.stringContaining('check the path') as string });
    execFileSync(MAKE_PIPE, [join(files.path, 'pipe.yaml')]);
    expect(await refusal(loadConfig(join(files.path, 'pipe.yaml')))).toMatchObject({ problem: 'is not a regular file' });
  });

  test('carries file, line, column, key and remedy for programs too', async () => {
    expect(await refusal(files.relink(change(RELINK, 'timeout: 30s', 'timeout: soon')))).toEqual({
      file: join(files.path, 'relink.yaml'),
      line: 9,
      column: 5,
      key: 'identities.0.timeout',
      problem: "'soon' is not a duration",
      remedy: 'write it like 30m, 24h or 7d',
    });
  });
});

describe('a secret', () => {
  const env = (name: string): string | undefined => ({ SET: ' value ', BLANK: ' ', TWO: 'secret\nline' })[name];

  test('is read from the environment or from a file, without blanks around it', async () => {
    expect(await readSecret({ env: 'SET' }, 'token', env)).toBe('value');
    expect(await readSecret({ file: await files.put('token.txt', '\ufeffabc\r\n') }, 'token', env)).toBe('abc');
  });

  test.each([
    [{ env: 'UNSET' }, 'environment: UNSET: is not set, and the token is there; set UNSET'],
    [{ env: 'BLANK' }, 'environment: BLANK: is empty, and the token is there; set BLANK'],
    [{ env: 'TWO' }, 'environment: TWO: has more than one line, and the token is there; set TWO'],
  ])('that is unusable in the environment is named by its place: %j', async (source, message) => {
    await expect(readSecret(source, 'token', env)).rejects.toThrow(new InputError({ ...problemOf(message) }));
  });

  test.each([
    ['empty', ' \n', 'is empty'],
    ['of two lines', 'secret\nline\n', 'has more than one line'],
    ['binary', Buffer.from([115, 0, 101]), 'is a binary file'],
    ['of 50 MB', Buffer.alloc(50_000_000, 115), 'has 50 MB'],
  ])('in a file that is %s is named by its place and never shown', async (_, content, problem) => {
    const file = await files.put('token.txt', content);
    await expect(readSecret({ file }, 'token', env)).rejects.toThrow(`${file}: ${problem}, and the token is there; write it to that file, on one line, mode 0600`);
    await expect(readSecret({ file: join(files.path, 'none') }, 'token', env)).rejects.toThrow('none: does not exist, and the token is there; write it to that file');
  });
});

/** `file: key: problem; remedy` taken apart. */
function problemOf(message: string): { file: string; key: string; problem: string; remedy: string } {
  const [, file = '', key = '', problem = '', remedy = ''] = /^(.*?): (.*?): (.*); (.*)$/.exec(message) ?? [];
  return { file, key, problem, remedy };
}
