import type { State } from './states.js';
import type { EvidenceGrade } from './judge.js';
import type { Instant, MeetingKind } from './meeting.js';

/** A plan as it was kept: numbered from 1 for each campaign. */
export interface PlanDocument {
  readonly number: number;
  readonly keptAt: Instant;
}

/** One meeting of a plan: nothing that names a person. */
export interface PlanLine {
  readonly meeting: string;
  /** `waiting` is to be replaced; of the others `reason` says why they are not. */
  readonly state: State;
  readonly wave: number | null;
  readonly kind: MeetingKind;
  readonly lane: string;
  readonly evidence: EvidenceGrade;
  readonly reason: string | null;
  /** Its host left: where it waits, it gets another one first. */
  readonly departed: boolean;
  readonly startsAt: Instant | null;
}

/** Of what a plan says of a meeting, what may be different in the next one. */
export const planFields = ['state', 'wave', 'kind', 'lane', 'evidence', 'reason', 'departed', 'startsAt'] as const;
export type PlanField = (typeof planFields)[number];

export interface PlanChange {
  readonly meeting: string;
  /** `new`: not in the older plan; `gone`: not in the newer one, begun or deleted meanwhile. */
  readonly change: 'new' | 'gone' | 'changed';
  /** What is different, when it is in both. */
  readonly fields: readonly PlanField[];
}

/** Append-only. */
export interface PlanDocumentBook {
  /** What the last inventory left that nobody has begun; the last document again when it says the same. */
  keep(campaign: string): Promise<PlanDocument>;
  /** @throws RelinkFailure `InvalidInput` when there is no such plan. */
  mustExist(campaign: string, number: number): Promise<void>;
  /** By key. @throws RelinkFailure `InvalidInput` when there is no such plan. */
  lines(campaign: string, number: number): Promise<readonly PlanLine[]>;
  /** From the older to the newer. @throws RelinkFailure `InvalidInput` when there is no such plan. */
  changes(campaign: string, older: number, newer: number): Promise<readonly PlanChange[]>;
}

/** Of these a plan that somebody agreed to must not change. Starts move on by themselves, and waves with them. */
const agreed: readonly PlanField[] = ['state', 'kind', 'lane'];

/** Changes by which something would be done that the older plan did not say. What has dropped out of it is none. `newer`: the lines of the newer plan. */
export function beyondPlan(changes: readonly PlanChange[], newer: readonly PlanLine[]): readonly PlanChange[] {
  const toDo = new Map(newer.flatMap((line) => (line.state === 'waiting' ? [[line.meeting, line] as const] : [])));
  const isMore = (meeting: string, field: PlanField): boolean => agreed.includes(field) || (field === 'departed' && toDo.get(meeting)?.departed === true);
  return changes.filter(({ meeting, change, fields }) => toDo.has(meeting) && (change === 'new' || fields.some((field) => isMore(meeting, field))));
}

/** Pure: both in the order of their keys or not. */
export function planChanges(older: readonly PlanLine[], newer: readonly PlanLine[]): readonly PlanChange[] {
  const before = new Map(older.map((line) => [line.meeting, line]));
  const after = new Set(newer.map(({ meeting }) => meeting));
  const kept = newer.flatMap((line): readonly PlanChange[] => {
    const was = before.get(line.meeting);
    if (!was) return [{ meeting: line.meeting, change: 'new', fields: [] }];
    const fields = planFields.filter((field) => was[field] !== line[field]);
    return fields.length === 0 ? [] : [{ meeting: line.meeting, change: 'changed', fields }];
  });
  const gone = older.filter(({ meeting }) => !after.has(meeting)).map(({ meeting }): PlanChange => ({ meeting, change: 'gone', fields: [] }));
  return [...kept, ...gone];
}
