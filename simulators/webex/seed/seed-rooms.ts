import { DAY } from '../../support/clock.js';
import { random, type Random } from '../../support/random.js';
import { madeUpWords } from '../../support/words.js';
import type { JsonObject } from '../meeting-record.js';
import { displayName, type PersonRecord } from '../people.js';
import type { Rooms } from '../rooms.js';
import { affectedRooms, otherRooms } from './seed-shape.js';
import type { ShapedOrganisation } from './shape-file.js';

/** Every host has a room on each of their sites; seven in ten since before the cut-off. Its link is the name of the person: that is the flaw. */
export function seedRooms(rooms: Rooms, hosts: readonly PersonRecord[], { seed, cutoff, now }: { readonly seed: number; readonly cutoff: number; readonly now: number }): void {
  const rng = random(seed, 'rooms');
  for (const [i, host] of hosts.entries()) {
    for (const siteUrl of host.hostSites) {
      const old = i === 0 || rng.chance(0.7) || cutoff >= now;
      const createdAt = old ? Math.min(cutoff, now) - rng.int(30, 900) * DAY : Math.round(cutoff + (now - cutoff) * rng.next());
      addRoom(rooms, rng, hosts, { host, siteUrl, createdAt });
    }
  }
}

/** The rooms of a shape, and no other: old ones on the sites of the campaign, new ones apart from them. */
export function shapedRooms(rooms: Rooms, hosts: readonly PersonRecord[], { hosts: shaped, sites, apart }: ShapedOrganisation, { seed, cutoff }: { readonly seed: number; readonly cutoff: number }): void {
  const rng = random(seed, 'rooms');
  for (const [i, host] of hosts.entries()) {
    const own = shaped[i] ?? [];
    for (const siteUrl of sites.slice(0, affectedRooms(own).length)) addRoom(rooms, rng, hosts, { host, siteUrl, createdAt: cutoff - rng.int(30, 900) * DAY });
    for (const siteUrl of apart.slice(0, otherRooms(own).length)) addRoom(rooms, rng, hosts, { host, siteUrl, createdAt: cutoff + DAY });
  }
}

function addRoom(rooms: Rooms, rng: Random, hosts: readonly PersonRecord[], { host, siteUrl, createdAt }: { readonly host: PersonRecord; readonly siteUrl: string; readonly createdAt: number }): void {
  const accessCode = `2${rng.int(10 ** 8, 10 ** 9 - 1)}${rng.int(0, 9)}`;
  rooms.add({ host, siteUrl, options: optionsOf(rng, hosts, host), id: host.email.split('@')[0] ?? host.id, accessCode, createdAt });
}

function optionsOf(rng: Random, hosts: readonly PersonRecord[], host: PersonRecord): JsonObject {
  const other = rng.pick(hosts);
  const coHosts = rng.chance(0.3) && other !== host ? [{ email: other.email, displayName: displayName(other) }] : [];
  return {
    topic: madeUpWords(rng, 2),
    hostPin: rng.pick(['4825', '7193', '2607', '9358']),
    enabledAutoLock: rng.chance(0.5),
    autoLockMinutes: rng.pick([0, 5, 10, 15, 20]),
    enabledNotifyHost: rng.chance(0.5),
    supportCoHost: coHosts.length > 0,
    supportAnyoneAsCoHost: false,
    allowFirstUserToBeCoHost: false,
    allowAuthenticatedDevices: rng.chance(0.5),
    coHosts,
  };
}
