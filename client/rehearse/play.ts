import { loadConfig } from '../../adapters/runtime/config/index.js';
import { cutOff } from '../../domain/advisory.js';
import type { CampaignSpec } from '../../domain/campaign.js';
import { makePlan } from '../commands/plan.js';
import type { Screen } from '../io.js';
import { withSession, type CampaignSession } from '../session.js';
import type { StatusFigures } from '../show/status-figures.js';
import { onStage, type Stage } from '../stage/stage.js';
import { approve } from '../steer/approve.js';
import { failureOf, startCampaign } from '../steer/campaign-run.js';
import { follow } from '../steer/follow.js';
import { note, order } from '../steer/orders.js';
import type { Audit } from '../stage/simulators.js';
import { Gatekeeper } from './gatekeeper.js';
import { campaignFor, stageFor, type Scene } from './scene.js';
import type { RehearseOptions } from './settings.js';

const LOOK_MS = 500;
const BY = { by: 'rehearsal', reason: 'a rehearsal goes on by itself' };

/** What a played scene came to. */
export interface Played {
  readonly figures: StatusFigures;
  /** Why the campaign's workflow failed; null when it did not. */
  readonly failure: string | null;
  /** Meetings that its plan was to replace. */
  readonly planned: number;
  readonly gates: Pick<Gatekeeper, 'fired' | 'approvals'>;
  /** From the start to the end, and to the last replacement. */
  readonly tookMs: number;
  readonly workMs: number;
  readonly audit: Audit;
  /** Requests since the start. */
  readonly requests: number;
  readonly mails: { readonly sent: number; readonly people: number; readonly mostToOne: number; readonly byVendor: number };
}

/** A campaign from the plan to the vendor's audit on parts of its own, by the functions of `plan` and `start`. */
export const playScene = (scene: Scene, siteForces: RehearseOptions['siteForces'], screen: Screen): Promise<Played> =>
  onStage(stageFor(scene), screen, async (stage) => {
    const spec = await campaignFor(scene, stage.simulators);
    if (Object.keys(siteForces).length > 0) await stage.simulators.force(siteForces);
    return inItsLedger(stage, spec, async (session) => {
      const { meetings: planned } = await makePlan(session, screen);
      const since = new Date().toISOString();
      const ran = await run(session, screen);
      const [audit, { calls: requests, mailsByVendor }, mails] = await Promise.all([stage.simulators.audit(cutOff(spec.advisory)), stage.simulators.calls(since), stage.simulators.mails()]);
      return { ...ran, planned, audit, requests, mails: { ...perPerson(mails.flatMap(({ to }) => to)), sent: mails.length, byVendor: mailsByVendor } };
    });
  });

async function inItsLedger<T>({ config }: Stage, spec: CampaignSpec, act: (session: CampaignSession) => Promise<T>): Promise<T> {
  return withSession(await loadConfig(config), async (session) => {
    await session.ledger.migrate();
    await session.ledger.campaigns.save(spec);
    return act({ ...session, name: spec.name, spec });
  });
}

/** To its end, past every gate: one that a rule stopped is started again. */
async function run(session: CampaignSession, screen: Screen): Promise<Pick<Played, 'figures' | 'failure' | 'gates' | 'tookMs' | 'workMs'>> {
  const gates = new Gatekeeper({
    approve: async ({ gate }) => void (await approve(session, gate, BY)),
    stop: async () => void (await order(session, 'stop', BY, 0)),
  });
  const began = performance.now();
  const elapsed = (): number => Math.round(performance.now() - began);
  let workMs = 0;
  const look = ({ status: { counts, gates: open } }: StatusFigures): void => {
    if (counts.waiting + counts.running > 0) workMs = elapsed();
    gates.look(open);
  };
  for (;;) {
    await startCampaign(session, 'taken', await note(session, 'start', BY));
    const figures = await follow(session, screen, { everyMs: LOOK_MS, onLook: look });
    await gates.settled();
    const failure = await failureOf(await session.temporal(), session.name);
    const wasStopped = figures.order === 'stop' && failure === null && !gates.gaveUp;
    if (!wasStopped) return { figures, failure, gates, tookMs: elapsed(), workMs };
  }
}

function perPerson(addresses: readonly string[]): { readonly people: number; readonly mostToOne: number } {
  const counts = new Map<string, number>();
  for (const address of addresses) counts.set(address, (counts.get(address) ?? 0) + 1);
  return { people: counts.size, mostToOne: Math.max(0, ...counts.values()) };
}
