import fc from 'fast-check';
import { campaignOrders } from '../../domain/campaign.js';
import { beatOf, graceEnd, mayRetire, type Blocker, type LegacyNow, type PivotFacts } from '../../domain/retire.js';
import { states } from '../../domain/states.js';

const at = (ms: number): string => new Date(ms).toISOString();
const NOW = Date.parse('2026-06-01T12:00:00.000Z');
const GUARD = 30 * 60_000;
const HOUR = 3_600_000;

const facts: PivotFacts = { order: 'go', state: 'replaced', verifiedAt: at(NOW - 9), told: 'sent', hasReplacement: true, fingerprint: 'f', graceEndsAt: at(NOW - 1) };
const legacy: LegacyNow = { fingerprint: 'f', changesStand: true, running: false, next: { start: at(NOW + GUARD + 1), end: at(NOW + 3 * GUARD) }, now: NOW, startGuardMs: GUARD, released: false, replacementStands: true };
const next = (start: number, end: number) => ({ next: { start: at(NOW + start), end: at(NOW + end) } });

describe('the guard of the deletion', () => {
  test('lets pass when every condition holds', () => expect(mayRetire(facts, legacy)).toBeNull());

  test.each<[Blocker, string, Partial<PivotFacts>, Partial<LegacyNow>]>([
    ['Paused', 'the campaign is paused', { order: 'pause' }, {}],
    ['Stopped', 'the campaign is stopped', { order: 'stop' }, {}],
    ['RollingBack', 'the campaign is rolled back', { order: 'rollback' }, {}],
    ['OrganiserUnreachable', 'the notice bounced', { told: 'bounced' }, {}],
    ['NotReplaced', 'the meeting is held', { state: 'held' }, {}],
    ['NotReplaced', 'there is no replacement', { hasReplacement: false }, {}],
    ['NotVerified', 'the replacement was not verified', { verifiedAt: null }, {}],
    ['NotVerified', 'there is no snapshot to compare with', { fingerprint: null }, {}],
    ['NotTold', 'the notice is still queued', { told: 'pending' }, {}],
    ['NotTold', 'there is no notice', { told: 'none' }, {}],
    ['LegacyChanged', 'the organiser edited the meeting', {}, { fingerprint: 'g' }],
    ['LegacyChanged', 'the organiser changed one occurrence', {}, { changesStand: false }],
    ['ReplacementGone', 'the organiser deleted the replacement', {}, { replacementStands: false }],
    ['InGrace', 'grace runs', { graceEndsAt: at(NOW + 1) }, {}],
    ['InProgress', 'it is being held', {}, next(-60_000, 60_000)],
    ['InProgress', 'it begins at this moment', {}, next(0, 60_000)],
    ['InProgress', 'it is being held, and shows what happens in it instead of what was planned', {}, { ...next(-60_000, 60_000), fingerprint: 'g' }],
    ['InProgress', 'people are in it long before it was to begin', {}, { running: true }],
    ['InProgress', 'people are still in it after the last of it was to end', {}, { running: true, next: null }],
    ['AboutToStart', 'it begins within the guard', {}, next(GUARD - 1, 2 * GUARD)],
  ])('says %s when %s', (blocker, _, changedFacts, changedLegacy) => {
    expect(mayRetire({ ...facts, ...changedFacts }, { ...legacy, ...changedLegacy })).toBe(blocker);
  });

  test('lets pass in grace when an operator released it, and in no other case because of that', () => {
    const inGrace = { ...facts, graceEndsAt: at(NOW + 1) };
    expect(mayRetire(inGrace, { ...legacy, released: true })).toBeNull();
    expect(mayRetire({ ...inGrace, told: 'pending' }, { ...legacy, released: true })).toBe('NotTold');
    expect(mayRetire(inGrace, { ...legacy, released: true, ...next(0, 1) })).toBe('InProgress');
    expect(mayRetire(inGrace, { ...legacy, released: true, running: true })).toBe('InProgress');
  });

  test.each<[string, Partial<LegacyNow>]>([
    ['nothing of the meeting is left', { next: null }],
    ['its last occurrence ends at this moment', next(-60_000, 0)],
    ['it begins exactly when the guard begins', next(GUARD, 2 * GUARD)],
  ])('lets pass when %s', (_, changes) => expect(mayRetire(facts, { ...legacy, ...changes })).toBeNull());

  /** Mostly what lets pass, so that a good part of the cases does. */
  const mostly = <T>(good: T, ...all: readonly T[]) => fc.oneof({ arbitrary: fc.constant(good), weight: 6 }, { arbitrary: fc.constantFrom(...all), weight: 1 });
  const anyFacts: fc.Arbitrary<PivotFacts> = fc.record({
    order: mostly<PivotFacts['order']>('go', ...campaignOrders),
    state: mostly<PivotFacts['state']>('replaced', ...states),
    verifiedAt: mostly<string | null>(at(NOW - 9), null),
    told: mostly<PivotFacts['told']>('sent', 'pending', 'bounced', 'none'),
    hasReplacement: mostly(true, false),
    fingerprint: mostly<string | null>('f', 'g', null),
    graceEndsAt: fc.constantFrom(null, at(NOW - 1), at(NOW + 1)),
  });
  const anyLegacy: fc.Arbitrary<LegacyNow> = fc.record({
    fingerprint: mostly('f', 'g'),
    changesStand: mostly(true, false),
    running: mostly(false, true),
    next: fc.option(fc.tuple(fc.integer({ min: -2 * GUARD, max: 2 * GUARD }), fc.integer({ min: 1, max: GUARD })).map(([start, length]) => next(start, start + length).next)),
    now: fc.constant(NOW),
    startGuardMs: fc.constant(GUARD),
    released: fc.boolean(),
    replacementStands: mostly(true, false),
  });

  test('never lets pass what is not replaced, verified, told, unchanged, free and ordered', () => {
    let passed = 0;
    fc.assert(
      fc.property(anyFacts, anyLegacy, (known, read) => {
        if (mayRetire(known, read) !== null) return;
        passed++;
        expect(known).toMatchObject({ order: 'go', state: 'replaced', told: 'sent', hasReplacement: true, verifiedAt: at(NOW - 9), fingerprint: read.fingerprint });
        expect([read.changesStand, read.running]).toEqual([true, false]);
        expect(read.released || known.graceEndsAt !== at(NOW + 1)).toBe(true);
        if (read.next && Date.parse(read.next.end) > NOW) expect(Date.parse(read.next.start)).toBeGreaterThanOrEqual(NOW + GUARD);
      }),
      { numRuns: 1_000, examples: [[facts, legacy]] },
    );
    expect(passed).toBeGreaterThan(20);
  });
});

describe('the end of grace', () => {
  const times = { graceMs: fc.integer({ min: 0, max: 10 ** 9 }), startGuardMs: fc.integer({ min: 0, max: 10 ** 7 }), start: fc.option(fc.integer({ min: -(10 ** 9), max: 10 ** 10 })) };

  test('is after the whole of grace when no start is near', () => {
    expect(graceEnd({ now: NOW, graceMs: 1000, startGuardMs: GUARD, nextStart: at(NOW + 10 * GUARD) })).toBe(at(NOW + 1000));
    expect(graceEnd({ now: NOW, graceMs: 1000, startGuardMs: GUARD, nextStart: null })).toBe(at(NOW + 1000));
  });

  const host = (name: string) => beatOf(`${name}@example.org`, { graceMs: 24 * HOUR, digestEveryMs: HOUR });
  const endOf = (now: number, name: string) => Date.parse(graceEnd({ now, graceMs: 24 * HOUR, startGuardMs: GUARD, nextStart: null, beat: host(name) }));

  test('is one moment for what is verified within an hour or so for one host, whatever the letters of the address, and never before the whole of grace', () => {
    const first = endOf(NOW, 'robin') - 24 * HOUR;
    const ends = [first - HOUR + 1, first - HOUR / 2, first].map((now) => endOf(now, 'robin'));
    expect(new Set([...ends, endOf(first, 'Robin')])).toEqual(new Set([first + 24 * HOUR]));
    expect(endOf(first + 1, 'robin')).toBe(first + 25 * HOUR);
  });

  test('is spread over the hour for different hosts', () => {
    const sixths = Array.from({ length: 600 }, (_, i) => Math.floor((6 * (endOf(NOW, `person-${i}`) - NOW - 24 * HOUR)) / HOUR));
    for (let sixth = 0; sixth < 6; sixth++) expect(sixths.filter((each) => each === sixth).length).toBeGreaterThan(60);
  });

  test('comes before twice a grace that is shorter than the time between digests', () => {
    expect(beatOf('robin@example.org', { graceMs: 1000, digestEveryMs: HOUR }).everyMs).toBe(1000);
    expect(beatOf('robin@example.org', { graceMs: 0, digestEveryMs: HOUR }).everyMs).toBe(1);
  });

  test('is never past, never later than grace, and leaves time to delete before the guard of the next start', () => {
    fc.assert(
      fc.property(fc.record(times), ({ graceMs, startGuardMs, start }) => {
        const nextStart = start === null ? null : at(NOW + start);
        const end = Date.parse(graceEnd({ now: NOW, graceMs, startGuardMs, nextStart }));
        expect(end).toBeGreaterThanOrEqual(NOW);
        expect(end).toBeLessThanOrEqual(NOW + graceMs);
        if (end > NOW && nextStart !== null) expect(end).toBeLessThanOrEqual(Date.parse(nextStart) - startGuardMs);
      }),
    );
  });
});
