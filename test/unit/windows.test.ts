import fc from 'fast-check';
import { isOpen, nextOpening, weekdays, type WeeklyWindow } from '../../domain/windows.js';

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
