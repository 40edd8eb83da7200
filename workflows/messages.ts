import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Resume } from '../domain/activities.js';
import type { OrderReceipt } from '../domain/orders.js';
import type { State } from '../domain/states.js';

/** Everything that may be said to a workflow: names, shapes, ids. The client imports this file and no other of this folder. */

/** Task queue of the workflows and of the ledger's activities. */
export const RELINK_QUEUE = 'relink';
export const NOTICE_QUEUE = 'relink.notices';
/** Task queue of one identity's calls to the vendor. */
export const vendorQueue = (identity: string): string => `relink.vendor.${identity}`;

export const campaignId = (campaign: string): string => `campaign/${campaign}`;
export const inventoryId = (campaign: string): string => `inventory/${campaign}`;
export const digestsId = (campaign: string): string => `digests/${campaign}`;
export const laneId = (campaign: string, identity: string): string => `lane/${campaign}/${identity}`;
/** No campaign in it: two campaigns cannot work on one meeting at once. */
export const meetingId = (meeting: string): string => `meeting/${meeting}`;
export const rerunId = (campaign: string): string => `rerun/${campaign}`;
export const recheckId = (campaign: string): string => `recheck/${campaign}`;
export const scheduleId = (campaign: string): string => `rerun/${campaign}`;

export const RelinkCampaign = defineSearchAttributeKey('RelinkCampaign', 'KEYWORD');
export const RelinkState = defineSearchAttributeKey('RelinkState', 'KEYWORD');
export const RelinkFailure = defineSearchAttributeKey('RelinkFailure', 'KEYWORD');
export const RelinkLane = defineSearchAttributeKey('RelinkLane', 'KEYWORD');
export const RelinkStartsAt = defineSearchAttributeKey('RelinkStartsAt', 'DATETIME');

/** What can be searched for in the Temporal UI: keys, states and dates, never people. */
export const attributes = (input: { campaign: string; lane?: string; state?: State; startsAt?: string | null }): SearchAttributePair[] => [
  { key: RelinkCampaign, value: input.campaign },
  ...(input.lane ? [{ key: RelinkLane, value: input.lane }] : []),
  ...(input.state ? [{ key: RelinkState, value: input.state }] : []),
  ...(input.startsAt ? [{ key: RelinkStartsAt, value: new Date(input.startsAt) }] : []),
];

export interface RunCampaignInput {
  readonly campaign: string;
  /** `take` a new inventory first; work with the one just `taken`; or only carry out orders given by update (`none`). */
  readonly inventory: 'take' | 'taken' | 'none';
  /** Continued runs: everything is under way. */
  readonly continued?: boolean;
  /** Number of the operator's order to start: what is ordered after it outweighs it. */
  readonly order?: number;
  /** By a schedule, of which no operator says that it goes: what was ordered stands. */
  readonly rerun?: boolean;
}

/** What the rest of a campaign's run came to. */
export interface CampaignOutcome {
  readonly phase: 'finished' | 'stopped';
}

export interface TakeInventoryInput {
  readonly campaign: string;
  /** Names this inventory; the same name resumes it. */
  readonly run: string;
  /** Continued runs: the vendor's page of people to go on with. */
  readonly page?: string;
  /** Continued runs: all people are in the ledger. */
  readonly hostsListed?: boolean;
}

export interface DrainLaneInput {
  readonly campaign: string;
  /** Name of the identity. */
  readonly lane: string;
  readonly wave: number;
  /** Remediations between snapshot and grace at the same time. */
  readonly maxConcurrent: number;
  /** Continued runs: meetings that hold a slot. */
  readonly inFlight?: readonly string[];
  /** Continued runs: number of the next claim. */
  readonly sequence?: number;
}

export interface RemediateMeetingInput {
  readonly campaign: string;
  readonly meeting: string;
  readonly lane: string;
  /** A personal room. */
  readonly room?: boolean;
  /** Its host left: it gets another one first. */
  readonly departed?: boolean;
  /** Absent for a fresh remediation; else where an order takes it up again. */
  readonly resume?: Resume | undefined;
  /** Continued runs: the operator ended grace. */
  readonly released?: boolean;
}

export interface RecheckDoneInput {
  readonly campaign: string;
  /** Names this rerun: each has a sample of its own. */
  readonly run: string;
  /** Continued runs: lanes that are left, and the meeting after which the first of them goes on. */
  readonly lanes?: readonly string[];
  readonly after?: string;
}

export interface SendDigestsInput {
  readonly campaign: string;
  readonly everyMs: number;
  readonly finishing?: boolean;
}

/** An order to meetings is in the ledger, with its meetings, before a campaign is told of it. */
export interface MeetingsOrder {
  /** Its number there. */
  readonly order: number;
}

/**
 * To a whole campaign, from the Temporal UI: the command line writes into the ledger and needs no worker for it.
 * Nothing is claimed, created or deleted any more once it returns; grace goes on.
 */
export const pause = defineUpdate<void>('pause');
export const resume = defineUpdate<void>('resume');
/** No new work; what is begun goes on to grace and stays there. */
export const stop = defineUpdate<void>('stop');
/** Puts back what is not past its pivot. */
export const rollback = defineUpdate<OrderReceipt, [MeetingsOrder]>('rollback');
/** Takes failed and held meetings up again. */
export const retry = defineUpdate<OrderReceipt, [MeetingsOrder]>('retry');
/** Ends grace early. */
export const release = defineUpdate<OrderReceipt, [MeetingsOrder]>('release');

/** To a lane: this meeting no longer needs its slot. */
export const slotFreed = defineSignal<[string]>('slotFreed');
/** To a lane, a campaign or a saga: look at the ledger now. */
export const wake = defineSignal('wake');
/** To the digests: send what is queued, then end. */
export const finishDigests = defineSignal('finishDigests');
/** To digests that were told to finish: the campaign goes on, and so do they. */
export const resumeDigests = defineSignal('resumeDigests');

/** To one meeting's saga, whichever campaign began it: it does what its own says, and what is said in the Temporal UI to it alone. */
export type ToMeeting = [campaign?: string];
export const releaseGrace = defineSignal<ToMeeting>('releaseGrace');
export const rollBack = defineSignal<ToMeeting>('rollBack');
/** It is held, and an operator wants it made afresh. */
export const takeUpAgain = defineSignal<ToMeeting>('takeUpAgain');
