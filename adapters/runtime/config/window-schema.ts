import { z } from 'zod';
import { weekdays, type WeeklyWindow } from '../../../domain/windows.js';
import { isDay, oneOf, requestRate } from './fields.js';

const HOURS = { error: 'are no hours; write them like 22:00-06:00 or 00:00-24:00' };
const minutes = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
const hours = z
  .string(HOURS)
  .regex(/^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/, HOURS)
  .refine((written) => written.slice(0, 5) !== written.slice(6), { error: 'never open; write another end, or 00:00-24:00' })
  .transform((written) => ({ from: minutes(written.slice(0, 5)), to: minutes(written.slice(6)) }));

const DATES = { error: 'are no dates; write the first and the last day, like 2026-12-24 to 2027-01-03' };
const dates = z
  .string(DATES)
  .transform((written) => written.split(' to '))
  .refine(([first = '', last = '', ...more]) => isDay(first) && isDay(last) && more.length === 0, DATES)
  .transform(([first = '', last = '']) => ({ first, last }))
  .refine(({ first, last }) => first <= last, { error: 'end before they begin; write the first day first' });

const NO_ZONE = { error: 'is not a zone; write one like Europe/Amsterdam' };
const isZone = (timeZone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

const RATE = 'write a rate like 2/s, 120/m or 600/h, or 0 for a freeze';
const NO_RATE = { error: `is not a rate; ${RATE}` };
const rate = z
  .union([z.literal(0), z.string().refine((written) => requestRate(written) !== undefined)], NO_RATE)
  .transform((written) => (written === 0 ? 0 : (requestRate(written) ?? 0)))
  .describe('requests a minute of each identity while it lasts: 2/s, 120/m, 600/h; 0: a freeze, in which nothing happens whatever else is open. Absent: as many as else allowed');
const freeze = z.literal(0, { error: 'can only be 0 for notices; write 0 for a freeze, or leave it out' }).describe('0: a freeze, in which nobody is mailed whatever else is open');

const window = <R extends z.ZodType<number>>(given: R) =>
  z
    .strictObject({
      days: z.array(oneOf(...weekdays), { error: 'must be a list; write [mon, tue]' }).min(1, { error: 'is empty, so it never opens; name a day' }).default([...weekdays]).describe('days on which the hours begin'),
      hours: hours.prefault('00:00-24:00').describe('by the clock of the zone; an end before the beginning is of the next day'),
      zone: z.string(NO_ZONE).refine(isZone, NO_ZONE).describe('IANA name'),
      rate: given.optional(),
      dates: dates.optional().describe('of a freeze: the first and the last day on which its hours begin, like 2026-12-24 to 2027-01-03. Absent: every week'),
    })
    .refine(({ rate: written, dates: days }) => days === undefined || written === 0, { path: ['dates'], error: 'are for a freeze alone; add rate: 0, or leave them out' })
    .transform(({ hours: { from, to }, rate: written, dates: days, ...rest }): WeeklyWindow => ({ ...rest, from, to, ...(written === undefined ? {} : { rate: written }), ...(days === undefined ? {} : { dates: days }) }));

const list = <R extends z.ZodType<number>>(given: R, what: string) =>
  z
    .array(window(given), { error: 'must be a list; write [{ days: [mon, tue], hours: 22:00-06:00, zone: Europe/Amsterdam }]' })
    .default([])
    .describe(what);

export const writeWindows = list(rate, 'when meetings may be begun and old ones deleted; empty: always');
export const noticeWindows = list(freeze, 'when mails may go out; empty: always');
