/**
 * The closed list of failure types. Extend it here and nowhere else.
 * `retry`: Temporal tries again, for as long as it takes. `then`: what happens to the meeting when it is not retried.
 */
export const failures = {
  RateLimited: { retry: true, then: 'wait', remedy: 'nothing: the vendor asked us to wait, and we do' },
  Throttled: { retry: true, then: 'wait', remedy: 'an operator throttles the identity, or a window of the campaign has a rate: `relink status` says which; `relink throttle --clear` takes a throttle off' },
  QuotaExhausted: { retry: true, then: 'wait', remedy: 'nothing: work goes on when the creation quota frees; add an identity to go faster' },
  VendorUnavailable: { retry: true, then: 'wait', remedy: 'nothing: retried until the vendor answers again' },
  NetworkAmbiguous: { retry: true, then: 'wait', remedy: 'nothing: the outcome is looked up before the step is repeated' },
  MailUnavailable: { retry: true, then: 'wait', remedy: 'check the mail server; notices are retried until it accepts them' },
  NotYetVisible: { retry: true, then: 'wait', remedy: 'nothing: the vendor\'s lists lag behind its writes; looked at again until they agree' },
  InProgress: { retry: true, then: 'wait', remedy: 'nothing: people are in the new meeting, or about to be; it is put back when it is over' },
  CampaignPaused: { retry: true, then: 'wait', remedy: 'resume the campaign with `relink resume`, or approve what holds it; `relink status` says which' },
  RolledBack: { retry: false, then: 'undo', remedy: 'nothing: it was put back on an order; `relink retry --meeting` takes it up again' },
  Unauthorised: { retry: true, then: 'wait', remedy: 'renew the token of the identity; work goes on by itself' },
  Forbidden: { retry: false, then: 'undo', remedy: 'give the identity the scopes in adapters/vendors/webex/README.md, then retry' },
  VendorRefused: { retry: false, then: 'undo', remedy: 'read the tracking id with `relink show`, ask the vendor, then retry' },
  UnsupportedMeeting: { retry: false, then: 'undo', remedy: 're-plan this meeting by hand: `relink show KEY --reveal` says which it is' },
  NotLicensed: { retry: false, then: 'undo', remedy: 'the host may not plan meetings, or webinars, of this type on its site any more: let an administrator give them the session type or the licence back, then `relink retry`; or re-plan it by hand' },
  NotReassigned: { retry: false, then: 'undo', remedy: 'the vendor did not give the meeting to the new host: let `departed` in the campaign file name somebody who may host meetings of its kind on its site, then `relink start` with the file and `relink retry`; or reassign it by hand at the vendor' },
  CalendarManaged: { retry: false, then: 'undo', remedy: 're-plan this meeting in the calendar that owns it: `relink show KEY --reveal` says whose it is' },
  LegacyChanged: { retry: false, then: 'hold', remedy: 'the old meeting was edited in a way that was not carried into the new one, or somebody else has it now, or its host left (give it to one who may host): `relink retry` starts afresh from what it is now' },
  LegacyDeleted: { retry: false, then: 'hold', remedy: 'the organiser deleted the old meeting and was asked whether the new one is still needed: `relink release --meeting KEY` keeps it, `relink rollback --meeting KEY` deletes it too' },
  ReplacementGone: { retry: false, then: 'hold', remedy: 'somebody deleted the replacement: where the old meeting was left, `relink retry` makes another; where it is deleted too, plan the meeting anew by hand from what `relink show KEY --reveal` tells' },
  VerificationFailed: { retry: false, then: 'undo', remedy: 'the replacement differed and was removed; see `relink show` for the fields' },
  OrganiserUnreachable: { retry: false, then: 'hold', remedy: 'mend the address or the mailbox (`relink show KEY --reveal` says whose), then `relink retry`; or put the meeting back with `relink rollback`' },
  MeetingGone: { retry: false, then: 'end', remedy: 'nothing: the meeting no longer exists or is over' },
  UndoFailed: { retry: false, then: 'hold', remedy: 'a replacement may be left: `relink show KEY --reveal` says which; where the old meeting is there, remove the new one at the vendor, then `relink retry`; where it is not, keep the new one' },
  StillResolves: { retry: false, then: 'hold', remedy: 'the old link still answers after deletion; ask the vendor' },
  PastPivot: { retry: false, then: 'hold', remedy: 'the old meeting is deleted and cannot come back; only a further replacement is possible' },
  InvalidInput: { retry: false, then: 'undo', remedy: 'mend the named file or argument' },
} as const satisfies Record<string, { retry: boolean; then: 'wait' | 'undo' | 'hold' | 'end'; remedy: string }>;
export type FailureType = keyof typeof failures;

export const isFailureType = (value: unknown): value is FailureType => typeof value === 'string' && Object.hasOwn(failures, value);

/** The vendor heard what was asked, and did not do it. */
export const isRefusal = (failure: FailureType | null | undefined): boolean => failure === 'VendorRefused' || failure === 'Forbidden';

export interface FailureFacts {
  /** HTTP status of the vendor, or SMTP reply code. */
  readonly status?: number | undefined;
  /** The vendor's own id of the call, for a support case. */
  readonly trackingId?: string | undefined;
  /** How long to wait before the next attempt, when the other side said so. */
  readonly retryAfterMs?: number | undefined;
  /** Names of fields, never their values. */
  readonly fields?: readonly string[] | undefined;
}

/**
 * The one error that adapters throw. Its message is made from codes and field names: no link, passcode, title or address.
 */
export class RelinkFailure extends Error {
  constructor(
    readonly type: FailureType,
    message: string,
    readonly facts: FailureFacts = {},
  ) {
    super(message);
    this.name = 'RelinkFailure';
  }
}

/** There was no connection, or the vendor did not know who asked: nothing was done. */
export const isUnheard = ({ type, facts }: RelinkFailure): boolean => type === 'Unauthorised' || (type === 'VendorUnavailable' && facts.status === undefined);

/** What a call came to, stripped of all prose. */
export interface Answer {
  /** Absent when no answer arrived. */
  readonly status?: number | undefined;
  /** Whether the request may have reached the vendor although no answer came. */
  readonly mayHaveTakenEffect: boolean;
}

/** Classifies by status alone, never by prose. `undefined` means success. A 404 is an answer, so the caller decides on it. */
export function classify({ status, mayHaveTakenEffect }: Answer): FailureType | undefined {
  if (status === undefined) return mayHaveTakenEffect ? 'NetworkAmbiguous' : 'VendorUnavailable';
  if (status < 400) return undefined;
  if (status === 401) return 'Unauthorised';
  if (status === 403) return 'Forbidden';
  if (status === 404 || status === 410) return 'MeetingGone';
  if (status === 429 || status === 423) return 'RateLimited';
  if (status >= 500 || status === 408 || status === 425) return mayHaveTakenEffect ? 'NetworkAmbiguous' : 'VendorUnavailable';
  return 'VendorRefused';
}
