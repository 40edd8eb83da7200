/** Mark of a replacement at the vendor: found again by it, and recognised by later inventories. At most 64 characters. */
const PREFIX = 'relink:';
export const replacementTag = (meeting: string): string => `${PREFIX}${meeting}`;
export const isReplacementTag = (tag: string): boolean => tag.startsWith(PREFIX);
