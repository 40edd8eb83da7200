import { z } from 'zod';
import type { Call } from '../../simulators/webex/call-log.js';
import { JobFailed } from '../../client/errors.js';

/** One line of the simulator's call log, as its control API gives it. */
export type LoggedCall = Omit<Call, 'at'> & { readonly at: string };

const Summary = z.object({ calls: z.number(), refusedByRate: z.number(), allowed: z.number(), share: z.number() });
/** How much of what the vendor allowed was used. */
export type Summary = Readonly<z.infer<typeof Summary>>;

const Truth = z.record(z.string(), z.object({ kind: z.string(), origin: z.string(), host: z.string(), standsFor: z.string().optional(), toCome: z.number(), invitees: z.number() }));
/** What each meeting is, by id: those there from the beginning, and those made through the API, with the one that each replaces. */
export type Truth = Readonly<z.infer<typeof Truth>>;

/** The simulated vendor's own records, from its control API. */
export class VendorLog {
  constructor(private readonly vendorUrl: string) {}

  async calls({ from }: { readonly from: number }): Promise<readonly LoggedCall[]> {
    const all = (await this.#ask('calls')) as readonly LoggedCall[];
    return all.filter(({ at }) => Date.parse(at) >= from);
  }

  async summary({ from, to }: { readonly from: number; readonly to: number }): Promise<Summary> {
    return Summary.parse(await this.#ask(`calls/summary?from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`));
  }

  async truth(): Promise<Truth> {
    return Truth.parse(await this.#ask('truth'));
  }

  /** So much that no limit is ever met. */
  async liftLimits(): Promise<void> {
    await this.#ask('limits', { rpm: 10_000_000, createsIdentity: 10_000_000, createsHost: 10_000_000 });
  }

  async #ask(path: string, body?: object): Promise<unknown> {
    const answer = await fetch(new URL(`/_control/${path}`, this.vendorUrl), body ? { method: 'POST', body: JSON.stringify(body) } : {});
    if (!answer.ok) throw new JobFailed(`the simulators answered ${answer.status}`);
    return answer.json();
  }
}
