import fc from 'fast-check';
import { cutOff } from '../../domain/advisory.js';
import type { CampaignSpec } from '../../domain/campaign.js';
import { evidenceGrades, exclusionReasons, judge, type Judgement } from '../../domain/judge.js';
import { refusalReasons, type ListedMeeting, type RefusalReason } from '../../domain/meeting.js';
import { aSpec, anIdentity } from '../support/specs.js';

const CUT = Date.parse('2024-05-28T00:00:00.000Z');
const DAY = 86_400_000;
const NOW = CUT + 30 * DAY;
const at = (ms: number): string => new Date(ms).toISOString();
const host = { email: 'a@example.org' };

const meeting = (changes: Partial<ListedMeeting> = {}): ListedMeeting => ({
  identity: anIdentity('m', host.email),
  kind: 'single',
  firstStart: at(NOW + DAY),
  next: { start: at(NOW + DAY), end: at(NOW + DAY + 1) },
  hasMore: false,
  tags: [],
  ...changes,
});
const id = meeting().identity.id;
const inventory = (days: number, ...ids: string[]) => ({ takenAt: at(CUT + days * DAY), ids });
const withEvidence = (...snapshots: CampaignSpec['evidence']['snapshots']) => ({ evidence: { unknown: 'affected' as const, snapshots } });

function verdict(changes: { meeting?: Partial<ListedMeeting>; spec?: Partial<CampaignSpec>; exempted?: boolean } = {}): [Judgement['verdict'], Judgement['evidence'], Judgement['reason']] {
  const found = judge({ host, meeting: meeting(changes.meeting), spec: aSpec('c', changes.spec), exempted: changes.exempted ?? false, now: NOW });
  return [found.verdict, found.evidence, found.reason];
}

describe('evidence', () => {
  test.each<[string, CampaignSpec['evidence']['snapshots'], number, [Judgement['verdict'], Judgement['evidence']]]>([
    ['an inventory taken before the cut-off shows it', [inventory(-1, id)], 30, ['affected', 'snapshot']],
    ['an inventory taken at the cut-off shows it', [inventory(0, id)], 30, ['affected', 'snapshot']],
    ['its first occurrence was before the cut-off', [], -1, ['affected', 'series-start']],
    ['an inventory taken after the cut-off does not show it', [inventory(1, 'other')], 30, ['unaffected', 'snapshot']],
    ['an inventory taken after the cut-off shows it', [inventory(1, id)], 30, ['affected', 'none']],
    ['an inventory taken before the cut-off does not show it', [inventory(-1, 'other')], 30, ['affected', 'none']],
    ['there is nothing', [], 30, ['affected', 'none']],
    ['one proof says before and another after', [inventory(-1, id), inventory(1, 'other')], 30, ['affected', 'snapshot']],
    ['it began before the cut-off and a later inventory lacks it', [inventory(1, 'other')], -1, ['affected', 'series-start']],
  ])('when %s', (_, snapshots, firstDay, expected) => {
    expect(verdict({ meeting: { firstStart: at(CUT + firstDay * DAY) }, spec: withEvidence(...snapshots) }).slice(0, 2)).toEqual(expected);
  });

  test('counts the margin to the cut-off', () => {
    const { advisory } = aSpec('c');
    const later = { ...advisory, marginMs: DAY };
    expect(cutOff(later)).toBe(at(CUT + DAY));
    const spec = { advisory: later, ...withEvidence(inventory(0.5, 'other')) };
    expect(verdict({ spec }).slice(0, 2)).toEqual(['affected', 'none']);
    expect(verdict({ spec, meeting: { firstStart: at(CUT + DAY / 2) } }).slice(0, 2)).toEqual(['affected', 'series-start']);
  });

  test('that is missing can be left to a human', () => {
    const spec = { evidence: { unknown: 'review' as const, snapshots: [] } };
    expect(verdict({ spec })).toEqual(['refused', 'none', 'EvidenceMissing']);
    expect(verdict({ spec, meeting: { firstStart: at(CUT - 1) } })).toEqual(['affected', 'series-start', null]);
  });
});

describe('a verdict', () => {
  test.each<[string, Parameters<typeof verdict>[0], [string, string | null]]>([
    ['nothing is left to be held', { meeting: { next: undefined } }, ['unaffected', 'NothingLeft']],
    ['the only occurrence left is running', { meeting: { next: { start: at(NOW), end: at(NOW + 1) } } }, ['unaffected', 'AlreadyStarted']],
    ['an occurrence is running and more follow', { meeting: { next: { start: at(NOW), end: at(NOW + 1) }, hasMore: true } }, ['affected', null]],
    ['an exemption covers it', { exempted: true }, ['excluded', 'Exempted']],
    ['the host is out of scope', { spec: { scope: { hosts: ['b@example.org'], sites: 'all', horizonMs: 1 } } }, ['excluded', 'HostOutOfScope']],
    ['the site is out of scope', { spec: { scope: { hosts: 'all', sites: ['b.example.org'], horizonMs: 1 } } }, ['excluded', 'SiteOutOfScope']],
    ['host and site are in scope', { spec: { scope: { hosts: [host.email], sites: [anIdentity('m').site], horizonMs: 1 } } }, ['affected', null]],
  ])('when %s', (_, changes, [expected, reason]) => {
    const [found, , why] = verdict(changes);
    expect([found, why]).toEqual([expected, reason]);
  });

  test.each(Object.keys(refusalReasons) as RefusalReason[])('is refused with the reason %s, not replaced with loss', (refusal) => {
    expect(verdict({ meeting: { refusal } })).toEqual(['refused', 'none', refusal]);
    expect(verdict({ meeting: { refusal }, spec: withEvidence(inventory(1, 'other')) })[0]).toBe('unaffected');
  });

  const anyMeeting = fc.record({
    firstStart: fc.integer({ min: -60, max: 60 }).map((day) => at(CUT + day * DAY)),
    next: fc.option(fc.integer({ min: -1, max: 60 }).map((day) => ({ start: at(NOW + day * DAY), end: at(NOW + day * DAY + 1) })), { nil: undefined }),
    hasMore: fc.boolean(),
    refusal: fc.constantFrom(undefined, ...(Object.keys(refusalReasons) as RefusalReason[])),
  });
  const anySpec = fc.record({
    snapshots: fc.array(fc.tuple(fc.integer({ min: -5, max: 5 }), fc.boolean()).map(([day, has]) => inventory(day, ...(has ? [id] : []))), { maxLength: 3 }),
    unknown: fc.constantFrom('affected' as const, 'review' as const),
  });

  test('never leaves a meeting unsafe for which any proof says that it was created before the cut-off', () => {
    fc.assert(
      fc.property(anyMeeting, anySpec, (changes, evidence) => {
        const [found, grade, reason] = verdict({ meeting: changes, spec: { evidence } });
        expect(evidenceGrades).toContain(grade);
        const proven = Date.parse(changes.firstStart) < CUT || evidence.snapshots.some(({ takenAt, ids }) => Date.parse(takenAt) <= CUT && ids.includes(id));
        const toBeHeld = changes.next !== undefined && (Date.parse(changes.next.start) > NOW || changes.hasMore);
        if (proven && toBeHeld) expect(found).toBe(changes.refusal ? 'refused' : 'affected');
        if (found === 'affected') expect([changes.refusal, reason, toBeHeld]).toEqual([undefined, null, true]);
        else expect(reason).not.toBeNull();
        expect(Object.keys(exclusionReasons)).not.toContain(reason);
      }),
    );
  });

  test('of one cut-off is not undone by a later one: what was affected stays affected', () => {
    fc.assert(
      fc.property(anyMeeting, anySpec, fc.integer({ min: 0, max: 20 }), (changes, { snapshots }, days) => {
        const spec = { evidence: { unknown: 'affected' as const, snapshots } };
        const { advisory } = aSpec('c');
        if (verdict({ meeting: changes, spec })[0] !== 'affected') return;
        expect(verdict({ meeting: changes, spec: { ...spec, advisory: { ...advisory, marginMs: days * DAY } } })[0]).toBe('affected');
      }),
    );
  });
});
