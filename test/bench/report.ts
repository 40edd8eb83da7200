import { availableParallelism } from 'node:os';
import { table } from '../../client/show/format.js';
import type { Screen } from '../../client/io.js';
import type { BenchOptions, FreeFigures, PacedFigures } from './figures.js';
import type { Cost } from './requests.js';

/** What we want to reach. A measurement, not a gate: the true number is printed whatever it is. */
const AIM = { requestsOfSingle: 8, share: 0.95 } as const;

/** An engine that can hardly keep the pace, and that the vendor never refused, does not show how well the pace is used. */
const LEAST_HEADROOM = 1.1;

type Row = readonly [measure: string, value: string, remark: string];

const fixed = (n: number): string => n.toFixed(1);
const percent = (n: number): string => `${(n * 100).toFixed(1)} %`;
const judged = (isMet: boolean, aim: string): string => `aim ${aim}: ${isMet ? 'met' : 'not met'}`;

/** For people. */
export function reportText(free: FreeFigures, paced: PacedFigures, options: BenchOptions, { colours }: Screen): readonly string[] {
  const rows: readonly Row[] = [...rateRows(free, options), ...requestRows(free), ...shareRows(paced, free, options)];
  return [
    ...table(['measure', 'value', 'remark'], rows, colours),
    '',
    `${availableParallelism()} cores; load average when it began: ${fixed(options.load)}. What else runs on the machine counts against all of it but the number of requests.`,
    '',
    ...table(['requests of one meeting', 'single', 'series'], breakdown(free.requests.single, free.requests.series), colours),
  ];
}

function rateRows({ campaign, ceiling, activities, ratio }: FreeFigures, { concurrent }: BenchOptions): readonly Row[] {
  return [
    ['remediations per second', fixed(campaign.perSecond), `${campaign.count} in ${fixed(campaign.seconds)} s, no vendor limit, ${concurrent} at once`],
    ['empty sagas per second', fixed(ceiling.perSecond), `${ceiling.count} in ${fixed(ceiling.seconds)} s, ${activities} activities each, same Temporal server, ${concurrent} at once`],
    ['campaign / ceiling', ratio.toFixed(2), 'the vendor and the database are simulated on the same machine'],
  ];
}

const requestRows = ({ requests: { perMeeting, single, series } }: FreeFigures): readonly Row[] => [
  ['vendor requests per meeting', fixed(perMeeting), 'all of the campaign, by meetings done'],
  ['… of a single meeting', fixed(single.each), `${single.meetings} meetings; ${judged(single.each <= AIM.requestsOfSingle, `<= ${AIM.requestsOfSingle}`)}`],
  ['… of a series', fixed(series.each), `${series.meetings} meetings`],
];

function shareRows({ share, shareOfPace, requests, seconds, refused, requestsPerSecond, pacePerSecond }: PacedFigures, free: FreeFigures, { scale }: BenchOptions): readonly Row[] {
  const binds = refused > 0 || free.requestsPerSecond >= pacePerSecond * LEAST_HEADROOM;
  const engine = `the engine alone makes ${fixed(free.requestsPerSecond)}`;
  return [
    ['share of the vendor limit used', percent(share), `${requests} requests in ${fixed(seconds)} s while meetings waited, 300 a minute ${scale} times as fast; ${judged(share >= AIM.share, `>= ${percent(AIM.share)}`)}`],
    ['… of the pace in relink.yaml', percent(shareOfPace), `${fixed(requestsPerSecond)} of ${fixed(pacePerSecond)} requests per second; ${refused} refused by the limit`],
    ['does the limit bind?', binds ? 'yes' : 'hardly', binds ? engine : `${engine}: so this machine decides, not the pace; measure with a smaller --scale`],
  ];
}

function breakdown(single: Cost, series: Cost): readonly (readonly [string, string, string])[] {
  const names = [...new Set([...Object.keys(single.byRequest), ...Object.keys(series.byRequest)])];
  const cell = (cost: Cost, name: string): string => (cost.byRequest[name] ?? 0).toFixed(2);
  return [...names.map((name) => [name, cell(single, name), cell(series, name)] as const), ['all', single.each.toFixed(2), series.each.toFixed(2)]];
}
