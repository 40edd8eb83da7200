const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
let told = false;
const note = (): void => void (told = true);

/**
 * Remembers that the process was told to end, so that what fails while the parts are stopped is not reported as an error.
 * Use it only where `onShutdown` has something registered: a signal that is listened to no longer ends the process by itself.
 * @returns takes it back.
 */
export function noteInterrupts(): () => void {
  for (const signal of signals) process.on(signal, note);
  return () => {
    for (const signal of signals) process.off(signal, note);
  };
}

export const wasInterrupted = (): boolean => told;

/** For whoever must not go on: the process ends as soon as its parts have. */
export const forever = (): Promise<never> => new Promise(() => undefined);
