import { canonical } from './canonical.js';
import type { MeetingSnapshot, Parts } from './meeting.js';

/** The same text for the same things, in whatever order. The vendor overrides display names, so they are no difference. */
export const keyOfPart = (items: Parts[string]): string =>
  items
    .map((item) => canonical({ ...item, displayName: undefined }))
    .sort()
    .join('\n');

export const keysOfParts = (parts: Parts): Readonly<Record<string, string>> => Object.fromEntries(Object.entries(parts).map(([name, items]) => [name, keyOfPart(items)]));

/** Names of the parts that the two do not have alike. One that is there and empty is not one that is absent. */
export function partsThatDiffer(a: Parts = {}, b: Parts = {}): readonly string[] {
  const differ = (name: string): boolean => {
    const [ours, theirs] = [a[name], b[name]];
    return !ours || !theirs || keyOfPart(ours) !== keyOfPart(theirs);
  };
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(differ);
}

/**
 * Parts that a meeting has, or for which no new one can be like it, of which the list said nothing from which it was copied: nobody has edited them into it since.
 * A list that said whether it has them, and a copy of the meeting's own answer, left out none.
 */
export function partsLeftOut(copied: Pick<MeetingSnapshot, 'named' | 'listed'>, { named = [], parts = {}, refusal }: Pick<MeetingSnapshot, 'named' | 'parts' | 'refusal'>): readonly string[] {
  if (copied.listed !== true) return [];
  return named.filter((name) => copied.named?.includes(name) !== true && (Object.hasOwn(parts, name) || refusal !== undefined));
}
