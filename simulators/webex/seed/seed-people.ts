import { DAY } from '../../support/clock.js';
import { uuid, type Random } from '../../support/random.js';
import { madeUpWord, unused } from '../../support/words.js';
import type { PersonRecord } from '../people.js';
import { mainSite, secondSite, zones } from './sites.js';

export interface Staff {
  readonly admin: PersonRecord;
  readonly hosts: readonly PersonRecord[];
  /** Accounts that may attend but not host. */
  readonly attendees: readonly PersonRecord[];
}

/** @param now milliseconds since the epoch */
export function seedPeople(rng: Random, hosts: number, now: number): Staff {
  const used = new Set<string>();
  const person = (sites: Pick<PersonRecord, 'hostSites' | 'attendeeSites'>): PersonRecord => makePerson(rng, used, sites, now);
  return {
    admin: person({ hostSites: [], attendeeSites: [mainSite] }),
    hosts: Array.from({ length: hosts }, (_, i) => person(sitesOf(i))),
    attendees: Array.from({ length: Math.ceil(hosts / 10) }, () => person({ hostSites: [], attendeeSites: [mainSite] })),
  };
}

/** People who once hosted on the main site and whose accounts are gone. @param taken addresses that others have */
export function seedDeparted(rng: Random, count: number, now: number, taken: ReadonlyMap<string, unknown>): readonly PersonRecord[] {
  const used = new Set<string>();
  const people: PersonRecord[] = [];
  while (people.length < count) {
    const person = makePerson(rng, used, { hostSites: [mainSite], attendeeSites: [] }, now);
    if (!taken.has(person.email)) people.push(person);
  }
  return people;
}

/** Every eighth host works on both sites, every eighth attends on the second. */
function sitesOf(i: number): Pick<PersonRecord, 'hostSites' | 'attendeeSites'> {
  if (i % 8 === 3) return { hostSites: [mainSite, secondSite], attendeeSites: [] };
  if (i % 8 === 6) return { hostSites: [mainSite], attendeeSites: [secondSite] };
  return { hostSites: [mainSite], attendeeSites: [] };
}

function makePerson(rng: Random, used: Set<string>, sites: Pick<PersonRecord, 'hostSites' | 'attendeeSites'>, now: number): PersonRecord {
  const firstName = madeUpWord(rng, 2);
  const lastName = unused(used, () => madeUpWord(rng, 3));
  return {
    ...sites,
    id: Buffer.from(`ciscospark://us/PEOPLE/${uuid(rng)}`).toString('base64url'),
    email: `${firstName}.${lastName}@example.org`.toLowerCase(),
    firstName,
    lastName,
    timezone: rng.pick(zones),
    created: now - rng.int(1000, 3000) * DAY,
    loginEnabled: true,
  };
}
