import { fieldName } from '../../adapters/mail/field-names.js';
import { compare, fieldsThatDiffer } from '../../domain/compare.js';
import type { ChangedOccurrence, Invitee, MeetingSnapshot } from '../../domain/meeting.js';

const NOW = Date.parse('2026-03-01T00:00:00.000Z');
const ada = (coHost: boolean): Invitee => ({ email: 'ada@example.org', coHost, panelist: false });
const bob = (coHost: boolean): Invitee => ({ email: 'Bob@example.org', coHost, panelist: false });
const [start, end] = ['2026-03-09T09:00:00.000Z', '2026-03-09T10:00:00.000Z'];

/** A weekly series; on the 9th, if `own` is given, something is otherwise. */
function aSeries(id: string, invitees: readonly Invitee[], own?: Partial<ChangedOccurrence>): MeetingSnapshot {
  return {
    identity: { vendor: 'webex', site: 's', hostEmail: 'h@example.org', id, number: id, link: id },
    kind: 'series', hostName: 'H', title: 'planning', timezone: 'UTC', start: '2026-03-02T09:00:00.000Z', end: '2026-03-02T10:00:00.000Z', recurrence: 'FREQ=WEEKLY',
    occurrences: [{ start, end }], changes: own ? [{ original: start, held: { start, end, title: 'planning', invitees, ...own } }] : [],
    options: {}, invitees, tags: [], password: id,
  };
}

const rowsOf = (legacy: MeetingSnapshot, replacement: MeetingSnapshot) => compare({ legacy, replacement, intended: {}, lost: [], now: NOW });
const verdictOf = (legacy: MeetingSnapshot, replacement: MeetingSnapshot) => rowsOf(legacy, replacement).find(({ field }) => field === 'coHosts')?.verdict;

describe('co-hosts of a replacement', () => {
  test('are no row where nobody is one', () => expect(verdictOf(aSeries('old', [ada(false)]), aSeries('new', [ada(false)]))).toBeUndefined());

  test.each<[string, boolean, boolean, string, readonly string[]]>([
    ['as before are equal', true, true, 'equal', []],
    ['of whom one is a guest now are lost, and that is no reason to undo', true, false, 'lost', []],
    ['of whom one was a guest are a difference', false, true, 'different', ['coHosts']],
  ])('%s', (_what, was, is, verdict, differing) => {
    const both = [aSeries('old', [ada(was), bob(true)]), aSeries('new', [bob(true), ada(is)])] as const;
    expect([verdictOf(...both), fieldsThatDiffer(rowsOf(...both))]).toEqual([verdict, differing]);
  });

  test('who are not invited at all are missing people', () => expect(fieldsThatDiffer(rowsOf(aSeries('old', [ada(true), bob(true)]), aSeries('new', [bob(true)])))).toEqual(['invitees']));

  test('of whom one changed places with another are a difference', () => {
    expect(fieldsThatDiffer(rowsOf(aSeries('old', [ada(true), bob(false)]), aSeries('new', [ada(false), bob(true)])))).toEqual(['coHosts']);
  });

  test.each<[string, MeetingSnapshot, MeetingSnapshot, string]>([
    ['is as the others there', aSeries('old', [ada(true)], { title: 'x' }), aSeries('new', [ada(true)], { title: 'x' }), 'equal'],
    ['may host no longer', aSeries('old', [ada(true)], { title: 'x' }), aSeries('new', [ada(false)], { title: 'x' }), 'lost'],
    ['may host no longer, which is all that was otherwise there', aSeries('old', [ada(false)], { invitees: [ada(true)] }), aSeries('new', [ada(false)]), 'lost'],
    ['was a guest there, and was one nowhere else', aSeries('old', [ada(true)], { invitees: [ada(false)] }), aSeries('new', [ada(false)]), 'lost'],
    ['was a guest there and is none now', aSeries('old', [ada(false)]), aSeries('new', [ada(false)], { invitees: [ada(true)] }), 'different'],
  ])('of a single occurrence: one who %s', (_what, legacy, replacement, verdict) => {
    expect(verdictOf(legacy, replacement)).toBe(verdict);
    expect(fieldsThatDiffer(rowsOf(legacy, replacement))).toEqual(verdict === 'different' ? ['coHosts'] : []);
  });

  test('of an occurrence with other people too are one thing, its people another', () => {
    expect(fieldsThatDiffer(rowsOf(aSeries('old', [ada(true)], { invitees: [ada(true), bob(false)] }), aSeries('new', [ada(false)])))).toEqual(['changes']);
  });

  test('that are lost are told in plain words, without names', () => {
    expect(fieldName('en', 'coHosts')).toMatch(/co-host .* guests/);
    expect(fieldName('nl', 'coHosts')).toContain('medehost');
  });
});
