import { ActivityFailure, ApplicationFailure, type TemporalFailure } from '@temporalio/workflow';
import { isFailureType, type FailureType } from '../../domain/failures.js';
import type { Blocker } from '../../domain/retire.js';

/** The type that an activity failed with. A time-out is the vendor's silence: Temporal has retried until it was told not to. */
export function failureOf(cause: TemporalFailure): FailureType {
  const root = cause instanceof ActivityFailure ? cause.cause : cause;
  return root instanceof ApplicationFailure && isFailureType(root.type) ? root.type : 'VendorUnavailable';
}

/** Blockers of the pivot that waiting does not solve; a human must look. */
export function holds(blocker: Blocker): FailureType | null {
  switch (blocker) {
    case 'LegacyChanged':
    case 'LegacyDeleted':
    case 'OrganiserUnreachable':
    case 'ReplacementGone':
      return blocker;
    case 'NotVerified':
    case 'NotReplaced':
      return 'VerificationFailed';
    case 'NotTold':
    case 'Paused':
    case 'WindowClosed':
    case 'Stopped':
    case 'RollingBack':
    case 'InProgress':
    case 'AboutToStart':
    case 'InGrace':
      return null;
  }
}
