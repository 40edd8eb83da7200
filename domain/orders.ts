import type { CampaignOrder } from './campaign.js';
import { counted } from './counted.js';
import type { Steered } from './exemptions.js';
import type { FailureType } from './failures.js';
import type { Instant } from './meeting.js';
import { meetingVerbs, type Criteria, type MeetingVerb } from './selection.js';
import type { State } from './states.js';

export const standingVerbs = ['pause', 'resume', 'stop'] as const;
export type StandingVerb = (typeof standingVerbs)[number];
/** About the schedule of its reruns. */
export const scheduleVerbs = ['schedule create', 'schedule trigger', 'schedule pause', 'schedule resume', 'schedule delete'] as const;
/** Noted only: the campaign's workflow puts a start in force, Temporal has the schedule. */
export const notedVerbs = ['start', ...scheduleVerbs] as const;
export type NotedVerb = (typeof notedVerbs)[number];
export const orderVerbs = [...standingVerbs, ...notedVerbs, ...meetingVerbs] as const;
export type OrderVerb = (typeof orderVerbs)[number];

/** What an order to meetings was for: kept with it, and without a name of anybody. */
export interface OrderScope {
  readonly states?: readonly State[] | undefined;
  readonly failure?: FailureType | undefined;
  /** Keys. */
  readonly hosts?: readonly string[] | undefined;
  readonly wave?: number | undefined;
  readonly limit?: number | undefined;
  /** So many were named by their keys. */
  readonly named?: number | undefined;
}

/** Who ordered what, when and why. */
export interface GivenOrder extends Omit<Steered, 'reason'> {
  readonly id: number;
  readonly verb: OrderVerb;
  /** As the operator gave it, like `by`: at rest sealed, shown to operators alone, never in Temporal. `null`: none was given. */
  readonly reason: string | null;
  /** `null`: for the whole campaign. */
  readonly scope: OrderScope | null;
  /** Meetings it was given to, by the state in which each is now: the progress of a rollback. */
  readonly now: Readonly<Partial<Record<State, number>>>;
  /** Of `now`, those that a later order was given to: they are no longer this one's to carry out. */
  readonly later: Readonly<Partial<Record<State, number>>>;
  /** Of orders to meetings, once each was reached. */
  readonly carriedOut: ({ readonly at: Instant } & OrderReceipt) | null;
}

export interface OrderReceipt {
  readonly ordered: number;
  /** Meetings that the order could not reach any more, for instance a rollback after the pivot. */
  readonly refused: number;
}

export interface OrderAuthor {
  readonly by: string;
  readonly reason: string | null;
}

export interface WantedOrder {
  readonly verb: OrderVerb;
  /** `null`: for the whole campaign. */
  readonly scope: OrderScope | null;
  /** Keys of those it is for. */
  readonly meetings: readonly string[];
  /** Number of the last order that its giver can have seen. */
  readonly seen: number;
  /** Id of the gate that was open when the operator looked. */
  readonly unlessApproved?: number | undefined;
}

/** Append-only: what operators ordered, with the meetings of each. */
export interface OrderBook {
  /** By which meetings of a host are selected: tells nothing of them. */
  hostKey(address: string): string;
  /** Number of the campaign's last order that was given at least `agoMs` ago, by the database's clock; 0 when there was none. */
  lastOrder(campaign: string, agoMs: number): Promise<number>;
  /**
   * All or nothing, one after the other. An order to the whole campaign is in force when it returns: no deletion is in flight under the one before.
   * @throws RelinkFailure `InvalidInput`, and nothing is ordered, when somebody has ordered something else about the same meetings that its giver
   * cannot have seen, when the gate was approved meanwhile, when nothing of the campaign is worked on, or to pause, resume or stop one that is put back as a whole
   */
  give(campaign: string, wanted: WantedOrder, author: OrderAuthor): Promise<GivenOrder>;
  /** In the order in which they were given; with `meeting`, those that were for it or for the whole campaign. */
  list(campaign: string, meeting?: string): Promise<readonly GivenOrder[]>;
  /** Names nobody. */
  read(id: number): Promise<{ readonly campaign: string; readonly verb: MeetingVerb; readonly scope: OrderScope | null; readonly meetings: readonly string[] }>;
  /** Each of its meetings was reached. The first report stands. */
  carriedOut(id: number, receipt: OrderReceipt): Promise<void>;
  /** Orders to meetings that were given at least `agoMs` ago and not carried out, because whoever gave them could not tell the campaign. */
  left(campaign: string, agoMs: number): Promise<readonly number[]>;
}

/** What the campaign stands under from then on; `null`: as before. */
export function standingUnder({ verb, scope }: Pick<WantedOrder, 'verb' | 'scope'>): CampaignOrder | null {
  if (verb === 'pause' || verb === 'stop') return verb;
  if (verb === 'resume') return 'go';
  return verb === 'rollback' && scope === null ? 'rollback' : null;
}

export const scopeOf = ({ meetings, ...rest }: Criteria): OrderScope => ({ ...rest, ...(meetings === undefined ? {} : { named: meetings.length }) });

/** `rollback of 12 meetings (wave 2, VerificationFailed)` */
export function orderText({ verb, scope, now }: Pick<GivenOrder, 'verb' | 'scope' | 'now'>): string {
  const meetings = Object.values(now).reduce((sum, n) => sum + n, 0);
  if (scope === null) return verb === 'rollback' ? `rollback of the whole campaign, ${counted(meetings, 'meeting')}` : verb;
  const { states = [], failure, hosts = [], wave, limit, named } = scope;
  const words = [
    ...(named === undefined ? [] : ['by key']),
    ...states,
    ...(failure === undefined ? [] : [failure]),
    ...hosts.map((key) => `host ${key.slice(0, 12)}`),
    ...(wave === undefined ? [] : [`wave ${wave}`]),
    ...(limit === undefined ? [] : [`at most ${limit}`]),
  ];
  return `${verb} of ${counted(meetings, 'meeting')}${words.length === 0 ? '' : ` (${words.join(', ')})`}`;
}
