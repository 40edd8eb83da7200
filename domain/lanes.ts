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

/** FNV-1a, 32 bit, with an avalanche at the end: short keys that differ in one character must not score alike. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
