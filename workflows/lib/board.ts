import { setCurrentDetails } from '@temporalio/workflow';
import type { CampaignProgress } from '../../domain/activities.js';
import { announcementTexts } from '../../domain/announcements.js';
import { exposedText, failureTexts, holdTexts, noticesText, outlookTexts, phaseText, reconcileText } from '../../domain/board-texts.js';
import type { CampaignPhase } from '../../domain/campaign.js';
import { gateRemedy, gateText } from '../../domain/gates.js';
import { time } from '../../domain/spans.js';
import { states } from '../../domain/states.js';
import { throttleRemedy, throttleText } from '../../domain/throttle.js';
import { windowTexts } from '../../domain/window-texts.js';

/** The live board of a campaign in the Temporal UI, in the words of `relink status`. Numbers and codes only. */
export function showBoard(campaign: string, phase: CampaignPhase, progress: CampaignProgress): void {
  setCurrentDetails(board(campaign, phase, progress, Date.now()));
}

/** `now` in milliseconds since the epoch. */
export function board(campaign: string, phase: CampaignPhase, progress: CampaignProgress, now: number): string {
  const { counts, reconciles, latestGraceEnd, exposedStarts, order, gates = [], throttles = [], windows, announcements, figures } = progress;
  return [
    `## ${campaign}: ${phaseText({ phase, order, wave: figures?.wave ?? null })}`,
    ...gates.map((gate) => `**Held by ${gateText(gate)}.** Go on with ${gateRemedy(campaign, gate)}.`),
    ...throttles.map((throttle) => `**Throttled: ${throttleText(throttle)}.** Take it off with ${throttleRemedy(campaign)}.`),
    ...windowTexts(windows),
    ...holdTexts(campaign, { phase, order, counts, elsewhere: figures?.elsewhere, outages: figures?.outages }),
    ...(figures ? outlookTexts(figures, now) : []),
    '| state | meetings |\n| --- | ---: |\n' + states.map((state) => `| ${state} | ${counts[state]} |`).join('\n'),
    `${reconciles ? '' : '**'}${reconcileText(reconciles, counts)}${reconciles ? '' : '**'}`,
    `${exposedText(exposedStarts)}${figures ? ` ${noticesText(figures.notices)}` : ''}`,
    ...announcementTexts(announcements),
    latestGraceEnd === null ? '' : `The last grace ends at ${time(latestGraceEnd)}.`,
    ...waves(progress),
    ...failureTexts(campaign, progress.failures),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function waves({ open }: CampaignProgress): readonly string[] {
  if (open.length === 0) return [];
  const rows = open.map(({ wave, waiting, running, replaced, retired }) => `| ${wave} | ${waiting} | ${running} | ${replaced} | ${retired} |`);
  return ['| wave | waiting | running | replaced | retired |\n| ---: | ---: | ---: | ---: | ---: |\n' + rows.join('\n')];
}
