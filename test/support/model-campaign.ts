import { ApplicationFailure } from '@temporalio/common';
import type { SagaControl } from '../../activities/orders.js';
import type { CampaignProgress, LaneClaim, LedgerActivities, MeetingOrder, NoticeActivities, VendorActivities } from '../../domain/activities.js';
import type { CampaignOrder, CampaignPhase } from '../../domain/campaign.js';
import type { Gate } from '../../domain/gates.js';
import type { ItemRef } from '../../domain/ledger.js';
import { emptyCounts, reconciles, type State } from '../../domain/states.js';
import { stopRuleNames, usualStopRules, verdict, type Causes, type StopFacts, type StopLimits, type StopRule } from '../../domain/verdict.js';

/** As the campaign file says. */
const MOST_AT_ONCE = 4;
const DIGESTS_MS = 500;

interface Item {
  state: State;
  readonly wave: number;
  claim: string | null;
}

/**
 * A ledger, a vendor and a mail server in a few maps: enough of them for the workflows that steer.
 * Remembers what was under way at once, and in which order waves began.
 */
export class ModelCampaign {
  readonly items = new Map<string, Item>();
  readonly phases: CampaignPhase[] = [];
  readonly began: number[] = [];
  /** What the operator ordered; `standing` is what holds. */
  order: CampaignOrder = 'go';
  gates: readonly Gate[] = [];
  /** Of the rule about failures. */
  failureLimits: StopLimits = usualStopRules.failures;
  /** Meetings that the vendor refuses to replace. */
  refuses: (meeting: string) => boolean = () => false;
  /** By an operator's throttle. */
  maxConcurrent: number | null = null;
  /** Orders to meetings that wait in the ledger; and those that were carried out, in their order. */
  leftOrders: readonly number[] = [];
  readonly carriedOut: MeetingOrder['order'][] = [];
  /** Until when windows for writes are said to be closed; null when they are open. */
  closedUntil: string | null = null;
  looksWhileClosed = 0;
  /** Deletions wait for something that the campaign does not see. */
  deletionsWait = false;
  #approvedFailures = 0;
  graceMs = 1;
  /** How long organisers are told ahead; null when they are not. Until when nothing may be begun, once they are told. */
  announceMs: number | null = null;
  toldUntil: number | null = null;
  announcements = 0;
  /** So many attempts find no mail server. */
  mailAway = 0;
  /** Meetings that were begun before their organiser could object. */
  early = 0;
  mostAtOnce = 0;
  /** Handfuls of hosts that an inventory asks the vendor for. */
  handfuls = 2;
  inventories = 0;
  /** What the evidence names and no listed host has. */
  handles = 0;
  /** Handfuls of done meetings that are looked at again. */
  rechecks = 1;
  rechecked: string[] = [];
  digests = 0;
  /** Notices that no mail server takes. */
  pendingNotices = 0;
  deletions = 0;
  replacements = 0;
  /** Deletions that the guard kept from happening. */
  blocked = 0;

  /** Meetings of one test must not be those of another: their workflow ids have no campaign in them. */
  static named(name: string, waves: readonly number[]): ModelCampaign {
    const model = new ModelCampaign(waves);
    const renamed = [...model.items].map(([key, item]) => [`${name}-${key}`, item] as const);
    model.items.clear();
    for (const [key, item] of renamed) model.items.set(key, item);
    return model;
  }

  constructor(waves: readonly number[]) {
    waves.forEach((size, i) => {
      for (let n = 0; n < size; n++) this.items.set(`w${i + 1}-${String(n).padStart(3, '0')}`, { state: 'waiting', wave: i + 1, claim: null });
    });
  }

  /** To go on reaches sagas, as it does from the ledger. */
  reaching(campaign: string, sagas: Pick<SagaControl, 'order'>): ModelCampaign['activities'] {
    const { activities } = this;
    const orderMeetings = async (given: MeetingOrder & { readonly campaign: string }) => {
      const inGrace = [...this.items].flatMap(([meeting, { state }]) => (state === 'replaced' && given.order === 'continue' ? [meeting] : []));
      for (const meeting of inGrace) await sagas.order({ campaign, meeting, lane: 'ops-1', resume: 'grace', release: false });
      return activities.orderMeetings(given);
    };
    return { ...activities, orderMeetings };
  }

  in(...states: readonly State[]): readonly Item[] {
    return [...this.items.values()].filter(({ state }) => states.includes(state));
  }

  get activities(): LedgerActivities & VendorActivities & NoticeActivities {
    return { ...this.#ledger(), ...this.#vendor(), ...this.#notices() };
  }

  get standing(): CampaignOrder {
    return this.order === 'go' && this.#awaits('all') ? 'pause' : this.order;
  }

  #awaits(what: Gate['holds']): boolean {
    return this.gates.some(({ holds }) => holds === what);
  }

  /** A point of the policy: before the wave, or the first deletion. */
  ask(gate: Gate['gate'], holds: Gate['holds']): void {
    this.gates = [...this.gates, { id: this.gates.length + 1, gate, holds, answer: 'hold', cause: null, openedAt: new Date().toISOString() }];
  }

  approve(): void {
    this.gates = [];
    this.#approvedFailures = this.in('failed').length;
  }

  /** As the ledger does: under the order to go, and for what came since the last approval. */
  #judge(): void {
    if (this.standing !== 'go' || this.in('waiting', 'running', 'replaced').length === 0) return;
    const none: Causes = { count: 0, of: 0 };
    const failures = { count: this.in('failed').length - this.#approvedFailures, of: this.in('failed', 'replaced', 'retired', 'done').length - this.#approvedFailures };
    const facts: StopFacts = { ...(Object.fromEntries(stopRuleNames.map((rule) => [rule, none])) as Record<StopRule, Causes>), failures };
    const found = verdict({ ...usualStopRules, failures: this.failureLimits }, facts, false);
    if (found.answer === 'go') return;
    this.gates = [{ id: 1, gate: `rule ${found.cause.rule}`, holds: 'all', answer: found.answer, cause: found.cause, openedAt: new Date().toISOString() }];
    if (found.answer === 'stop') this.order = 'stop';
  }

  #item({ meeting }: ItemRef): Item {
    const item = this.items.get(meeting);
    if (!item) throw new Error('no such item');
    return item;
  }

  #isAhead(): boolean {
    return this.announceMs !== null && (this.toldUntil === null || Date.now() < this.toldUntil);
  }

  #claim({ wave, limit, claim }: { wave: number; limit: number; claim: string }): LaneClaim {
    this.#judge();
    const waiting = [...this.items].filter(([, item]) => item.state === 'waiting' && item.wave <= wave && !this.gates.some(({ gate }) => gate === `wave ${item.wave}`));
    const mine = waiting.filter(([, item]) => item.claim === claim);
    const free = waiting.filter(([, item]) => item.claim === null);
    if (this.#isAhead()) return { meetings: [], waitUntil: new Date(this.toldUntil ?? Date.now() + (this.announceMs ?? 0)).toISOString(), left: free.length, order: this.standing, maxConcurrent: MOST_AT_ONCE };
    const order = this.standing === 'go' && this.gates.some(({ gate }) => gate === `wave ${wave}`) ? 'pause' : this.standing;
    const busy = this.in('running').length + this.in('waiting').filter((item) => item.claim !== null).length;
    const room = this.maxConcurrent === null ? limit : Math.min(limit, Math.max(0, this.maxConcurrent - busy));
    const taken = this.standing !== 'go' ? [] : mine.length > 0 ? mine : free.slice(0, room);
    for (const [, item] of taken) item.claim = claim;
    return { meetings: taken.map(([meeting]) => ({ meeting, startsAt: null })), waitUntil: null, left: free.length - taken.length, order, maxConcurrent: this.maxConcurrent ?? MOST_AT_ONCE };
  }

  #progress(): CampaignProgress {
    this.#judge();
    if (this.closedUntil !== null) this.looksWhileClosed++;
    const counts = emptyCounts();
    for (const { state } of this.items.values()) counts[state]++;
    counts.found = this.items.size;
    const waves = [...new Set([...this.items.values()].map(({ wave }) => wave))];
    const count = (wave: number, wanted: State) => [...this.items.values()].filter((item) => item.wave === wave && item.state === wanted).length;
    const open = waves.map((wave) => ({ wave, waiting: count(wave, 'waiting'), running: count(wave, 'running'), replaced: count(wave, 'replaced'), retired: count(wave, 'retired') }));
    return { counts, reconciles: reconciles(counts), order: this.standing, gates: this.gates, pendingNotices: this.pendingNotices, open, latestGraceEnd: null, failures: {}, exposedStarts: 0, ...(this.closedUntil === null ? {} : { windows: [{ of: 'writes', rate: 0, window: null, until: this.closedUntil }] }), ...(this.leftOrders.length === 0 ? {} : { leftOrders: this.leftOrders }), ...(this.#isAhead() && this.toldUntil === null && this.standing === 'go' ? { announce: true } : {}) };
  }

  #ledger(): LedgerActivities {
    return {
      beginInventory: async () => ({ lanes: ['ops-1'] }),
      openHandles: async () => ({ handles: this.handles }),
      planWaves: async () => ({ waves: [] }),
      campaignPace: async () => ({ lanes: ['ops-1'], maxConcurrent: MOST_AT_ONCE, digestEveryMs: DIGESTS_MS }),
      openCampaign: async () => undefined,
      setPhase: async ({ phase }) => void this.phases.push(phase),
      giveOrder: async ({ order }) => void (this.order = order),
      progress: async () => this.#progress(),
      startLane: async () => {
        for (const item of this.items.values()) if (item.state === 'waiting') item.claim = null;
      },
      claimMeetings: async (input) => this.#claim(input),
      unclaimMeeting: async (ref) => void (this.#item(ref).claim = null),
      settle: async ({ state, ...ref }) => void (this.#item(ref).state = state),
      orderMeetings: async ({ order }) => {
        this.carriedOut.push(order);
        this.leftOrders = this.leftOrders.filter((left) => left !== order);
        return { ordered: this.in('replaced', 'running').length, refused: this.in('done').length };
      },
    };
  }

  #blocker(): 'Paused' | 'Stopped' | 'RollingBack' | null {
    if (this.order === 'rollback') return 'RollingBack';
    if (this.standing === 'stop') return 'Stopped';
    return this.standing === 'pause' || this.#awaits('deletion') || this.deletionsWait ? 'Paused' : null;
  }

  #vendor(): VendorActivities {
    const move = (ref: ItemRef, state: State) => void (this.#item(ref).state = state);
    return {
      inventoryHosts: async () => ({ next: null, hosts: 1 }),
      inventoryMeetings: async () => ({ left: this.handfuls - 1 - (this.inventories++ % this.handfuls) }),
      inventoryHandles: async () => ({ left: (this.handles = Math.max(0, this.handles - 2)) }),
      reassignHost: async () => ({ status: 'ready', startsAt: null }),
      snapshotLegacy: async (ref) => {
        if (this.#isAhead()) this.early++;
        move(ref, 'running');
        this.began.push(this.#item(ref).wave);
        this.mostAtOnce = Math.max(this.mostAtOnce, this.in('running').length);
        return { status: 'ready', startsAt: null };
      },
      ensureReplacement: async ({ meeting }) => {
        if (this.refuses(meeting)) throw ApplicationFailure.nonRetryable('refused', 'VendorRefused');
        this.replacements++;
        return { complete: true };
      },
      carryOver: async () => undefined,
      verifyReplacement: async (ref) => {
        move(ref, 'replaced');
        return { graceEndsAt: new Date(Date.now() + this.graceMs).toISOString(), urgent: false, lost: [] };
      },
      removeReplacement: async () => undefined,
      retireLegacy: async (ref) => {
        const blocker = this.#blocker();
        if (blocker !== null) {
          this.blocked++;
          return { outcome: 'blocked', blocker, recheckAt: new Date(Date.now() + 200).toISOString() };
        }
        move(ref, 'retired');
        this.deletions++;
        return { outcome: 'retired' };
      },
      verifyRetired: async (ref) => move(ref, 'done'),
      letReplacementGo: () => Promise.resolve(),
      recheckMeetings: async ({ after }) => {
        this.rechecked.push(after);
        return { checked: 1, next: this.rechecked.length < this.rechecks ? `${this.rechecked.length}` : null };
      },
    };
  }

  #notices(): NoticeActivities {
    return {
      tellOrganiser: async () => undefined,
      correctNotice: async () => undefined,
      announce: async () => {
        if (this.mailAway-- > 0) throw ApplicationFailure.retryable('away', 'MailUnavailable');
        this.announcements++;
        this.toldUntil = Date.now() + (this.announceMs ?? 0);
        return { sent: 1, bounced: 0 };
      },
      sendDueDigests: async () => {
        this.digests++;
        return { sent: 0, bounced: 0, pending: this.pendingNotices, everyMs: DIGESTS_MS };
      },
    };
  }
}

let serial = 0;
/** One of a name that no other of this file has. */
export function aModelCampaign(waves: readonly number[]): { readonly name: string; readonly model: ModelCampaign } {
  const name = `c${++serial}`;
  return { name, model: ModelCampaign.named(name, waves) };
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}
