import type { Language } from '../../domain/campaign.js';

/**
 * Text of others (titles, names) as one line: line breaks and control characters become spaces,
 * and characters that turn the direction of writing are dropped, because they can make a link look like another.
 */
export const oneLine = (text: string): string =>
  text
    .replaceAll(/[\u202A-\u202E\u2066-\u2069\u200E\u200F]/g, '')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();

/** Only these become links; anything else the vendor calls a link is shown as text. */
export const isWebLink = (link: string): boolean => URL.canParse(link) && ['https:', 'http:'].includes(new URL(link).protocol);

const locales = { en: 'en-GB', nl: 'nl-NL' } as const satisfies Record<Language, string>;
const clock = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

/** `Wednesday, 2 September 2026, 09:00–10:00 (Europe/Amsterdam, GMT+2)`: in the meeting's own zone, or UTC when the vendor names none that exists. */
export function when(language: Language, zone: string, start: string, end?: string): string {
  const timeZone = knownZone(zone);
  const format = new Intl.DateTimeFormat(locales[language], { ...clock, timeZone });
  const [from, to] = [new Date(start), new Date(end ?? start)];
  const text = end === undefined || to <= from ? format.format(from) : format.formatRange(from, to);
  return `${text.replaceAll(/\s/g, ' ')} (${timeZone}, ${offset(timeZone, from)})`;
}

function knownZone(zone: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return zone;
  } catch {
    return 'UTC'; // a wrong zone must not keep an organiser from being told
  }
}

const offset = (timeZone: string, at: Date): string =>
  new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'shortOffset' }).formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? 'UTC';
