import pc from 'picocolors';
import { gateName } from '../../client/commands/approve.js';
import { approvalLines, gateLines } from '../../client/show/gates.js';
import type { Gate } from '../../domain/gates.js';
import { board } from '../../workflows/lib/board.js';
import { emptyCounts } from '../../domain/states.js';

jest.mock('@temporalio/workflow', () => ({ setCurrentDetails: () => undefined, defineUpdate: () => undefined, defineSignal: () => undefined }));

const plain = pc.createColors(false);
const gate: Gate = { id: 1, gate: 'rule unverified', holds: 'all', answer: 'hold', cause: { rule: 'unverified', count: 3, of: 20, limit: '5%' }, openedAt: '2026-11-24T00:00:00.000Z' };
const why = 'rule unverified: 3 (of 20) replacements differed from the old meeting, or old links still answered; the limit to hold is 5%';
const command = "`relink approve spring --gate 'rule unverified' --by NAME --reason TEXT`";

test('status and board name the rule that holds, its figures and the command that resolves it', () => {
  expect(gateLines('spring', [gate], plain)).toEqual([`Held by ${why}. Go on with ${command}.`]);
  const text = board('spring', 'awaiting-approval', { counts: emptyCounts(), reconciles: true, order: 'pause', pendingNotices: 0, open: [], latestGraceEnd: null, failures: {}, exposedStarts: 0, gates: [gate] }, 0);
  expect(text).toContain(why);
  expect(text).toContain(command);
  expect(gateLines('spring', undefined, plain)).toEqual([]);
});

test('what was stopped is approved and then started', () => {
  expect(gateLines('spring', [{ ...gate, answer: 'stop' }], plain)[0]).toContain(`${command}, then \`relink start spring\``);
});

test('an approval is told with who, when and why', () => {
  const text = approvalLines([{ ...gate, approvedAt: '2026-11-24T01:00:00.000Z', by: 'Ada', reason: 'a known fault' }], plain).join('\n');
  for (const part of ['rule unverified', '2026-11-24T01:00:00.000Z', 'Ada', 'a known fault']) expect(text).toContain(part);
});

test.each([
  ['wave 2', 'wave 2'],
  ['wave-12', 'wave 12'],
  ['failures', 'rule failures'],
  ['rule bounced', 'rule bounced'],
  [' first-deletion ', 'first-deletion'],
])('%s names the gate %s', (typed, gateWanted) => expect(gateName(typed)).toBe(gateWanted));

test.each(['wave', 'wave two', 'rule', 'last-write', ''])('%j names no gate', (typed) => expect(() => gateName(typed)).toThrow('wave N'));
