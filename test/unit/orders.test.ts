import pc from 'picocolors';
import { receiptText } from '../../client/commands/meeting-orders.js';
import { orderLines, prospectText, rollbackLines } from '../../client/show/orders.js';
import type { Prospect } from '../../client/steer/orders.js';
import { orderText, scopeOf, standingUnder, type GivenOrder } from '../../domain/orders.js';
import { fateOf, grouped, isWhole, meetingVerbs, reachOf, type Criteria, type MeetingVerb, type Selected } from '../../domain/selection.js';
import { states, type State } from '../../domain/states.js';

const plain = pc.createColors(false);
let serial = 0;
const one = (state: State, given: Partial<Selected> = {}): Selected => ({ meeting: `m${++serial}-abcdefghijkl`, state, lane: 'ops-1', wave: 1, code: null, failure: null, isPastPivot: false, ...given });

describe('what an order comes to for one meeting', () => {
  const reachedBy = (verb: MeetingVerb, criteria: Criteria = {}) => states.filter((state) => fateOf(verb, { state, isPastPivot: false }, criteria) === 'reached');

  test('is decided by the state: each verb reaches its own, and nothing that is settled well', () => {
    expect(reachedBy('rollback')).toEqual(['running', 'replaced', 'retired', 'done', 'held']);
    expect(reachedBy('release')).toEqual(['replaced']);
    expect(reachedBy('retry')).toEqual(['held', 'failed']);
    for (const verb of meetingVerbs) for (const state of ['unaffected', 'excluded', 'refused', 'gone', 'waiting'] as const) expect(fateOf(verb, { state, isPastPivot: false }, {})).toBe('untouched');
  });

  test('past the pivot a rollback is refused, not skipped, and nothing else is', () => {
    for (const state of ['retired', 'done', 'held'] as const) expect(fateOf('rollback', { state, isPastPivot: true }, {})).toBe('refused');
    expect(fateOf('retry', { state: 'held', isPastPivot: true }, {})).toBe('reached');
  });

  test('the answer to a question is given by key or by class alone, and retry is none', () => {
    const asked = { state: 'held', isPastPivot: false, failure: 'LegacyDeleted' } as const;
    for (const verb of ['rollback', 'release'] as const) {
      expect([{ meetings: ['m'] }, { failure: 'LegacyDeleted' } as const].map((criteria) => fateOf(verb, asked, criteria))).toEqual(['reached', 'reached']);
      expect([{}, { states: ['held'] } as const, { wave: 1 }, { hosts: ['h'] }, { limit: 1 }].map((criteria) => fateOf(verb, asked, criteria))).toEqual(Array(5).fill('untouched'));
    }
    expect(fateOf('retry', asked, { meetings: ['m'] })).toBe('untouched');
    expect(fateOf('rollback', { ...asked, failure: 'LegacyChanged' }, {})).toBe('reached');
  });

  test('what was put back is taken up again only by its key or its state', () => {
    expect(reachedBy('retry', { wave: 1 })).not.toContain('rolled-back');
    expect(reachedBy('retry', { meetings: ['m'] })).toContain('rolled-back');
    expect(reachedBy('retry', { states: ['rolled-back'] })).toContain('rolled-back');
  });
});

test('a limit takes the first of those that are reached, and hides nothing that is refused', () => {
  const selected = [one('done', { isPastPivot: true }), one('waiting'), one('replaced'), one('replaced'), one('running')];
  const reach = reachOf('rollback', selected, { limit: 2 });
  expect([reach.reached, reach.refused, reach.untouched]).toEqual([selected.slice(2, 4), selected.slice(0, 1), selected.slice(1, 2)]);
});

test('a preview counts by state, wave and class, most first', () => {
  expect(grouped([one('held', { failure: 'LegacyChanged' }), one('failed', { wave: 2 }), one('failed', { wave: 2 }), one('failed')])).toEqual([
    { state: 'failed', wave: 2, failure: null, meetings: 2 },
    { state: 'held', wave: 1, failure: 'LegacyChanged', meetings: 1 },
    { state: 'failed', wave: 1, failure: null, meetings: 1 },
  ]);
});

test('only an order for everything is one to the whole campaign, and only such a rollback changes how it stands', () => {
  expect([isWhole({}), isWhole({ limit: 1 }), isWhole({ hosts: ['h'] })]).toEqual([true, false, false]);
  expect(scopeOf({ meetings: ['a', 'b'], wave: 2 })).toEqual({ wave: 2, named: 2 });
  const under = (verb: GivenOrder['verb'], scope: GivenOrder['scope'] = null) => standingUnder({ verb, scope });
  expect([under('pause'), under('resume'), under('stop'), under('rollback'), under('rollback', {}), under('retry', {}), under('start')]).toEqual(['pause', 'go', 'stop', 'rollback', null, null, null]);
});

const given = (changes: Partial<GivenOrder> = {}): GivenOrder => ({ id: 1, verb: 'rollback', at: '2026-11-24T00:00:00.000Z', by: 'Robin Vael', reason: 'wrong lobby', scope: { wave: 2 }, now: { 'rolled-back': 2, replaced: 1, done: 1 }, later: {}, carriedOut: null, ...changes });

test('an order is told with what it was for, by whom, why, and how far it has come', () => {
  expect(orderText(given())).toBe('rollback of 4 meetings (wave 2)');
  expect(orderText(given({ scope: null }))).toBe('rollback of the whole campaign, 4 meetings');
  expect(orderText(given({ verb: 'pause', scope: null, now: {} }))).toBe('pause');
  expect(orderText(given({ verb: 'retry', now: { waiting: 1 }, scope: { named: 1, states: ['failed'], failure: 'VendorRefused', hosts: ['abcdefghijklmnop'], limit: 5 } }))).toBe('retry of 1 meeting (by key, failed, VendorRefused, host abcdefghijkl, at most 5)');
  const [, , line] = orderLines([given()], plain);
  for (const words of ['rollback of 4 meetings (wave 2)', '2026-11-24T00:00:00.000Z', 'Robin Vael', 'wrong lobby', 'rolled-back 2, replaced 1, done 1, not all reached yet']) expect(line).toContain(words);
  expect(orderLines([given({ reason: null, carriedOut: { at: '', ordered: 1, refused: 0 } })], plain)[2]).toMatch(/ – +rolled-back 2, replaced 1, done 1$/);
  expect(orderLines(Array.from({ length: 25 }, () => given()), plain, 20).at(-1)).toContain('5 earlier orders');
});

test('a rollback that is not over says how far it is and what it cannot reach', () => {
  expect(rollbackLines([given(), given({ now: { 'rolled-back': 3 } }), given({ verb: 'retry' })], plain)).toEqual(['Rolling back by Robin Vael: 2 put back, 1 to go, 0 held, 1 past the pivot.']);
});

test('a meeting that was taken up again since is no longer the rollback’s: it is over when all others are put back', () => {
  expect(rollbackLines([given({ now: { 'rolled-back': 11, running: 1 }, later: { running: 1 } })], plain)).toEqual([]);
  expect(rollbackLines([given({ now: { 'rolled-back': 10, replaced: 2, held: 1 }, later: { replaced: 1, held: 1 } })], plain)).toEqual(['Rolling back by Robin Vael: 10 put back, 1 to go, 0 held, 0 past the pivot.']);
});

const prospect = (verb: MeetingVerb, selected: readonly Selected[], criteria: Criteria = {}): Prospect => ({ verb, criteria, seen: 0, isWhole: verb === 'rollback' && isWhole(criteria), isUnderWay: true, ...reachOf(verb, selected, criteria) });

test('a preview of a rollback says what is past its pivot, what can still be done for it, and what goes on waiting', () => {
  const past = Array.from({ length: 12 }, () => one('done', { isPastPivot: true }));
  const text = prospectText('spring', prospect('rollback', [one('replaced', { wave: 2 }), one('waiting', { wave: 2 }), ...past], { wave: 2 }), plain).join('\n');
  for (const words of ['Rollback puts back 1 meeting of spring.', '12 meetings not: the old meeting is deleted and cannot come back', 'a further replacement, planned by hand', `${past[0]!.meeting.slice(0, 12)} `, 'and 2 more: `relink show spring --state retired,done,held`', '1 meeting of the selection is in a state that this does nothing to (waiting 1); what waits is still to be replaced']) expect(text).toContain(words);
  expect(prospectText('spring', prospect('rollback', [one('waiting')]), plain)).toEqual(['Rollback puts back the whole campaign spring: 0 meetings.']);
});

test('a receipt of nothing says what there was to reach', () => {
  expect(meetingVerbs.map((verb) => receiptText({ ordered: 0, refused: 0 }, verb))).toEqual(['nothing has begun that could be put back.', 'no such meeting failed or is held.', 'no such meeting is in grace.']);
});
