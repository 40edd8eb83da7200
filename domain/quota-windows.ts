/** What first attempts of an identity may create within any `windowMs`, in all and for one host. */
export interface CreationLimits {
  readonly createsLimit: number;
  readonly hostLimit?: number | undefined;
  /** Creations of the identity that are already in the first window. */
  readonly createsUsed: number;
  readonly windowMs: number;
}

/** Creations of one window, of all hosts or of one, and how long after its start the last of them was. Milliseconds. */
interface Made {
  count: number;
  untilMs: number;
}

const nothing = (): Made => ({ count: 0, untilMs: 0 });

/**
 * Quota windows that follow each other and so stand for the one that rolls: a creation comes free when it is a window old, so what was
 * spread over a time comes free as spread in the window after it. Times in milliseconds since the epoch.
 */
export class QuotaWindows {
  #all: Made;
  #byHost = new Map<string, Made>();
  #before = { all: nothing(), byHost: new Map<string, Made>() };

  constructor(
    private readonly limits: CreationLimits,
    public from: number,
  ) {
    this.#all = { count: limits.createsUsed, untilMs: 0 };
  }

  get end(): number {
    return this.from + this.limits.windowMs;
  }
  get used(): number {
    return this.#all.count;
  }

  /** Of a host; the empty one is any number of them. */
  room(host: string): number {
    return host === '' ? Infinity : (this.limits.hostLimit ?? Infinity) - (this.#byHost.get(host)?.count ?? 0);
  }

  create(host: string, count: number): void {
    this.#all.count += count;
    const made = this.#byHost.get(host) ?? nothing();
    made.count += count;
    this.#byHost.set(host, made);
  }

  /** When the last that was created of this host could be at the earliest. */
  opens(host: string): number {
    const { createsLimit, hostLimit } = this.limits;
    const ofAll = freedMs(this.#all.count, createsLimit, this.#before.all);
    const ofHost = host === '' || hostLimit === undefined ? 0 : freedMs(this.#byHost.get(host)?.count ?? 0, hostLimit, this.#before.byHost.get(host) ?? nothing());
    return this.from + Math.max(ofAll, ofHost);
  }

  /** The last of this host was made then. */
  reached(host: string, at: number): void {
    for (const made of [this.#all, this.#byHost.get(host)]) if (made) made.untilMs = Math.max(made.untilMs, at - this.from);
  }

  next(): void {
    this.#before = { all: this.#all, byHost: this.#byHost };
    this.from = this.end;
    this.#all = nothing();
    this.#byHost = new Map();
  }
}

/** When so many may have been made, after `before`: what that has left of the limit at once, the others as those come free. */
const freedMs = (count: number, limit: number, before: Made): number =>
  before.count === 0 ? 0 : before.untilMs * Math.min(1, Math.max(0, count - (limit - before.count)) / before.count);
