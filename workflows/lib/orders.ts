import { CancellationScope, condition, setHandler } from '@temporalio/workflow';
import { releaseGrace, rollBack, takeUpAgain, wake } from '../messages.js';

/** Where an order to put a meeting back leaves it. */
type Back = 'rolled-back' | 'waiting';

/** What the operator says to one meeting while its saga runs. */
export class Orders {
  readonly #scope = new CancellationScope();
  #woken = false;
  #back: Back | undefined;

  /** @param campaign whose saga it is: what another campaign orders about the same meeting is not for it */
  constructor(
    campaign: string,
    public released: boolean,
  ) {
    const ours = (obey: () => void) => (of?: string) => {
      if (of === undefined || of === campaign) obey();
    };
    setHandler(releaseGrace, ours(() => void (this.released = this.#woken = true)), { description: 'End grace early' });
    setHandler(wake, () => void (this.#woken = true), { description: 'The campaign goes on: look again now' });
    setHandler(rollBack, ours(() => this.#putBack('rolled-back')), { description: 'Put this meeting back, if it is not past its pivot' });
    setHandler(takeUpAgain, ours(() => this.#putBack('waiting')), { description: 'Put this held meeting back, and replace it afresh' });
  }

  /** The state to be put back to; `undefined` as long as nobody has ordered that. A step that has come to its end all the same tells nothing of it. */
  get back(): Back | undefined {
    return this.#back;
  }

  /** Runs `work` so that an order to put back cancels it. */
  obey<T>(work: () => Promise<T>): Promise<T> {
    return this.#scope.run(work);
  }

  /** Sleeps until `instant`; a release ends it early. */
  async grace(instant: string): Promise<void> {
    if (!this.released) await condition(() => this.released, timeTo(instant));
  }

  /** Sleeps until `instant`, or until the campaign goes on or grace is released, since the last sleep. `why` stands on the timer in the Temporal UI. */
  async hold(instant: string, why: string): Promise<void> {
    await condition(() => this.#woken, timeTo(instant), { summary: why });
    this.#woken = false;
  }

  /** Whether the campaign was started again since the last sleep: whoever ends would not hear of it. */
  wasWoken(): boolean {
    const woken = this.#woken;
    this.#woken = false;
    return woken;
  }

  #putBack(to: Back): void {
    this.#back = to;
    this.#scope.cancel();
  }
}

/** Milliseconds from now to `instant`; never less than one, which is the least that a timer takes. */
export const timeTo = (instant: string): number => Math.max(1, Date.parse(instant) - Date.now());
