import { announcementTexts } from '../../domain/announcements.js';
import { failures } from '../../domain/failures.js';
import { gateRemedy, gateText } from '../../domain/gates.js';
import { drifts } from '../../domain/recheck.js';
import { states, type Counts, type State } from '../../domain/states.js';
import { rateText, windowTexts } from '../../domain/window-texts.js';
import { throttleText } from '../../domain/throttle.js';
import type { Board, Colours } from '../io.js';
import { credentialText } from './credentials.js';
import { exemptionLines } from './exemptions.js';
import { approvalLines, gateLines } from './gates.js';
import { count, shortKey, span, table, time } from './format.js';
import { lastOrderLines, rollbackLines } from './orders.js';
import type { Status, StatusFigures } from './status-figures.js';
import { throttleLines, throttleOrderLines } from './throttles.js';

const settled = ['done', 'rolled-back', 'gone', 'held', 'failed'] as const satisfies readonly State[];
const open = ['waiting', 'running', 'replaced', 'retired'] as const satisfies readonly State[];
const sum = (counts: Counts, of: readonly State[]): number => of.reduce((total, state) => total + counts[state], 0);

/** `relink status` for people. */
export function statusText({ status, order, wave, warnings }: StatusFigures, colours: Colours): readonly string[] {
  const { campaign, counts, notices, eta } = status;
  return [
    `${colours.bold(campaign)}  ${phaseText({ status, order, wave })}`,
    ...gateLines(campaign, status.gates, colours),
    ...throttleLines(campaign, status.throttles, colours),
    ...rollbackLines(status.orders, colours),
    ...windowTexts(status.windows).map(colours.yellow),
    '',
    ...table(['state', 'meetings'], states.filter((state) => state === 'found' || counts[state] > 0).map((state) => [paint(state, colours), counts[state]]), colours),
    '',
    reconcileText(status, colours),
    `Notices: ${notices.queued} queued, ${notices.sent} sent, ${notices.bounced} bounced.`,
    ...announcementTexts(status.announcements),
    ...quotaTexts(status),
    ...(status.credentials ?? []).map(credentialText),
    ...warnings.map(colours.red),
    exposedText(status, colours),
    ...(eta === null ? [] : [`The last old link is expected to be dead at ${time(eta)}.`]),
    ...failureLines(status, colours),
    ...recheckLines(status, colours),
    ...spaced(exemptionLines(campaign, status.exemptions, colours)),
    ...approvalLines(status.approvals, colours),
    ...throttleOrderLines(status.throttleOrders, colours),
    ...lastOrderLines(status.orders, colours),
  ];
}

const spaced = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : ['', ...lines]);

/** The live board: for a terminal in full, for a log in one line. `now` in milliseconds since the epoch. */
export function board(figures: StatusFigures, colours: Colours, width: number, now: number): Board {
  const { status, warnings } = figures;
  const { campaign, counts, notices, quota, eta } = status;
  const todo = sum(counts, open);
  const all = todo + sum(counts, settled);
  const finished = counts.done + counts.gone + counts['rolled-back'];
  const numbers = states.filter((state) => counts[state] > 0 && state !== 'found');
  return {
    block: [
      `${colours.bold(campaign)}  ${phaseText(figures)}${eta === null ? '' : colours.dim(`  about ${span(Math.max(0, Date.parse(eta) - now))} to go`)}`,
      `${bar(counts, all, Math.min(60, width - 24), colours)} ${finished} of ${all} affected`,
      numbers.map((state) => `${paint(state, colours)} ${counts[state]}`).join('  '),
      `notices ${notices.sent} sent, ${notices.queued} queued${notices.bounced > 0 ? `, ${notices.bounced} bounced` : ''}  ${quota.map(quotaText).join('  ')}`,
      `${reconcileText(status, colours)} ${exposedText(status, colours)}`,
      ...gateLines(campaign, status.gates, colours),
      ...throttleLines(campaign, status.throttles, colours),
      ...rollbackLines(status.orders, colours),
      ...windowTexts(status.windows).map(colours.yellow),
      ...announcementTexts(status.announcements),
      ...warnings.map(colours.red),
      ...failureLines(status, colours),
    ],
    line: `${phaseText(figures)}${(status.gates ?? []).map((gate) => `, held by ${gateText(gate)}: ${gateRemedy(campaign, gate)}`).join('')}${(status.throttles ?? []).map((order) => `, throttled (${throttleText(order)})`).join('')}${slowedByWindow(status.windows)}${status.announcements?.firstAt ? `, announced, nothing before ${time(status.announcements.firstAt)}` : ''}: ${numbers.map((state) => `${state} ${counts[state]}`).join(', ') || 'nothing found yet'}; notices sent ${notices.sent}; exposed starts ${status.exposedStarts}${status.reconciles ? '' : '; DOES NOT RECONCILE'}${warnings.map((warning) => `; ${warning.split(';')[0]}`).join('')}`,
  };
}

/** Of the windows for writes, unless they let all through. */
function slowedByWindow(windows: Status['windows'] = []): string {
  const { rate = null, until = null } = windows.find(({ of }) => of === 'writes') ?? {};
  return rate === null ? '' : `, ${rate === 0 ? 'closed' : `at most ${rateText(rate)}`} by its windows${until === null ? '' : ` until ${time(until)}`}`;
}

function phaseText({ status: { phase }, order, wave }: Pick<StatusFigures, 'status' | 'order' | 'wave'>): string {
  const isOrdered = order !== 'go' && phase !== 'finished' && phase !== 'stopped' && !(order === 'pause' && (phase === 'paused' || phase === 'awaiting-approval')) && !(order === 'rollback' && phase === 'rolling-back');
  return `${phase}${isOrdered ? ` (order: ${order})` : ''}${wave !== null && phase === 'remediating' ? `, wave ${wave.current} of ${wave.last}` : ''}`;
}

/** Done, replaced, running: the rest of the bar waits. */
function bar(counts: Counts, all: number, width: number, colours: Colours): string {
  const cells = (n: number): number => (all === 0 ? 0 : Math.floor((n / all) * width));
  const finished = cells(sum(counts, settled) + counts.retired);
  const replaced = cells(sum(counts, settled) + counts.retired + counts.replaced) - finished;
  const running = cells(sum(counts, settled) + counts.retired + counts.replaced + counts.running) - finished - replaced;
  const waiting = width - finished - replaced - running;
  return colours.green('█'.repeat(finished)) + colours.cyan('▓'.repeat(replaced)) + colours.yellow('▒'.repeat(running)) + colours.dim('░'.repeat(waiting));
}

function paint(state: State, colours: Colours): string {
  if (state === 'done') return colours.green(state);
  if (state === 'failed' || state === 'held') return colours.red(state);
  return state === 'running' || state === 'replaced' ? colours.cyan(state) : state;
}

const reconcileText = ({ reconciles, counts }: Status, colours: Colours): string =>
  reconciles ? `Every one of the ${count(counts.found, 'meeting')} found is in exactly one state.` : colours.red('The counts do not reconcile: a meeting is in no state or in two.');

const exposedText = ({ exposedStarts }: Status, colours: Colours): string =>
  exposedStarts === 0 ? 'No meeting began on an old link.' : colours.red(`${count(exposedStarts, 'meeting')} began on an old link.`);

const quotaText = ({ identity, createsUsed, createsLimit, quietUntil }: Status['quota'][number]): string =>
  `${identity}: ${createsUsed} of ${createsLimit} creations${quietUntil === null ? '' : `, quiet until ${time(quietUntil)}`}`;

const quotaTexts = ({ quota }: Status): readonly string[] => quota.map((line) => `Identity ${quotaText(line)}.`);

function recheckLines({ recheck }: Status, colours: Colours): readonly string[] {
  if (!recheck) return [];
  const told = recheck.drifted.map(({ drift, meetings, example }) => `${colours.red(`${drift} ${meetings}`)}, such as ${shortKey(example)}: ${drifts[drift]}`);
  return [`${count(recheck.rechecked, 'meeting')} that were done ${recheck.rechecked === 1 ? 'was' : 'were'} looked at again; ${told.length === 0 ? 'all are as they were left.' : 'not as they were left:'}`, ...told];
}

const failureLines = (status: Status, colours: Colours): readonly string[] =>
  Object.entries(status.failures).map(([type, n]) => `${colours.red(`${type} ${n}`)}: ${failures[type as keyof typeof failures].remedy}`);
