import type { CampaignOrder, CampaignPhase } from './campaign.js';
import { counted } from './counted.js';
import { failures as closedList, type FailureType } from './failures.js';
import type { Instant } from './meeting.js';
import type { Foreseen, Outlook, RateNow } from './outlook.js';
import type { CampaignStatus } from './plan-book.js';
import { span, time } from './spans.js';
import type { Counts } from './states.js';
import { rateText } from './window-texts.js';

/** What the board in the Temporal UI, `relink watch` and `relink status` say in the same words. No name of anybody, no reason. */

type Stage = Pick<CampaignStatus, 'phase' | 'order' | 'wave'>;

/** `remediating (order: stop), wave 2 of 4` */
export function phaseText({ phase, order, wave }: Stage): string {
  return `${phase}${isLate(phase, order) ? ` (order: ${order})` : ''}${wave !== null && phase === 'remediating' ? `, wave ${wave.current} of ${wave.last}` : ''}`;
}

/** The campaign has not carried it out yet. */
function isLate(phase: CampaignPhase, order: CampaignOrder): boolean {
  if (order === 'go' || phase === 'finished' || phase === 'stopped') return false;
  if (order === 'pause') return phase !== 'paused' && phase !== 'awaiting-approval';
  return order !== 'rollback' || phase !== 'rolling-back';
}

interface Hold extends Pick<Stage, 'phase' | 'order'> {
  readonly counts: Counts;
  readonly elsewhere?: number | undefined;
  readonly outages?: CampaignStatus['outages'] | undefined;
}

/** What an operator, another campaign or a failure holds up, with the command that resolves it where there is one; gates and throttles have sentences of their own. */
export function holdTexts(campaign: string, { phase, order, counts, elsewhere = 0, outages = [] }: Hold): readonly string[] {
  const { failed, held } = counts;
  return [
    ...(order === 'pause' && phase === 'paused' ? [`Held by a pause: nothing is created or deleted. Go on with \`relink resume ${campaign}\`.`] : []),
    ...(phase === 'stopped' && order === 'stop' ? [`Stopped: nothing is begun, and what is in grace stays there. Go on with \`relink start ${campaign}\`.`] : []),
    ...(elsewhere === 0 ? [] : [`${counted(elsewhere, 'waiting meeting is', 'waiting meetings are')} with another campaign: nothing is begun here before that is over or put back.`]),
    ...outages.map(({ identity, failure, meetings }) => `${counted(meetings, 'meeting gets', 'meetings get')} no further with identity ${identity}, ${failure} at every attempt: ${closedList[failure].remedy}.`),
    ...(failed + held === 0 ? [] : [`${failed} failed, ${held} held: see them with \`relink failures ${campaign}\`, take them up again with \`relink retry ${campaign} --class TYPE\`.`]),
  ];
}

/** So many classes are named, the others counted. */
const TOP = 5;

/** Most frequent first. */
export function failureTexts(campaign: string, failures: Readonly<Partial<Record<FailureType, number>>>): readonly string[] {
  const sorted = (Object.entries(failures) as [FailureType, number][]).sort(([, a], [, b]) => b - a);
  const others = sorted.slice(TOP).reduce((sum, [, meetings]) => sum + meetings, 0);
  return [...sorted.slice(0, TOP).map(([type, meetings]) => `${type} ${meetings}: ${closedList[type].remedy}`), ...(others === 0 ? [] : [`and ${counted(others, 'meeting')} of other classes: \`relink failures ${campaign}\``])];
}

export const reconcileText = (reconciles: boolean, { found }: Counts): string =>
  reconciles ? `Every one of the ${counted(found, 'meeting')} found is in exactly one state.` : 'The counts do not reconcile: a meeting is in no state or in two.';

export const exposedText = (exposedStarts: number): string => (exposedStarts === 0 ? 'No meeting began on an old link.' : `${counted(exposedStarts, 'meeting')} began on an old link.`);

export const noticesText = ({ queued, sent, bounced }: CampaignStatus['notices']): string => `Notices: ${queued} queued, ${sent} sent, ${bounced} bounced.`;

/** What is used of each quota, how fast it goes, when it ends and how that has moved, and what is due next. `now` in milliseconds since the epoch. */
export const outlookTexts = ({ quota, rate, eta, deadline, foreseen }: Outlook & { readonly foreseen?: Foreseen | undefined }, now: number): readonly string[] => [
  ...quota.map(({ identity, createsUsed, createsLimit, quietUntil }) => `Identity ${identity}: ${createsUsed} of ${createsLimit} creations${quietUntil === null ? '' : `, quiet until ${time(quietUntil)}`}.`),
  ...(rate === null ? [] : [`Rate now: ${counted(rate.replaced, 'meeting')} replaced in the last 10 minutes; allowed are ${rate.most.map(mostText).join(', ')}.`]),
  ...(eta === null ? [] : [`The last old link is expected to be dead at ${time(eta)}${movesText(eta, foreseen, now)}.`]),
  ...(deadline === null ? [] : [`Next deadline: ${time(deadline)}, when a meeting starts that has no new link yet.`]),
];

/** `77 requests a minute of ops-1 (slower since the vendor asked for silence)` */
const mostText = ({ identity, requestsPerMinute, learned }: RateNow['most'][number]): string =>
  `${requestsPerMinute === 0 ? 'none' : rateText(requestsPerMinute)} of ${identity}${learned ? ' (slower since the vendor asked for silence)' : ''}`;

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** `, 20 min later than the plan foresaw, 5 min earlier than an hour ago` */
function movesText(eta: Instant, foreseen: Foreseen | undefined, now: number): string {
  const { planned = null, earlier = null } = foreseen ?? {};
  const than = (before: Instant, when: (moved: boolean) => string): string => {
    const ms = Date.parse(eta) - Date.parse(before);
    if (Math.abs(ms) < MINUTE_MS) return `, ${when(false)}`;
    return `, ${span(Math.abs(ms))} ${ms > 0 ? 'later' : 'earlier'} than ${when(true)}`;
  };
  const age = earlier === null ? 0 : now - Date.parse(earlier.at);
  const ago = age < 1.5 * HOUR_MS ? 'an hour ago' : `${span(age)} ago`;
  return `${planned === null ? '' : than(planned, (moved) => (moved ? 'the plan foresaw' : 'as the plan foresaw'))}${earlier === null ? '' : than(earlier.endsAt, (moved) => (moved ? ago : `as ${ago}`))}`;
}
