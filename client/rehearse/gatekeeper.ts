import type { Gate } from '../../domain/gates.js';
import { JobFailed } from '../errors.js';

/** Stop rules that fire again and again tell nothing new: the campaign is stopped for good. */
const MOST_FIRED = 20;

export interface Gates {
  /** @throws JobFailed when it is refused at this moment */
  approve(gate: Gate): Promise<void>;
  stop(): Promise<void>;
}

/** Lets a rehearsed campaign pass every gate, and remembers which there were. */
export class Gatekeeper {
  /** Those that a stop rule opened. */
  readonly fired: Gate[] = [];
  approvals = 0;
  readonly #seen = new Set<number>();
  #busy: Promise<void> = Promise.resolve();

  constructor(private readonly gates: Gates) {}

  get gaveUp(): boolean {
    return this.fired.length >= MOST_FIRED;
  }

  /** Takes note of what is open; what is to be done about it goes on behind. */
  look(open: readonly Gate[] = []): void {
    for (const gate of open) {
      if (this.#seen.has(gate.id)) continue;
      this.#seen.add(gate.id);
      if (gate.cause !== null && !this.fired.some(({ id }) => id === gate.id)) this.fired.push(gate);
      this.#busy = this.#busy.then(() => this.#pass(gate));
    }
  }

  /** Resolves when all that was seen is approved. */
  settled(): Promise<void> {
    return this.#busy;
  }

  async #pass(gate: Gate): Promise<void> {
    try {
      if (this.gaveUp) return await this.gates.stop();
      await this.gates.approve(gate);
      this.approvals++;
    } catch (cause: unknown) {
      if (!(cause instanceof JobFailed)) throw cause;
      this.#seen.delete(gate.id); // something came between: as long as it stays open it is seen again
    }
  }
}
