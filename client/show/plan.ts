import { CEILING_REMEDY, excess } from '../../domain/ceiling.js';
import type { Colours } from '../io.js';
import { exemptionLines } from './exemptions.js';
import { count, span, table, time } from './format.js';
import type { Plan, ReasonLine } from './plan-figures.js';
import { rehearsalText } from './rehearsal.js';

/** `relink plan` for people. `now` in milliseconds since the epoch. */
export function planText(plan: Plan, colours: Colours, now: number): readonly string[] {
  const { advisory, meetings } = plan;
  return [
    `${colours.bold(`Plan ${plan.number} of ${plan.campaign}`)}: ${count(meetings, 'meeting')} to replace`,
    `${advisory.id}: unsafe is what was created before ${time(advisory.createdBefore)} (with margin: ${time(advisory.cutOff)}).`,
    ...section('Waves, soonest start first', waveTable(plan, colours), colours),
    ...section('Point of no return', pivotText(plan), colours),
    ...section('Forecast', forecastText(plan, now), colours),
    ...section('Findings by evidence', table(['evidence', 'affected', 'unaffected', 'excluded', 'refused'], plan.findings.map(({ evidence, affected, unaffected, excluded, refused }) => [evidence, affected, unaffected, excluded, refused]), colours), colours),
    ...section('Refused: affected, but nothing of them may be lost', reasonTable(plan.refusals, colours), colours),
    ...section('Left alone', reasonTable(plan.others, colours), colours),
    ...section('Exemptions', exemptionLines(plan.campaign, plan.exemptions, colours), colours),
    '',
    ...(meetings === 0 ? [] : [rehearsalText(plan.campaign, plan.rehearsal, colours)]),
    ceilingText(plan, colours),
  ];
}

function section(title: string, lines: readonly string[], colours: Colours): readonly string[] {
  return lines.length === 0 ? [] : ['', colours.bold(title), ...lines];
}

function waveTable({ waves }: Plan, colours: Colours): readonly string[] {
  if (waves.length === 0) return ['Nothing waits to be replaced.'];
  const rows = waves.map((wave) => [wave.wave, wave.meetings, wave.hosts, time(wave.soonest), time(wave.beginsAt), time(wave.pointOfNoReturn), time(wave.endsAt)]);
  return table(['wave', 'meetings', 'hosts', 'soonest start', 'begins about', 'point of no return', 'ends about'], rows, colours);
}

function pivotText({ pointOfNoReturn: { earliest, graceMs }, departed }: Plan): readonly string[] {
  if (earliest === null) return [];
  return [
    `The step \`retire\` deletes the old meeting; the vendor cannot restore it. All before it can be put back${departed ? ', but for the hosts named below' : ''}.`,
    `It comes ${span(graceMs)} after the organiser is told, sooner only where the meeting would start on its old link:`,
    `at ${time(earliest)} at the earliest, if the campaign started now.`,
    ...departedText(departed),
  ];
}

const departedText = (departed: Plan['departed']): readonly string[] =>
  departed === undefined
    ? []
    : [`Before that, the step \`reassign host\` gives ${count(departed.meetings, 'meeting')} whose host left to the host that the campaign file names. It cannot be taken back: a rollback leaves ${departed.meetings === 1 ? 'it' : 'them'} there, and the vendor mails a cancellation to whoever had ${departed.meetings === 1 ? 'it' : 'them'}.`];

function forecastText({ forecast, notices, announcements, exposed, meetings }: Plan, now: number): readonly string[] {
  if (meetings === 0) return [];
  const { requests, replacedAt, endsAt, limitedBy, closedMs } = forecast;
  return [
    `About ${requests} requests; all replaced after ${span(Date.parse(replacedAt) - now)} (${time(replacedAt)}), the last old link dead after ${span(Date.parse(endsAt) - now)} (${time(endsAt)}).`,
    limitedBy === 'creations' ? `What decides is the quota of creations: all replaced after ${identitiesText(forecast, now)}.` : 'What decides is the rate of requests that the vendor allows.',
    ...(closedMs === 0 ? [] : [`Of that time ${span(closedMs)} are outside the campaign's windows: nothing is begun then.`]),
    exposedText(exposed),
    `${count(notices.organisers, 'organiser')} to be told: at once about meetings within ${span(notices.urgentWithinMs)}, else by one mail every ${span(notices.digestEveryMs)} at most.`,
    ...announcementText(announcements),
  ];
}

const identitiesText = ({ identities }: Plan['forecast'], now: number): string =>
  identities.map(({ identities: number, replacedAt }, i) => `${span(Date.parse(replacedAt) - now)} with ${i === 0 ? count(number, 'identity', 'identities') : number}`).join(', ');

const exposedText = ({ meetings, soonest }: Plan['exposed']): string =>
  meetings === 0
    ? 'Every meeting is reached before its next start.'
    : `${count(meetings, 'meeting')} ${meetings === 1 ? 'starts' : 'start'} before ${meetings === 1 ? 'it' : 'they'} can be reached, on the old link, the first at ${time(soonest)}: \`relink plan --csv FILE\` says which.`;

const announcementText = (ahead: Plan['announcements']): readonly string[] =>
  ahead === undefined
    ? []
    : [`${count(ahead.organisers, 'organiser')} told ${span(ahead.announceMs)} ahead, of ${count(ahead.meetings, 'meeting')} that ${ahead.meetings === 1 ? 'is' : 'are'} not begun before; ${count(ahead.tooSoon, 'meeting')} that ${ahead.tooSoon === 1 ? 'starts' : 'start'} too soon ${ahead.tooSoon === 1 ? 'is' : 'are'} not held up.`];

const reasonTable = (lines: readonly ReasonLine[], colours: Colours): readonly string[] =>
  lines.length === 0 ? [] : table(['reason', 'meetings', 'why'], lines.map(({ reason, meetings, explanation }) => [reason, meetings, explanation]), colours);

function ceilingText({ meetings, ceiling }: Plan, colours: Colours): string {
  const tooMany = excess(ceiling, meetings);
  if (tooMany !== null) return colours.red(`${tooMany}: \`relink start\` will refuse; ${CEILING_REMEDY}.`);
  const { maxMeetings, maxShare, found } = ceiling;
  const share = maxShare === '100%' ? '' : `, and of ${maxShare} of the ${found} found that are not over`;
  return `Within the ceiling of ${maxMeetings} meetings${share}. Nothing was written at the vendor; \`relink start\` begins.`;
}
