import { cutOff } from './advisory.js';
import type { CampaignSpec } from './campaign.js';
import type { Host, ListedMeeting, RefusalReason } from './meeting.js';

/** Why we believe when a meeting was created, strongest first. */
export const evidenceGrades = ['calendar', 'invitation', 'snapshot', 'series-start', 'none'] as const;
export type EvidenceGrade = (typeof evidenceGrades)[number];

export const exclusionReasons = {
  HostOutOfScope: 'the host is not in the scope of the campaign',
  SiteOutOfScope: 'the site is not in the scope of the campaign',
  Exempted: 'an exemption leaves it alone',
} as const;
export type ExclusionReason = keyof typeof exclusionReasons;

export type Verdict = 'affected' | 'unaffected' | 'excluded' | 'refused';

/** The verdict on one meeting. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly evidence: EvidenceGrade;
  readonly reason: RefusalReason | ExclusionReason | UnaffectedReason | null;
}

export type UnaffectedReason = 'CreatedAfter' | 'AlreadyStarted' | 'NothingLeft';

export interface JudgeInput {
  readonly host: Pick<Host, 'email'>;
  readonly meeting: ListedMeeting;
  readonly spec: CampaignSpec;
  /** Whether an exemption covers this host or meeting today. */
  readonly exempted: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The finding: first what is to be held at all, then scope, then when it was created, then whether it can be replaced. */
export function judge(input: JudgeInput): Judgement {
  const { meeting, spec, now } = input;
  const { created, evidence } = createdWhen(meeting, spec);
  const answer = (verdict: Verdict, reason: Judgement['reason'] = null): Judgement => ({ verdict, evidence, reason });

  if (!meeting.next) return answer('unaffected', 'NothingLeft');
  if (Date.parse(meeting.next.start) <= now && !meeting.hasMore) return answer('unaffected', 'AlreadyStarted');
  const exclusion = excludedBy(input);
  if (exclusion) return answer('excluded', exclusion);
  if (created === 'after') return answer('unaffected', 'CreatedAfter');
  if (created === 'unknown' && spec.evidence.unknown === 'review') return answer('refused', 'EvidenceMissing');
  return meeting.refusal ? answer('refused', meeting.refusal) : answer('affected');
}

function excludedBy({ host, meeting, spec, exempted }: JudgeInput): ExclusionReason | null {
  if (exempted) return 'Exempted';
  if (spec.scope.hosts !== 'all' && !spec.scope.hosts.includes(host.email.toLowerCase())) return 'HostOutOfScope';
  if (spec.scope.sites !== 'all' && !spec.scope.sites.includes(meeting.identity.site.toLowerCase())) return 'SiteOutOfScope';
  return null;
}

/**
 * What the evidence says about the creation. Two proofs that contradict each other count as created before the cut-off:
 * a needless new link costs one mail, a missed one costs the meeting's secrecy.
 */
function createdWhen(meeting: ListedMeeting, spec: CampaignSpec): { created: 'before' | 'after' | 'unknown'; evidence: EvidenceGrade } {
  const cut = Date.parse(cutOff(spec.advisory));
  const inventories = spec.evidence.snapshots;
  const has = (ids: readonly string[]) => idSet(ids).has(meeting.identity.id);
  if (inventories.some(({ takenAt, ids }) => Date.parse(takenAt) <= cut && has(ids))) return { created: 'before', evidence: 'snapshot' };
  if (Date.parse(meeting.firstStart) < cut) return { created: 'before', evidence: 'series-start' };
  if (inventories.some(({ takenAt, ids }) => Date.parse(takenAt) >= cut && !has(ids))) return { created: 'after', evidence: 'snapshot' };
  return { created: 'unknown', evidence: 'none' };
}

const sets = new WeakMap<readonly string[], ReadonlySet<string>>();
/** An inventory may hold 100,000 ids and is asked once per meeting. */
function idSet(ids: readonly string[]): ReadonlySet<string> {
  const known = sets.get(ids) ?? new Set(ids);
  sets.set(ids, known);
  return known;
}
