import { z } from 'zod';
import type { Exemption, ExemptionReceipt } from '../../domain/exemptions.js';
import type { Group } from '../../domain/selection.js';
import { states } from '../../domain/states.js';
import type { ThrottleOrder } from '../../domain/throttle.js';
import type { DemoResult } from '../demo/verdict.js';
import type { FailureGroup } from '../show/failures.js';
import type { ScheduleLine } from '../steer/schedules.js';
import type { Check } from '../worker-program.js';
import { MeetingAnswer, PlanAnswer, RowAnswer, StatusAnswer } from './figures.js';
import { RehearsalAnswer } from './rehearsal.js';
import { AddressedExemption, Amount, ApprovalOf, At, exactly, Failure, GivenExemption, Name, OrderedThrottle } from './words.js';

const standing = <Order extends string>(order: Order) => z.strictObject({ campaign: Name, order: z.literal(order), number: Amount, at: At, by: z.string(), reason: z.string().nullable() });
const Preview = exactly<readonly Group[]>()(z.array(z.strictObject({ state: z.enum(states), wave: Amount.nullable(), failure: Failure.nullable(), meetings: Amount })));
/** How many meetings an order reached, how many it no longer could, and what it was to reach; without a number none was given. */
const receipt = <Order extends string>(order: Order) => z.strictObject({ campaign: Name, order: z.literal(order), number: Amount.nullable(), ordered: Amount, refused: Amount, preview: Preview });

interface Begun {
  readonly campaign: string;
  /** False when it ran already. */
  readonly started: boolean;
  readonly run: string | null;
  /** Into the Temporal UI. */
  readonly links: readonly string[];
}
const Started = exactly<Begun>()(z.strictObject({ campaign: Name, started: z.boolean(), run: z.string().nullable(), links: z.array(z.string()) }));

/** Meetings that an order about exemptions concerns, as the preview counted them. */
interface Concerned {
  readonly leave: number;
  readonly underWay: number;
  readonly return: number;
  readonly settled: number;
  readonly inForce: number;
}
const Concern = exactly<Concerned>()(z.strictObject({ leave: Amount, underWay: Amount, return: Amount, settled: Amount, inForce: Amount }));
const Exempted = exactly<ExemptionReceipt & { readonly campaign: string; readonly order: 'exempt'; readonly preview: Concerned }>()(
  z.strictObject({ campaign: Name, order: z.literal('exempt'), exempted: Amount, unchanged: Amount, left: Amount, underWay: Amount, preview: Concern }),
);
const TakenBack = exactly<{ readonly campaign: string; readonly order: 'remove'; readonly removed: Exemption; readonly preview: Concerned }>()(
  z.strictObject({ campaign: Name, order: z.literal('remove'), removed: GivenExemption, preview: Concern }),
);

/** What each verb prints on standard output with `--json`: one value on one line. Kept as JSON Schema in `docs/schema/json`. */
export const answers = {
  demo: exactly<DemoResult & { readonly scale: number; readonly seconds: number }>()(
    z.strictObject({
      status: StatusAnswer,
      audit: z.record(z.string(), z.number()),
      scale: Amount,
      seconds: Amount,
      kills: z.strictObject({ worker: Amount, temporal: Amount, postgres: Amount }).optional(),
    }),
  ),
  doctor: exactly<readonly Check[]>()(z.array(z.strictObject({ check: Name, ok: z.boolean(), detail: z.string(), remedy: z.string() }))),
  up: z.strictObject({ temporal: Name, namespace: Name, ui: z.string().nullable(), metrics: z.string().nullable(), data: Name }),
  plan: PlanAnswer,
  rehearse: RehearsalAnswer,
  /** With `--wait` the status at the end. */
  start: z.union([Started, StatusAnswer]),
  status: StatusAnswer,
  /** Of a selection a list. */
  show: z.union([MeetingAnswer, z.array(RowAnswer)]),
  failures: exactly<readonly FailureGroup[]>()(z.array(z.strictObject({ failure: z.union([Failure, z.literal('unknown')]), code: z.int().nullable(), failed: Amount, held: Amount, example: Name, remedy: z.string() }))),
  approve: ApprovalOf,
  throttle: exactly<{ readonly campaign: string; readonly orders: readonly ThrottleOrder[] }>()(z.strictObject({ campaign: Name, orders: z.array(OrderedThrottle) })),
  /** With `--list` all of them. */
  exempt: z.union([z.array(AddressedExemption), Exempted, TakenBack]),
  pause: standing('pause'),
  resume: standing('resume'),
  stop: standing('stop'),
  rollback: receipt('rollback'),
  release: receipt('release'),
  retry: receipt('retry'),
  'schedule create': z.strictObject({ campaign: Name, schedule: z.literal('created') }),
  'schedule list': exactly<readonly ScheduleLine[]>()(z.array(z.strictObject({ campaign: Name, paused: z.boolean(), next: z.array(At), last: At.nullable() }))),
  report: z.strictObject({ json: Name, csv: Name }),
  'inventory export': z.strictObject({ file: Name, takenAt: At, meetings: Amount }),
} as const satisfies Readonly<Record<string, z.ZodType>>;

/** A verb that takes `--json`, with what it prints then. */
export type AnswerOf<V extends AnsweringVerb> = z.output<(typeof answers)[V]>;
export type AnsweringVerb = keyof typeof answers;

/** For programs that read what the verbs print. */
export const answerSchemas = (): readonly { readonly name: string; readonly text: string }[] =>
  Object.entries(answers).map(([verb, schema]) => ({
    name: `${verb.replaceAll(' ', '-')}.schema.json`,
    text: `${JSON.stringify({ title: `relink ${verb} --json`, ...z.toJSONSchema(schema, { target: 'draft-7' }) }, null, 2)}\n`,
  }));
