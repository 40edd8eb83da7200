import { z } from 'zod';
import { faultProfiles } from '../../domain/rehearsal.js';
import type { MeetingKind } from '../../domain/meeting.js';
import type { Outcome } from '../rehearse/outcome.js';
import { Amount, At, exactly, Failures, Fired, Name, StateCounts } from './words.js';

export const meetingKinds = ['single', 'series', 'webinar', 'personal-room', 'space', 'room'] as const satisfies readonly MeetingKind[];

export const RehearsalAnswer = exactly<Outcome>()(
  z.strictObject({
    campaign: Name,
    plan: Amount,
    shape: z.strictObject({ meetings: Amount, others: Amount, hosts: Amount, kinds: z.partialRecord(z.enum(meetingKinds), Amount), most: Amount }),
    sample: z.strictObject({ share: z.number(), hosts: Amount, meetings: Amount }),
    scale: z.number(),
    waits: z.strictObject({ graceMs: Amount, digestEveryMs: Amount }),
    seed: Amount,
    faults: z.enum(faultProfiles),
    took: Amount,
    estimated: z.strictObject({ ms: Amount, windowsMs: Amount, how: Name }),
    requestsPerMeeting: z.number().nullable(),
    mails: z.strictObject({ sent: Amount, people: Amount, mostToOne: Amount, byVendor: Amount }),
    stopRules: z.array(Fired),
    approvals: Amount,
    counts: StateCounts,
    failures: Failures,
    audit: z.record(z.string(), z.number()),
    passed: z.boolean(),
    faultsFound: z.array(Name),
    at: At,
  }),
);
