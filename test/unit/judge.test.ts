import fc from 'fast-check';
import { cutOff } from '../../domain/advisory.js';
import type { CampaignSpec } from '../../domain/campaign.js';
import { evidenceGrades, exclusionReasons, judge, type Judgement } from '../../domain/judge.js';
import { refusalReasons, type ListedMeeting, type RefusalReason } from '../../domain/meeting.js';
import { linkKey, startKey, type Trace } from '../../domain/traces.js';
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

interface Changes {
  readonly meeting?: Partial<ListedMeeting>;
  readonly siblings?: readonly ListedMeeting[];
  readonly spec?: Partial<CampaignSpec>;
  readonly exempted?: boolean;
}

const judged = ({ meeting: changes, siblings = [], spec, exempted = false }: Changes = {}): Judgement => judge({ host, meeting: meeting(changes), siblings, spec: aSpec('c', spec), exempted, now: NOW });

function verdict(changes: Changes = {}): [Judgement['verdict'], Judgement['evidence'], Judgement['reason']] {
  const found = judged(changes);
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

  test('an inventory that covers other sites does not make a meeting new, though it may show it', () => {
    const sites = (...names: string[]) => withEvidence({ ...inventory(1, 'other'), sites: names });
    expect(verdict({ spec: sites('other.example.org') }).slice(0, 2)).toEqual(['affected', 'none']);
    expect(verdict({ spec: sites(meeting().identity.site) }).slice(0, 2)).toEqual(['unaffected', 'snapshot']);
    expect(verdict({ spec: withEvidence({ ...inventory(-1, id), sites: ['other.example.org'] }) }).slice(0, 2)).toEqual(['affected', 'snapshot']);
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

describe('dated evidence', () => {
  const identity = { ...anIdentity('m', 'Ada@example.org'), number: '2555 123 4567', link: 'https://Site.example.org/site/j.php?MTID=mAb1' };
  const starts = { firstStart: at(NOW + 2 * DAY), next: { start: at(NOW + 9 * DAY), end: at(NOW + 9 * DAY + 1) } };
  const dated = (by: Trace['by'], days: number): Trace => ({ by, key: { number: '25551234567', link: 'site.example.org/site/j.php?MTID=mAb1', 'host+start': startKey('ada@example.org', starts.firstStart) }[by], created: at(CUT + days * DAY) });
  const evidence = (given: Partial<CampaignSpec['evidence']>) => ({ evidence: { unknown: 'review' as const, snapshots: [], ...given } });
  const of = (given: Partial<CampaignSpec['evidence']>, changes: Changes = {}) => {
    const { verdict: found, evidence: grade, proof } = judged({ ...changes, meeting: { identity, ...starts, ...changes.meeting }, spec: evidence(given) });
    return [found, grade, proof];
  };

  test.each(['number', 'link', 'host+start'] as const)('finds a meeting by its %s', (by) => {
    expect(of({ calendar: [dated(by, -1)] })).toEqual(['affected', 'calendar', by]);
    expect(of({ invitations: [dated(by, 1)] })).toEqual(['unaffected', 'invitation', by]);
    expect(of({ calendar: [{ ...dated(by, -1), key: `${dated(by, -1).key}1` }] })).toEqual(['refused', 'none', null]);
  });

  test('is before the cut-off to the millisecond', () => {
    expect(of({ calendar: [{ ...dated('number', 0), created: at(CUT - 1) }] })[0]).toBe('affected');
    expect(of({ calendar: [dated('number', 0)] })[0]).toBe('unaffected');
  });

  test('knows an occurrence too, and takes the earliest date whatever named the meeting', () => {
    expect(of({ calendar: [{ ...dated('host+start', 1), key: startKey(identity.hostEmail, starts.next.start) }] })).toEqual(['unaffected', 'calendar', 'host+start']);
    expect(of({ calendar: [dated('number', 3), dated('number', 2), dated('link', 1)] })).toEqual(['unaffected', 'calendar', 'link']);
    expect(of({ calendar: [dated('number', 3), dated('host+start', -2), dated('link', 1)] })).toEqual(['affected', 'calendar', 'host+start']);
    expect(of({ calendar: [dated('link', -1), dated('number', -1)] })).toEqual(['affected', 'calendar', 'number']);
  });

  test.each<[string, Partial<CampaignSpec['evidence']>, number, unknown[]]>([
    ['calendar and invitation', { calendar: [dated('link', -1)], invitations: [dated('number', -2)] }, 30, ['affected', 'calendar', 'link']],
    ['both after', { calendar: [dated('link', 2)], invitations: [dated('number', 1)] }, 30, ['unaffected', 'calendar', 'link']],
    ['an event entered again and an older mail', { calendar: [dated('link', 2)], invitations: [dated('number', -1)] }, 30, ['affected', 'invitation', 'number']],
    ['a later event and an inventory that has it', { calendar: [dated('link', 2)], snapshots: [inventory(-1, id)] }, 30, ['affected', 'snapshot', 'id']],
    ['a later event and an earlier start', { calendar: [dated('link', 2)] }, -1, ['affected', 'series-start', null]],
    ['an earlier event and an inventory that lacks it', { calendar: [dated('link', -1)], snapshots: [inventory(1, 'other')] }, 30, ['affected', 'calendar', 'link']],
    ['a later mail and an inventory that lacks it', { invitations: [dated('link', 1)], snapshots: [inventory(1, 'other')] }, 30, ['unaffected', 'invitation', 'link']],
    ['an inventory that lacks it', { calendar: [], snapshots: [inventory(1, 'other')] }, 30, ['unaffected', 'snapshot', 'id']],
  ])('decides by %s', (_, given, firstDay, expected) => {
    expect(of(given, { meeting: { firstStart: at(CUT + firstDay * DAY) } })).toEqual(expected);
  });

  test('that another meeting of the host shares by its start proves an old meeting, not a new one', () => {
    const twin = meeting({ identity: { ...identity, id: 'twin', number: '1', link: '' }, firstStart: starts.firstStart });
    const siblings = [meeting({ identity, ...starts }), twin];
    expect(of({ calendar: [dated('host+start', 1)] }, { siblings })).toEqual(['refused', 'none', null]);
    expect(of({ calendar: [dated('host+start', -1)] }, { siblings })).toEqual(['affected', 'calendar', 'host+start']);
    expect(of({ calendar: [dated('host+start', 1), dated('number', 2)] }, { siblings })).toEqual(['unaffected', 'calendar', 'number']);
    expect(of({ calendar: [dated('host+start', 1)] }, { siblings: siblings.slice(0, 1) })[0]).toBe('unaffected');
  });

  test.each([
    ['https://site.example.org/site/j.php?MTID=mAb1', true],
    ['HTTP://SITE.example.org/site/j.php?MTID=mAb1#join', true],
    ['https://site.example.org/site/j.php?MTID%3DmAb1', true],
    ['https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fsite.example.org%2Fsite%2Fj.php%3FMTID%3DmAb1&data=05%7C01', true],
    ['https://site.example.org/site/j.php?MTID&#61;mAb1', true],
    ['https://site.example.org/site/j.php?MTID=mab1', false],
    ['https://site.example.org/Site/j.php?MTID=mAb1', false],
    ['https://other.example.org/?url=https%3A%2F%2Fsite.example.org%2Fsite%2Fj.php%3FMTID%3DmAb1', false],
    ['site.example.org/site/j.php?MTID=mAb1', false],
  ])('takes %s for the link: %s', (link, same) => {
    expect(linkKey(link) === linkKey(identity.link)).toBe(same);
  });

  test('of 100,000 lines is looked up for 50,000 meetings; a search through the list would outlast any time-out', () => {
    const calendar = Array.from({ length: 100_000 }, (_, i): Trace => ({ by: 'number', key: String(1_000_000 + i), created: at(CUT - 1) }));
    const spec = aSpec('c', evidence({ calendar }));
    let affected = 0;
    for (let i = 0; i < 50_000; i++) affected += Number(judge({ host, meeting: { ...meeting(), identity: { ...identity, number: String(1_000_000 + i) } }, siblings: [], spec, exempted: false, now: NOW }).verdict === 'affected');
    expect(affected).toBe(50_000);
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

  const anyTraces = fc.array(fc.record({ by: fc.constantFrom('number' as const, 'link' as const), key: fc.constantFrom('25551234567', 'l.example.org/a', 'x'), created: fc.integer({ min: -5, max: 5 }).map((day) => at(CUT + day * DAY)) }), { maxLength: 3 });
  const known = { ...meeting().identity, number: '2555 123 4567', link: 'https://l.example.org/a' };
  const names = ({ by, key }: Trace): boolean => key === (by === 'number' ? '25551234567' : 'l.example.org/a');
  const anyMeeting = fc.record({
    identity: fc.constant(known),
    firstStart: fc.integer({ min: -60, max: 60 }).map((day) => at(CUT + day * DAY)),
    next: fc.option(fc.integer({ min: -1, max: 60 }).map((day) => ({ start: at(NOW + day * DAY), end: at(NOW + day * DAY + 1) })), { nil: undefined }),
    hasMore: fc.boolean(),
    refusal: fc.constantFrom(undefined, ...(Object.keys(refusalReasons) as RefusalReason[])),
  });
  const anySpec = fc.record({
    calendar: anyTraces,
    invitations: anyTraces,
    snapshots: fc.array(fc.tuple(fc.integer({ min: -5, max: 5 }), fc.boolean()).map(([day, has]) => inventory(day, ...(has ? [id] : []))), { maxLength: 3 }),
    unknown: fc.constantFrom('affected' as const, 'review' as const),
  });

  test('never leaves a meeting unsafe for which any proof says that it was created before the cut-off', () => {
    fc.assert(
      fc.property(anyMeeting, anySpec, (changes, evidence) => {
        const [found, grade, reason] = verdict({ meeting: changes, spec: { evidence } });
        expect(evidenceGrades).toContain(grade);
        const proven = Date.parse(changes.firstStart) < CUT || evidence.snapshots.some(({ takenAt, ids }) => Date.parse(takenAt) <= CUT && ids.includes(id)) || [...evidence.calendar, ...evidence.invitations].some((trace) => Date.parse(trace.created) < CUT && names(trace));
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
      fc.property(anyMeeting, anySpec, fc.integer({ min: 0, max: 20 }), (changes, proofs, days) => {
        const spec = { evidence: { ...proofs, unknown: 'affected' as const } };
        const { advisory } = aSpec('c');
        if (verdict({ meeting: changes, spec })[0] !== 'affected') return;
        expect(verdict({ meeting: changes, spec: { ...spec, advisory: { ...advisory, marginMs: days * DAY } } })[0]).toBe('affected');
      }),
    );
  });
});

describe('a personal room', () => {
  const room = { kind: 'room', next: undefined } as const;

  test('stands, so it is affected although nothing is planned in it, or something is held in it right now', () => {
    expect(verdict({ meeting: room })).toEqual(['affected', 'none', null]);
    expect(verdict({ meeting: { ...room, next: { start: at(NOW - 1), end: at(NOW + 1) } } })).toEqual(['affected', 'none', null]);
    expect(verdict({ meeting: room, spec: { evidence: { unknown: 'review', snapshots: [] } } })).toEqual(['refused', 'none', 'EvidenceMissing']);
  });

  test('is never new because an inventory lacks it or its link was mailed late; a mail from before the cut-off shows that it is old', () => {
    const mailed = (days: number): Trace => ({ created: at(CUT + days * DAY), by: 'link', key: linkKey(meeting().identity.link) });
    const found = (...invitations: readonly Trace[]) => verdict({ meeting: room, spec: { evidence: { unknown: 'affected', snapshots: [inventory(1)], invitations } } });
    expect(found(mailed(1))).toEqual(['affected', 'none', null]);
    expect(found(mailed(1), mailed(-1))).toEqual(['affected', 'invitation', null]);
  });

  test('takes the meetings that are held in it with it, in a campaign that replaces rooms; in another they are refused', () => {
    const held = { kind: 'personal-room', refusal: 'PersonalRoom' } as const;
    const { scope } = aSpec('c');
    expect(verdict({ meeting: held, spec: { scope: { ...scope, personalRooms: true } } })).toEqual(['excluded', 'none', 'InPersonalRoom']);
    expect(verdict({ meeting: held })).toEqual(['refused', 'none', 'PersonalRoom']);
    expect(verdict({ meeting: room, spec: { scope: { ...scope, personalRooms: true } } })[0]).toBe('affected');
  });
});
