import { randomBytes, randomInt } from 'node:crypto';
import { VendorError, badRequest } from './http.js';
import type { JsonObject, MeetingRecord, StoredInvitee } from './meeting-record.js';

type Planned = Pick<MeetingRecord, 'scheduledType' | 'hostEmail'>;

/** Session types of every site: by their ids the host says what a meeting is to be. */
export const MEETING_TYPE = { id: '3', name: 'Webex Meetings Pro meeting', type: 'meeting', attendeesCapacity: 1000 } as const;
export const WEBINAR_TYPE = { id: '214', name: 'Webex Webinars 1000', type: 'webinar', attendeesCapacity: 1000 } as const;

/** Who of the organisation may not plan what everybody else may. Addresses in lower case. */
export interface Licences {
  readonly withoutWebinars: ReadonlySet<string>;
  readonly withoutMeetings: ReadonlySet<string>;
}

const mayHostWebinars = ({ withoutWebinars }: Licences, email: string): boolean => !withoutWebinars.has(email.toLowerCase());
const mayHostMeetings = ({ withoutMeetings }: Licences, email: string): boolean => !withoutMeetings.has(email.toLowerCase());
/** What a person may plan. */
export const sessionTypesOf = (licences: Licences, email: string): readonly JsonObject[] => [...(mayHostMeetings(licences, email) ? [MEETING_TYPE] : []), ...(mayHostWebinars(licences, email) ? [WEBINAR_TYPE] : [])];

/** Minutes for which attendees may be early. */
const EARLY = { webinar: [0, 15, 30, 45, 60], meeting: [0, 5, 10, 15] } as const;

/**
 * What the vendor's document says of webinars alone, held against what a request asks of one.
 * @param all with the settings that the meeting has already
 * @throws VendorError 400
 */
export function requireFitting({ scheduledType }: Pick<Planned, 'scheduledType'>, asked: JsonObject, all: JsonObject = asked): void {
  const isWebinar = scheduledType === 'webinar';
  const early = asked['joinBeforeHostMinutes'];
  const allowed: readonly unknown[] = isWebinar ? EARLY.webinar : EARLY.meeting;
  if (early !== undefined && !allowed.includes(early)) throw badRequest(`joinBeforeHostMinutes must be one of ${allowed.join(', ')}.`);
  if (!isWebinar) return;
  if (asked['attendeePrivileges'] !== undefined) throw badRequest('attendeePrivileges is not supported for a webinar.');
  if (isFalse(asked, 'meetingOptions', 'enabledPolling') || isFalse(asked, 'audioConnectionOptions', 'enabledAudienceCallBack')) throw badRequest('enabledPolling and enabledAudienceCallBack can only be true for a webinar.');
  if (asked['restrictToInvitees'] !== true) return;
  if (all['requireAttendeeLogin'] !== true) throw badRequest('restrictToInvitees cannot be true if requireAttendeeLogin is false.');
  if (all['registration'] !== undefined) throw badRequest('restrictToInvitees does not apply to a webinar with registration.');
}

const isFalse = (asked: JsonObject, group: string, name: string): boolean => (asked[group] as JsonObject | undefined)?.[name] === false;

/**
 * A host plans only what they have a licence for, and must say which type a webinar is of.
 * @throws VendorError 400 or 403; which of them for a missing licence is not documented
 */
export function requireLicence(licences: Licences, { scheduledType, hostEmail }: Planned, sessionTypeId: unknown): void {
  if (scheduledType === 'webinar' && sessionTypeId === undefined) throw badRequest('sessionTypeId is required for a webinar.');
  if (scheduledType === 'webinar' && !mayHostWebinars(licences, hostEmail)) throw new VendorError(403, 'The user has no webinar license.');
  if (scheduledType === 'meeting' && sessionTypeId !== undefined && !mayHostMeetings(licences, hostEmail)) throw new VendorError(403, 'The session type is not available for the user.');
  const type = [MEETING_TYPE, WEBINAR_TYPE].find(({ id }) => id === String(sessionTypeId));
  if (sessionTypeId !== undefined && type?.type !== scheduledType) throw badRequest('sessionTypeId is not available for this kind of meeting.');
}

/** The settings of a webinar: off where the request names none, and with passcodes for panelists. */
export const webinarOptions = (asked: JsonObject): JsonObject => ({
  enabledWebcastView: false,
  requireAttendeeLogin: false,
  restrictToInvitees: false,
  ...asked,
  panelistPassword: asked['panelistPassword'] ?? `${randomBytes(9).toString('base64url').replace(/[-_]/g, 'k')}Pb4`,
  phoneAndVideoSystemPanelistPassword: String(randomInt(10_000_000, 100_000_000)),
});

/** Who is placed in a breakout session of a webinar becomes a panelist. */
export const seated = <T extends Omit<StoredInvitee, 'id'>>(invitees: readonly T[], sessions: readonly { readonly invitees: readonly string[] }[]): readonly T[] => {
  const placed = new Set(sessions.flatMap((session) => session.invitees.map((email) => email.toLowerCase())));
  return invitees.map((invitee) => (placed.has(invitee.email.toLowerCase()) ? { ...invitee, panelist: true } : invitee));
};
