import type { RelinkConfig } from '../../adapters/runtime/config/index.js';
import type { AnnouncementStanding } from '../../domain/announcements.js';
import { cutOff } from '../../domain/advisory.js';
import type { CampaignSpec } from '../../domain/campaign.js';
import { ceilingOf, type Ceiling } from '../../domain/ceiling.js';
import type { Exemption } from '../../domain/exemptions.js';
import { exposedIn } from '../../domain/exposure.js';
import { byIdentities, forecast, type Forecast, type QueuedMeeting, type WithIdentities } from '../../domain/forecast.js';
import { evidenceGrades, exclusionReasons, type EvidenceGrade } from '../../domain/judge.js';
import type { Ledger, PlannedWave } from '../../domain/ledger.js';
import { refusalReasons, type Instant } from '../../domain/meeting.js';
import { lanesOf, quotaWindows } from '../../domain/outlook.js';
import { graceEnd } from '../../domain/retire.js';
import { settledAt } from '../../domain/settling.js';
import { steps } from '../../domain/states.js';
import { openFrom } from '../../domain/windows.js';
import { readRehearsal, type PlanRehearsal } from './rehearsal.js';

type Findings = Awaited<ReturnType<Ledger['plans']['findings']>>;

/** Findings of one grade of evidence, by verdict. */
export interface GradeLine {
  readonly evidence: EvidenceGrade;
  readonly affected: number;
  readonly unaffected: number;
  readonly excluded: number;
  readonly refused: number;
}

export interface ReasonLine {
  readonly reason: string;
  readonly meetings: number;
  readonly explanation: string;
}

export interface WaveLine extends PlannedWave {
  readonly beginsAt: Instant;
  /** The earliest moment at which an old meeting of this wave may be deleted. */
  readonly pointOfNoReturn: Instant;
  /** When its last old link is dead, as far as the vendor's limits decide. */
  readonly endsAt: Instant;
}

/** What `relink plan --json` prints. Nothing of it names a person or a meeting. */
export interface Plan {
  readonly campaign: string;
  /** Of the document that is kept. */
  readonly number: number;
  readonly advisory: { readonly id: string; readonly createdBefore: Instant; readonly cutOff: Instant };
  /** Affected meetings that wait to be replaced. */
  readonly meetings: number;
  readonly waves: readonly WaveLine[];
  readonly pointOfNoReturn: {
    /** Steps that cannot be undone. */
    readonly steps: readonly string[];
    readonly graceMs: number;
    /** `null` when nothing waits. */
    readonly earliest: Instant | null;
  };
  readonly forecast: Forecast & {
    readonly endsAt: Instant;
    /** Where the quota of creations decides: when all would be replaced with so many identities. Empty where it does not. */
    readonly identities: readonly WithIdentities[];
  };
  /** Meetings that start next before they can be reached, on their old link. */
  readonly exposed: { readonly meetings: number; readonly soonest: Instant | null; readonly keys: readonly string[] };
  readonly notices: { readonly organisers: number; readonly digestEveryMs: number; readonly urgentWithinMs: number };
  /** Who gets a mail ahead, and about how many meetings; those that start too soon are not held up for it. Absent when the campaign announces nothing. */
  readonly announcements?: { readonly announceMs: number; readonly organisers: number; readonly meetings: number; readonly tooSoon: number };
  /** Meetings among those to replace whose host left: each gets another host first, which cannot be taken back. Absent when there are none. */
  readonly departed?: { readonly meetings: number };
  readonly ceiling: Ceiling;
  readonly findings: readonly GradeLine[];
  readonly refusals: readonly ReasonLine[];
  /** Why meetings are left alone. */
  readonly others: readonly ReasonLine[];
  /** Who left what alone, until when and why: those in force. */
  readonly exemptions: readonly Exemption[];
  readonly rehearsal: PlanRehearsal;
}

/** Reads the plan that is kept under this number from the ledger, as the last inventory left it. `now` in milliseconds since the epoch. */
export async function readPlan(ledger: Pick<Ledger, 'plans' | 'exemptions' | 'rehearsals' | 'announcements'>, config: RelinkConfig, spec: CampaignSpec, { number, now }: { readonly number: number; readonly now: number }): Promise<Plan> {
  const { name } = spec;
  const { plans } = ledger;
  const [waves, load, queue, findings, organisers, status, exemptions, announced, departed] = await Promise.all([
    plans.waves(name),
    plans.hostLoad(name, ['waiting']),
    plans.queue(name),
    plans.findings(name),
    plans.organisers(name),
    plans.status(name, quotaWindows(config.identities)),
    ledger.exemptions.list(name),
    ledger.announcements.standing(name),
    plans.departed(name),
  ]);
  const rehearsal = await readRehearsal(ledger, config, spec, total(waves));
  const lanes = lanesOf(config.identities, spec, status.quota);
  const outlook = forecast(now, load, lanes, spec.windows?.writes);
  const identities = outlook.limitedBy === 'creations' ? byIdentities(now, load, lanes, spec.windows?.writes) : [];
  const exposed = exposedIn(queue, lanes, spec, now);
  return planOf(spec, { number, waves, findings, organisers, exemptions, announced, departed, rehearsal, outlook, identities, exposed });
}

export interface PlanFacts {
  readonly number: number;
  readonly waves: readonly PlannedWave[];
  readonly findings: Findings;
  readonly organisers: number;
  readonly exemptions: readonly Exemption[];
  readonly announced?: AnnouncementStanding | undefined;
  /** Waiting meetings whose host left. Default none. */
  readonly departed?: number;
  readonly rehearsal: PlanRehearsal;
  readonly outlook: Forecast;
  /** Default none. */
  readonly identities?: readonly WithIdentities[];
  /** Default none. */
  readonly exposed?: readonly Pick<QueuedMeeting, 'meeting' | 'startsAt'>[];
}

const irreversible = Object.entries(steps).flatMap(([step, kind]) => (kind === 'irreversible' ? [step] : []));
const total = (waves: readonly PlannedWave[]): number => waves.reduce((sum, { meetings }) => sum + meetings, 0);

export function planOf(spec: CampaignSpec, { number, waves, findings, organisers, exemptions, announced, departed = 0, rehearsal, outlook, identities = [], exposed = [] }: PlanFacts): Plan {
  const lines = waves.map((wave) => waveLine(spec, wave, outlook));
  const meetings = total(waves);
  const earliest = lines.map(({ pointOfNoReturn }) => pointOfNoReturn).sort()[0] ?? null;
  return {
    campaign: spec.name,
    number,
    advisory: { id: spec.advisory.id, createdBefore: spec.advisory.createdBefore, cutOff: cutOff(spec.advisory) },
    meetings,
    waves: lines,
    pointOfNoReturn: { steps: irreversible.filter((step) => step !== 'reassign host' || departed > 0), graceMs: spec.graceMs, earliest },
    forecast: { ...outlook, endsAt: meetings === 0 ? outlook.replacedAt : settledAt(spec, outlook.replacedAt), identities },
    exposed: { meetings: exposed.length, soonest: exposed.flatMap(({ startsAt }) => startsAt ?? []).sort()[0] ?? null, keys: exposed.map(({ meeting }) => meeting) },
    notices: { organisers, digestEveryMs: spec.notices.digestEveryMs, urgentWithinMs: spec.notices.urgentWithinMs },
    ...announcementsOf(spec, announced),
    ...(departed > 0 ? { departed: { meetings: departed } } : {}),
    ceiling: ceilingOf(spec.limits, meetings, findings),
    findings: byGrade(findings),
    refusals: reasons(findings, 'refused'),
    others: [...reasons(findings, 'excluded'), ...reasons(findings, 'unaffected')],
    exemptions: exemptions.filter(({ standing }) => standing === 'in force'),
    rehearsal,
  };
}

const announcementsOf = ({ notices: { announceMs } }: CampaignSpec, announced: AnnouncementStanding | undefined): Pick<Plan, 'announcements'> =>
  announceMs === undefined || !announced ? {} : { announcements: { announceMs, ...announced.toTell, tooSoon: announced.tooSoon } };

function waveLine(spec: CampaignSpec, wave: PlannedWave, outlook: Forecast): WaveLine {
  const foreseen = outlook.waves.find((each) => each.wave === wave.wave);
  const beginsAt = foreseen?.beginsAt ?? outlook.replacedAt;
  return {
    ...wave,
    beginsAt,
    pointOfNoReturn: opening(spec, graceEnd({ now: openFrom(spec.windows?.notices ?? [], Date.parse(beginsAt)), graceMs: spec.graceMs, startGuardMs: spec.startGuardMs, nextStart: wave.soonest })),
    endsAt: settledAt(spec, foreseen?.replacedAt ?? outlook.replacedAt),
  };
}

/** Nothing is deleted before. */
const opening = ({ windows }: CampaignSpec, at: Instant): Instant => new Date(openFrom(windows?.writes ?? [], Date.parse(at))).toISOString();

function byGrade(findings: Findings): readonly GradeLine[] {
  return evidenceGrades.flatMap((evidence) => {
    const own = findings.filter((finding) => finding.evidence === evidence);
    if (own.length === 0) return [];
    const line = { evidence, affected: 0, unaffected: 0, excluded: 0, refused: 0 };
    for (const { state, count } of own) line[state === 'unaffected' || state === 'excluded' || state === 'refused' ? state : 'affected'] += count;
    return [line];
  });
}

const explanations: Readonly<Record<string, string>> = {
  ...refusalReasons,
  ...exclusionReasons,
  CreatedAfter: 'it was created after the cut-off',
  AlreadyStarted: 'its last occurrence has begun',
  NothingLeft: 'nothing of it is left to be held',
};

function reasons(findings: Findings, state: 'refused' | 'excluded' | 'unaffected'): readonly ReasonLine[] {
  const counts = new Map<string, number>();
  for (const finding of findings) {
    if (finding.state !== state) continue;
    const reason = finding.reason ?? state;
    counts.set(reason, (counts.get(reason) ?? 0) + finding.count);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([reason, meetings]) => ({ reason, meetings, explanation: explanations[reason] ?? '' }));
}
