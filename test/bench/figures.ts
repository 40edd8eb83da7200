import type { Screen } from '../../client/io.js';
import { onCampaign, stageOptions, type Campaign } from './campaign.js';
import { timeEmptySagas } from './ceiling.js';
import { countRequests, type RequestFigures } from './requests.js';

export interface BenchOptions {
  /** Of the simulated vendor; about six in ten are affected and can be replaced. */
  readonly meetings: number;
  /** Remediations under way at once. */
  readonly concurrent: number;
  /** How much faster than real the vendor's limit passes in the paced run. */
  readonly scale: number;
  /** Of the machine, before the first run: processes that wanted a core, over a minute. */
  readonly load: number;
}

export interface Rate {
  readonly count: number;
  readonly seconds: number;
  readonly perSecond: number;
}

export interface FreeFigures {
  readonly campaign: Rate;
  readonly ceiling: Rate;
  /** Activities per saga, in both. */
  readonly activities: number;
  /** Campaign by ceiling. */
  readonly ratio: number;
  /** Of the whole campaign: what the engine can make of a vendor without limits. */
  readonly requestsPerSecond: number;
}

export interface PacedFigures {
  readonly done: number;
  readonly perRequest: RequestFigures;
  /** Of the vendor's limit, while meetings waited: what the simulator says. */
  readonly share: number;
  /** Of the pace that relink.yaml allows, which stays below the limit. */
  readonly shareOfPace: number;
  readonly seconds: number;
  readonly requests: number;
  readonly refused: number;
  readonly requestsPerSecond: number;
  /** What relink.yaml allows. */
  readonly pacePerSecond: number;
}

/** The vendor's published limit, and how fast its clock runs where it is to stand in nobody's way. */
const VENDOR_RPM = 300;
const FREE_SCALE = 1_000;
/** A ceiling needs no more sagas to be known. */
const MOST_EMPTY_SAGAS = 400;

/** Where the engine is measured, nothing waits. */
const HARDLY = { grace: '1s', digestEvery: '1s' } as const;
/**
 * Where requests are counted, meetings of one host wait for each other as in a real campaign, though for less: by default a day of grace and
 * digests by the hour, of which 288 minutes and twelve minutes would be left at a scale of 5.
 */
const SETTLING = { grace: '2m', digestEvery: '2m' } as const;
/** What relink.yaml has lists lag by default: for so long one list may serve several. */
const LIST_LAG_S = 60;

const rate = (count: number, seconds: number): Rate => ({ count, seconds, perSecond: count / seconds });

/** Without limits: how fast the engine is, beside empty sagas on the same Temporal server, and what a meeting costs at the vendor. */
export const measureFree = ({ meetings, concurrent }: BenchOptions, screen: Screen): Promise<FreeFigures> =>
  onCampaign({ options: stageOptions(meetings, FREE_SCALE), maxConcurrent: concurrent, limits: false, times: HARDLY }, screen, async ({ stage, status, calls, first, last, activities }) => {
    const { done } = status.counts;
    const campaign = rate(done, (last - first) / 1000);
    const sagas = Math.min(done, MOST_EMPTY_SAGAS);
    screen.line(`${sagas} empty sagas of ${activities} activities`);
    const ceiling = rate(sagas, await timeEmptySagas(stage.stack.temporal, { sagas, steps: activities, maxConcurrent: concurrent }));
    return { campaign, ceiling, activities, ratio: campaign.perSecond / ceiling.perSecond, requestsPerSecond: calls.length / campaign.seconds };
  });

/** With the vendor's limit, scaled: how much of what it allows is used while meetings wait. */
export const measurePaced = ({ meetings, concurrent, scale }: BenchOptions, screen: Screen): Promise<PacedFigures> =>
  onCampaign({ options: stageOptions(meetings, scale, `${Math.max(1, Math.round(LIST_LAG_S / scale))}s`), maxConcurrent: concurrent, limits: true, times: SETTLING }, screen, (campaign) => shareOf(campaign, scale));

async function shareOf({ log, status, calls: all, first, lastWaiting, pace }: Campaign, scale: number): Promise<PacedFigures> {
  const { calls, refusedByRate, share } = await log.summary({ from: first, to: lastWaiting });
  const seconds = (lastWaiting - first) / 1000;
  return {
    done: status.counts.done,
    perRequest: countRequests(all, await log.truth(), status.counts.done),
    share,
    shareOfPace: (share * VENDOR_RPM * scale) / pace,
    seconds,
    requests: calls - refusedByRate,
    refused: refusedByRate,
    requestsPerSecond: (calls - refusedByRate) / seconds,
    pacePerSecond: pace / 60,
  };
}
