import { setTimeout as wait } from 'node:timers/promises';
import { JobFailed } from '../errors.js';
import type { Screen } from '../io.js';
import type { CampaignSession } from '../session.js';
import { board } from '../show/status.js';
import { readStatus, type StatusFigures } from '../show/status-figures.js';
import { failureOf, runningCampaign, withRemedy } from './campaign-run.js';
import { SHORT_PATIENCE_MS, unlessAway } from './wake.js';

const LOOK_MS = 1_000;
/** Temporal or the database may be restarting; after this time without an answer somebody should look. */
const PATIENCE_MS = 180_000;

export interface FollowOptions {
  /** Called with every picture. */
  readonly onLook?: (figures: StatusFigures) => void;
  readonly everyMs?: number;
}

/** Draws the board until the campaign's workflow has ended. @returns how it stands then. */
export async function follow(session: CampaignSession, screen: Screen, { onLook, everyMs = LOOK_MS }: FollowOptions = {}): Promise<StatusFigures> {
  let answered = performance.now();
  for (;;) {
    try {
      const { figures, isRunning } = await look(session);
      answered = performance.now();
      screen.draw(board(figures, screen.colours, screen.width, Date.now()));
      onLook?.(figures);
      if (!isRunning) return figures;
    } catch (cause: unknown) {
      if (performance.now() - answered > PATIENCE_MS) throw cause;
      const text = 'the ledger or Temporal does not answer: looking again';
      screen.draw({ block: [text], line: text });
    }
    await wait(everyMs);
  }
}

/** Asks Temporal first: when it says that the campaign is over, what the ledger says then is final. By the file that holds now: it may have been edited since the last look. */
async function look(session: CampaignSession): Promise<{ figures: StatusFigures; isRunning: boolean }> {
  const { ledger, config, name } = session;
  const isRunning = (await runningCampaign(await session.temporal(), name)) !== undefined;
  const { spec } = await ledger.campaigns.get(name);
  const figures = await readStatus(ledger, config, spec);
  return { isRunning, figures: isRunning ? figures : await withFailure(session, figures) };
}

/** What the ledger cannot know, as far as Temporal answers: a workflow that failed has left the phase as it was. */
export async function withFailure({ temporal, name }: Pick<CampaignSession, 'temporal' | 'name'>, figures: StatusFigures): Promise<StatusFigures> {
  const failure = await unlessAway(async () => failureOf(await temporal(), name), SHORT_PATIENCE_MS);
  return failure === null ? figures : { ...figures, status: { ...figures.status, workflowFailure: withRemedy(name, failure) } };
}

/** @throws JobFailed when the campaign's workflow ended in failure. */
export async function mustNotHaveFailed(session: CampaignSession): Promise<void> {
  const failure = await failureOf(await session.temporal(), session.name);
  if (failure !== null) throw new JobFailed(`the campaign ended in failure: ${withRemedy(session.name, failure)}`);
}

/** @throws JobFailed unless the campaign ran to its end, or was put back as a whole, with nothing failed or held. */
export async function mustHaveEndedWell(session: CampaignSession, figures: StatusFigures): Promise<void> {
  await mustNotHaveFailed(session);
  const fault = faultOf(figures);
  if (fault !== null) throw new JobFailed(fault);
}

/** What is wrong with how a campaign ended, and what to do; `null` when nothing is. */
export function faultOf({ order, status: { campaign, phase, counts, reconciles } }: Pick<StatusFigures, 'order' | 'status'>): string | null {
  if (!reconciles) return `the counts of ${campaign} do not reconcile; keep the ledger as it is and ask for help`;
  if (counts.failed + counts.held > 0) return `${counts.failed} failed and ${counts.held} are held; see \`relink failures ${campaign}\``;
  return phase === 'finished' || (phase === 'stopped' && order === 'rollback') ? null : `the campaign is ${phase}; \`relink start ${campaign}\` takes it up again`;
}
