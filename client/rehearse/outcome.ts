import { REQUESTS_PER_MEETING } from '../../domain/forecast.js';
import { gateText, type Gate } from '../../domain/gates.js';
import { estimateOf, type Estimate, type FaultProfile } from '../../domain/rehearsal.js';
import type { ShapeFigures } from '../../domain/shape.js';
import type { Instant } from '../../domain/meeting.js';
import type { Colours } from '../io.js';
import { count, span } from '../show/format.js';
import type { Plan } from '../show/plan-figures.js';
import type { Status } from '../show/status-figures.js';
import type { Audit } from '../stage/simulators.js';
import { endingFaults } from '../stage/verdict.js';
import type { Played } from './play.js';
import type { Tempo } from './tempo.js';

/** What `relink rehearse --json` prints. */
export interface Outcome {
  readonly campaign: string;
  readonly plan: number;
  /** Of the plan. */
  readonly shape: ShapeFigures;
  /** Of the hosts, above 0 and at most 1, and how many meetings were replaced of them. */
  readonly sample: { readonly share: number; readonly hosts: number; readonly meetings: number };
  readonly scale: number;
  /** What was waited for in the rehearsal. */
  readonly waits: { readonly graceMs: number; readonly digestEveryMs: number };
  readonly seed: number;
  readonly faults: FaultProfile;
  /** From the start to the end of the rehearsed campaign. Milliseconds. */
  readonly took: number;
  readonly estimated: Estimate;
  /** Null when nothing was replaced. */
  readonly requestsPerMeeting: number | null;
  readonly mails: Played['mails'];
  /** Those that would have held or stopped the campaign, in the order in which they fired. */
  readonly stopRules: readonly { readonly gate: Gate['gate']; readonly answer: Gate['answer']; readonly cause: NonNullable<Gate['cause']> }[];
  /** Given by the rehearsal itself, so that it went on. */
  readonly approvals: number;
  readonly counts: Status['counts'];
  readonly failures: Status['failures'];
  readonly audit: Audit;
  readonly passed: boolean;
  /** Why it did not pass, a line each. */
  readonly faultsFound: readonly string[];
  readonly at: Instant;
}

export interface Rehearsing extends Pick<Outcome, 'campaign' | 'shape' | 'scale' | 'seed' | 'faults'>, Pick<Tempo, 'keepsUp' | 'graceMs' | 'digestEveryMs'> {
  readonly sample: ShapeFigures;
  readonly share: number;
  readonly plan: Plan;
  /** When the plan was read. Milliseconds since the epoch. */
  readonly plannedAt: number;
  readonly settleMs: number;
  readonly windowsMs: number;
}

/** Null when nothing was replaced. */
export function requestsPerMeetingOf({ figures, requests }: Pick<Played, 'figures' | 'requests'>): number | null {
  const { done, failed, held } = figures.status.counts;
  const tried = done + failed + held;
  return tried === 0 ? null : Math.round((requests * 10) / tried) / 10;
}

export function outcomeOf({ campaign, shape, scale, seed, faults, sample, share, plan, plannedAt, settleMs, windowsMs, keepsUp, graceMs, digestEveryMs }: Rehearsing, played: Played): Omit<Outcome, 'at'> {
  const { figures, audit, gates, tookMs, workMs } = played;
  const { counts, failures } = figures.status;
  const stopRules = gates.fired.flatMap(({ gate, answer, cause }) => (cause === null ? [] : [{ gate, answer, cause }]));
  const requestsPerMeeting = requestsPerMeetingOf(played);
  const faultsFound = faultsOf(played, sample.meetings);
  return {
    campaign,
    plan: plan.number,
    shape,
    sample: { share, hosts: sample.hosts, meetings: sample.meetings },
    scale,
    waits: { graceMs, digestEveryMs },
    seed,
    faults,
    took: tookMs,
    estimated: estimateOf({ workMs, scale, keepsUp, requestsPerMeeting, forecast: plan.forecast, plannedAt, settleMs, windowsMs }),
    requestsPerMeeting,
    mails: played.mails,
    stopRules,
    approvals: gates.approvals,
    counts,
    failures,
    audit,
    passed: faultsFound.length === 0,
    faultsFound,
  };
}

function faultsOf({ figures: { status }, audit, failure, planned, gates, mails }: Played, expected: number): readonly string[] {
  return [
    ...(failure === null ? [] : [`the campaign ended in failure: ${failure}`]),
    ...(planned === expected ? [] : [`the simulated organisation has ${planned} meetings to replace, not ${expected}`]),
    ...gates.fired.map((gate) => gateText(gate)),
    ...endingFaults({ status, audit }),
    ...(mails.byVendor > 0 ? [`the vendor itself mailed ${mails.byVendor} times`] : []),
  ];
}

/** How fast the vendor’s limits passed. */
export const paceText = (scale: number): string => (scale === 1 ? 'as fast as at the vendor' : `${scale} times as fast as at the vendor`);

/** For people. */
export function outcomeText(outcome: Outcome, { bold, red, green }: Colours): readonly string[] {
  const { campaign, plan, shape, sample, scale, waits, seed, faults, took, estimated, requestsPerMeeting, mails, passed, faultsFound, approvals, audit, counts } = outcome;
  const kinds = Object.entries(shape.kinds).map(([kind, n]) => `${n} ${kind}`);
  const measured = requestsPerMeeting === null ? '' : `, ${requestsPerMeeting} requests a meeting (the plan reckons with ${REQUESTS_PER_MEETING})`;
  return [
    `${bold(`Rehearsal of plan ${plan} of ${campaign}`)}: ${passed ? green('passed') : red('not passed')}`,
    `The plan has ${count(shape.meetings, 'meeting')} to replace (${kinds.join(', ')}) and ${shape.others} to leave alone, of ${count(shape.hosts, 'host')}; faults ${faults}, seed ${seed}, ${paceText(scale)}, with ${span(waits.graceMs)} of grace and a digest every ${span(waits.digestEveryMs)}.`,
    sample.share === 1 ? 'All of it was rehearsed.' : `A sample was rehearsed: ${sample.hosts} hosts with ${count(sample.meetings, 'meeting')}, by ${Math.round(sample.share * 100)}% of the limits.`,
    `It took ${span(took)}${measured}. At the vendor it would take about ${span(estimated.ms)} (${estimated.how}${estimated.windowsMs > 0 ? `; ${span(estimated.windowsMs)} of it because of windows, which were open here` : ''}).`,
    `${count(mails.sent, 'mail')} to ${count(mails.people, 'person', 'people')}, at most ${mails.mostToOne} to one.`,
    ...(approvals > 0 ? [`It gave ${count(approvals, 'approval')} by itself to go on.`] : []),
    `${counts.done} done, ${counts.failed} failed, ${counts.held} held. The vendor's audit: ${JSON.stringify(audit)}`,
    ...(faultsFound.length === 0 ? ['No stop rule would fire.'] : faultsFound.map((fault) => red(fault))),
  ];
}
