import { isRefusal, isUnheard, RelinkFailure } from '../../../domain/failures.js';
import type { MeetingSnapshot } from '../../../domain/meeting.js';
import type { WebexClient } from './client.js';
import { SessionType } from './schema.js';

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

/**
 * Gives the refusal of a webinar its name, where the vendor's own list says that its host may not plan one of this type. Asked only of what was refused,
 * so that no webinar costs a request more.
 * @throws RelinkFailure `NotLicensed`, or the refusal as it was
 */
export async function whyRefused(client: WebexClient, legacy: MeetingSnapshot, refusal: unknown): Promise<never> {
  if (!isWebinar(legacy) || !(refusal instanceof RelinkFailure) || !isRefusal(refusal.type)) throw refusal; // by which of the two the vendor's document does not say
  const { hostEmail, site: siteUrl } = legacy.identity;
  const types = await client.sessionTypes({ hostEmail, siteUrl }).catch((cause: unknown) => {
    throw cause instanceof RelinkFailure && (isRefusal(cause.type) || isUnheard(cause)) ? refusal : cause; // the creation was refused all the same, and the vendor has counted it
  });
  if (types.some((type) => isOf(type, legacy.options['sessionTypeId']))) throw refusal;
  throw new RelinkFailure('NotLicensed', 'the host may not plan webinars of this type on this site', { ...refusal.facts, fields: ['sessionTypeId'] });
}

/** One that cannot be read may be the right one: it is not taken for a missing licence. */
function isOf(item: unknown, sessionTypeId: unknown): boolean {
  const { data } = SessionType.safeParse(item);
  return !data || (data.id === String(sessionTypeId) && (data.type ?? 'webinar') === 'webinar');
}
