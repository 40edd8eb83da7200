import { fnv1a } from './hash.js';

/**
 * The identity that works on a host's meetings. Rendezvous hashing: every process gives the same answer without
 * sharing state, and adding an identity moves only the hosts that the new one wins.
 */
export function laneFor(hostEmail: string, identities: readonly string[]): string {
  const host = hostEmail.toLowerCase();
  const scored = identities.map((identity) => ({ identity, score: fnv1a(`${identity}\u0000${host}`) }));
  const best = scored.reduce((a, b) => (b.score > a.score || (b.score === a.score && b.identity < a.identity) ? b : a));
  return best.identity;
}
