import { writeFile } from 'node:fs/promises';
import { makePlan } from '../../client/commands/plan.js';
import { ADVISORY, type DemoOptions } from '../../client/demo/settings.js';
import { onDemoStage, type DemoStage } from '../../client/demo/demo-stage.js';
import { JobFailed } from '../../client/errors.js';
import type { Screen } from '../../client/io.js';
import { withCampaign, type CampaignSession } from '../../client/session.js';
import type { Status } from '../../client/show/status-figures.js';
import { startCampaign } from '../../client/steer/campaign-run.js';
import { follow } from '../../client/steer/follow.js';
import { VendorLog, type LoggedCall } from './vendor-log.js';

const NAME = 'bench';
const LOOK_MS = 250;
/** Sagas whose histories are looked at. */
const SAMPLE = 10;
/** `temporal.api.enums.v1.EventType`. */
const ACTIVITY_TASK_SCHEDULED = 10;

/** Organisation and clock of a run. Nothing goes wrong in it: what is measured is Relink, not the vendor's bad days. */
export const stageOptions = (meetings: number, scale: number, listLag?: string): DemoOptions => ({ ...(listLag === undefined ? {} : { listLag }), meetings, hosts: Math.max(1, Math.ceil(meetings / 5)), seed: 1, faults: 'none', kinds: 'usual', scale, chaos: false, keep: false, json: false });

/** One campaign on one stage, from its end. Times in milliseconds since the epoch. */
export interface Campaign {
  readonly stage: DemoStage;
  readonly log: VendorLog;
  readonly status: Status;
  /** Requests since the inventory. */
  readonly calls: readonly LoggedCall[];
  readonly first: number;
  readonly last: number;
  /** When the ledger was last seen to have meetings that nobody had begun. */
  readonly lastWaiting: number;
  /** Activities of one saga, seen in histories. */
  readonly activities: number;
  /** Requests per minute that relink.yaml allows, in real time. */
  readonly pace: number;
}

export interface CampaignInput {
  readonly options: DemoOptions;
  readonly maxConcurrent: number;
  readonly limits: boolean;
  readonly times: { readonly grace: string; readonly digestEvery: string };
}

/** Runs a campaign in one wave, and lets `look` see the stage before it is cleared away. */
export function onCampaign<T>({ options, maxConcurrent, limits, times }: CampaignInput, screen: Screen, look: (campaign: Campaign) => Promise<T>): Promise<T> {
  return onDemoStage(options, screen, async (stage) => {
    const log = new VendorLog(stage.simulators.vendorUrl);
    if (!limits) await log.liftLimits();
    await writeFile(stage.campaign, campaignFile(stage.cutOff, maxConcurrent, times));
    const ran = await withCampaign({ config: stage.config, campaign: stage.campaign, save: true }, (session) => run(session, log, screen));
    return look({ stage, log, ...ran });
  });
}

const campaignFile = (cutOff: string, maxConcurrent: number, { grace, digestEvery }: CampaignInput['times']): string => `name: ${NAME}
advisory: ${ADVISORY}
identities: [ops-1]
evidence: { unknown: affected, snapshots: [{ file: inventory.csv, takenAt: ${JSON.stringify(cutOff)} }] }
startGuard: 2m
grace: ${grace}
notices: { digestEvery: ${digestEvery} }
limits: { maxConcurrent: ${maxConcurrent} }
waves: [rest]
`;

async function run(session: CampaignSession, log: VendorLog, screen: Screen): Promise<Omit<Campaign, 'stage' | 'log'>> {
  await makePlan(session, screen);
  const began = Date.now();
  let lastWaiting = began;
  await startCampaign(session, 'taken');
  const { status } = await follow(session, screen, {
    everyMs: LOOK_MS,
    onLook: ({ status: { counts } }) => {
      if (counts.waiting > 0) lastWaiting = Date.now();
    },
  });
  if (status.phase !== 'finished' || status.counts.done === 0) throw new JobFailed(`the campaign is ${status.phase} with ${status.counts.done} done: nothing to measure`);
  const calls = await log.calls({ from: began });
  const times = calls.map(({ at }) => Date.parse(at));
  return { status, calls, first: Math.min(...times), last: Math.max(...times), lastWaiting, activities: await activitiesOfSagas(session), pace: session.config.identities[0]?.requestsPerMinute ?? 0 };
}

/** The most frequent number among a few: an odd meeting had to wait for something. */
async function activitiesOfSagas(session: CampaignSession): Promise<number> {
  const client = await session.temporal();
  const numbers: number[] = [];
  for await (const { workflowId } of client.workflow.list({ query: `WorkflowType = 'remediateMeeting' AND RelinkState = 'done'`, pageSize: SAMPLE })) {
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
    numbers.push((events ?? []).filter(({ eventType }) => eventType === ACTIVITY_TASK_SCHEDULED).length);
    if (numbers.length === SAMPLE) break;
  }
  const frequency = (n: number): number => numbers.filter((each) => each === n).length;
  return numbers.reduce((best, n) => (frequency(n) > frequency(best) ? n : best), numbers[0] ?? 0);
}
