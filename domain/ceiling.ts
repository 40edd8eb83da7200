import type { CampaignSpec, Share } from './campaign.js';
import type { UnaffectedReason } from './judge.js';
import type { PlanBook } from './plan-book.js';

/** How many meetings a start may replace. It is a promise: it is held against the plan before the first write. */
export interface Ceiling {
  readonly maxMeetings: number;
  /** Of `found`; 100% allows all. */
  readonly maxShare: Share;
  /** Meetings found by the campaign, whatever became of them, but for those that were over. */
  readonly found: number;
  readonly exceeded: boolean;
}

type Findings = Awaited<ReturnType<PlanBook['findings']>>;

/** Pure. `meetings`: so many are to be replaced. */
export function ceilingOf({ maxMeetings, maxShare = '100%' }: CampaignSpec['limits'], meetings: number, findings: Findings): Ceiling {
  const found = findings.reduce((sum, finding) => sum + (isOver(finding) ? 0 : finding.count), 0);
  const ceiling = { maxMeetings, maxShare, found };
  return { ...ceiling, exceeded: excess(ceiling, meetings) !== null };
}

const over: readonly UnaffectedReason[] = ['AlreadyStarted', 'NothingLeft'];
const isOver = ({ state, reason }: Findings[number]): boolean => state === 'gone' || (state === 'unaffected' && over.some((each) => each === reason));

/** What to do about it, whoever says it. */
export const CEILING_REMEDY = 'see whether the scope is right, then raise it';

/** The limit that is exceeded, with both numbers; `null` when none is. */
export function excess({ maxMeetings, maxShare, found }: Omit<Ceiling, 'exceeded'>, meetings: number): string | null {
  if (meetings > maxMeetings) return `${meetings} meetings are more than limits.maxMeetings allows (${maxMeetings})`;
  if (meetings * 100 <= Number.parseInt(maxShare, 10) * found) return null;
  return `${meetings} of the ${found} meetings found that are not over (${Math.ceil((meetings * 100) / found)}%) are more than limits.maxShare allows (${maxShare})`;
}
