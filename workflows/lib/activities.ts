import { proxyActivities, type ActivityOptions } from '@temporalio/workflow';
import type { LedgerActivities, NoticeActivities, RoomActivities, VendorActivities } from '../../domain/activities.js';
import { NOTICE_QUEUE, RELINK_QUEUE, vendorQueue } from '../messages.js';

/**
 * One retry policy for all: patience without end. What must not be repeated says so itself, as a non-retryable failure;
 * how long to wait comes from the vendor, as `nextRetryDelay`. A killed worker is noticed by its missing heartbeat.
 * What is called off is waited for, or its undo would run beside it: an attempt under way goes on to its end, one that waits to be
 * tried again is over at once, and none is tried again after that. Left out it is `TRY_CANCEL`, whatever the SDK's documentation says.
 */
const patient: ActivityOptions = {
  startToCloseTimeout: '30m',
  heartbeatTimeout: '15s',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { initialInterval: '1s', backoffCoefficient: 1.5, maximumInterval: '15s' },
};

export const ledgerActivities = proxyActivities<LedgerActivities>({ ...patient, taskQueue: RELINK_QUEUE });
export const noticeActivities = proxyActivities<NoticeActivities>({ ...patient, taskQueue: NOTICE_QUEUE });
export const vendorActivities = (identity: string): VendorActivities & RoomActivities =>
  proxyActivities<VendorActivities & RoomActivities>({ ...patient, taskQueue: vendorQueue(identity) });
