import { RelinkFailure } from '../domain/failures.js';
import type { ItemRecord, ItemRef } from '../domain/ledger.js';
import type { MeetingIdentity } from '../domain/meeting.js';
import { isOver } from '../domain/recheck.js';
import type { VendorContext } from './context.js';
import { elsewhere, isThere } from './elsewhere.js';
import { entryOf, moment, type HostList } from './host-lists.js';
import { recorded } from './recorded.js';

/** Deletions of which this process keeps in mind since when it knows; of others it asks anew. */
const MOST = 10_000;

/**
 * Proves after the deletion that no old handle leads anywhere any more and that the replacement is there. One list of the host proves it
 * for all meetings whose deletion was answered before the list was asked for; where the list cannot, each handle is looked up by itself.
 */
export function createProof(context: VendorContext): (ref: ItemRef) => Promise<void> {
  const { ledger, listLagMs } = context;
  const known = new Map<string, number>();
  /** The workflow asks for a proof only once the deletion is answered: a list that is asked for from here on is of after it. */
  function knownSince({ campaign, meeting }: ItemRef): number {
    const key = `${campaign} ${meeting}`;
    const since = known.get(key) ?? moment();
    known.set(key, since);
    for (const oldest of [...known.keys()].slice(0, Math.max(0, known.size - MOST))) known.delete(oldest);
    return since;
  }
  return async (ref) => {
    const item = await ledger.items.get(ref);
    if (item.state === 'held') await ledger.items.move(ref, 'retired'); // taken up again
    const deletedBy = knownSince(ref);
    untilListsHaveCaughtUp(item, listLagMs);
    const since = Math.min(deletedBy + listLagMs, moment());
    await recorded(ledger, ref, 'verify retired', () => prove(context, ref, { item, since }));
    known.delete(`${ref.campaign} ${ref.meeting}`);
    await ledger.items.move(ref, 'done');
  };
}

/**
 * A list that is asked for within the lag of the deletion may still show what is gone by then, the replacement too. Within as much again
 * whoever is first asks for all whose deletion came a little later. Waiting costs no request.
 */
function untilListsHaveCaughtUp({ retiredAt }: ItemRecord, listLagMs: number): void {
  const left = Date.parse(retiredAt ?? '') + 2 * listLagMs - Date.now();
  if (left > 0) throw new RelinkFailure('NotYetVisible', 'the vendor’s lists may still show it', { retryAfterMs: left });
}

interface Deleted {
  readonly item: ItemRecord;
  readonly since: number;
}

async function prove(context: VendorContext, ref: ItemRef, { item, since }: Deleted): Promise<void> {
  const { ledger, vendor, lists } = context;
  const { legacy, replacement } = item;
  const answered = await wasAnswered(context, ref);
  if (replacement && answered) {
    const list = await lists.since(legacy, since);
    if (list && entryOf(list, replacement) && isDeadIn(list, legacy)) return;
  }
  const found = await vendor.resolves(legacy);
  const alive = found.length === 0 && !answered && (await elsewhere(context, ref, legacy)) === 'stands' ? ['id'] : found;
  if (alive.length > 0) throw new RelinkFailure('StillResolves', `still answers by ${alive.join(', ')}`, { fields: alive });
  if (!replacement || (await isThere(context, replacement))) return;
  if (isOver((await ledger.items.readSnapshot(ref)).snapshot, Date.now())) return;
  throw new RelinkFailure('ReplacementGone', 'the replacement was deleted too');
}

/** The vendor said that it deleted, not that there was nothing to delete: what was moved to another host would be in no list of this one. */
async function wasAnswered({ ledger }: VendorContext, ref: ItemRef): Promise<boolean> {
  const events = await ledger.items.stepEvents(ref);
  return events.some(({ step, state, trackingId }) => step === 'retire' && state === 'done' && trackingId !== null);
}

/** The list shows the replacement, which has the times of the old meeting: so the old one would be in it. */
const isDeadIn = ({ meetings }: HostList, { id, number, link }: MeetingIdentity): boolean =>
  !meetings.some((shown) => shown.id === id || (number !== '' && shown.number === number) || (link !== '' && shown.link === link));
