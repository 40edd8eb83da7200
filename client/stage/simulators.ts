import { join } from 'node:path';
import { z } from 'zod';
import { superviseProcess } from '../../adapters/runtime/local-stack/index.js';
import { packageRoot } from '../../adapters/runtime/package-root.js';
import type { FaultProfile } from '../../domain/rehearsal.js';
import { JobFailed } from '../errors.js';

const Addresses = z.object({ webex: z.object({ url: z.string(), token: z.string(), tokens: z.array(z.string()).optional() }), smtp: z.object({ url: z.string() }), control: z.string() });

/** The vendor's own judgement of a campaign, from its call log and its mailbox; all zero is the target. */
export type Audit = Readonly<Record<string, number>>;
const Audit = z.record(z.string(), z.number());

/** Of the calls within a time. */
export type CallSummary = Readonly<z.infer<typeof CallSummary>>;
const CallSummary = z.object({ calls: z.number(), creates: z.number(), mailsByVendor: z.number() });

const People = z.array(z.object({ email: z.string() }));
/** Whom each mail went to. */
const Mails = z.array(z.object({ to: z.array(z.string()) }));

export interface Simulators {
  readonly vendorUrl: string;
  /** One for each identity. */
  readonly tokens: readonly string[];
  readonly smtpUrl: string;
  /** CSV of the meetings that existed at that instant. */
  inventory(at: string): Promise<string>;
  /** Addresses of people who may host. */
  hosts(): Promise<readonly string[]>;
  audit(cutOff: string): Promise<Audit>;
  /** `from`: an instant. */
  calls(from: string): Promise<CallSummary>;
  mails(): Promise<readonly { readonly to: readonly string[] }[]>;
  /** Settings that an administrator forces on every meeting made from now on. */
  force(settings: Readonly<Record<string, boolean>>): Promise<void>;
  stop(): Promise<void>;
}

const STOP_GRACE_MS = 5_000;

/** Starts the simulated vendor and mail server as a process of their own. `folder`: from which paths in the flags count. */
export async function startSimulators(flags: readonly string[], folder: string): Promise<Simulators> {
  let said = '';
  const { promise: first, resolve, reject } = deferred<string>();
  const running = superviseProcess({
    name: 'simulators',
    command: process.execPath,
    args: ['--enable-source-maps', join(packageRoot(), 'dist', 'simulators', 'main.js'), ...flags],
    cwd: folder,
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
    tokens: webex.tokens ?? [webex.token],
    smtpUrl: smtp.url,
    inventory: (at) => ask(`${control}/inventory?at=${encodeURIComponent(at)}`),
    hosts: async () => People.parse(JSON.parse(await ask(`${control}/people`))).map(({ email }) => email),
    audit: async (cutOff) => Audit.parse(JSON.parse(await ask(`${control}/audit?cutoff=${encodeURIComponent(cutOff)}`))),
    calls: async (from) => CallSummary.parse(JSON.parse(await ask(`${control}/calls/summary?from=${encodeURIComponent(from)}`))),
    mails: async () => Mails.parse(JSON.parse(await ask(`${control}/mails`))),
    force: async (force) => void (await ask(`${control}/site`, { method: 'POST', body: JSON.stringify({ force }) })),
    stop: () => running.stop(STOP_GRACE_MS),
  };
}

async function ask(url: string, request?: RequestInit): Promise<string> {
  const answer = await fetch(url, request);
  if (!answer.ok) throw new JobFailed(`the simulators answered ${answer.status}`);
  return answer.text();
}

/** Simulated seconds that the vendor's lists lag behind, at most. */
const LIST_LAG_S: Readonly<Record<FaultProfile, number>> = { none: 0, ordinary: 10, hostile: 60 };
/** Simulated seconds until a personal room shows its new id, at most. */
const ROOM_LAG_S = 30 * 60;

/** How long lists and rooms lag behind, for relink.yaml. `mostRoomS`: real seconds that no room lags longer. */
export const lagsOf = (faults: FaultProfile, scale: number, mostRoomS = Infinity): { readonly listLag: string; readonly roomLag: string } => ({
  listLag: `${Math.ceil(LIST_LAG_S[faults] / scale) + 1}s`,
  roomLag: `${Math.ceil(Math.min(ROOM_LAG_S / scale, mostRoomS)) + 1}s`,
});

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (cause: unknown) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => ([resolve, reject] = [yes, no]));
  promise.catch(() => undefined); // whoever waits hears of it; nobody may be waiting any more
  return { promise, resolve, reject };
}
