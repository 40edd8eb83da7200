import { heartbeat } from '@temporalio/activity';
import type { MeetingOrder, Resume } from '../domain/activities.js';
import type { ItemRecord, ItemRef, Ledger } from '../domain/ledger.js';
import type { State } from '../domain/states.js';

/** Reaches one meeting's saga, whether it is open (by signal) or has ended (by a new one that begins at `resume`). */
export interface SagaControl {
  order(input: ItemRef & { readonly lane: string; readonly resume: Resume; readonly release: boolean; readonly room?: boolean }): Promise<void>;
}

/** States that an order applies to when no meetings are named. */
const applies: Readonly<Record<MeetingOrder['verb'], readonly State[]>> = {
  rollback: ['running', 'replaced', 'held', 'retired', 'done'],
  release: ['replaced'],
  retry: ['failed', 'held'],
  continue: ['replaced', 'retired'],
};

export async function carryOut(ledger: Ledger, sagas: SagaControl, { campaign, verb, meetings, failure }: MeetingOrder): Promise<{ ordered: number; refused: number }> {
  const named = meetings.length > 0;
  const states = verb === 'retry' && named ? ([...applies.retry, 'rolled-back'] as const) : applies[verb];
  const selection = { failure, states, ...(named ? { meetings } : {}) };
  let [ordered, refused] = [0, 0];
  for (const { meeting, lane } of await ledger.items.select(campaign, selection)) {
    if (await give(ledger, sagas, verb, { campaign, meeting }, lane)) ordered++;
    else refused++;
    heartbeat();
  }
  return { ordered, refused };
}

/** @returns false when the meeting is beyond the order's reach. */
async function give(ledger: Ledger, sagas: SagaControl, verb: MeetingOrder['verb'], ref: ItemRef, lane: string): Promise<boolean> {
  const item = await ledger.items.get(ref);
  const resume = resumeAt(verb, item);
  if (resume === 'refuse') return false;
  if (resume === 'queue') await ledger.items.move(ref, 'waiting');
  else await sagas.order({ ...ref, lane, resume, release: verb === 'release', ...(item.kind === 'room' ? { room: true } : {}) });
  return true;
}

function resumeAt(verb: MeetingOrder['verb'], { state, retiredAt }: ItemRecord): Resume | 'queue' | 'refuse' {
  const pastPivot = retiredAt !== null;
  switch (verb) {
    case 'rollback':
      return pastPivot ? 'refuse' : 'roll-back';
    case 'release':
      return 'grace';
    case 'continue':
      return pastPivot ? 'retired' : 'grace';
    case 'retry':
      if (state === 'failed' || state === 'rolled-back') return 'queue';
      return pastPivot ? 'retired' : 'start-afresh';
  }
}
