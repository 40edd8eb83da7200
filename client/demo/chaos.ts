import { setTimeout as wait } from 'node:timers/promises';
import type { Screen } from '../io.js';

export type Part = 'worker' | 'temporal' | 'postgres';
export type Kills = Readonly<Record<Part, number>>;

/** The least that a run with `--chaos` must have seen. */
export const LEAST_KILLS: Kills = { worker: 10, temporal: 1, postgres: 1 };
const MOST_WORKER_KILLS = 12;
/** How long a worker lives, from its first poll. Milliseconds. */
const LIFE = { shortest: 2_000, longest: 4_000 };

export interface ChaosInput {
  readonly seed: number;
  /** SIGKILL. */
  readonly kill: (part: Part) => void;
  /** Resolves when the worker polls. */
  readonly workerReady: () => Promise<void>;
  readonly screen: Screen;
}

/** Kills parts at random moments until `ended`. @returns how many of each. */
export async function wreak({ seed, kill, workerReady, screen }: ChaosInput, ended: AbortSignal): Promise<Kills> {
  const random = randomFrom(seed);
  const kills = { worker: 0, temporal: 0, postgres: 0 };
  const strike = (part: Part): void => {
    kills[part]++;
    screen.line(`chaos: SIGKILL to ${part} (${part === 'worker' ? `${kills.worker} of ${MOST_WORKER_KILLS}` : kills[part]})`);
    kill(part);
  };
  const others = { temporal: 2 + Math.floor(random() * 3), postgres: 5 + Math.floor(random() * 3) };
  while (kills.worker < MOST_WORKER_KILLS) {
    await Promise.race([workerReady(), aborted(ended)]);
    await wait(LIFE.shortest + random() * (LIFE.longest - LIFE.shortest), undefined, { signal: ended }).catch(() => undefined);
    if (ended.aborted) break;
    strike('worker');
    if (kills.worker === others.temporal) strike('temporal');
    if (kills.worker === others.postgres) strike('postgres');
  }
  return kills;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
