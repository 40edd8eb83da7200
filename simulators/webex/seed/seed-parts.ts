import type { Random } from '../../support/random.js';
import { madeUpWord } from '../../support/words.js';
import type { BreakoutSession } from '../meeting-record.js';
import type { NewInvitee } from '../store.js';

/** Two to four groups, into which some of the invitees are divided; two of them may have one name. */
export function seedBreakouts(rng: Random, invitees: readonly NewInvitee[]): readonly BreakoutSession[] {
  const names = Array.from({ length: rng.int(2, 4) }, () => madeUpWord(rng));
  const placed = invitees.filter(() => rng.chance(0.7)).map(({ email }) => ({ email, group: rng.int(0, names.length - 1) }));
  return names.map((name, i) => ({ id: rng.hex(32), name: rng.chance(0.1) ? (names[0] ?? name) : name, invitees: placed.filter(({ group }) => group === i).map(({ email }) => email) }));
}
