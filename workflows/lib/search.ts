import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import { upsertSearchAttributes } from '@temporalio/workflow';
import type { FailureType } from '../../domain/failures.js';
import type { State } from '../../domain/states.js';

export const RelinkCampaign = defineSearchAttributeKey('RelinkCampaign', 'KEYWORD');
export const RelinkState = defineSearchAttributeKey('RelinkState', 'KEYWORD');
export const RelinkFailure = defineSearchAttributeKey('RelinkFailure', 'KEYWORD');
export const RelinkLane = defineSearchAttributeKey('RelinkLane', 'KEYWORD');
export const RelinkStartsAt = defineSearchAttributeKey('RelinkStartsAt', 'DATETIME');

/** What can be searched for in the Temporal UI: keys, states and dates, never people. */
export function attributes(input: { campaign: string; lane?: string; state?: State; startsAt?: string | null }): SearchAttributePair[] {
  return [
    { key: RelinkCampaign, value: input.campaign },
    ...(input.lane ? [{ key: RelinkLane, value: input.lane }] : []),
    ...(input.state ? [{ key: RelinkState, value: input.state }] : []),
    ...(input.startsAt ? [{ key: RelinkStartsAt, value: new Date(input.startsAt) }] : []),
  ];
}

export const showState = (state: State, failure?: FailureType): void =>
  upsertSearchAttributes([
    { key: RelinkState, value: state },
    { key: RelinkFailure, value: failure ?? null },
  ]);
