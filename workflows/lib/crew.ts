import { ParentClosePolicy, startChild } from '@temporalio/workflow';
import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { CampaignPace, CampaignProgress } from '../../domain/activities.js';
import { drainLane } from '../drain-lane.js';
import { attributes, digestsId, laneId, RELINK_QUEUE, resumeDigests, wake } from '../messages.js';
import { sendDigests } from '../send-digests.js';
import { ledgerActivities, noticeActivities } from './activities.js';
import { signalIfOpen } from './signals.js';

/** The workflows that work for a campaign: a lane per identity, and the digests. They outlive a run of the campaign. */
export class Crew {
  /** Waves of the lanes that this run started and that have not ended since. */
  readonly #lanes = new Map<string, number>();
  #resting: boolean;
  /** Sagas at their deletion rest alone while it waits for an approval. */
  #sagasRest = false;
  #announcing = false;
  /** The digests that this run started are no more, though nobody told them to finish: terminated by hand. */
  #digestsLost = false;
  /** Until when windows for writes were said to be closed at the longest, as long as they are. */
  #closedUntil = 0;

  constructor(
    private readonly campaign: string,
    private readonly pace: CampaignPace,
    /** Of a run that goes on where another ended: whether that one had them rest is not known, and to be woken does no harm. */
    mayRest: boolean,
    /** Told when one has to be begun again. */
    private readonly onLoss: () => void,
  ) {
    this.#resting = mayRest;
  }

  /** Lanes for the first wave that is not settled. The next wave waits until nothing of this one waits or runs. */
  async work({ open, gates = [], windows }: CampaignProgress): Promise<void> {
    await this.#rise(gates.some(({ holds }) => holds === 'deletion'), this.#opensEarly(windows));
    const current = open.find(({ waiting, running }) => waiting + running > 0);
    if (!current) return;
    if (current.waiting > 0) await Promise.all(this.pace.lanes.map((lane) => this.#startLane(lane, current.wave)));
  }

  /** Lanes and sagas see for themselves that the campaign is paused or stopped; they are woken, or begun again, when it goes on. */
  rest(): void {
    this.#resting = true;
  }

  /** Beside all other work: a mail server that is away keeps nothing else waiting. */
  announce(): void {
    if (this.#announcing) return;
    this.#announcing = true;
    const over = () => void (this.#announcing = false);
    noticeActivities.announce({ campaign: this.campaign }).then(over, over);
  }

  /** By an edited file: sagas that sleep until the border that they were told do not know. */
  #opensEarly(windows: CampaignProgress['windows'] = []): boolean {
    const writes = windows.find(({ of }) => of === 'writes');
    const before = this.#closedUntil;
    this.#closedUntil = writes?.rate === 0 ? Math.max(before, Date.parse(writes.until ?? '') || 0) : 0;
    return this.#closedUntil === 0 && Date.now() < before;
  }

  async #rise(deletionsWait: boolean, opensEarly: boolean): Promise<void> {
    const sagasRested = this.#sagasRest || this.#resting || opensEarly;
    this.#sagasRest = deletionsWait;
    if (this.#resting) await Promise.all(this.pace.lanes.map((lane) => signalIfOpen(laneId(this.campaign, lane), wake)));
    this.#resting = false;
    if (sagasRested && !deletionsWait) await ledgerActivities.orderMeetings({ campaign: this.campaign, order: 'continue' });
  }

  async #startLane(lane: string, wave: number): Promise<void> {
    const { campaign } = this;
    const begun = this.#lanes.get(lane);
    if (begun !== undefined) {
      if (begun > wave) await signalIfOpen(laneId(campaign, lane), wake); // something of an earlier wave was taken up again
      return;
    }
    const handle = await unlessOpen(() =>
      startChild(drainLane, {
        ...this.#child(`lane ${lane}, wave ${wave}`),
        workflowId: laneId(campaign, lane),
        args: [{ campaign, lane, wave, maxConcurrent: this.pace.maxConcurrent }],
      }),
    );
    if (!handle) return;
    this.#lanes.set(lane, wave);
    const ended = () => void this.#lanes.delete(lane);
    handle.result().then(ended, ended);
  }

  /** Those that were told to finish go on if they are still open; a workflow that has heard a signal does not end before it has obeyed. */
  async startDigests(): Promise<void> {
    const { campaign } = this;
    this.#digestsLost = false;
    await signalIfOpen(digestsId(campaign), resumeDigests);
    const handle = await unlessOpen(() =>
      startChild(sendDigests, { ...this.#child('digests'), workflowId: digestsId(campaign), args: [{ campaign, everyMs: this.pace.digestEveryMs }] }),
    );
    handle?.result().catch(() => {
      this.#digestsLost = true;
      this.onLoss();
    });
  }

  /** Nothing is deleted before its organiser was told, so a campaign without digests would wait for ever. */
  async keepDigests(): Promise<void> {
    if (this.#digestsLost) await this.startDigests();
  }

  #child(staticSummary: string) {
    return {
      taskQueue: RELINK_QUEUE,
      parentClosePolicy: ParentClosePolicy.ABANDON,
      typedSearchAttributes: new TypedSearchAttributes(attributes({ campaign: this.campaign })),
      staticSummary,
    } as const;
  }
}

async function unlessOpen<T>(start: () => Promise<T>): Promise<T | undefined> {
  try {
    return await start();
  } catch (cause: unknown) {
    if (!(cause instanceof WorkflowExecutionAlreadyStartedError)) throw cause;
    return undefined;
  }
}
