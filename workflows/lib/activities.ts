import { proxyActivities, type ActivityOptions } from '@temporalio/workflow';
import type { LedgerActivities, NoticeActivities, RoomActivities, VendorActivities } from '../../domain/activities.js';
import { NOTICE_QUEUE, RELINK_QUEUE, vendorQueue } from '../messages.js';

/**
 * One retry policy for all: patience without end. What must not be repeated says so itself, as a non-retryable failure;
 * how long to wait comes from the vendor, as `nextRetryDelay`. A killed worker is noticed by its missing heartbeat.
 */
const patient: ActivityOptions = {
  startToCloseTimeout: '30m',
  heartbeatTimeout: '15s',
  retry: { initialInterval: '1s', backoffCoefficient: 1.5, maximumInterval: '15s' },
};

export const ledgerActivities = proxyActivities<LedgerActivities>({ ...patient, taskQueue: RELINK_QUEUE });
export const noticeActivities = proxyActivities<NoticeActivities>({ ...patient, taskQueue: NOTICE_QUEUE });
export const vendorActivities = (identity: string): VendorActivities & RoomActivities =>
  proxyActivities<VendorActivities & RoomActivities>({ ...patient, taskQueue: vendorQueue(identity) });
