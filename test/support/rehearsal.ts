import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type { Audit } from '../../simulators/webex/audit/audit.js';
import type { Call } from '../../simulators/webex/call-log.js';
import { startSimulators, type SimulatorOptions, type Simulators } from '../../simulators/start-simulators.js';
import { withCampaign } from '../../client/session.js';
import { readStatus } from '../../client/show/status-figures.js';
import { packageRoot } from '../../adapters/runtime/package-root.js';
import { mustFitSchema } from './shipped-schemas.js';

/** What one command came to. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface RehearsalInput extends SimulatorOptions {
  /** Lines for campaign.yaml, which has a name, the advisory, the identity and an inventory taken at the cut-off. */
  readonly campaign: string;
  /** The identity renews its tokens; its refresh token is in the file `refresh`. */
  readonly oauth?: boolean;
  /** Creations in a simulated day, of the identity and of one host, and the percent kept for repeats. Default: the vendor's, and 6. */
  readonly creates?: { readonly identity: number; readonly host: number; readonly reserve: number };
  /** Default 60. */
  readonly scale?: number;
  /** Of each identity, by the clock of the machine. Default: the vendor's 280, as much faster as days pass. */
  readonly requestsPerMinute?: number;
  /** What stands between Relink and the vendor: gives its own base URL for the vendor's. Default nothing. */
  readonly through?: (vendor: string) => Promise<string>;
}

/** `status --json`, as far as tests look at it. */
export interface StatusJson {
  readonly phase: string;
  readonly reconciles: boolean;
  readonly exposedStarts: number;
  readonly workflowFailure: string | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly failures: Readonly<Record<string, number>>;
  readonly credentials?: readonly { readonly identity: string; readonly problem: string | null }[];
  readonly gates?: readonly { readonly gate: string }[];
  readonly orders?: readonly object[];
  readonly announcements?: { readonly organisers: number; readonly meetings: number; readonly toTell: { readonly meetings: number } };
  readonly notices: { readonly queued: number; readonly sent: number; readonly bounced: number };
}

interface StackJson {
  readonly temporalAddress: string;
  readonly namespace: string;
  readonly metricsUrl: string;
}

/** Between two questions for the status. */
const POLL_MS = 400;
/** As many equal answers in a row are a standstill: far more than any grace, lag or digest in these tests takes. */
const POLLS_AT_REST = 300;

const CUT_OFF = '2024-06-04T00:00:00Z';
export const NOTHING_WRONG: Audit = { legacyLeft: 0, duplicates: 0, orphans: 0, deletedBeforeTold: 0, deletedBeforeReplaced: 0, quotaOverspent: 0, lostInvitees: 0 };

/**
 * An operator's folder with `relink up` running in it, a simulated vendor, and the command line as a user runs it.
 * The folder has a space in its name. Needs `npm run build`.
 */
export class Rehearsal {
  private constructor(
    readonly folder: string,
    readonly simulators: Simulators,
    private readonly up: ChildProcess,
  ) {}

  static async start({ campaign, scale = 60, oauth = false, through = (vendor) => Promise.resolve(vendor), creates = { identity: 3000, host: 800, reserve: 6 }, requestsPerMinute = 280 * scale, ...options }: RehearsalInput): Promise<Rehearsal> {
    const folder = await mkdtemp(join(tmpdir(), 'relink story '));
    const simulators = await startSimulators({ createsIdentity: creates.identity, createsHost: creates.host, ...options, scale });
    const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
    await Promise.all(simulators.webex.tokens.map((token, i) => write(`token-${i + 1}`, token)));
    await write('token', simulators.webex.token);
    await write('smtp', simulators.smtp.url);
    await write('inventory.csv', await text(`${simulators.control}/inventory?at=${CUT_OFF}`));
    await write('secret', simulators.app.clientSecret);
    await write('refresh', simulators.app.refreshTokens[0] ?? '');
    const renewed = `oauth: { clientId: ${simulators.app.clientId}, clientSecret: { file: secret }, refreshToken: { file: refresh } }`;
    const many = simulators.webex.tokens.map((_, i) => `token: { file: token-${i + 1} }`);
    const access = oauth ? [renewed] : many.length > 1 ? many : ['token: { file: token }'];
    await write('relink.yaml', configuration({ url: await through(simulators.webex.url), access, scale, requestsPerMinute, creates }));
    await write(
      'campaign.yaml',
      `name: story\nadvisory: cisco-sa-webex-june-2024\nidentities: [${access.map((_, i) => `ops-${i + 1}`).join(', ')}]\nevidence: { snapshots: [{ file: inventory.csv, takenAt: "${CUT_OFF}" }] }\n${campaign}`,
    );
    return new Rehearsal(folder, simulators, await up(folder));
  }

  /** Runs one verb to its end. What it prints with `--json` must be as its schema says; wrong use and most failures print nothing. */
  async relink(...args: readonly string[]): Promise<Ran> {
    const ran = await run(this.folder, args);
    if (args.includes('--json') && (ran.code === 0 || ran.out !== '')) mustFitSchema(args, ran.out);
    return ran;
  }

  /** @throws unless the verb ended with 0. @returns what it printed. */
  async must(...args: readonly string[]): Promise<string> {
    const { code, out, err } = await this.relink(...args);
    if (code !== 0) throw new Error(`relink ${args.join(' ')} ended with ${code}: ${err}`);
    return out;
  }

  async status(): Promise<StatusJson> {
    return JSON.parse(await this.must('status', '--json')) as StatusJson;
  }

  /**
   * Waits until the status is as wanted, and the command line says so too.
   * @throws with the last status when it has stood still, so that a test which waits for what cannot come says what it saw.
   */
  async until(wanted: (status: StatusJson) => boolean): Promise<StatusJson> {
    for (let [last, still] = ['', 0]; still < POLLS_AT_REST; ) {
      const seen = await this.peek();
      const status = wanted(seen) ? await this.status() : seen;
      if (wanted(status)) return status;
      const now = JSON.stringify({ ...status, eta: '', rate: null }); // a forecast moves with the clock, as does what was done lately
      if (process.env['RELINK_DEBUG'] && now !== last) process.stderr.write(`${now}\n`);
      [last, still] = [now, now === last ? still + 1 : 0];
      await wait(POLL_MS);
    }
    throw new Error(`waited in vain: ${JSON.stringify(await this.status())}`);
  }

  /** What `relink status` would print, without the cost of a process: what is waited for needs the processor more. */
  peek(): Promise<StatusJson> {
    const [config, campaign] = ['relink.yaml', 'campaign.yaml'].map((name) => join(this.folder, name)) as [string, string];
    return withCampaign({ config, campaign, save: false }, async (session) => (await readStatus(session.ledger, session.config, session.spec)).status as StatusJson);
  }

  /** What runs on the folder now. */
  async stack(): Promise<StackJson> {
    return JSON.parse(await readFile(join(this.folder, 'data', 'stack.json'), 'utf8')) as StackJson;
  }

  async onTemporal<T>(use: (client: Client) => Promise<T>): Promise<T> {
    const { temporalAddress: address, namespace } = await this.stack();
    const connection = await Connection.connect({ address });
    try {
      return await use(new Client({ connection, namespace }));
    } finally {
      await connection.close();
    }
  }

  async ask<T>(path: string): Promise<T> {
    return JSON.parse(await text(`${this.simulators.control}/${path}`)) as T;
  }

  async tell<T>(path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.simulators.control}/${path}`, { method: 'POST', ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    if (!answer.ok) throw new Error(`the simulators answered ${answer.status} to ${path}: ${await answer.text()}`);
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  }

  audit(query = ''): Promise<Audit> {
    return this.ask(`audit?cutoff=${CUT_OFF}${query}`);
  }

  /** Calls that may have changed something at the vendor. */
  async writes(since = 0): Promise<readonly Call[]> {
    return (await this.ask<readonly Call[]>(`calls?since=${since}`)).filter(({ method }) => method !== 'GET');
  }

  async stop(): Promise<void> {
    this.up.kill('SIGINT');
    if (this.up.exitCode === null) await new Promise((resolve) => this.up.once('exit', resolve));
    await this.simulators.stop();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Configured {
  readonly url: string;
  readonly access: readonly string[];
  readonly scale: number;
  readonly requestsPerMinute: number;
  readonly creates: { readonly identity: number; readonly host: number; readonly reserve: number };
}

/** One identity for each token. */
const configuration = ({ url, access, scale, requestsPerMinute, creates: { identity, host, reserve } }: Configured): string => `data: ./data
identities:
${access
  .map((each, i) => `  - { name: ops-${i + 1}, vendor: webex, baseUrl: "${url}", ${each}, requestsPerMinute: ${requestsPerMinute}, createsPerDay: { identity: ${identity}, host: ${host}, reserve: ${reserve} }, quotaWindow: ${Math.ceil(86_400 / scale)}s, listLag: 2s, roomLag: ${Math.ceil(1800 / scale) + 1}s }`)
  .join('\n')}
mail: { smtp: { url: { file: smtp } }, from: Meetings <meetings@example.org> }
`;

async function text(url: string): Promise<string> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`the simulators answered ${answer.status}`);
  return answer.text();
}

const launch = (folder: string, args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [join(packageRoot(), 'client/relink.mjs'), ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });

/** Resolves when the worker polls. */
function up(folder: string): Promise<ChildProcess> {
  const child = launch(folder, ['up', '--json']);
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve, reject) => {
    const ready = (line: string): void => {
      mustFitSchema(['up'], line);
      resolve(child);
    };
    if (child.stdout) createInterface(child.stdout).once('line', ready);
    child.once('exit', (code) => reject(new Error(`relink up ended with ${code}: ${said}`)));
  });
}

function run(folder: string, args: readonly string[]): Promise<Ran> {
  const child = launch(folder, args);
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code: code ?? 1, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() })));
}
