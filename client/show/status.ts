import { announcementTexts } from '../../domain/announcements.js';
import { exposedText, failureTexts, holdTexts, noticesText, outlookTexts, phaseText, reconcileText } from '../../domain/board-texts.js';
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

/** `relink status` for people. `now` in milliseconds since the epoch. */
export function statusText({ status, order, warnings }: StatusFigures, colours: Colours, now: number): readonly string[] {
  const { campaign, counts } = status;
  return [
    `${colours.bold(campaign)}  ${phaseText({ ...status, order })}`,
    ...standingLines({ status, order }, colours),
    '',
    ...table(['state', 'meetings'], states.filter((state) => state === 'found' || counts[state] > 0).map((state) => [paint(state, colours), counts[state]]), colours),
    '',
    reconcileLine(status, colours),
    noticesText(status.notices),
    ...announcementTexts(status.announcements),
    ...outlookTexts(status, now),
    ...(status.credentials ?? []).map(credentialText),
    ...warnings.map(colours.red),
    exposedLine(status, colours),
    ...failureLines(status, colours),
    ...recheckLines(status, colours),
    ...spaced(exemptionLines(campaign, status.exemptions, colours)),
    ...approvalLines(status.approvals, colours),
    ...throttleOrderLines(status.throttleOrders, colours),
    ...lastOrderLines(status.orders, colours),
  ];
}

/** What ended it, holds it up or slows it down, each with what resolves it or the time when it is over. */
const standingLines = ({ status, order }: Pick<StatusFigures, 'status' | 'order'>, colours: Colours): readonly string[] => [
  ...(status.workflowFailure === null ? [] : [colours.red(`Ended in failure: ${status.workflowFailure}.`)]),
  ...gateLines(status.campaign, status.gates, colours),
  ...throttleLines(status.campaign, status.throttles, colours),
  ...rollbackLines(status.orders, colours),
  ...windowTexts(status.windows).map(colours.yellow),
  ...holdTexts(status.campaign, { ...status, order }).map(colours.yellow),
];

const reconcileLine = ({ reconciles, counts }: Status, { red }: Colours): string => (reconciles ? reconcileText(reconciles, counts) : red(reconcileText(reconciles, counts)));

const exposedLine = ({ exposedStarts }: Status, { red }: Colours): string => (exposedStarts === 0 ? exposedText(exposedStarts) : red(exposedText(exposedStarts)));

const failureLines = ({ campaign, failures }: Status, { red }: Colours): readonly string[] => failureTexts(campaign, failures).map((line) => line.replace(/^[A-Za-z]+ \d+/, red));

const spaced = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : ['', ...lines]);

/** The live board: for a terminal in full, for a log in one line. `now` in milliseconds since the epoch. */
export function board({ status, order, warnings }: StatusFigures, colours: Colours, width: number, now: number): Board {
  const { campaign, counts, eta } = status;
  const todo = sum(counts, open);
  const all = todo + sum(counts, settled);
  const finished = counts.done + counts.gone + counts['rolled-back'];
  const numbers = states.filter((state) => counts[state] > 0 && state !== 'found');
  return {
    block: [
      `${colours.bold(campaign)}  ${phaseText({ ...status, order })}${eta === null ? '' : colours.dim(`  about ${span(Math.max(0, Date.parse(eta) - now))} to go`)}`,
      `${bar(counts, all, Math.min(60, width - 24), colours)} ${finished} of ${all} affected`,
      numbers.map((state) => `${paint(state, colours)} ${counts[state]}`).join('  '),
      ...standingLines({ status, order }, colours),
      ...outlookTexts(status, now),
      `${reconcileLine(status, colours)} ${exposedLine(status, colours)} ${noticesText(status.notices)}`,
      ...announcementTexts(status.announcements),
      ...warnings.map(colours.red),
      ...failureLines(status, colours),
    ],
    line: `${phaseText({ ...status, order })}${heldBriefly(status)}: ${numbers.map((state) => `${state} ${counts[state]}`).join(', ') || 'nothing found yet'}; notices sent ${status.notices.sent}; exposed starts ${status.exposedStarts}${status.reconciles ? '' : '; DOES NOT RECONCILE'}${warnings.map((warning) => `; ${warning.split(';')[0]}`).join('')}`,
  };
}

/** What stands in the way, for a log. */
const heldBriefly = ({ campaign, gates = [], throttles = [], windows, announcements, elsewhere, outages = [] }: Status): string =>
  [
    ...gates.map((gate) => `, held by ${gateText(gate)}: ${gateRemedy(campaign, gate)}`),
    ...throttles.map((order) => `, throttled (${throttleText(order)})`),
    slowedByWindow(windows),
    elsewhere === undefined ? '' : `, ${elsewhere} with another campaign`,
    ...outages.map(({ identity, failure, meetings }) => `, ${meetings} at ${identity} no further: ${failure}`),
    announcements?.firstAt ? `, announced, nothing before ${time(announcements.firstAt)}` : '',
  ].join('');

/** Of the windows for writes, unless they let all through. */
function slowedByWindow(windows: Status['windows'] = []): string {
  const { rate = null, until = null } = windows.find(({ of }) => of === 'writes') ?? {};
  return rate === null ? '' : `, ${rate === 0 ? 'closed' : `at most ${rateText(rate)}`} by its windows${until === null ? '' : ` until ${time(until)}`}`;
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

function recheckLines({ recheck }: Status, colours: Colours): readonly string[] {
  if (!recheck) return [];
  const told = recheck.drifted.map(({ drift, meetings, example }) => `${colours.red(`${drift} ${meetings}`)}, such as ${shortKey(example)}: ${drifts[drift]}`);
  return [`${count(recheck.rechecked, 'meeting')} that were done ${recheck.rechecked === 1 ? 'was' : 'were'} looked at again; ${told.length === 0 ? 'all are as they were left.' : 'not as they were left:'}`, ...told];
}
