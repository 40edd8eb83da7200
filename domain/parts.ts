import { canonical } from './canonical.js';
import type { Parts } from './meeting.js';

/** The same text for the same things, in whatever order. The vendor overrides display names, so they are no difference. */
export const keyOfPart = (items: Parts[string]): string =>
  items
    .map((item) => canonical({ ...item, displayName: undefined }))
    .sort()
    .join('\n');

/** Names of the parts that the two do not have alike. One that is there and empty is not one that is absent. */
export function partsThatDiffer(a: Parts = {}, b: Parts = {}): readonly string[] {
  const differ = (name: string): boolean => {
    const [ours, theirs] = [a[name], b[name]];
    return !ours || !theirs || keyOfPart(ours) !== keyOfPart(theirs);
  };
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(differ);
}
