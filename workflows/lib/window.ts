/** A sliding window: how many remediations of a lane may be under way at once, and which are. */
export class Window {
  readonly #inFlight: Set<string>;

  constructor(
    readonly size: number,
    inFlight: readonly string[] = [],
  ) {
    this.#inFlight = new Set(inFlight);
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
