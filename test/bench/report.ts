import { availableParallelism } from 'node:os';
import { count, table } from '../../client/show/format.js';
import type { Screen } from '../../client/io.js';
import type { BenchOptions, FreeFigures, PacedFigures } from './figures.js';
import { series, type Cost, type RequestFigures } from './requests.js';

/** What we want to reach. A measurement, not a gate: the true number is printed whatever it is. */
const AIM = { single: 8, series: 10, share: 0.95 } as const;

/** An engine that can hardly keep the pace, and that the vendor never refused, does not show how well the pace is used. */
const LEAST_HEADROOM = 1.1;

type Row = readonly [measure: string, value: string, remark: string];

const fixed = (n: number): string => n.toFixed(1);
const percent = (n: number): string => `${(n * 100).toFixed(1)} %`;
const judged = (isMet: boolean, aim: string): string => `aim ${aim}: ${isMet ? 'met' : 'not met'}`;

/** For people. */
export function reportText(free: FreeFigures, paced: PacedFigures, options: BenchOptions, { colours }: Screen): readonly string[] {
  const rows: readonly Row[] = [...rateRows(free, options), ...requestRows(paced.perRequest), ...shareRows(paced, free, options)];
  return [
    ...table(['measure', 'value', 'remark'], rows, colours),
    '',
    `${availableParallelism()} cores; load average when it began: ${fixed(options.load)}. What else runs on the machine counts against all of it but the number of requests.`,
    '',
    ...table(['requests of one meeting', ...Object.keys(paced.perRequest.sorts)], breakdown(paced.perRequest), colours),
  ];
}

function rateRows({ campaign, ceiling, activities, ratio }: FreeFigures, { concurrent }: BenchOptions): readonly Row[] {
  return [
    ['remediations per second', fixed(campaign.perSecond), `${campaign.count} in ${fixed(campaign.seconds)} s, no vendor limit, ${concurrent} at once`],
    ['empty sagas per second', fixed(ceiling.perSecond), `${ceiling.count} in ${fixed(ceiling.seconds)} s, ${activities} activities each, same Temporal server, ${concurrent} at once`],
    ['campaign / ceiling', ratio.toFixed(2), 'the vendor and the database are simulated on the same machine'],
  ];
}

const page = 'at most one page of occurrences and of invitees';

function requestRows({ perMeeting, sorts, allSeries, alone, perHost }: RequestFigures): readonly Row[] {
  const { single, [series.plain]: plain, [series.long]: long, [series.crowded]: crowded, [series.changed]: changed, ...others } = sorts;
  const row = (name: string, cost: Cost | undefined, ...remarks: readonly string[]): readonly Row[] => (cost && cost.meetings > 0 ? [[name, fixed(cost.each), [count(cost.meetings, 'meeting'), ...remarks].join('; ')]] : []);
  const aimed = (name: string, cost: Cost | undefined, aim: number, ...remarks: readonly string[]): readonly Row[] => row(name, cost, ...remarks, judged((cost?.each ?? 0) <= aim, `<= ${aim}`));
  return [
    ['vendor requests per meeting', fixed(perMeeting), `all of the paced campaign, by meetings done; hosts with any have ${fixed(perHost)} each`],
    ...aimed('… of a single meeting', single, AIM.single),
    ...row('… whose host has no other', alone),
    ...aimed('… of a plain series', plain, AIM.series, page),
    ...row('… of a long series', long, 'more than one page of occurrences, all of which are read at first'),
    ...row('… of a series of many people', crowded, 'more than one page of invitees, all of which are read three times'),
    ...row('… of a series with changed occurrences', changed, 'each change is read, made and verified by itself'),
    ...row('… of all series', allSeries, 'whatever they are'),
    ...Object.entries(others).flatMap(([kind, cost]) => row(`… of kind ${kind}`, cost)),
  ];
}

function shareRows({ share, shareOfPace, requests, seconds, refused, requestsPerSecond, pacePerSecond }: PacedFigures, free: FreeFigures, { scale }: BenchOptions): readonly Row[] {
  const binds = refused > 0 || free.requestsPerSecond >= pacePerSecond * LEAST_HEADROOM;
  const engine = `the engine alone makes ${fixed(free.requestsPerSecond)}`;
  return [
    ['share of the vendor limit used', percent(share), `${requests} requests in ${fixed(seconds)} s while meetings waited, 300 a minute ${scale} times as fast; ${judged(share >= AIM.share, `>= ${percent(AIM.share)}`)}`],
    ['… of the pace in relink.yaml', percent(shareOfPace), `${fixed(requestsPerSecond)} of ${fixed(pacePerSecond)} requests per second; ${refused} refused by the limit`],
    ['does the limit bind?', binds ? 'yes' : 'hardly', binds ? engine : `${engine}: so this machine decides, not the pace; measure with a smaller --scale`],
  ];
}

function breakdown({ sorts }: RequestFigures): readonly (readonly string[])[] {
  const costs = Object.values(sorts);
  const names = [...new Set(costs.flatMap(({ byRequest }) => Object.keys(byRequest)))];
  return [...names.map((name) => [name, ...costs.map(({ byRequest }) => (byRequest[name] ?? 0).toFixed(2))]), ['all', ...costs.map(({ each }) => each.toFixed(2))]];
}
