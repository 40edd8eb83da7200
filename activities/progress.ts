import type { BoardFigures, CampaignProgress } from '../domain/activities.js';
import { mayTell } from '../domain/announcements.js';
import type { CampaignStatus, Ledger } from '../domain/ledger.js';
import { outlookOf, quotaWindows, type OutlookFacts } from '../domain/outlook.js';
import { unlessEmpty } from '../domain/unless-empty.js';
import { windowStandings } from '../domain/windows.js';
import type { CampaignContext } from './campaign.js';

/** Whoever gave an order tells the campaign at once; after this time nobody will. */
const LEFT_MS = 60_000;
/** The load of each host decides when it ends. It is much to read, and moves the end little: a board may be so much behind. Milliseconds. */
const LOAD_FRESH_MS = 10_000;

type Load = Awaited<ReturnType<Ledger['plans']['load']>>;
type HostLoad = OutlookFacts['load'];

/** How a campaign stands, for its workflow and its board. */
export function createProgress({ ledger, identities }: Pick<CampaignContext, 'ledger' | 'identities'>): (input: { campaign: string }) => Promise<CampaignProgress> {
  const hostLoads = new Map<string, { readonly at: number; readonly load: HostLoad }>();

  async function hostLoadOf(campaign: string, now: number): Promise<HostLoad> {
    const known = hostLoads.get(campaign);
    if (known && now - known.at < LOAD_FRESH_MS) return known.load;
    const load = await ledger.plans.hostLoad(campaign, ['waiting', 'running']);
    hostLoads.set(campaign, { at: now, load });
    return load;
  }

  async function figuresOf(status: CampaignStatus, facts: Omit<OutlookFacts, 'status' | 'load' | 'limits'>): Promise<BoardFigures> {
    const { campaign } = status;
    const outlook = outlookOf({ ...facts, status, load: await hostLoadOf(campaign, facts.now), limits: identities });
    if (outlook.eta !== null) await ledger.forecasts.note(campaign, outlook.eta);
    const { wave, notices, elsewhere, outages } = status;
    return { ...outlook, wave, notices, foreseen: await ledger.forecasts.foreseen(campaign), ...(elsewhere === 0 ? {} : { elsewhere }), ...unlessEmpty({ outages }) };
  }

  return async ({ campaign }) => {
    const gates = await ledger.gates.judge(campaign);
    const [status, load, pendingNotices, throttles, leftOrders, announcements, current] = await Promise.all([
      ledger.plans.status(campaign, quotaWindows(identities)),
      ledger.plans.load(campaign),
      ledger.notices.pending(campaign),
      ledger.throttles.active(campaign),
      ledger.orders.left(campaign, LEFT_MS),
      ledger.announcements.standing(campaign),
      ledger.campaigns.get(campaign),
    ]);
    const now = Date.now();
    const { spec } = current;
    const windows = windowStandings(spec.windows, now);
    const announce = announcements !== undefined && announcements.toTell.meetings > 0 && mayTell(current, now);
    const { counts, reconciles, order, latestGraceEnd, failures, exposedStarts } = status;
    return {
      counts,
      reconciles,
      order,
      latestGraceEnd,
      failures,
      exposedStarts,
      pendingNotices,
      gates,
      ...unlessEmpty({ throttles, windows, leftOrders }),
      ...(announcements ? { announcements } : {}),
      ...(announce ? { announce } : {}),
      open: perWave(load),
      figures: await figuresOf(status, { spec, throttles, now }),
    };
  };
}

/** Lanes added up, waves in their order. */
function perWave(load: Load): CampaignProgress['open'] {
  const waves = [...new Set(load.map(({ wave }) => wave))].sort((a, b) => a - b);
  return waves.map((wave) => {
    const lanes = load.filter((line) => line.wave === wave);
    const sum = (state: 'waiting' | 'running' | 'replaced' | 'retired') => lanes.reduce((total, line) => total + line[state], 0);
    return { wave, waiting: sum('waiting'), running: sum('running'), replaced: sum('replaced'), retired: sum('retired') };
  });
}
