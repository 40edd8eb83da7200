import { ApplicationFailure } from '@temporalio/common';
import { failures, type FailureType } from '../../domain/failures.js';

type Answer = object | string | undefined | ((input: never) => unknown);

/**
 * Activities that follow a script. Each call must be in it: a call that is not fails the test at once, an answer that
 * nobody asked for fails it at the end. The last answer of a list is not repeated.
 */
export class Script {
  readonly calls: string[] = [];
  readonly #answers: Map<string, Answer[]>;
  readonly #surprises: string[] = [];

  constructor(answers: Readonly<Record<string, readonly Answer[]>>) {
    this.#answers = new Map(Object.entries(answers).map(([name, list]) => [name, [...list]]));
  }

  get activities(): object {
    return new Proxy({}, { get: (_, name) => this.#activity(String(name)), has: () => true, ownKeys: () => [...this.#answers.keys()], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) });
  }

  #activity(name: string) {
    return async (input: unknown): Promise<unknown> => {
      const answers = this.#answers.get(name) ?? [];
      this.calls.push(name);
      if (answers.length === 0) {
        this.#surprises.push(name);
        throw ApplicationFailure.nonRetryable(`nobody expected ${name}`, 'InvalidInput');
      }
      const answer = answers.shift();
      const value = typeof answer === 'function' ? await (answer as (input: unknown) => unknown)(input) : answer;
      if (value instanceof Error) throw value;
      return value;
    };
  }

  /** Throws when something unscripted was called, or something scripted was not. */
  verify(): void {
    const unused = [...this.#answers].filter(([, list]) => list.length > 0).map(([name, list]) => `${name} ×${list.length}`);
    if (this.#surprises.length + unused.length > 0) throw new Error(`surprised by: ${this.#surprises.join(', ') || '-'}; never asked for: ${unused.join(', ') || '-'}`);
  }
}

/** A failure as an activity throws it. */
export const fails = (type: FailureType): ApplicationFailure => ApplicationFailure.create({ type, message: type, nonRetryable: !failures[type].retry, nextRetryDelay: '10ms' });

export const soon = (ms: number) => new Date(Date.now() + ms).toISOString();
export const ready = { status: 'ready', startsAt: null };
export const verified = (graceMs: number) => () => ({ graceEndsAt: soon(graceMs), urgent: false, lost: [] });
export const blocked = (blocker: string, ms = 1) => () => ({ outcome: 'blocked', blocker, recheckAt: soon(ms) });

/** Steps up to grace, all going well. */
export const untilGrace = (graceMs: number) => ({
  snapshotLegacy: [ready],
  ensureReplacement: [{ complete: true }],
  verifyReplacement: [verified(graceMs)],
  tellOrganiser: [undefined],
});
