import { cutOff } from './advisory.js';
import type { CampaignSpec, InventorySnapshot } from './campaign.js';
import { newOwner } from './departed.js';
import type { Host, ListedMeeting, RefusalReason } from './meeting.js';
import { sightings, type ProofKey, type Sighting, type Trace } from './traces.js';

/** Why we believe when a meeting was created, strongest first. */
export const evidenceGrades = ['calendar', 'invitation', 'snapshot', 'series-start', 'none'] as const;
export type EvidenceGrade = (typeof evidenceGrades)[number];

export const exclusionReasons = {
  HostOutOfScope: 'the host is not in the scope of the campaign',
  SiteOutOfScope: 'the site is not in the scope of the campaign',
  Exempted: 'an exemption leaves it alone',
  RoomOutOfScope: 'personal rooms are not in the scope of the campaign',
  BeyondHorizon: 'it starts beyond the horizon of the campaign',
  InPersonalRoom: 'it is held in a personal room, which the campaign judges as one: its link changes with that of the room',
} as const;
export type ExclusionReason = keyof typeof exclusionReasons;

export type Verdict = 'affected' | 'unaffected' | 'excluded' | 'refused';

/** The verdict on one meeting. */
export interface Judgement {
  readonly verdict: Verdict;
  /** Grade of the proof that decided when it was created. */
  readonly evidence: EvidenceGrade;
  /** By what that proof was found; null where the meeting itself is the proof, or there is none. */
  readonly proof: ProofKey | null;
  readonly reason: RefusalReason | ExclusionReason | UnaffectedReason | null;
}

export const unaffectedReasons = ['CreatedAfter', 'AlreadyStarted', 'NothingLeft'] as const;
export type UnaffectedReason = (typeof unaffectedReasons)[number];

export interface JudgeInput {
  readonly host: Pick<Host, 'email'>;
  readonly meeting: ListedMeeting;
  /** All that the vendor lists of this host: tells whether host and start name one meeting. `'unknown'`: it lists nothing of them, because they left. */
  readonly siblings: readonly ListedMeeting[] | 'unknown';
  readonly spec: CampaignSpec;
  /** Whether an exemption covers this host or meeting today. */
  readonly exempted: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The finding: first what is to be held at all, then scope, then when it was created, then whether it can be replaced. */
export function judge(input: JudgeInput): Judgement {
  const { meeting, spec, now } = input;
  const { created, evidence, proof } = createdWhen(input);
  const answer = (verdict: Verdict, reason: Judgement['reason'] = null): Judgement => ({ verdict, evidence, proof, reason });

  const isRoom = meeting.kind === 'room'; // stands, whether something is planned in it or not
  if (!meeting.next && !isRoom) return answer('unaffected', 'NothingLeft');
  if (!isRoom && meeting.next && Date.parse(meeting.next.start) <= now && !meeting.hasMore) return answer('unaffected', 'AlreadyStarted');
  const exclusion = excludedBy(input);
  if (exclusion) return answer('excluded', exclusion);
  if (created === 'after') return answer('unaffected', 'CreatedAfter');
  if (created === 'unknown' && spec.evidence.unknown === 'review') return answer('refused', 'EvidenceMissing');
  if (meeting.refusal) return answer('refused', meeting.refusal);
  return input.siblings === 'unknown' && newOwner(spec, meeting.identity.site) === undefined ? answer('refused', 'HostLeft') : answer('affected');
}

function excludedBy({ host, meeting, spec, exempted }: JudgeInput): ExclusionReason | null {
  if (exempted) return 'Exempted';
  if (spec.scope.hosts !== 'all' && !spec.scope.hosts.includes(host.email.toLowerCase())) return 'HostOutOfScope';
  if (spec.scope.sites !== 'all' && !spec.scope.sites.includes(meeting.identity.site.toLowerCase())) return 'SiteOutOfScope';
  if (meeting.kind === 'personal-room' && spec.scope.personalRooms === true) return 'InPersonalRoom';
  return null;
}

interface Proof {
  readonly created: 'before' | 'after' | 'unknown';
  readonly evidence: EvidenceGrade;
  readonly proof: ProofKey | null;
}

/**
 * What the evidence says about the creation. Proofs that contradict each other, of whatever grade, count as created before
 * the cut-off: a needless new link costs one mail, a missed one costs the meeting's secrecy. And a calendar may well be
 * younger than the meeting (an event that was copied or entered again), while nothing that shows a meeting is older than it.
 * So the best proof of "before" decides; without one the best of "after". Of a personal room nothing shows that it is new: its link
 * may have been mailed late, and inventories do not list it. Nor do they list meetings of hosts who had left by then.
 */
function createdWhen({ meeting, siblings, spec }: Pick<JudgeInput, 'meeting' | 'siblings' | 'spec'>): Proof {
  const cut = Date.parse(cutOff(spec.advisory));
  const { calendar = [], invitations = [], snapshots } = spec.evidence;
  const dated = (evidence: EvidenceGrade, traces: readonly Trace[]) => proofOf(evidence, sightings(traces, meeting, siblings), cut);
  const inInventories = inventoried(meeting, snapshots, cut).filter(({ created }) => created === 'before' || siblings !== 'unknown');
  const proofs = [...dated('calendar', calendar), ...dated('invitation', invitations), ...inInventories, ...begun(meeting, cut)].filter(({ created }) => created === 'before' || meeting.kind !== 'room');
  return proofs.find(({ created }) => created === 'before') ?? proofs[0] ?? { created: 'unknown', evidence: 'none', proof: null };
}

/** The earliest date decides, whatever named the meeting. That something is new must not rest on a name that two meetings share. */
function proofOf(evidence: EvidenceGrade, seen: readonly Sighting[], cut: number): readonly Proof[] {
  const usable = seen.filter(({ created, ambiguous }) => created < cut || !ambiguous);
  const [first] = usable.toSorted((a, b) => a.created - b.created);
  return first ? [{ created: first.created < cut ? 'before' : 'after', evidence, proof: first.by }] : [];
}

/** Who is in an inventory is as old as that; who is not is newer, if the inventory covers the site. */
function inventoried({ identity }: ListedMeeting, snapshots: readonly InventorySnapshot[], cut: number): readonly Proof[] {
  return snapshots.flatMap(({ takenAt, ids, sites }): readonly Proof[] => {
    const [at, listed] = [Date.parse(takenAt), idSet(ids).has(identity.id)];
    if (listed) return at <= cut ? [{ created: 'before', evidence: 'snapshot', proof: 'id' }] : [];
    const covered = sites === undefined || sites.includes(identity.site.toLowerCase());
    return covered && at >= cut ? [{ created: 'after', evidence: 'snapshot', proof: 'id' }] : [];
  });
}

const begun = ({ firstStart }: ListedMeeting, cut: number): readonly Proof[] => (Date.parse(firstStart) < cut ? [{ created: 'before', evidence: 'series-start', proof: null }] : []);

const sets = new WeakMap<readonly string[], ReadonlySet<string>>();
/** An inventory may hold 100,000 ids and is asked once per meeting. */
function idSet(ids: readonly string[]): ReadonlySet<string> {
  const known = sets.get(ids) ?? new Set(ids);
  sets.set(ids, known);
  return known;
}
