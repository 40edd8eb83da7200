import { connect, createServer } from 'node:net';

/**
 * Below the range from which systems take ports for outgoing connections (Linux from 32768, macOS from 49152):
 * a server that restarts must find its port as it left it.
 */
const FIRST_PORT = 15_000;
const LAST_PORT = 31_999;

/** A free port of 127.0.0.1, `preferred` when that one is free. `taken` are not given out. */
export async function freePort(preferred?: number, taken: readonly number[] = []): Promise<number> {
  const candidates = preferred === undefined ? [] : [preferred];
  while (candidates.length < 100) candidates.push(FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT)));
  for (const port of candidates) {
    if (!taken.includes(port) && (await isFree(port))) return port;
  }
  throw new Error(`no free port between ${FIRST_PORT} and ${LAST_PORT} on 127.0.0.1`);
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** Whether something listens there. A gRPC client that knocks too early waits a second before it tries again. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect({ port, host: '127.0.0.1' });
    const answer = (yes: boolean): void => {
      probe.destroy();
      resolve(yes);
    };
    probe.once('connect', () => answer(true)).once('error', () => answer(false));
  });
}
