import type { Invitees, MeetingRecord, StoredInvitee } from './meeting-record.js';
import type { Occurrence } from './occurrences.js';

/** Whom a meeting invites: a whole series, or one occurrence, which has the list of its series until it gets one of its own. */
export function inviteesOf(record: MeetingRecord, occurrence?: Occurrence): Invitees {
  if (!occurrence) return record.invitees;
  return occurrence.exception?.invitees ?? new Map([...record.invitees].map(([key, invitee]) => [key, { ...invitee, id: ofOccurrence(invitee, occurrence) }]));
}

/** An invitee of one occurrence has an id that names it: who is removed by it is removed from that occurrence alone. */
const ofOccurrence = ({ id }: StoredInvitee, occurrence: Occurrence): string => `${occurrence.id}_${id.split('_').at(-1)}`;

/** The id of the meeting, series or occurrence, from which an invitee's id takes somebody away. */
export const meetingIdOf = (inviteeId: string): string => inviteeId.split('_').slice(0, -1).join('_');

/** Whether a person hosts or is invited to what is meant. */
export const concerns = (record: MeetingRecord, email: string, occurrence?: Occurrence): boolean =>
  record.hostEmail.toLowerCase() === email.toLowerCase() || inviteesOf(record, occurrence).has(email.toLowerCase());
