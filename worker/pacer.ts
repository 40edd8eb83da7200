import { setTimeout as wait } from 'node:timers/promises';
import { RelinkFailure } from '../domain/failures.js';
import type { ItemRef, PaceBook, Slot } from '../domain/ledger.js';
import type { AllowedPace } from '../domain/pace.js';
import type { RequestPacer } from '../domain/ports.js';
import { LOOK_MS, PATIENCE_MS } from './patience.js';
import type { WindowTurns } from './window-turns.js';

/** Who has waited this long for a turn looks again whether the vendor has asked for silence meanwhile, or an operator for another pace. Milliseconds. */
const LONG_WAIT_MS = 250;

/** An identity, and what relink.yaml allows it. */
export interface Paced extends AllowedPace {
  readonly identity: string;
}

/**
 * Paces one identity over all workers, through the ledger: short waits are sat out, long ones become a Temporal retry.
 * @param windows what they leave comes first, so that a turn of the identity is never taken in vain
 */
export function createPacer(pace: PaceBook, { identity, requestsPerMinute, minuteMs }: Paced, windows?: Pick<WindowTurns, 'beforeRequest'>): RequestPacer {
  /** @returns how long it waited, and whether the turn came. */
  async function sitOut({ waitMs, order }: Slot): Promise<{ readonly came: boolean; readonly waitedMs: number }> {
    for (let waitedMs = 0; waitedMs < waitMs; ) {
      const part = Math.min(LOOK_MS, waitMs - waitedMs);
      await wait(part);
      waitedMs += part;
      if (waitMs >= LONG_WAIT_MS && !(await pace.stands(identity, order))) return { came: false, waitedMs };
    }
    return { came: true, waitedMs: waitMs };
  }
  return {
    async beforeRequest() {
      await windows?.beforeRequest();
      for (let left = PATIENCE_MS; ; ) {
        const slot = await pace.reserveRequest(identity, requestsPerMinute, minuteMs);
        if (slot.taken) {
          const { came, waitedMs } = await sitOut(slot);
          if (came) return;
          left -= waitedMs;
        } else {
          if (slot.waitMs > left) throw tooLong(slot);
          await wait(slot.waitMs);
          left -= slot.waitMs;
        }
      }
    },
    quietFor: (ms, agoMs) => pace.quietFor(identity, ms, { requestsPerMinute, minuteMs, agoMs }),
  };
}

/**
 * Activities of an identity that is throttled, or has learned to go slower, begin when there is a turn near enough to wait for: else each attempt would record a failed step and count
 * a creation for a request that it cannot send. They sit a while before they give up, so that ten thousand of them do not all ask at once.
 */
export function whenThereIsATurn<T extends object>(pace: Pick<PaceBook, 'heldUp'>, identity: string, activities: T, windows?: Pick<WindowTurns, 'waitMs' | 'within'>): T {
  async function turn(): Promise<void> {
    for (let left = PATIENCE_MS; ; ) {
      const own = await pace.heldUp(identity);
      const { waitMs, throttled } = own.waitMs > 0 ? own : { waitMs: (await windows?.waitMs()) ?? 0, throttled: true };
      if (waitMs === 0) return;
      if (waitMs > left) throw tooLong({ waitMs, throttled });
      await wait(waitMs);
      left -= waitMs;
    }
  }
  const patient = (activity: Activity): Activity => (...args) => {
    const work = () => turn().then(() => activity(...args));
    return windows && isAboutMeeting(args[0]) ? windows.within(args[0].campaign, work) : work();
  };
  return Object.fromEntries(Object.entries(activities).map(([name, activity]) => [name, patient(activity as Activity)])) as T;
}

/** Inventories only read, and belong to no window. */
const isAboutMeeting = (input: unknown): input is ItemRef => typeof input === 'object' && input !== null && 'campaign' in input && 'meeting' in input;

type Activity = (...args: readonly unknown[]) => Promise<unknown>;

const tooLong = ({ waitMs, throttled }: Pick<Slot, 'waitMs' | 'throttled'>): RelinkFailure =>
  throttled ? new RelinkFailure('Throttled', 'an operator throttles the identity', { retryAfterMs: waitMs }) : new RelinkFailure('RateLimited', 'the identity is quiet for now', { retryAfterMs: waitMs });
