import type { CampaignSpec } from '../../domain/campaign.js';
import { CEILING_REMEDY, excess } from '../../domain/ceiling.js';
import { REQUESTS_PER_MEETING } from '../../domain/forecast.js';
import { foreseenEnd, lanesOf, quotaWindows } from '../../domain/outlook.js';
import { settingsOf } from '../../domain/rehearsal.js';
import { settleMs } from '../../domain/settling.js';
import { figuresOf, sampleOf } from '../../domain/shape.js';
import { JobFailed, WrongUse } from '../errors.js';
import type { Screen } from '../io.js';
import type { CampaignSession } from '../session.js';
import { count } from '../show/format.js';
import { readPlan, type Plan } from '../show/plan-figures.js';
import { outcomeOf, paceText, requestsPerMeetingOf, type Outcome } from './outcome.js';
import { playScene } from './play.js';
import type { RehearseOptions } from './settings.js';
import { tempoOf } from './tempo.js';

/**
 * Plays the shape of the last plan on a simulated vendor, and writes into the ledger how it went. Reads nothing at the real vendor.
 * @throws WrongUse when there is nothing to rehearse
 */
export async function rehearse(session: CampaignSession, { faults, seed, share, siteForces, scale: wish }: RehearseOptions, screen: Screen): Promise<Outcome> {
  const { ledger, config, spec, name } = session;
  await ledger.migrate();
  const plannedAt = Date.now();
  const { plan: number, shape: whole } = await ledger.rehearsals.shape(name, plannedAt);
  const shape = figuresOf(whole);
  if (shape.meetings === 0) throw new WrongUse(`plan ${number} of ${name} replaces nothing, so there is nothing to rehearse`);
  const plan = withoutAnnouncement(await readPlan(ledger, config, { ...spec, windows: undefined }, { number, now: plannedAt }), plannedAt);
  const tooMany = excess(plan.ceiling, plan.meetings);
  if (tooMany !== null) throw new JobFailed(`not rehearsed: ${tooMany}, so no start would take this plan; ${CEILING_REMEDY}`);
  const sampled = sampleOf(whole, share);
  const sample = figuresOf(sampled);
  const tempo = tempoOf({ workMs: Date.parse(plan.forecast.replacedAt) - plannedAt, requests: sample.meetings * REQUESTS_PER_MEETING, graceMs: spec.graceMs, digestEveryMs: spec.notices.digestEveryMs }, wish);
  screen.line(`Rehearsing plan ${number} of ${name}: ${count(sample.meetings, 'meeting')} of ${count(sample.hosts, 'made-up host')}, ${paceText(tempo.scale)}.`);
  const played = await playScene({ ...tempo, shape: sampled, spec, config, faults, seed, share }, siteForces, screen);
  const windowsMs = await addedByWindows(session, plannedAt, requestsPerMeetingOf(played) ?? undefined);
  const outcome = outcomeOf({ ...tempo, campaign: name, shape, sample, seed, faults, share, plan, plannedAt, settleMs: settleMs(spec) + aheadIn(plan), windowsMs }, played);
  const { at } = await ledger.rehearsals.record(name, { plan: number, passed: outcome.passed, faults, share, shape, settings: settingsOf(spec, config.identities) });
  return { ...outcome, at };
}

/** How much later the plan ends because of the campaign's windows, when its meetings take as many requests as those did that were rehearsed. */
async function addedByWindows({ ledger: { plans }, config: { identities }, spec }: CampaignSession, plannedAt: number, requestsPerMeeting: number | undefined): Promise<number> {
  if (spec.windows === undefined) return 0;
  const [load, { quota }] = await Promise.all([plans.hostLoad(spec.name, ['waiting']), plans.status(spec.name, quotaWindows(identities))]);
  const endOf = (each: CampaignSpec): number => Date.parse(foreseenEnd(each, load, lanesOf(identities, each, quota), plannedAt, requestsPerMeeting) ?? '') || plannedAt;
  return endOf(spec) - endOf({ ...spec, windows: undefined });
}

/** How long organisers have to object before the first of what waits for them is begun. */
const aheadIn = ({ announcements }: Plan): number => (announcements && announcements.meetings > 0 ? announcements.announceMs : 0);

/** A rehearsal tells made-up people a second before: the time that real ones have is no work, and is added to what it took. */
const withoutAnnouncement = (plan: Plan, plannedAt: number): Plan => ({
  ...plan,
  forecast: { ...plan.forecast, replacedAt: new Date(Math.max(plannedAt, Date.parse(plan.forecast.replacedAt) - aheadIn(plan))).toISOString() },
});
