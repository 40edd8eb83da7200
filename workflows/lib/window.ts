/** A sliding window: how many remediations of a lane may be under way at once, and which are. */
export class Window {
  readonly #inFlight: Set<string>;
  #size: number;

  /** @param most which no later size exceeds */
  constructor(
    private readonly most: number,
    inFlight: readonly string[] = [],
  ) {
    this.#size = most;
    this.#inFlight = new Set(inFlight);
  }

  get size(): number {
    return this.#size;
  }
  /** Narrower, or as wide as it was made. What is under way stays. */
  resize(size = this.most): void {
    this.#size = Math.min(size, this.most);
  }

  get room(): number {
    return Math.max(0, this.size - this.#inFlight.size);
  }
  get isEmpty(): boolean {
    return this.#inFlight.size === 0;
  }
  get inFlight(): readonly string[] {
    return [...this.#inFlight];
  }
  take(meeting: string): void {
    this.#inFlight.add(meeting);
  }
  /** Freeing twice, or what was never taken, changes nothing: signals may be repeated. */
  free(meeting: string): void {
    this.#inFlight.delete(meeting);
  }
}
