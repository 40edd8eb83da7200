import type { Clock } from '../../support/clock.js';
import { random, uuid } from '../../support/random.js';
import type { VendorContext } from '../routes/context.js';
import { Rooms } from '../rooms.js';
import { Store } from '../store.js';
import type { SiteCode } from '../tracking-codes.js';
import { departedMeetings, seedMeetings } from './seed-meetings.js';
import { seedDeparted, seedPeople, type Staff } from './seed-people.js';
import { seedRooms, shapedRooms } from './seed-rooms.js';
import { shapedHosts, shapedMeetings } from './seed-shape.js';
import type { ShapedOrganisation } from './shape-file.js';
import { mainSite } from './sites.js';

export interface OrganisationSeed {
  readonly seed: number;
  /** As an inventory of the vendor counts them: a series once. Meetings hosted by others come on top. */
  readonly meetings: number;
  /** People who may host; a tenth more may only attend. */
  readonly hosts: number;
  /** Milliseconds since the epoch; given, not read off the clock, so that the same moment gives the same organisation. */
  readonly now: number;
  /** Milliseconds since the epoch. */
  readonly cutoff: number;
  /** Whether one series in five has occurrences that were changed one by one, instead of a few. */
  readonly manyExceptions: boolean;
  /** Whether a fifth of all meetings are of the kinds that are hard to replace, instead of a twelfth. */
  readonly manySpecial: boolean;
  /** What it is to look like; meetings, hosts and both wishes above mean nothing then. */
  readonly shape?: ShapedOrganisation | undefined;
  /** Longest time until a personal room shows its new id, in simulated seconds; the vendor's half hour by default. */
  readonly roomLag?: number | undefined;
}

/** Since the old meetings were planned the site has got a code with a default. */
const codesOfMainSite: readonly SiteCode[] = [
  { name: 'Department', inputMode: 'text', type: 'optional', options: [] },
  { name: 'Region', inputMode: 'select', type: 'optional', options: [{ value: 'North', defaultValue: true }, { value: 'South', defaultValue: false }] },
];

/** Two who left, and what they had planned. Draws of its own: it changes nothing else. */
function seedLeft(store: Store, staff: Staff, options: OrganisationSeed): void {
  const rng = random(options.seed, 'departed');
  const departed = seedDeparted(rng, 2, options.now, store.people);
  for (const person of departed) store.departed.set(person.email, person);
  for (const meeting of departedMeetings(rng, departed, staff, options)) store.add(meeting);
}

/** An organisation with people and meetings, the same for the same seed and time. */
export function seedOrganisation(clock: Clock, options: OrganisationSeed): Omit<VendorContext, 'faults'> {
  const { now, shape } = options;
  const store = new Store(clock);
  const people = seedPeople(random(options.seed, 'people'), shape?.hosts.length ?? options.hosts, now);
  const staff = shape ? { ...people, hosts: shapedHosts(people.hosts, shape) } : people;
  for (const person of [staff.admin, ...staff.hosts, ...staff.attendees]) store.people.set(person.email, person);
  const rng = random(options.seed, 'meetings');
  const meetings = shape ? shapedMeetings(rng, staff, shape, options) : seedMeetings(rng, staff, options);
  for (const meeting of meetings) store.add(meeting);
  if (options.manySpecial && !shape) seedLeft(store, staff, options);
  const rooms = new Rooms(clock, options.roomLag);
  if (shape) shapedRooms(rooms, staff.hosts, shape, options);
  else seedRooms(rooms, staff.hosts, options);
  if (options.manySpecial) store.codes.ofSite(mainSite, codesOfMainSite);
  for (const room of rooms.all()) store.followRoom(room);
  const orgId = Buffer.from(`ciscospark://us/ORGANIZATION/${uuid(random(options.seed, 'organisation'))}`).toString('base64url');
  return { clock, store, rooms, admin: staff.admin, orgId };
}
