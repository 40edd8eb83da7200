import fc from 'fast-check';
import { isOpen, neverOpen, nextChange, nextOpening, rateAt, weekdays, windowStandings, type WeeklyWindow } from '../../domain/windows.js';
import { windowTexts } from '../../domain/window-texts.js';
import { afterRequests, closedBetween } from '../../domain/work-hours.js';

const MINUTE = 60_000;
const ZONES = ['UTC', 'Europe/Amsterdam', 'America/New_York', 'America/Sao_Paulo', 'Asia/Kathmandu', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Chatham', 'Pacific/Auckland', 'Africa/Casablanca', 'Antarctica/Troll'] as const;
const nights: WeeklyWindow = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: 22 * 60, to: 6 * 60, zone: 'Europe/Amsterdam' };
const at = (text: string): number => Date.parse(text);

test.each([
  ['2026-06-01T20:00:00+02:00', false], // Monday
  ['2026-06-01T22:00:00+02:00', true],
  ['2026-06-02T05:59:59+02:00', true],
  ['2026-06-02T06:00:00+02:00', false],
  ['2026-06-06T03:00:00+02:00', true], // Saturday: begun on Friday
  ['2026-06-06T22:00:00+02:00', false],
  ['2026-06-01T03:00:00+02:00', false], // Monday: Sunday is none of its days
  ['2026-12-01T21:30:00Z', true], // the same hours by the clock, in winter
  ['2026-06-02T04:30:00Z', false],
])('at %s the nights of working days are open: %s', (text, open) => expect(isOpen([nights], at(text))).toBe(open));

test('without windows it is always open, and of several one is enough', () => {
  expect([isOpen([], 0), nextOpening([], 0)]).toEqual([true, '1970-01-01T00:00:00.000Z']);
  expect(isOpen([nights, { ...nights, days: ['sat'], from: 0, to: 1440 }], at('2026-06-06T12:00:00+02:00'))).toBe(true);
});

test('the next opening is now while it is open, else when the clock on the wall says so, also across a change of clocks', () => {
  expect(nextOpening([nights], at('2026-06-01T23:00:00+02:00'))).toBe('2026-06-01T21:00:00.000Z');
  expect(nextOpening([nights], at('2026-06-06T12:00:00+02:00'))).toBe('2026-06-08T20:00:00.000Z');
  const sundays: WeeklyWindow = { days: ['sun'], from: 4 * 60, to: 5 * 60, zone: 'Europe/Amsterdam' };
  expect(nextOpening([sundays], at('2026-03-28T12:00:00Z'))).toBe('2026-03-29T02:00:00.000Z');
  expect(nextOpening([sundays], at('2026-10-24T12:00:00Z'))).toBe('2026-10-25T03:00:00.000Z');
  const skipped: WeeklyWindow = { ...sundays, from: 120, to: 180 };
  expect(nextOpening([skipped], at('2026-03-28T12:00:00Z'))).toBe('2026-04-05T00:00:00.000Z');
});

test('a window that is over begins once more when the clocks are put back', () => {
  const twice: WeeklyWindow = { days: ['sun'], from: 120, to: 150, zone: 'Europe/Amsterdam' };
  expect(nextOpening([twice], at('2026-10-25T00:40:00Z'))).toBe('2026-10-25T01:00:00.000Z'); // 02:40 in summer, then 02:00 in winter
  expect(nextOpening([twice], at('2026-10-25T01:40:00Z'))).toBe('2026-11-01T01:00:00.000Z');
});

const minuteOfDay = fc.integer({ min: 0, max: 1439 });
const window: fc.Arbitrary<WeeklyWindow> = fc
  .record({ days: fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1 }), from: minuteOfDay, to: fc.integer({ min: 0, max: 1440 }), zone: fc.constantFrom(...ZONES) })
  .filter(({ from, to }) => from !== to);
const windows = fc.array(window, { minLength: 1, maxLength: 3 });
/** Most of them near a change of clocks of 2026 somewhere. */
const moment = fc.tuple(fc.constantFrom('2026-03-08', '2026-03-29', '2026-04-05', '2026-09-27', '2026-10-04', '2026-10-25', '2026-11-01', '2026-06-15'), fc.integer({ min: -4 * 1440, max: 2 * 1440 })).map(([day, minutes]) => at(day) + minutes * MINUTE);

test('a window always opens; at the next opening it is open, and at no minute before', () => {
  fc.assert(
    fc.property(windows, moment, fc.integer({ min: 0, max: MINUTE - 1 }), (given, minute, ms) => {
      const now = minute + ms;
      const opening = nextOpening(given, now);
      expect(opening).not.toBeNull();
      const opens = at(opening!);
      expect([opens >= now, isOpen(given, opens), isOpen(given, now) === (opens === now)]).toEqual([true, true, true]);
      for (let each = minute + MINUTE; each < opens; each += MINUTE) expect(isOpen(given, each)).toBe(false);
    }),
    { numRuns: 40 },
  );
});

test('a window and the rest of the week are never open at once, and one of both always is', () => {
  fc.assert(
    fc.property(minuteOfDay, fc.constantFrom(...ZONES), moment, (from, zone, now) => {
      const inside: WeeklyWindow = { days: [...weekdays], from, to: (from + 600) % 1440, zone };
      const outside: WeeklyWindow = { days: [...weekdays], from: (from + 600) % 1440, to: from, zone };
      expect(isOpen([inside], now)).toBe(!isOpen([outside], now));
    }),
  );
});

const always: WeeklyWindow = { days: weekdays, from: 0, to: 1440, zone: 'UTC' };
const byDay: WeeklyWindow = { ...always, from: 8 * 60, to: 18 * 60, rate: 60 };
const weekend: WeeklyWindow = { ...always, days: ['sat', 'sun'], rate: 0 };
const yearEnd: WeeklyWindow = { ...always, dates: { first: '2026-12-24', last: '2027-01-03' }, rate: 0 };

test.each([
  ['a freeze alone leaves all other hours open', [weekend], '2026-06-05T12:00:00Z', Infinity],
  ['a freeze is none before it begins', [weekend], '2026-06-05T23:59:59Z', Infinity],
  ['in a freeze nothing happens', [weekend], '2026-06-06T00:00:00Z', 0],
  ['a freeze outweighs hours that are open', [always, weekend], '2026-06-06T12:00:00Z', 0],
  ['beside hours with a rate nothing happens outside of them', [byDay], '2026-06-05T20:00:00Z', 0],
  ['of hours that overlap the lowest rate holds', [always, byDay], '2026-06-05T12:00:00Z', 60],
  ['and the other where they do not', [always, byDay], '2026-06-05T18:00:00Z', Infinity],
  ['dates begin on their first day', [yearEnd], '2026-12-24T00:00:00Z', 0],
  ['dates end with their last day', [yearEnd], '2027-01-03T23:59:59Z', 0],
  ['and are no more after it', [yearEnd], '2027-01-04T00:00:00Z', Infinity],
])('%s', (_, given, moment, rate) => expect(rateAt(given, at(moment))).toBe(rate));

test('how it is with windows is told with the one that says so, and until when', () => {
  const told = (given: readonly WeeklyWindow[], moment: string) => windowTexts(windowStandings({ writes: given }, at(moment)));
  expect(told([always, weekend], '2026-06-06T12:00:00Z')).toEqual(['Window sat, sun 00:00-24:00 UTC, until 2026-06-08T00:00:00.000Z: nothing is begun or deleted.']);
  expect(told([always, byDay], '2026-06-05T12:00:00Z')).toEqual(['Window every day 08:00-18:00 UTC, until 2026-06-05T18:00:00.000Z: at most 60 requests a minute of each identity.']);
  expect(told([byDay], '2026-06-05T20:00:00Z')).toEqual(['Outside its windows, until 2026-06-06T08:00:00.000Z: nothing is begun or deleted.']);
  expect(told([yearEnd], '2026-12-25T00:00:00Z')).toEqual(['Window every day 00:00-24:00 UTC, 2026-12-24 to 2027-01-03, until 2027-01-04T00:00:00.000Z: nothing is begun or deleted.']);
  expect(told([weekend], '2026-06-05T12:00:00Z')).toEqual(['No freeze, until 2026-06-06T00:00:00.000Z: open.']);
  expect(told([{ ...always, rate: 0.5 }], '2026-06-05T12:00:00Z')).toEqual(['Window every day 00:00-24:00 UTC: at most 30 requests an hour of each identity.']);
  expect([windowStandings({}, 0), windowStandings(undefined, 0)]).toEqual([[], []]);
});

test('freezes that leave no hour of a week are told apart from those that do, and from those with dates', () => {
  expect([[{ ...always, rate: 0 }], [byDay, { ...byDay, rate: 0 }], [weekend, { ...weekend, days: ['mon', 'tue', 'wed', 'thu', 'fri'] as const }]].map(neverOpen)).toEqual([true, true, true]);
  expect([[], [weekend], [byDay, weekend], [yearEnd], [byDay, { ...byDay, from: 9 * 60, rate: 0 }]].map(neverOpen)).toEqual([false, false, false, false, false]);
});

test('a freeze in the far future is found, and one that lasts for months is seen to its end', () => {
  expect(nextChange([yearEnd], at('2026-03-01T12:00:00Z'))).toBe(at('2026-12-24T00:00:00Z'));
  const months: WeeklyWindow = { ...yearEnd, dates: { first: '2026-01-01', last: '2026-06-30' } };
  expect(nextOpening([byDay, months], at('2026-01-15T12:00:00Z'))).toBe('2026-07-01T08:00:00.000Z');
});

test('work goes on by the rates of the windows, and not while they are closed', () => {
  const friday = at('2026-06-05T17:00:00Z');
  expect(afterRequests([], 120, friday, 240)).toBe(friday + 2 * MINUTE);
  expect(afterRequests([byDay], 120, friday, 3_660)).toBe(at('2026-06-06T08:01:00Z')); // an hour at 60 a minute, then a night
  expect(afterRequests([always, byDay], 120, friday, 3_720)).toBe(at('2026-06-05T18:01:00Z'));
  expect(afterRequests([always, byDay, weekend], 30, friday, 30 * 60 * 7 + 30)).toBe(at('2026-06-08T00:01:00Z'));
  expect(closedBetween([byDay, weekend], friday, at('2026-06-08T09:00:00Z'))).toBe((6 + 48 + 8) * 60 * MINUTE);
  expect(closedBetween([], friday, friday + MINUTE)).toBe(0);
});

test('whatever the windows, more work is never done sooner, and no more of it in a time than the rate allows', () => {
  const rated = window.chain((given) => fc.constantFrom(undefined, 0.5, 60).map((rate): WeeklyWindow => ({ ...given, rate })));
  fc.assert(
    // No more at all is done at once, or when it opens again if the last was done at the very end of the hours.
    fc.property(fc.array(rated, { minLength: 1, maxLength: 3 }), moment, fc.nat(5_000), fc.integer({ min: 1, max: 5_000 }), (given, now, some, more) => {
      const [first, both] = [afterRequests(given, 100, now, some), afterRequests(given, 100, now, some + more)];
      expect(both).toBeGreaterThanOrEqual(first);
      const open = first - now - closedBetween(given, now, first);
      expect(open / MINUTE).toBeGreaterThanOrEqual(some / 100 - 0.001);
      expect(afterRequests(given, 100, first, more)).toBeCloseTo(both, -1);
    }),
    { numRuns: 100 },
  );
});
