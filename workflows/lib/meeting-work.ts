import { continueAsNew } from '@temporalio/workflow';
import type { Legacy, Resume, Retirement, RoomActivities, VendorActivities } from '../../domain/activities.js';
import type { FailureType } from '../../domain/failures.js';
import type { ItemRef } from '../../domain/ledger.js';
import type { State, StepName } from '../../domain/states.js';
import type { remediateMeeting } from '../remediate-meeting.js';
import { laneId, slotFreed, type RemediateMeetingInput } from '../messages.js';
import { ledgerActivities, noticeActivities, vendorActivities } from './activities.js';
import { isLong } from './history.js';
import { Orders } from './orders.js';
import { Saga } from './saga.js';
import { showState } from './search.js';
import { signalIfOpen } from './signals.js';

/** From here on nothing is put back. */
const forward: readonly Resume[] = ['retired', 'keep', 'let-go'];

/** One meeting's saga at work: its key, its undos, the operator's orders and its place in the lane. */
export class MeetingWork {
  readonly ref: ItemRef;
  readonly vendor: VendorActivities & RoomActivities;
  readonly orders: Orders;
  readonly saga = new Saga();
  /** Where we are, for the failure that may come. */
  step: StepName = 'snapshot';
  #slotHeld: boolean;

  constructor(private readonly input: RemediateMeetingInput) {
    const { campaign, meeting, lane, resume } = input;
    this.ref = { campaign, meeting };
    this.vendor = vendorActivities(lane);
    this.orders = new Orders(campaign, input.released ?? false);
    this.#slotHeld = resume === undefined;
    if (resume !== undefined && !forward.includes(resume)) this.#expectUndos();
  }

  readonly removeReplacement = () => this.vendor.removeReplacement(this.ref);
  readonly restoreRoom = () => this.vendor.restoreRoom(this.ref);
  readonly correctNotice = () => noticeActivities.correctNotice(this.ref);

  take<T>(step: StepName, run: () => Promise<T>, undo: () => Promise<unknown>): Promise<T> {
    this.step = step;
    return this.saga.step(step, { run, undo });
  }

  /** The pivot, once it may be. */
  retire(): Promise<Retirement> {
    const order = { ...this.ref, released: this.orders.released };
    return this.input.room ? this.vendor.retireRoom(order) : this.vendor.retireLegacy(order);
  }

  verifyRetired(): Promise<void> {
    return this.input.room ? this.vendor.verifyRoomRetired(this.ref) : this.vendor.verifyRetired(this.ref);
  }

  /** Records how it ended, for the ledger and for whoever searches the Temporal UI. */
  async settle(state: State, facts: { failure?: FailureType | undefined; step?: StepName; reason?: string } = {}): Promise<State> {
    await ledgerActivities.settle({ ...this.ref, state, ...(facts.failure ? { step: this.step } : {}), ...facts });
    showState(state, facts.failure);
    return state;
  }

  /** The ledger has its state already. */
  leave({ state, failure }: { readonly state: State; readonly failure: FailureType | null }): State {
    showState(state, failure ?? undefined);
    return state;
  }

  /** What there is to do when the meeting is not ready to be worked on; nothing when it is. */
  async unready(legacy: Legacy): Promise<State | 'given-back' | undefined> {
    switch (legacy.status) {
      case 'ready':
        return undefined;
      case 'given-back':
        return this.giveBack();
      case 'gone':
        return this.settle('gone', { failure: 'MeetingGone' });
      case 'refused':
        return this.settle('refused', { reason: legacy.reason });
    }
  }

  /** It waits again: the ledger says until when. */
  giveBack(): 'given-back' {
    showState('waiting');
    return 'given-back';
  }

  /** The lane may begin another meeting. Once; also when everything else went wrong. */
  async freeSlot(): Promise<void> {
    if (!this.#slotHeld) return;
    this.#slotHeld = false;
    await signalIfOpen(laneId(this.input.campaign, this.input.lane), slotFreed, this.ref.meeting);
  }

  /** A long grace must not become a long history. Undos are found again by key. */
  async continueWhenLong(): Promise<void> {
    if (!isLong()) return;
    await continueAsNew<typeof remediateMeeting>({ ...this.input, resume: 'grace', released: this.orders.released });
  }

  #expectUndos(): void {
    if (this.input.room) this.saga.expect('refresh room', this.restoreRoom);
    else this.saga.expect('replace', this.removeReplacement);
    this.saga.expect('notify', this.correctNotice);
  }
}
