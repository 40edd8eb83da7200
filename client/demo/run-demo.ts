import { JobFailed } from '../errors.js';
import { forever } from '../interrupts.js';
import type { Io, Screen } from '../io.js';
import { withCampaign, type CampaignSession } from '../session.js';
import { report } from '../commands/inspect.js';
import { showCheck } from '../commands/doctor.js';
import { makePlan, showPlan } from '../commands/plan.js';
import { linksTo } from '../commands/start.js';
import { statusText } from '../show/status.js';
import type { StatusFigures } from '../show/status-figures.js';
import { startCampaign } from '../steer/campaign-run.js';
import { serverChecks } from '../steer/checks.js';
import { follow } from '../steer/follow.js';
import { answer } from '../verb.js';
import { wreak, type Kills } from './chaos.js';
import { scaleText, type DemoOptions } from './settings.js';
import { onDemoStage, type DemoStage } from './demo-stage.js';
import { faultsOf } from './verdict.js';

const LOOK_MS = 500;

interface Played {
  readonly figures: StatusFigures;
  readonly kills: Kills | undefined;
  readonly seconds: number;
  readonly report: { readonly json: string; readonly csv: string };
}

/**
 * A campaign from the plan to the vendor's audit, by the same functions as `plan` and `start --wait`, on parts of its own.
 * @throws JobFailed unless the audit is all zero and every affected meeting is done.
 */
export async function runDemo(options: DemoOptions, { out, err }: Io): Promise<void> {
  const screen = options.json ? err : out;
  await onDemoStage(options, screen, async (stage) => {
    introduce(options, stage, screen);
    const played = await withCampaign({ config: stage.config, campaign: stage.campaign, save: true }, (session) => play(session, options, stage, screen));
    const audit = await stage.simulators.audit(stage.cutOff);
    const { figures, kills, seconds } = played;
    screen.line();
    for (const line of statusText(figures, screen.colours, Date.now())) screen.line(line);
    screen.line();
    screen.line(`The campaign took ${seconds} s (${scaleText(options.scale)}).`);
    screen.line(`Report: ${played.report.json}`);
    screen.line(`The vendor's audit, from its call log and its mailbox alone: ${JSON.stringify(audit)}`);
    answer(out, options.json, 'demo', { status: figures.status, audit, scale: options.scale, seconds, ...(kills ? { kills } : {}) }, () => []);
    const faults = faultsOf({ status: figures.status, audit, kills });
    if (options.keep) await leaveUp(stage, screen, faults);
    if (faults.length > 0) throw new JobFailed(`the demo did not end well: ${faults.join('; ')}`);
    screen.line(screen.colours.green('All is well: every affected meeting that can be replaced is done.'));
  });
}

function introduce({ meetings, hosts, seed, faults, scale }: DemoOptions, { stack, config }: DemoStage, screen: Screen): void {
  screen.line(`A simulated vendor with about ${meetings} meetings of ${hosts} hosts (seed ${seed}, faults: ${faults}). Its clock runs ${scale} times as fast: ${scaleText(scale)}.`);
  screen.line(`Temporal UI: ${stack.temporal.uiUrl}`);
  screen.line(`Configuration: ${config}`);
}

async function play(session: CampaignSession, options: DemoOptions, stage: DemoStage, screen: Screen): Promise<Played> {
  for (const check of await Promise.all(serverChecks(session))) showCheck(check, screen);
  showPlan(await makePlan(session, screen), screen);
  screen.line();
  const began = performance.now();
  const { run } = await startCampaign(session, 'taken');
  for (const link of linksTo(session, run)) screen.line(link);
  screen.line();
  const ended = new AbortController();
  const chaos = options.chaos ? unleash(options, stage, screen, ended.signal) : undefined;
  try {
    const figures = await follow(session, screen, { everyMs: LOOK_MS });
    const seconds = Math.round((performance.now() - began) / 1000);
    ended.abort();
    return { figures, seconds, kills: await chaos, report: await report(session, stage.reports) };
  } finally {
    ended.abort();
  }
}

const unleash = ({ seed }: DemoOptions, stage: DemoStage, screen: Screen, ended: AbortSignal): Promise<Kills> =>
  wreak({ seed, screen, workerReady: () => stage.workerReady(), kill: (part) => (part === 'worker' ? stage.worker.kill() : stage.stack.kill(part)) }, ended);

/** Until Ctrl-C ends it. */
async function leaveUp({ stack, config }: DemoStage, screen: Screen, faults: readonly string[]): Promise<never> {
  for (const fault of faults) screen.line(`Not well: ${fault}`);
  screen.line(`All stays up until Ctrl-C. Temporal UI: ${stack.temporal.uiUrl}`);
  screen.line(`Look around with: relink status demo --config ${JSON.stringify(config)}`);
  return forever();
}
