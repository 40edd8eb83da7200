import { setCurrentDetails } from '@temporalio/workflow';
import type { CampaignProgress } from '../../domain/activities.js';
import { announcementTexts } from '../../domain/announcements.js';
import type { CampaignPhase } from '../../domain/campaign.js';
import { failures, type FailureType } from '../../domain/failures.js';
import { gateRemedy, gateText } from '../../domain/gates.js';
import { states } from '../../domain/states.js';
import { windowTexts } from '../../domain/window-texts.js';
import { throttleRemedy, throttleText } from '../../domain/throttle.js';

/** The live board of a campaign in the Temporal UI. Numbers and codes only. */
export function showBoard(campaign: string, phase: CampaignPhase, progress: CampaignProgress): void {
  setCurrentDetails(board(campaign, phase, progress));
}

export function board(campaign: string, phase: CampaignPhase, progress: CampaignProgress): string {
  const { counts, reconciles, pendingNotices, latestGraceEnd, exposedStarts, gates = [], throttles = [], windows, announcements } = progress;
  return [
    `## ${campaign}: ${phase}`,
    ...gates.map((gate) => `**Held by ${gateText(gate)}.** Go on with ${gateRemedy(campaign, gate)}.`),
    ...throttles.map((throttle) => `**Throttled: ${throttleText(throttle)}.** It is taken off with ${throttleRemedy(campaign)}.`),
    ...windowTexts(windows),
    ...announcementTexts(announcements),
    '| state | meetings |\n| --- | ---: |\n' + states.map((state) => `| ${state} | ${counts[state]} |`).join('\n'),
    reconciles ? 'Every meeting found is in exactly one state.' : '**The counts do not reconcile.**',
    `Starts on an old link since the campaign began: ${exposedStarts}. Notices to send: ${pendingNotices}.`,
    latestGraceEnd === null ? '' : `The last grace ends at ${latestGraceEnd}.`,
    ...waves(progress),
    ...holds(progress.failures),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function waves({ open }: CampaignProgress): readonly string[] {
  if (open.length === 0) return [];
  const rows = open.map(({ wave, waiting, running, replaced, retired }) => `| ${wave} | ${waiting} | ${running} | ${replaced} | ${retired} |`);
  return ['| wave | waiting | running | replaced | retired |\n| ---: | ---: | ---: | ---: | ---: |\n' + rows.join('\n')];
}

function holds(counts: CampaignProgress['failures']): readonly string[] {
  const rows = Object.entries(counts).map(([type, count]) => `| ${type} | ${count} | ${failures[type as FailureType].remedy} |`);
  return rows.length === 0 ? [] : ['| failure | meetings | what to do |\n| --- | ---: | --- |\n' + rows.join('\n')];
}
