import { activityInfo, CancelledFailure, Context, heartbeat } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { failures, RelinkFailure, type FailureType } from '../domain/failures.js';
import type { Bookmark } from '../domain/ports.js';

/** Beats while an activity runs, so that a killed worker is noticed within the heartbeat time-out and not only at start-to-close. */
const HEARTBEAT_MS = 4_000;

/** These are the ordinary course of things: no error log, no failure metric. */
const benign: readonly FailureType[] = ['RateLimited', 'Throttled', 'QuotaExhausted', 'CampaignPaused', 'NotYetVisible', 'InProgress'];

/**
 * The border between our code and Temporal: every activity beats, and every error leaves as an `ApplicationFailure`
 * that holds codes only. Whatever is not of the closed list is retried without end, under its class name alone:
 * foreign messages may quote personal data.
 */
export function atEdge<T extends object>(activities: T): T {
  const wrapped = Object.entries(activities).map(([name, activity]) => [name, edged(activity as Activity)] as const);
  return Object.fromEntries(wrapped) as T;
}

type Activity = (...args: readonly unknown[]) => Promise<unknown>;

const edged =
  (activity: Activity): Activity =>
  async (...args) => {
    const beat = setInterval(() => heartbeat(marks.get(Context.current())), HEARTBEAT_MS);
    try {
      return await activity(...args);
    } catch (cause: unknown) {
      throw translate(cause);
    } finally {
      clearInterval(beat);
    }
  };

export function translate(cause: unknown): Error {
  if (cause instanceof CancelledFailure || cause instanceof ApplicationFailure) return cause;
  if (cause instanceof RelinkFailure) return fromRelink(cause);
  const { name, code } = (cause ?? {}) as { name?: unknown; code?: unknown };
  const label = [name, code].filter((part) => typeof part === 'string').join(' ');
  return ApplicationFailure.create({ type: 'Unexpected', message: label || 'unknown error', nonRetryable: false });
}

function fromRelink({ type, message, facts }: RelinkFailure): ApplicationFailure {
  const { status, trackingId, fields, retryAfterMs } = facts;
  return ApplicationFailure.create({
    type,
    message,
    nonRetryable: !failures[type].retry,
    details: [{ status, trackingId, fields }],
    ...(retryAfterMs === undefined ? {} : { nextRetryDelay: retryAfterMs }),
    ...(benign.includes(type) ? { category: ApplicationFailureCategory.BENIGN } : {}),
  });
}

/** What each running activity saved last: a beat without it would forget it. */
const marks = new WeakMap<Context, string>();

/** A bookmark in this activity's heartbeats, which the next attempt finds, on whichever worker. */
export function bookmark(): Bookmark {
  const context = Context.current();
  const heartbeatDetails: unknown = context.info.heartbeatDetails;
  const saved = typeof heartbeatDetails === 'string' ? heartbeatDetails : undefined;
  if (saved !== undefined) marks.set(context, saved);
  return {
    saved,
    save(mark) {
      marks.set(context, mark);
      heartbeat(mark);
    },
  };
}

/** 1 for the first attempt. */
export const attempt = (): number => activityInfo().attempt;

/** How long ago it was asked for, all attempts together. Milliseconds. */
export const triedMs = (): number => Date.now() - activityInfo().scheduledTimestampMs;
