import { z } from 'zod';
import { evidenceGrades } from '../../domain/judge.js';
import { fidelityVerdicts } from '../../domain/fidelity.js';
import { drifts, type Drift } from '../../domain/recheck.js';
import { campaignPhases } from '../../domain/campaign.js';
import type { ItemRow } from '../../domain/ledger.js';
import { planFields } from '../../domain/plan-documents.js';
import { faultProfiles } from '../../domain/rehearsal.js';
import { states, steps, type StepName } from '../../domain/states.js';
import type { FidelityLine } from '../show/fidelity.js';
import type { LoggedRow } from '../show/meeting.js';
import type { Revealed } from '../show/reveal.js';
import type { PlanDiff } from '../show/plan-changes.js';
import type { Plan } from '../show/plan-figures.js';
import type { Status } from '../show/status-figures.js';
import { meetingKinds } from './rehearsal.js';
import { Amount, At, exactly, Failure, Failures, GivenApproval, GivenExemption, Name, OpenGate, OrderedThrottle, OrderGiven, StandingWindow, StateCounts, ToldAhead } from './words.js';

const Reasons = z.array(z.strictObject({ reason: Name, meetings: Amount, explanation: z.string() }));
const Evidence = z.enum(evidenceGrades);

export const PlanAnswer = exactly<Plan & { readonly diff?: PlanDiff }>()(
  z.strictObject({
    campaign: Name,
    number: Amount,
    advisory: z.strictObject({ id: Name, createdBefore: At, cutOff: At }),
    meetings: Amount,
    waves: z.array(z.strictObject({ wave: Amount, meetings: Amount, soonest: At.nullable(), hosts: Amount, beginsAt: At, pointOfNoReturn: At, endsAt: At })),
    pointOfNoReturn: z.strictObject({ steps: z.array(Name), graceMs: Amount, earliest: At.nullable() }),
    forecast: z.strictObject({
      requests: Amount,
      waves: z.array(z.strictObject({ wave: Amount, beginsAt: At, replacedAt: At })),
      replacedAt: At,
      limitedBy: z.enum(['requests', 'creations']),
      closedMs: Amount,
      endsAt: At,
      identities: z.array(z.strictObject({ identities: Amount, replacedAt: At })),
    }),
    exposed: z.strictObject({ meetings: Amount, soonest: At.nullable(), keys: z.array(Name) }),
    notices: z.strictObject({ organisers: Amount, digestEveryMs: Amount, urgentWithinMs: Amount }),
    announcements: z.strictObject({ announceMs: Amount, organisers: Amount, meetings: Amount, tooSoon: Amount }).optional(),
    departed: z.strictObject({ meetings: Amount }).optional(),
    ceiling: z.strictObject({ maxMeetings: Amount, maxShare: z.templateLiteral([z.number(), '%']), found: Amount, exceeded: z.boolean() }),
    findings: z.array(z.strictObject({ evidence: Evidence, affected: Amount, unaffected: Amount, excluded: Amount, refused: Amount })),
    refusals: Reasons,
    others: Reasons,
    exemptions: z.array(GivenExemption),
    rehearsal: z.strictObject({
      standing: z.enum(['passed', 'failed', 'not rehearsed']),
      last: z.strictObject({ plan: Amount, passed: z.boolean(), faults: z.enum(faultProfiles), share: z.number(), at: At }).nullable(),
      asked: z.boolean(),
    }),
    diff: z
      .strictObject({ since: Amount, changes: z.array(z.strictObject({ meeting: Name, change: z.enum(['new', 'gone', 'changed']), fields: z.array(z.enum(planFields)) })) })
      .optional(),
  }),
);

export const StatusAnswer = exactly<Status>()(
  z.strictObject({
    campaign: Name,
    phase: z.enum(campaignPhases),
    counts: StateCounts,
    reconciles: z.boolean(),
    failures: Failures,
    notices: z.strictObject({ queued: Amount, sent: Amount, bounced: Amount }),
    quota: z.array(z.strictObject({ identity: Name, createsUsed: Amount, createsLimit: Amount, quietUntil: At.nullable() })),
    eta: At.nullable(),
    exposedStarts: Amount,
    wave: z.strictObject({ current: Amount, last: Amount }).nullable(),
    rate: z.strictObject({ replaced: Amount, most: z.array(z.strictObject({ identity: Name, requestsPerMinute: z.number().nonnegative(), learned: z.literal(true).optional() })) }).nullable(),
    deadline: At.nullable(),
    foreseen: z.strictObject({ planned: At.nullable(), earlier: z.strictObject({ at: At, endsAt: At }).nullable() }),
    workflowFailure: z.string().nullable(),
    credentials: z.array(z.strictObject({ identity: Name, accessExpiresAt: At.nullable(), refreshExpiresAt: At.nullable(), problem: z.string().nullable() })).optional(),
    gates: z.array(OpenGate).optional(),
    approvals: z.array(GivenApproval).optional(),
    orders: z.array(OrderGiven).optional(),
    exemptions: z.array(GivenExemption).optional(),
    announcements: ToldAhead.optional(),
    elsewhere: Amount.optional(),
    outages: z.array(z.strictObject({ identity: Name, failure: Failure, meetings: Amount })).optional(),
    windows: z.array(StandingWindow).optional(),
    throttles: z.array(OrderedThrottle).optional(),
    throttleOrders: z.array(OrderedThrottle).optional(),
    recheck: z
      .strictObject({ rechecked: Amount, drifted: z.array(z.strictObject({ drift: z.enum(Object.keys(drifts) as Drift[]), meetings: Amount, example: Name })) })
      .optional(),
  }),
);

const Step = z.strictObject({
  step: z.enum(Object.keys(steps) as StepName[]),
  state: z.enum(['started', 'done', 'failed']),
  at: At,
  attempt: Amount,
  trackingId: z.string().nullable(),
  failure: Failure.nullable(),
  code: z.int().optional(),
  note: z.string().nullable(),
});

/** What `show` prints: one meeting with its log, its replacement field by field, who let its campaign go on, who slowed it down, who ordered and who exempted what; and, where it was asked for, whose it is and what is in it. */
export type ShownMeeting = LoggedRow & { readonly fidelity: readonly FidelityLine[]; readonly reveal?: Revealed } & Required<Pick<Status, 'approvals' | 'throttleOrders' | 'exemptions' | 'orders'>>;

const Invited = z.array(z.strictObject({ email: z.string(), displayName: z.string().nullable(), coHost: z.boolean(), panelist: z.boolean() }));
const RevealedMeeting = exactly<Revealed>()(
  z.strictObject({
    host: z.string(),
    site: z.string(),
    id: Name.nullable(),
    number: z.string().nullable(),
    replacement: z.strictObject({ id: z.string(), number: z.string() }).nullable(),
    content: z
      .strictObject({
        hostName: z.string(),
        title: z.string(),
        agenda: z.string().nullable(),
        timezone: z.string(),
        start: At,
        end: At,
        recurrence: z.string().nullable(),
        changes: z.array(z.strictObject({ original: At, held: z.strictObject({ start: At, end: At, title: z.string(), agenda: z.string().nullable(), invitees: Invited }).nullable() })),
        invitees: Invited,
        settings: z.record(z.string(), z.unknown()),
        parts: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
      })
      .nullable(),
  }),
);

const item = {
  meeting: Name,
  state: z.enum(states),
  wave: Amount.nullable(),
  evidence: Evidence,
  proof: z.enum(['number', 'link', 'host+start', 'id']).nullable(),
  reason: z.string().nullable(),
  failure: Failure.nullable(),
  failedStep: z.string().nullable(),
  note: z.string().nullable(),
  kind: z.enum(meetingKinds),
  lane: Name,
  startsAt: At.nullable(),
  graceEndsAt: At.nullable(),
  retiredAt: At.nullable(),
  departed: z.boolean(),
} as const;

/** A line of the list that `show` prints of a selection. */
export const RowAnswer = exactly<ItemRow>()(z.strictObject(item));

export const MeetingAnswer = exactly<ShownMeeting>()(
  z.strictObject({
    ...item,
    steps: z.array(Step),
    fidelity: z.array(z.strictObject({ field: Name, verdict: z.enum(fidelityVerdicts), why: Name })),
    exemptions: z.array(GivenExemption),
    approvals: z.array(GivenApproval),
    throttleOrders: z.array(OrderedThrottle),
    orders: z.array(OrderGiven),
    reveal: RevealedMeeting.optional(),
  }),
);
