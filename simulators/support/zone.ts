import { isoSeconds, MINUTE } from './clock.js';

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone) ?? new Intl.DateTimeFormat('en', { timeZone: timezone, timeZoneName: 'longOffset' });
  formats.set(timezone, known);
  return known;
}

/** `+02:00`, at this instant in this zone. */
export function offsetOf(ms: number, timezone: string): string {
  const name = formatOf(timezone)
    .formatToParts(ms)
    .find(({ type }) => type === 'timeZoneName')?.value;
  return name?.replace('GMT', '') || '+00:00';
}

function offsetMs(ms: number, timezone: string): number {
  const [hours = 0, minutes = 0] = offsetOf(ms, timezone).slice(1).split(':').map(Number);
  return (offsetOf(ms, timezone).startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * MINUTE;
}

export function isZone(timezone: string): boolean {
  try {
    return formatOf(timezone).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Local wall time to an instant: `2024-05-28`, `09:00:00`. A time that the clocks skip is taken as the hour after. */
export function atLocal(date: string, time: string, timezone: string): number {
  const asUtc = Date.parse(`${date}T${time}Z`);
  return asUtc - offsetMs(asUtc - offsetMs(asUtc, timezone), timezone);
}

/** `2024-05-28` */
export const localDate = (ms: number, timezone: string): string => new Date(ms + offsetMs(ms, timezone)).toISOString().slice(0, 10);

/** `2024-05-28T02:00:00+02:00`, or with `Z` for UTC. */
export function stamp(ms: number, timezone: string): string {
  if (timezone === 'UTC') return isoSeconds(ms);
  return isoSeconds(ms + offsetMs(ms, timezone)).replace('Z', offsetOf(ms, timezone));
}

/** Milliseconds since the epoch of an ISO 8601 time with an offset, or of wall time in `timezone`; `null` when it is neither. */
export function readTime(text: string, timezone: string): { ms: number; offsetFits: boolean } | null {
  const found = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?$/i.exec(text.trim());
  const [, date = '', time = '', offset] = found ?? [];
  const ms = offset === undefined ? atLocal(date, time, timezone) : Date.parse(`${date}T${time}${offset}`);
  if (Number.isNaN(ms)) return null;
  const asked = offset?.toUpperCase().replace('Z', '+00:00').replace(/^(...)(\d\d)$/, '$1:$2');
  return { ms, offsetFits: asked === undefined || asked === offsetOf(ms, timezone) };
}
