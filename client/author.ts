import { userInfo } from 'node:os';
import type { OrderAuthor } from '../domain/orders.js';
import { shortText } from './verb.js';

/** Who gives an order and why, as options: nobody in a hurry is turned away for want of a word. */
export const BY_OPTION = ['--by <name>', 'who orders it (default: your login name)', shortText] as const;
export const REASON_OPTION = ['--reason <text>', 'why; it stays with the order', shortText] as const;

export function authorOf({ by, reason }: { readonly by?: string | undefined; readonly reason?: string | undefined }): OrderAuthor {
  return { by: by ?? loginName(), reason: reason ?? null };
}

/** An account without a name, as in some containers, has a number at least: an order in an emergency is not turned away. */
function loginName(): string {
  try {
    return shortText(userInfo().username);
  } catch {
    return `user ${process.getuid?.() ?? 'without a name'}`;
  }
}
