import type { Random } from '../../support/random.js';
import type { PersonRecord } from '../people.js';

/** The organisation's sites; most people know the first one only. */
export const mainSite = 'example.webex.com';
export const secondSite = 'example-north.webex.com';
export const foreignSite = 'partner-example.webex.com';

export const zones = ['Europe/Amsterdam', 'Europe/Berlin', 'Europe/London', 'America/New_York', 'Australia/Sydney', 'Asia/Tokyo', 'UTC'] as const;

/** Most meetings are planned in the zone of their host, some for people elsewhere. */
export function zoneFor(rng: Random, { timezone }: Pick<PersonRecord, 'timezone'>): string {
  const drawn = rng.pick(zones);
  return drawn === 'America/New_York' || drawn === 'Asia/Tokyo' ? drawn : timezone;
}
