type Stop = () => Promise<void>;

const stops = new Set<Stop>();
const signals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
let signalledAt: number | undefined;

/** npm passes on a Ctrl-C that the terminal has already delivered: two signals within this time are one wish. Milliseconds. */
const ECHO_MS = 1_000;

/**
 * Runs `stop` when the process is told to end (SIGINT, SIGTERM, SIGHUP): what registered last stops first, then the process
 * exits with 128 + the signal's number. A second signal exits at once.
 * @returns takes the registration back.
 */
export function onShutdown(stop: Stop): () => void {
  if (stops.size === 0) listen('on');
  stops.add(stop);
  return () => {
    if (stops.delete(stop) && stops.size === 0 && signalledAt === undefined) listen('off');
  };
}

function listen(verb: 'on' | 'off'): void {
  for (const signal of Object.keys(signals)) process[verb](signal as keyof typeof signals, onSignal);
}

function onSignal(signal: NodeJS.Signals): void {
  const code = 128 + signals[signal as keyof typeof signals];
  if (signalledAt !== undefined) {
    if (performance.now() - signalledAt > ECHO_MS) process.exit(code);
    return;
  }
  signalledAt = performance.now();
  void stopAll().finally(() => process.exit(code));
}

async function stopAll(): Promise<void> {
  for (const stop of [...stops].reverse()) {
    await stop().catch((cause: unknown) => process.stderr.write(`while stopping: ${String(cause)}\n`));
  }
}
