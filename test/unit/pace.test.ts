import fc from 'fast-check';
import { afterSilence, learnedPace, leastPace, vendorMinuteMs, type AllowedPace, type Learned } from '../../domain/pace.js';

const MINUTE = 60_000;
const allowed = (requestsPerMinute: number, minuteMs = MINUTE): AllowedPace => ({ requestsPerMinute, minuteMs });
const LONG_AGO = { throttle: null, quietMs: -Infinity };

const anAllowed = fc.record({ requestsPerMinute: fc.integer({ min: 1, max: 1_000_000 }), minuteMs: fc.constantFrom(60, 3_000, MINUTE) });
const aLearned = fc.record({ perMinute: fc.double({ min: 0, max: 1_000_000, noNaN: true }), ageMs: fc.integer({ min: -3_600_000, max: 86_400_000 }) });
const aThrottle = fc.option(fc.integer({ min: 0, max: 1_000 }));

test('a silence leaves nineteen twentieths of the rate, another before that is back seven tenths; a twentieth of what is allowed comes back in each minute after it', () => {
  const learned = afterSilence({ learned: null, ...LONG_AGO }, allowed(300), 100)!;
  expect(learned).toBe(285);
  expect(afterSilence({ learned: { perMinute: learned, ageMs: MINUTE / 3 }, ...LONG_AGO }, allowed(300), 100)).toBe(203);
  expect(afterSilence({ learned: { perMinute: learned, ageMs: MINUTE }, ...LONG_AGO }, allowed(300), 100)).toBe(285);
  const after = (ageMs: number) => learnedPace({ perMinute: 210, ageMs }, allowed(300));
  expect([after(-MINUTE), after(0), after(MINUTE), after(4 * MINUTE), after(6 * MINUTE), after(60 * MINUTE)]).toEqual([210, 210, 225, 270, 300, 300]);
  expect(afterSilence({ learned: { perMinute: 210, ageMs: 2 * MINUTE }, ...LONG_AGO }, allowed(300), 100)).toBe(168);
});

test('a rate that an operator has lowered is lowered from there; of a frozen identity nothing was sent under its throttle', () => {
  const after = (throttle: number | null) => afterSilence({ learned: null, throttle, quietMs: -1_000 }, allowed(300), 100);
  expect([after(100), after(20), after(0), after(null)]).toEqual([120, 120, 285, 285]);
});

test('of what is allowed two fifths are left, or ten requests a minute where that is more, and all of it where less is allowed', () => {
  expect([240, 60, 10, 4].map(leastPace)).toEqual([96, 24, 10, 4]);
});

test('many refusals at once teach one thing: only what was sent since the silence was over teaches another', () => {
  const before = { learned: null, throttle: null, quietMs: -Infinity };
  const [first, during] = [afterSilence(before, allowed(300), 80), { perMinute: 210, ageMs: -5_000 }];
  expect(first).toBe(285);
  const answered = (quietMs: number, agoMs: number, learned: Learned = during) => afterSilence({ learned, throttle: null, quietMs }, allowed(300), agoMs);
  expect([answered(5_000, 100), answered(1, 20_000)]).toEqual([210, 210]);
  expect([answered(-2_000, 2_500, { perMinute: 210, ageMs: 2_000 }), answered(-2_000, 1_500, { perMinute: 210, ageMs: 0 })]).toEqual([210.5, 147]);
});

test('a refusal during a silence that taught nothing teaches nothing', () => {
  expect(afterSilence({ learned: null, throttle: null, quietMs: 5_000 }, allowed(300), 100)).toBeNull();
});

test('no rate is ever above what is allowed, nor below what is left at least', () => {
  fc.assert(
    fc.property(anAllowed, fc.option(aLearned), aThrottle, fc.integer({ min: -3_600_000, max: 3_600_000 }), fc.nat(60_000), (each, learned, throttle, quietMs, agoMs) => {
      const after = afterSilence({ learned, throttle, quietMs }, each, agoMs);
      const isNew = after !== null && quietMs <= -agoMs;
      expect(after ?? 0).toBeLessThanOrEqual(each.requestsPerMinute);
      if (isNew) expect(after).toBeGreaterThanOrEqual(leastPace(each.requestsPerMinute));
      expect(learnedPace(learned, each)).toBeLessThanOrEqual(each.requestsPerMinute);
    }),
  );
});

test('without a silence a rate only grows, and is back after twenty minutes of the vendor at the latest', () => {
  fc.assert(
    fc.property(anAllowed, aLearned, fc.nat(3_600_000), (each, { perMinute, ageMs }, later) => {
      const [now, then, back] = [ageMs, ageMs + later, 20 * each.minuteMs + 1].map((age) => learnedPace({ perMinute, ageMs: age }, each));
      expect(then).toBeGreaterThanOrEqual(now!);
      expect(back).toBe(each.requestsPerMinute);
    }),
  );
});

test('each silence that teaches leaves less, down to the least', () => {
  fc.assert(
    fc.property(anAllowed, fc.integer({ min: 1, max: 30 }), (each, silences) => {
      let rate = each.requestsPerMinute;
      for (let i = 0; i < silences; i++) {
        const next = afterSilence({ learned: { perMinute: rate, ageMs: 0 }, ...LONG_AGO }, each, 0)!;
        expect(next < rate || next === leastPace(each.requestsPerMinute)).toBe(true);
        rate = next;
      }
    }),
  );
});

test('a minute of the vendor is as much shorter as its day is', () => {
  expect([vendorMinuteMs(86_400_000), vendorMinuteMs(1_440_000)]).toEqual([MINUTE, 1_000]);
});
