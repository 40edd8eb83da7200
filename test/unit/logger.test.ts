import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import axios from 'axios';
import { createLogger, describeError, temporalLogger, type Logger } from '../../adapters/runtime/logger.js';
import { RelinkFailure } from '../../domain/failures.js';

/** Every planted secret holds this word. */
const PLANTED = 'planted';
const link = `https://${'meet.example.org'}/j/${PLANTED}?p=1`;
const address = `${PLANTED}@example.org`;

let folder: string;
let path: string;
let logger: Logger;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relink-log-'));
  path = join(folder, 'logs', 'worker.log');
  logger = createLogger({ name: 'relink-worker', level: 'debug', destination: path });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const written = (): Promise<string> => readFile(path, 'utf8');
const lines = async (): Promise<Record<string, unknown>[]> =>
  (await written())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('a log line', () => {
  test('is JSON with time, level, program, fields and a static message, in a file of its owner', async () => {
    logger.info({ lane: 'ops-1', left: 3 }, 'lane drained');
    logger.trace('below the level');
    expect(await lines()).toEqual([
      { level: 'info', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as unknown, pid: process.pid, hostname: hostname(), name: 'relink-worker', lane: 'ops-1', left: 3, msg: 'lane drained' },
    ]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  const secrets = ['title', 'email', 'hostEmail', 'address', 'link', 'webLink', 'newLink', 'password', 'panelistPassword', 'token', 'refreshToken', 'clientSecret', 'Authorization', 'set-cookie', 'agenda', 'hostName', 'displayName', 'sipAddress', 'number', 'smtpUrl', 'invitees', 'body'];

  test.each(secrets)('hides %s at any depth', async (key) => {
    logger.warn({ [key]: PLANTED, a: { [key]: PLANTED, b: [{ c: { [key]: { deeper: PLANTED } } }] } }, 'something');
    expect(await written()).not.toContain(PLANTED);
    expect(await lines()).toHaveLength(1);
  });

  test('keeps what an operator needs', async () => {
    logger.info({ campaign: 'spring-repair', meeting: 'mkey7', step: 'replace', attempt: 2, trackingId: 'ROUTER_1', relinkVersion: '1', at: new Date(0), big: 1n }, 'step done');
    expect((await lines())[0]).toMatchObject({ campaign: 'spring-repair', meeting: 'mkey7', step: 'replace', attempt: 2, trackingId: 'ROUTER_1', relinkVersion: '1', at: '1970-01-01T00:00:00.000Z', big: '1' });
  });

  test('has links and addresses cut out of messages and values', async () => {
    logger.info({ note: `see ${link} or ask ${address}`, mailto: [`mailto:${address}`] }, `gone: ${link}`);
    expect(await written()).not.toContain(PLANTED);
    expect((await lines())[0]).toMatchObject({ note: 'see https://meet.example.org/[hidden] or ask [address]', msg: 'gone: https://meet.example.org/[hidden]' });
  });

  test('does not fill values into its message', async () => {
    logger.info('title is %s', PLANTED);
    logger.info({ lane: 'ops-1' }, 'title is %s', PLANTED);
    expect(await written()).not.toContain(PLANTED);
  });

  test('survives fields that hold themselves', async () => {
    const circle: Record<string, unknown> = { title: PLANTED };
    circle['self'] = circle;
    logger.info({ circle, bytes: Buffer.from(PLANTED) }, 'round');
    expect(await written()).not.toContain(PLANTED);
    expect((await lines())[0]).toMatchObject({ msg: 'round', bytes: '[bytes]' });
  });
});

describe('an error in the log', () => {
  async function axiosError(): Promise<unknown> {
    return axios
      .post(`https://api.example.org/v1/meetings?hostEmail=${address}`, { title: PLANTED }, {
        headers: { authorization: `Bearer ${PLANTED}` },
        adapter: (config) => Promise.reject(new axios.AxiosError('Request failed with status code 500', 'ERR_BAD_RESPONSE', config, { path: PLANTED }, { status: 500, statusText: '', data: { title: PLANTED }, headers: {}, config })),
      })
      .catch((cause: unknown) => cause);
  }

  test('of the HTTP client shows neither request nor response', async () => {
    const err = await axiosError();
    expect(JSON.stringify(err)).toContain(PLANTED); // so there is something to hide
    logger.error({ err }, 'call failed');
    logger.error({ nested: { cause: err } }, 'call failed');
    logger.error(err);
    expect(await written()).not.toContain(PLANTED);
    expect((await lines())[0]?.['err']).toEqual({ type: 'AxiosError', message: 'Request failed with status code 500', code: 'ERR_BAD_RESPONSE', stack: expect.any(String) as unknown });
  });

  test('of ours shows type and facts', async () => {
    logger.error({ err: new RelinkFailure('VendorRefused', 'refused: 400', { status: 400, trackingId: 'ROUTER_1', fields: ['title'] }) }, 'step failed');
    expect((await lines())[0]?.['err']).toEqual({ type: 'VendorRefused', message: 'refused: 400', facts: { status: 400, trackingId: 'ROUTER_1', fields: ['title'] } });
  });

  test('that quotes an address is shown without it, down to its causes', async () => {
    const cause = Object.assign(new Error(`550 <${address}> unknown`), { response: `550 ${PLANTED}`, code: 'EENVELOPE' });
    logger.error(new Error(`could not tell ${address}`, { cause }), undefined);
    expect(await written()).not.toContain(PLANTED);
    expect((await lines())[0]).toMatchObject({ msg: 'no message', err: { type: 'Error', message: 'could not tell [address]', cause: { code: 'EENVELOPE', message: '550 <[address]> unknown' } } });
  });

  test('may be its own cause', () => {
    const error = new Error('round');
    error.cause = error;
    expect(JSON.stringify(describeError(error))).toContain('[deep]');
  });
});

describe('the Temporal SDK’s logger', () => {
  test('writes each level through ours, without the SDK’s noise', async () => {
    const sdk = temporalLogger(logger);
    sdk.trace('t');
    sdk.debug('d');
    sdk.info('i', { workflowId: 'meeting/mkey7', taskToken: 'AAAA', isLocal: false, namespace: 'default', [Symbol('s')]: 1 });
    sdk.warn('w', { error: Object.assign(new Error(`no ${address}`), { config: PLANTED }) });
    sdk.error('e');
    sdk.log('INFO', 'l', { title: PLANTED });
    expect(await written()).not.toContain(PLANTED);
    const seen = await lines();
    expect(seen.map(({ level, msg }) => `${String(level)} ${String(msg)}`)).toEqual(['debug d', 'info i', 'warn w', 'error e', 'info l']);
    expect(seen[1]).toMatchObject({ workflowId: 'meeting/mkey7' });
    expect(Object.keys(seen[1] ?? {})).not.toEqual(expect.arrayContaining(['taskToken']));
    expect(Object.keys(seen[1] ?? {})).not.toEqual(expect.arrayContaining(['namespace']));
    expect(seen[2]?.['err']).toMatchObject({ type: 'Error', message: 'no [address]' });
  });
});
