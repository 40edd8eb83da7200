import fc from 'fast-check';
import { answeredFailures, isFutile, nextTryMs, type Beside } from '../../domain/futile.js';
import type { StepEvent } from '../../domain/states.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const T0 = Date.parse('2026-06-01T12:00:00.000Z');
const at = (minutes: number): string => new Date(T0 + minutes * MINUTE).toISOString();
/** As attempts come that wait 1, 2, 4 and so on up to 30 minutes. */
const ATTEMPTS = [0, 1, 3, 7, 15, 31, 61, 91, 121];
const made = (minutes: number): Beside => ({ at: at(minutes), made: true });
const lost = (minutes: number): Beside => ({ at: at(minutes), made: false });
const futile = (attempts: readonly number[], beside: readonly Beside[], now = (attempts.at(-1) ?? 0) + 30) => isFutile(attempts.map(at), beside, HOUR, T0 + now * MINUTE);
/** Something else is made twice a minute, from half an hour before. */
const busy = (from = -30, to = 180): readonly Beside[] => Array.from({ length: 2 * (to - from) }, (_, i) => made(from + i / 2 + 0.25));

test('a meeting at which the vendor fails for more than an hour, while it makes others all the time, is given up', () => {
  expect(ATTEMPTS.map((_, i) => futile(ATTEMPTS.slice(0, i + 1), busy()))).toEqual([false, false, false, false, false, false, true, true, true]);
});

test('five answers within an hour are too soon, and four in a day too few', () => {
  expect([futile([0, 15, 30, 45, 60], busy()), futile([0, 15, 30, 45, 61], busy()), futile([0, 60, 120, 180], busy(-30, 300))]).toEqual([false, true, false]);
});

test.each<[string, readonly Beside[]]>([
  ['nothing else is made', []],
  ['all others fail too', busy().map((each) => ({ ...each, made: false }))],
  ['an outage ends after the last attempt', [...busy(-30, 0), ...busy(122, 150)]],
  ['an outage begins after the first one', [...busy(-30, 2), ...busy(121, 122)]],
  ['more fail than are made', [...busy(), ...busy().flatMap(({ at: when }) => [{ at: when, made: false }, { at: when, made: false }])]],
])('nobody can tell, and nothing is given up, while %s', (_, beside) => expect(futile(ATTEMPTS, beside)).toBe(false));

test('as many others that fail as are made are no outage, and answers before and after one count together', () => {
  expect(futile(ATTEMPTS, [...busy(), ...busy().map(({ at: when }) => ({ at: when, made: false }))])).toBe(true);
  const attempts = [0, 10, 20, 90, 100, 110, 120];
  expect(futile(attempts, [...busy(-30, 15), lost(17), lost(40), ...busy(95, 150)])).toBe(true); // an outage around 20 and 90 takes two of seven
});

test('whatever the outage, what was only tried in it is never given up', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 200 }), (minutes, before, after) => {
      const attempts = [...new Set(minutes)].toSorted((a, b) => a - b);
      const beside = [...busy(-before, 0).filter((each) => each.at < at(attempts[0]!)), ...busy(600, 600 + after).filter((each) => each.at > at(attempts.at(-1)!))];
      expect(futile(attempts, beside, 600 + after)).toBe(false);
    }),
  );
});

test('the next attempt comes after 1, 2, 4 and so on up to 30 minutes of the vendor', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 60].map((answers) => nextTryMs(answers, MINUTE) / MINUTE)).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
  expect(nextTryMs(6, 1_000)).toBe(30_000);
});

test('only what the vendor answered with a failure of its own counts, since it was last made, taken back or given up', () => {
  const event = (changes: Partial<StepEvent>): StepEvent => ({ step: 'replace', state: 'failed', at: at(0), attempt: 1, trackingId: null, failure: 'NetworkAmbiguous', code: 500, note: null, ...changes });
  const others = [event({ state: 'started', failure: null, code: undefined }), event({ code: undefined }), event({ code: 408 }), event({ failure: 'RateLimited', code: 429 }), event({ failure: 'VendorUnavailable', code: 503 }), event({ step: 'retire' })];
  expect(answeredFailures([...others, event({ code: 502 }), ...others, event({ code: 503 })]).map(({ code }) => code)).toEqual([502, 503]);
  for (const end of [event({ state: 'done', failure: null }), event({ step: 'remove replacement', state: 'done', failure: null }), event({ failure: 'VendorRefused' })]) {
    expect(answeredFailures([event({}), end, event({ code: 504 })]).map(({ code }) => code)).toEqual([504]);
  }
});
