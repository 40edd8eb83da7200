import type { Random } from './random.js';

const starts = ['b', 'br', 'd', 'dr', 'f', 'fl', 'g', 'gr', 'k', 'kl', 'l', 'm', 'n', 'p', 'pr', 'r', 's', 'st', 't', 'tr', 'v', 'w', 'z'];
const vowels = ['a', 'e', 'i', 'o', 'u', 'oo', 'ai', 'eu'];
const ends = ['', 'l', 'm', 'n', 'r', 'x', 'sk', 'rt', 'nd', 'v'];

/** A word that means nothing in any language, with a capital. */
export function madeUpWord(rng: Random, syllables = rng.int(2, 3)): string {
  const word = Array.from({ length: syllables }, () => rng.pick(starts) + rng.pick(vowels)).join('') + rng.pick(ends);
  return word.charAt(0).toUpperCase() + word.slice(1);
}

export const madeUpWords = (rng: Random, count: number): string => Array.from({ length: count }, () => madeUpWord(rng)).join(' ');

/** Calls `make` until it gives something new. */
export function unused(used: Set<string>, make: () => string): string {
  let made = make();
  while (used.has(made)) made = make();
  used.add(made);
  return made;
}
