/** A sliding window: how many remediations of a lane may be under way at once, and which are. */
export class Window {
  readonly #inFlight: Set<string>;
  #size: number;

  constructor(size: number, inFlight: readonly string[] = []) {
    this.#size = size;
    this.#inFlight = new Set(inFlight);
  }

  get size(): number {
    return this.#size;
  }
  /** What is under way stays. */
  resize(size: number): void {
    this.#size = size;
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
