import type { Clock } from '../../support/clock.js';
import { random, uuid } from '../../support/random.js';
import type { VendorContext } from '../routes/context.js';
import { Rooms } from '../rooms.js';
import { Store } from '../store.js';
import { seedMeetings } from './seed-meetings.js';
import { seedPeople } from './seed-people.js';
import { seedRooms } from './seed-rooms.js';

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
}

/** An organisation with people and meetings, the same for the same seed and time. */
export function seedOrganisation(clock: Clock, options: OrganisationSeed): Omit<VendorContext, 'faults'> {
  const { now } = options;
  const store = new Store(clock);
  const staff = seedPeople(random(options.seed, 'people'), options.hosts, now);
  for (const person of [staff.admin, ...staff.hosts, ...staff.attendees]) store.people.set(person.email, person);
  const meetings = seedMeetings(random(options.seed, 'meetings'), staff, options);
  for (const meeting of meetings) store.add(meeting);
  const rooms = new Rooms(clock);
  seedRooms(rooms, staff.hosts, options);
  for (const room of rooms.all()) store.followRoom(room);
  const orgId = Buffer.from(`ciscospark://us/ORGANIZATION/${uuid(random(options.seed, 'organisation'))}`).toString('base64url');
  return { clock, store, rooms, admin: staff.admin, orgId };
}
