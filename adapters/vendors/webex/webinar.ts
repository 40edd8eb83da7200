import type { MeetingSnapshot } from '../../../domain/meeting.js';

const isWebinar = ({ kind }: Pick<MeetingSnapshot, 'kind'>): boolean => kind === 'webinar';

/** What POST /meetings is to say of a webinar beside its settings; of another meeting nothing. */
export const webinarBody = (legacy: MeetingSnapshot): object => (isWebinar(legacy) ? { scheduledType: 'webinar' } : {});

/** Settings that a creation may name: the privileges of attendees are not supported for a webinar, by the vendor's document. */
export function settableIn(legacy: MeetingSnapshot): MeetingSnapshot['options'] {
  if (!isWebinar(legacy)) return legacy.options;
  const { attendeePrivileges: _unsupported, ...rest } = legacy.options;
  return rest;
}

/**
 * What of a webinar no request carries over. Everybody who is invited gets a link of their own in a mail that we do not let the vendor send; survey and
 * sources of invitations can be read but not made, and of a practice session the vendor's document says nothing.
 */
export function lostInWebinar(legacy: MeetingSnapshot): readonly string[] {
  if (!isWebinar(legacy)) return [];
  const invited = (panelist: boolean): boolean => legacy.invitees.some((invitee) => invitee.panelist === panelist);
  const has = { panelistPassword: legacy.panelistPassword !== undefined, panelistLinks: invited(true), attendeeLinks: invited(false) };
  return [...Object.entries(has).flatMap(([field, lost]) => (lost ? [field] : [])), 'survey', 'invitationSources', 'practiceSession'];
}
