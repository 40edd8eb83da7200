import type { Random } from '../../support/random.js';
import { madeUpWord, madeUpWords } from '../../support/words.js';
import type { JsonObject, StoredInvitee } from '../meeting-record.js';
import { withDefaults } from '../options.js';
import { displayName, type PersonRecord } from '../people.js';
import type { Staff } from './seed-people.js';

/** Settings as organisers leave them: mostly the defaults. */
export function seedOptions(rng: Random, special: JsonObject): JsonObject {
  const joinBeforeHost = rng.chance(0.3);
  return withDefaults({
    enabledJoinBeforeHost: joinBeforeHost,
    enableConnectAudioBeforeHost: joinBeforeHost && rng.chance(0.5),
    joinBeforeHostMinutes: joinBeforeHost ? rng.pick([0, 5, 10, 15]) : 0,
    unlockedMeetingJoinSecurity: rng.pick(['allowJoin', 'allowJoin', 'allowJoinWithLobby', 'blockFromJoin']),
    reminderTime: rng.pick([5, 10, 15, 30]),
    allowAnyUserToBeCoHost: rng.chance(0.1),
    enabledAutoRecordMeeting: rng.chance(0.05),
    ...(rng.chance(0.1) ? { enableAutomaticLock: true, automaticLockMinutes: rng.pick([0, 5, 10]) } : {}),
    ...(rng.chance(0.2) ? { trackingCodes: [{ name: 'Department', value: madeUpWord(rng) }] } : {}),
    ...(rng.chance(0.2) ? { audioConnectionOptions: { entryAndExitTone: 'noTone', muteAttendeeUponEntry: false } } : {}),
    ...(rng.chance(0.1) ? { meetingOptions: { enabledChat: false } } : {}),
    ...special,
  });
}

/** Mostly up to 30 people; some meetings with 101 to 250, for the paging of invitees. */
export function seedInvitees(rng: Random, staff: Staff, host: PersonRecord, site: string, many: boolean): readonly Omit<StoredInvitee, 'id'>[] {
  const count = many ? rng.int(101, 250) : Math.floor(31 * rng.next() ** 1.8);
  const invitees = new Map<string, Omit<StoredInvitee, 'id'>>();
  const colleagues = [...staff.hosts, ...staff.attendees];
  while (invitees.size < count) {
    const person = rng.chance(0.5) ? rng.pick(colleagues) : null;
    const invitee = person ? colleague(rng, person, site, staff) : guest(rng);
    if (person !== host && !invitees.has(invitee.email)) invitees.set(invitee.email, invitee);
  }
  return [...invitees.values()];
}

/** One of those who may only attend was a host once: what they were made co-host of shows them so still. */
const colleague = (rng: Random, person: PersonRecord, site: string, { attendees: [unlicensed] }: Staff): Omit<StoredInvitee, 'id'> => ({
  email: person.email,
  displayName: displayName(person),
  coHost: person === unlicensed || (person.hostSites.includes(site) && rng.chance(0.15)),
  panelist: false,
});

export function guest(rng: Random): Omit<StoredInvitee, 'id'> {
  const [first, last] = [madeUpWord(rng, 2), madeUpWord(rng, 3)];
  return { email: `${first}.${last}@guest.example.org`.toLowerCase(), displayName: `${first} ${last}`, coHost: false, panelist: false };
}

/** What a human copied out of an invitation, without the frame of a connector. */
export const pastedInvitation = (agenda: string, { number, link }: { number: string; link: string }): string =>
  [...(agenda === '' ? [] : [agenda]), `Join here: ${link}`, `By phone: +1-202-555-0100,,${number}#, meeting number ${grouped(number)}`].join('\n');

const grouped = (number: string): string => number.replace(/^(\d{4})(\d{3})(\d{4})$/, '$1 $2 $3');

/** What the calendar connector copies from the invitation into the agenda; with the meeting's own number and link. */
export const connectorAgenda = (rng: Random, { number, link }: { number: string; link: string }): string =>
  [
    madeUpWords(rng, 6),
    '-- Do not delete or change any of the following text. --',
    `Join from the meeting link\n${link}`,
    `Meeting number (access code): ${grouped(number)}`,
  ].join('\n\n');
