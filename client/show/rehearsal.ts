import type { RelinkConfig } from '../../adapters/runtime/config/index.js';
import type { CampaignSpec } from '../../domain/campaign.js';
import type { Ledger } from '../../domain/ledger.js';
import { settingsOf, standingOf, type FaultProfile, type RehearsalStanding, type Rehearsed } from '../../domain/rehearsal.js';
import { figuresOf } from '../../domain/shape.js';
import type { Instant } from '../../domain/meeting.js';
import type { Colours } from '../io.js';
import { time } from './format.js';

/** Whether what a plan would do has been rehearsed. */
export interface PlanRehearsal {
  /** Of the newest one that stands for this plan with these settings. */
  readonly standing: RehearsalStanding;
  /** That one, or the newest of all. */
  readonly last: { readonly plan: number; readonly passed: boolean; readonly faults: FaultProfile; readonly share: number; readonly at: Instant } | null;
  /** Whether `start` asks for one that passed. */
  readonly asked: boolean;
}

/** Of the last plan that is kept, of so many meetings. */
export async function readRehearsal({ rehearsals }: Pick<Ledger, 'rehearsals'>, config: RelinkConfig, spec: CampaignSpec, meetings: number): Promise<PlanRehearsal> {
  const list = await rehearsals.list(spec.name);
  const asked = isAsked(spec, meetings);
  if (list.length === 0) return { standing: 'not rehearsed', last: null, asked };
  const { shape } = await rehearsals.shape(spec.name, Date.now());
  const { standing, last } = standingOf(list, { shape: figuresOf(shape), settings: settingsOf(spec, config.identities) });
  return { standing, last: last && shown(last), asked };
}

const isAsked = ({ rehearseAbove = 'never' }: CampaignSpec, meetings: number): boolean => rehearseAbove !== 'never' && meetings > rehearseAbove;
const shown = ({ plan, passed, faults, share, at }: Rehearsed): PlanRehearsal['last'] => ({ plan, passed, faults, share, at });

/** `Rehearsed: passed at … (plan 3, faults ordinary, 10% of the hosts).` */
export function rehearsalText(campaign: string, { standing, last, asked }: PlanRehearsal, { red, green }: Colours): string {
  const which = last && `plan ${last.plan}, faults ${last.faults}${last.share === 1 ? '' : `, ${Math.round(last.share * 100)}% of the hosts`}`;
  if (standing === 'passed') return `Rehearsed: ${green('passed')} at ${time(last?.at ?? null)} (${which}).`;
  if (standing === 'failed') return `Rehearsed: ${red('failed')} at ${time(last?.at ?? null)} (${which}); see \`relink rehearse ${campaign}\`.`;
  const before = last ? `The last one (${which}, ${last.passed ? 'passed' : 'failed'} at ${time(last.at)}) was of less, or with other settings. ` : '';
  return `Not rehearsed. ${before}${asked ? `\`relink start\` asks for it: \`relink rehearse ${campaign}\`.` : `\`relink rehearse ${campaign}\` plays it on a simulated vendor.`}`;
}
