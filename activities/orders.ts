import type { MeetingOrder, Resume } from '../domain/activities.js';
import type { ItemRecord, ItemRef, Ledger } from '../domain/ledger.js';
import type { OrderReceipt, OrderScope } from '../domain/orders.js';
import { isVendorId } from '../domain/meeting.js';
import { fateOf, isAsked, isStuckAtDeletion, type MeetingVerb } from '../domain/selection.js';

export interface SagaControl {
  /** Reaches one meeting's saga, whether it is open (by signal) or has ended (by a new one that begins at `resume`). */
  order(input: ItemRef & { readonly lane: string; readonly resume: Resume; readonly release: boolean; readonly room?: boolean }): Promise<void>;
  /** Whether the meeting has a saga that has not ended. */
  isOpen(meeting: string): Promise<boolean>;
  /** Makes the campaign look again, when its workflow is open by signal; when it has ended by a new run without an inventory, if it may `begin` one. */
  goOn(campaign: string, begin: boolean): Promise<void>;
}

/** How far an attempt has come, for the one that takes it up. */
export interface OrderPosition extends OrderReceipt {
  readonly next: number;
}

export interface OrderContext {
  readonly ledger: Ledger;
  readonly sagas: SagaControl;
  /** Where an earlier attempt was; `undefined` for the first. */
  readonly from: OrderPosition | undefined;
  readonly beat: (position: OrderPosition) => void;
}

/** So many meetings are reached at once. */
const AT_ONCE = 8;

/** Each meeting as it is by now: what has moved on since the order was given is left as it is. Safe to repeat. */
export async function carryOut({ ledger, sagas, from, beat }: OrderContext, { campaign, order }: MeetingOrder): Promise<OrderReceipt> {
  const { verb, meetings, scope } = order === 'continue' ? await toContinue(ledger, campaign) : await ledger.orders.read(order);
  let { ordered, refused, next } = from ?? { ordered: 0, refused: 0, next: 0 };
  for (; next < meetings.length; next += AT_ONCE) {
    beat({ ordered, refused, next });
    const fates = await Promise.all(meetings.slice(next, next + AT_ONCE).map((meeting) => reach({ ledger, sagas }, { verb, scope }, { campaign, meeting })));
    ordered += fates.filter((fate) => fate === 'reached').length;
    refused += fates.filter((fate) => fate === 'refused').length;
  }
  if (order !== 'continue') await ledger.orders.carriedOut(order, { ordered, refused });
  return { ordered, refused };
}

/** Sagas that wait, those that a stop had ended in grace or after the pivot, and those that are lost: terminated, or with all that Temporal knew. */
async function toContinue(ledger: Ledger, campaign: string) {
  const selected = await ledger.items.select(campaign, { states: ['replaced', 'retired', 'running'] });
  return { verb: 'continue', scope: null, meetings: selected.map(({ meeting }) => meeting) } as const;
}

interface Given {
  readonly verb: MeetingVerb | 'continue';
  readonly scope: OrderScope | null;
}

async function reach({ ledger, sagas }: Pick<OrderContext, 'ledger' | 'sagas'>, { verb, scope }: Given, ref: ItemRef): Promise<ReturnType<typeof fateOf>> {
  const item = await ledger.items.get(ref);
  const { state, failure, retiredAt, legacy } = item;
  if (verb === 'continue' && state === 'running' && !(await isLost({ ledger, sagas }, ref))) return 'untouched';
  if (verb === 'retry' && !isVendorId(legacy.id)) return 'refused'; // it stands for what could not be listed: only an inventory can look again
  // Of one that has come to be held with a question since, the order was no answer.
  const criteria = isAsked(item) && scope?.named === undefined ? { failure: scope?.failure } : { meetings: [ref.meeting] };
  const fate = verb === 'continue' ? 'reached' : fateOf(verb, { state, failure, isPastPivot: retiredAt !== null }, criteria);
  if (fate !== 'reached') return fate;
  const resume = resumeAt(verb, item);
  if (resume === 'queue') await ledger.items.move(ref, 'waiting');
  else await sagas.order({ ...ref, lane: item.lane, resume, release: verb === 'release', ...(item.kind === 'room' ? { room: true } : {}) });
  return fate;
}

/** A saga settles its meeting before it ends, so the state is read after it. */
const isLost = async ({ ledger, sagas }: Pick<OrderContext, 'ledger' | 'sagas'>, ref: ItemRef): Promise<boolean> =>
  !(await sagas.isOpen(ref.meeting)) && (await ledger.items.get(ref)).state === 'running';

function resumeAt(verb: MeetingVerb | 'continue', item: ItemRecord): Resume | 'queue' {
  const { state, retiredAt } = item;
  switch (verb) {
    case 'rollback':
      return isAsked(item) ? 'let-go' : 'roll-back';
    case 'release':
      return isAsked(item) ? 'keep' : 'grace';
    case 'continue':
      if (state === 'running') return 'start-afresh';
      return retiredAt === null ? 'grace' : 'retired';
    case 'retry':
      if (state === 'failed' || state === 'rolled-back') return 'queue';
      if (retiredAt !== null) return 'retired';
      return isStuckAtDeletion(item) ? 'delete' : 'start-afresh';
  }
}
