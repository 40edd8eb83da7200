import { z } from 'zod';
import { failures, type FailureType } from '../../domain/failures.js';
import type { Approval, Gate } from '../../domain/gates.js';
import { orderVerbs, type GivenOrder } from '../../domain/orders.js';
import { states, type Counts } from '../../domain/states.js';
import type { Exemption } from '../../domain/exemptions.js';
import type { AnnouncementStanding } from '../../domain/announcements.js';
import type { ThrottleOrder } from '../../domain/throttle.js';
import { stopRuleNames } from '../../domain/verdict.js';
import type { WindowStanding } from '../../domain/windows.js';

/** Read-only all the way down, intersections as one object, so that two ways of writing a type can be compared. */
type Plain<T> = T extends readonly (infer Item)[] ? readonly Plain<Item>[] : T extends object ? { readonly [K in keyof T]: Plain<T[K]> } : T;
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** The schema of exactly `T`, no field more and none fewer: where the two differ, the program does not compile. */
export const exactly =
  <T>() =>
  <S extends z.ZodType>(schema: S, ..._agree: Same<Plain<z.output<S>>, Plain<T>> extends true ? [] : [never]): z.ZodType<T> =>
    schema as unknown as z.ZodType<T>;

/** In UTC: `2026-11-24T03:10:00.000Z`. */
export const At = z.iso.datetime();
export const Amount = z.int().nonnegative();
export const Name = z.string().min(1);

const failureTypes = Object.keys(failures) as FailureType[];
export const Failure = z.enum(failureTypes);
export const Failures = z.partialRecord(Failure, Amount);
export const StateCounts = exactly<Counts>()(z.record(z.enum(states), Amount));

const gateName = z.union([z.templateLiteral(['rule ', z.enum(stopRuleNames)]), z.templateLiteral(['wave ', z.number()]), z.enum(['first-write', 'first-deletion'])]);
const cause = z.strictObject({ rule: z.enum(stopRuleNames), limit: z.union([z.number(), z.templateLiteral([z.number(), '%']), z.literal('never')]), count: Amount, of: Amount });
const gate = {
  id: z.int(),
  gate: gateName,
  holds: z.enum(['all', 'creation', 'deletion']),
  answer: z.enum(['hold', 'stop']),
  cause: cause.nullable(),
  openedAt: At,
};
const approval = { ...gate, approvedAt: At, by: z.string(), reason: z.string() };

/** A stop rule that fired. */
export const Fired = z.strictObject({ gate: gateName, answer: gate.answer, cause });

export const OpenGate = exactly<Gate>()(z.strictObject(gate));
export const GivenApproval = exactly<Approval>()(z.strictObject(approval));
export const OrderedThrottle = exactly<ThrottleOrder>()(
  z.strictObject({ id: z.int(), limit: z.enum(['requests', 'concurrent']), of: Name, value: z.number().nonnegative().nullable(), at: At, by: z.string(), reason: z.string() }),
);
const State = z.enum(states);
export const OrderGiven = exactly<GivenOrder>()(
  z.strictObject({
    id: z.int(),
    verb: z.enum(orderVerbs),
    at: At,
    by: z.string(),
    reason: z.string().nullable(),
    scope: z
      .strictObject({ states: z.array(State).optional(), failure: Failure.optional(), hosts: z.array(Name).optional(), wave: Amount.optional(), limit: Amount.optional(), named: Amount.optional() })
      .nullable(),
    now: z.partialRecord(State, Amount),
    later: z.partialRecord(State, Amount),
    carriedOut: z.strictObject({ at: At, ordered: Amount, refused: Amount }).nullable(),
  }),
);
const steered = { by: z.string(), reason: z.string(), at: At };
const exemption = {
  id: z.int(),
  kind: z.enum(['host', 'meeting']),
  key: Name,
  until: At,
  standing: z.enum(['in force', 'expired', 'removed', 'renewed']),
  ...steered,
  removed: z.strictObject(steered).nullable(),
  meetings: Amount,
} as const;
export const GivenExemption = exactly<Exemption>()(z.strictObject(exemption));
/** With the address of a host, which no other list prints. */
export const AddressedExemption = exactly<Exemption & { readonly host: string | null }>()(z.strictObject({ ...exemption, host: z.string().nullable() }));
export const ToldAhead = exactly<AnnouncementStanding>()(
  z.strictObject({ organisers: Amount, meetings: Amount, bounced: Amount, toTell: z.strictObject({ organisers: Amount, meetings: Amount }), tooSoon: Amount, firstAt: At.nullable() }),
);
export const StandingWindow = exactly<WindowStanding>()(z.strictObject({ of: z.enum(['writes', 'notices']), rate: z.number().nonnegative().nullable(), window: Name.nullable(), until: At.nullable() }));
/** What `approve` prints. */
export const ApprovalOf = exactly<Approval & { readonly campaign: string }>()(z.strictObject({ campaign: Name, ...approval }));
