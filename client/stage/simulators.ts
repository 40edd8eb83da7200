import { join } from 'node:path';
import { z } from 'zod';
import { superviseProcess } from '../../adapters/runtime/local-stack/index.js';
import { packageRoot } from '../../adapters/runtime/package-root.js';
import { JobFailed } from '../errors.js';
import type { DemoOptions } from './settings.js';

const Addresses = z.object({ webex: z.object({ url: z.string(), token: z.string() }), smtp: z.object({ url: z.string() }), control: z.string() });

/** The vendor's own judgement of a campaign, from its call log and its mailbox; all zero is the target. */
export type Audit = Readonly<Record<string, number>>;
const Audit = z.record(z.string(), z.number());

export interface Simulators {
  readonly vendorUrl: string;
  readonly token: string;
  readonly smtpUrl: string;
  /** CSV of the meetings that existed at that instant. */
  inventory(at: string): Promise<string>;
  audit(cutOff: string): Promise<Audit>;
  stop(): Promise<void>;
}

const STOP_GRACE_MS = 5_000;

/** Starts the simulated vendor and mail server as a process of their own. */
export async function startSimulators(options: DemoOptions): Promise<Simulators> {
  const flags = (['meetings', 'hosts', 'seed', 'faults', 'kinds', 'scale'] as const).flatMap((name) => [`--${name}`, String(options[name])]);
  if (options.kinds === 'all') flags.push('--supports', 'room');
  let said = '';
  const { promise: first, resolve, reject } = deferred<string>();
  const running = superviseProcess({
    name: 'simulators',
    command: process.execPath,
    args: ['--enable-source-maps', join(packageRoot(), 'dist', 'simulators', 'main.js'), ...flags],
    restart: false,
    onLine: (line) => {
      if (line.startsWith('{"webex"')) resolve(line);
      said = line;
    },
    onExit: () => reject(new JobFailed(`the simulators ended: ${said}`)),
  });
  const { webex, smtp, control } = Addresses.parse(JSON.parse(await first));
  return {
    vendorUrl: webex.url,
    token: webex.token,
    smtpUrl: smtp.url,
    inventory: (at) => ask(`${control}/inventory?at=${encodeURIComponent(at)}`),
    audit: async (cutOff) => Audit.parse(JSON.parse(await ask(`${control}/audit?cutoff=${encodeURIComponent(cutOff)}`))),
    stop: () => running.stop(STOP_GRACE_MS),
  };
}

async function ask(url: string): Promise<string> {
  const answer = await fetch(url);
  if (!answer.ok) throw new JobFailed(`the simulators answered ${answer.status}`);
  return answer.text();
}

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (cause: unknown) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => ([resolve, reject] = [yes, no]));
  promise.catch(() => undefined); // whoever waits hears of it; nobody may be waiting any more
  return { promise, resolve, reject };
}
