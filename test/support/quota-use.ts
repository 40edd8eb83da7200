import { setTimeout as wait } from 'node:timers/promises';
import type { Call } from '../../simulators/webex/call-log.js';
import { Rehearsal, type RehearsalInput } from './rehearsal.js';

/** How well a campaign used what its identities were allowed to create, as the vendor's own call log shows it. */
export interface QuotaUse {
  readonly created: number;
  /** Of all kinds, for each creation: what a rate must allow for. */
  readonly requestsEach: number;
  /** Attempts that the vendor refused because a quota was used up. */
  readonly overspent: number;
  /** Of what first attempts were allowed while work waited, so much was used: 0 to 1, averaged over time from the first full day on. */
  readonly use: number;
  /** Simulated days from the start to the last creation, as `relink plan` foresaw them, and as they were. */
  readonly foreseenDays: number;
  readonly realDays: number;
}

export interface QuotaInput extends RehearsalInput {
  readonly scale: number;
  readonly creates: NonNullable<RehearsalInput['creates']>;
}

const DAY_MS = 86_400_000;

/** Plans, runs to the last replacement, and judges. Ends the rehearsal. */
export async function rehearseQuota(input: QuotaInput): Promise<QuotaUse> {
  const rehearsal = await Rehearsal.start(input);
  try {
    const plan = JSON.parse(await rehearsal.must('plan', '--json')) as { forecast: { replacedAt: string } };
    const planned = Date.now();
    await rehearsal.must('start', '--yes');
    const began = Date.now();
    await until(rehearsal, planned);
    return await judge(rehearsal, input, { foreseenMs: Date.parse(plan.forecast.replacedAt) - planned, began });
  } finally {
    await rehearsal.stop();
  }
}

/** However long nothing happens: a quota that is used up stays so for most of a day. */
async function until(rehearsal: Rehearsal, planned: number): Promise<void> {
  for (;;) {
    const { counts } = await rehearsal.peek();
    if (Date.now() > planned && counts['waiting'] === 0 && counts['running'] === 0) return;
    await wait(2_000);
  }
}

interface Outlook {
  readonly foreseenMs: number;
  readonly began: number;
}

async function judge(rehearsal: Rehearsal, { scale, creates }: QuotaInput, { foreseenMs, began }: Outlook): Promise<QuotaUse> {
  const dayMs = DAY_MS / scale;
  const all = await rehearsal.ask<readonly (Omit<Call, 'at'> & { readonly at: string })[]>('calls');
  const calls = all.filter(({ method, path }) => method === 'POST' && path === '/v1/meetings');
  const hosts = new Map((await rehearsal.ask<readonly { id: string; hostEmail: string }[]>('meetings')).map(({ id, hostEmail }) => [id, hostEmail]));
  const counted = calls.filter(({ refusedBy }) => refusedBy === null);
  const creations = counted.map(({ at, identity, meetingId }) => ({ at: Date.parse(at), identity, host: hosts.get(meetingId ?? '') ?? '' }));
  const last = Math.max(...creations.map(({ at }) => at));
  return {
    created: creations.length,
    requestsEach: Math.round((10 * all.length) / creations.length) / 10,
    overspent: calls.filter(({ refusedBy }) => refusedBy === 'creates-identity' || refusedBy === 'creates-host').length,
    use: useOf(creations, { dayMs, ...fresh(creates) }),
    foreseenDays: foreseenMs / dayMs,
    realDays: (last - began) / dayMs,
  };
}

const fresh = ({ identity, host, reserve }: QuotaInput['creates']) => ({ identity: identity - Math.floor((identity * reserve) / 100), host: host - Math.floor((host * reserve) / 100) });

export interface Creation {
  readonly at: number;
  readonly identity: string;
  readonly host: string;
}

/**
 * At each moment from a day after an identity's first creation to its last one: creations within the day before, of what was allowed.
 * Allowed is the identity's limit, or less when fewer could be wanted: of each host its limit while work of it waited, else what it had.
 */
export function useOf(creations: readonly Creation[], limits: { readonly dayMs: number; readonly identity: number; readonly host: number }): number {
  const parts = [...new Set(creations.map(({ identity }) => identity))].map((identity) => usedBy(creations.filter((each) => each.identity === identity), limits));
  const allowed = parts.reduce((sum, part) => sum + part.allowed, 0);
  return allowed === 0 ? 1 : parts.reduce((sum, part) => sum + part.used, 0) / allowed;
}

function usedBy(creations: readonly Creation[], { dayMs, identity, host }: { readonly dayMs: number; readonly identity: number; readonly host: number }): { used: number; allowed: number } {
  const times = creations.map(({ at }) => at);
  const lastOf = new Map<string, number>();
  for (const { at, host: whose } of creations) lastOf.set(whose, Math.max(at, lastOf.get(whose) ?? 0));
  const [from, to] = [Math.min(...times) + dayMs, Math.max(...times)];
  let [used, allowed] = [0, 0];
  for (let t = from; t < to; t += dayMs / 1_000) {
    const within = creations.filter(({ at }) => at > t - dayMs && at <= t);
    const wanted = [...lastOf].reduce((sum, [whose, last]) => sum + (last > t ? host : within.filter((each) => each.host === whose).length), 0);
    used += within.length;
    allowed += Math.min(identity, wanted);
  }
  return { used, allowed };
}
