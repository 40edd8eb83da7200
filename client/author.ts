import { userInfo } from 'node:os';
import type { OrderAuthor } from '../domain/orders.js';
import { WrongUse } from './errors.js';
import { shortText } from './verb.js';

/** Who gives an order and why, as options: nobody in a hurry is turned away for want of a word. */
export const BY_OPTION = ['--by <name>', 'who orders it (default: your login name)', shortText] as const;
export const REASON_OPTION = ['--reason <text>', 'why; it stays with the order', shortText] as const;

/** @throws WrongUse where the account has no name, as in some containers */
export function authorOf({ by, reason }: { readonly by?: string | undefined; readonly reason?: string | undefined }): OrderAuthor {
  return { by: by ?? loginName(), reason: reason ?? null };
}

function loginName(): string {
  try {
    return shortText(userInfo().username);
  } catch {
    throw new WrongUse('who orders it? This account has no login name; give --by NAME');
  }
}
