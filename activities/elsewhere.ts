import { RelinkFailure } from '../domain/failures.js';
import type { ItemRef } from '../domain/ledger.js';
import type { MeetingRef } from '../domain/meeting.js';
import type { Written } from '../domain/ports.js';
import type { VendorContext } from './context.js';

/** A vendor asked about a host who left, or who has a meeting no longer, says that there is none: the same as of one that was deleted. */
type Asking = Pick<VendorContext, 'vendor'>;

/** `'unknown'`: the identity may not ask about what others have. */
async function hostOf({ vendor }: Asking, { id }: MeetingRef): Promise<{ readonly email: string } | 'gone' | 'unknown'> {
  try {
    const email = await vendor.departed.hostOf(id);
    return email === undefined ? 'gone' : { email };
  } catch (cause: unknown) {
    if (cause instanceof RelinkFailure && cause.type === 'Forbidden') return 'unknown';
    throw cause;
  }
}

/** What became of an old meeting that its host does not have. Whoever has it by now is its host in the ledger from then on. */
export async function elsewhere(context: VendorContext, ref: ItemRef, legacy: MeetingRef): Promise<'stands' | 'gone' | 'unknown'> {
  const host = await hostOf(context, legacy);
  if (typeof host === 'string') return host;
  if (host.email.toLowerCase() !== legacy.hostEmail.toLowerCase()) await context.ledger.items.giveTo(ref, host.email);
  return 'stands';
}

/** Whether a replacement is there, whoever has it by now. */
export const isThere = async (context: Asking, replacement: MeetingRef): Promise<boolean> => (await context.vendor.exists(replacement)) || typeof (await hostOf(context, replacement)) === 'object';

/** Deletes a replacement, whoever has it by now. @throws RelinkFailure `UndoFailed` when its host left: nobody can delete it until it has another one */
export async function removeWherever(context: Asking, replacement: MeetingRef): Promise<Written> {
  const first = await context.vendor.removeMeeting(replacement);
  if (first.outcome === 'removed') return first;
  const host = await hostOf(context, replacement);
  if (typeof host === 'string') return first;
  const again = await context.vendor.removeMeeting({ ...replacement, hostEmail: host.email });
  if (again.outcome === 'absent') throw new RelinkFailure('UndoFailed', 'the replacement stands, and its host left');
  return again;
}
