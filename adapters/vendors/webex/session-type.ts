import { isRefusal, isUnheard, RelinkFailure } from '../../../domain/failures.js';
import type { MeetingSnapshot } from '../../../domain/meeting.js';
import type { WebexClient } from './client.js';
import { SessionType } from './schema.js';

/**
 * Gives the refusal of a creation its name, where the vendor's own list says that the host may not plan a meeting of this type: a webinar without a licence, or
 * a meeting whose session type was withdrawn. Asked only of what was refused, so that no meeting costs a request more.
 * @throws RelinkFailure `NotLicensed`, or the refusal as it was
 */
export async function whyRefused(client: WebexClient, legacy: MeetingSnapshot, refusal: unknown): Promise<never> {
  const wanted = legacy.options['sessionTypeId'];
  if (wanted === undefined || !(refusal instanceof RelinkFailure) || !isRefusal(refusal.type)) throw refusal; // by which of the two the vendor's document does not say
  const { hostEmail, site: siteUrl } = legacy.identity;
  const types = await client.sessionTypes({ hostEmail, siteUrl }).catch((cause: unknown) => {
    throw cause instanceof RelinkFailure && (isRefusal(cause.type) || isUnheard(cause)) ? refusal : cause; // the creation was refused all the same, and the vendor has counted it
  });
  if (types.some((type) => isOf(type, wanted, legacy.kind === 'webinar'))) throw refusal;
  throw new RelinkFailure('NotLicensed', 'the host may not plan meetings of this type on this site', { ...refusal.facts, fields: ['sessionTypeId'] });
}

/** One that cannot be read may be the right one: it is not taken for a missing licence. */
function isOf(item: unknown, sessionTypeId: unknown, isWebinar: boolean): boolean {
  const { data } = SessionType.safeParse(item);
  return !data || (data.id === String(sessionTypeId) && (data.type === undefined || (data.type === 'webinar') === isWebinar));
}
