/** The known word that was probably meant: at most a third of its letters differ. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of known) {
    const off = distance(word.toLowerCase(), name.toLowerCase());
    if (off <= Math.max(1, Math.ceil(name.length / 3)) && (!best || off < best.distance)) best = { name, distance: off };
  }
  return best?.name;
}

/** Levenshtein: letters to insert, delete or replace. */
function distance(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const now = [i];
    for (let j = 1; j <= b.length; j++) {
      now[j] = Math.min((before[j] ?? 0) + 1, (now[j - 1] ?? 0) + 1, (before[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    before = now;
  }
  return before[b.length] ?? 0;
}

export const didYouMean = (word: string, known: Iterable<string>): string => {
  const list = [...known];
  const near = nearest(word, list);
  return near ? `did you mean ${near}?` : `known are: ${list.join(', ')}`;
};
