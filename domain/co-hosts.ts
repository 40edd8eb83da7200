import { changesLeft, keysOf } from './changes.js';
import type { Invitee, MeetingSnapshot, OccurrenceChange } from './meeting.js';

type Meeting = MeetingSnapshot;

/** What everybody is who may not host along. */
export const asGuest = (invitee: Invitee): Invitee => ({ ...invitee, coHost: false });

/**
 * A meeting without the role of a co-host: it has a row of its own in a comparison, since a vendor gives it only to who may host on the site now.
 * A change of a single occurrence that does nothing but give or take the role is none then.
 */
export function asGuests(meeting: Meeting): Meeting {
  const guests = { ...meeting, invitees: meeting.invitees.map(asGuest) };
  const changes = meeting.changes?.flatMap((change) => {
    const { original, held } = change;
    const asked = held ? { original, held: { ...held, invitees: held.invitees.map(asGuest) } } : change;
    return isAsSeries(asked, guests) && !isAsSeries(change, meeting) ? [] : [asked];
  });
  return { ...guests, changes };
}

/** Whether a single occurrence is as its series says all the same. */
export function isAsSeries({ original, held }: OccurrenceChange, { start, end, title, agenda, invitees }: Pick<Meeting, 'start' | 'end' | 'title' | 'agenda' | 'invitees'>): boolean {
  if (held?.start !== original || Date.parse(held.end) - Date.parse(held.start) !== Date.parse(end) - Date.parse(start)) return false;
  if (Object.keys(held.options ?? {}).length > 0 || held.parts !== undefined) return false;
  return held.title === title && (held.agenda ?? '') === (agenda ?? '') && keysOf(held.invitees).join('\n') === keysOf(invitees).join('\n');
}

/** `lost`: nobody is co-host who was not, and somebody is it no more, in the series or in one of its occurrences to come. */
export function coHostsVerdict({ legacy, replacement, now }: { readonly legacy: Meeting; readonly replacement: Meeting; readonly now: number }): 'equal' | 'lost' | 'different' {
  const places = [[legacy.invitees, replacement.invitees], ...placesLeft(legacy, replacement, now)].map((both) => both.map(coHostsIn));
  const isMore = ([was, is]: readonly ReadonlySet<string>[]): boolean => [...(is ?? [])].some((email) => was?.has(email) !== true);
  if (places.some(isMore)) return 'different';
  return places.some((both) => isMore(both.toReversed())) ? 'lost' : 'equal';
}

/** Whether anybody has the role. */
export const hasCoHosts = ({ invitees, changes = [] }: Meeting): boolean => [invitees, ...changes.map(({ held }) => held?.invitees ?? [])].some((people) => coHostsIn(people).size > 0);

const coHostsIn = (invitees: readonly Invitee[]): ReadonlySet<string> => new Set(invitees.flatMap(({ email, coHost }) => (coHost ? [email.toLowerCase()] : [])));

/** Where one of the two has people of its own. Whom an occurrence invites that was deleted in either does not count. */
function placesLeft(legacy: Meeting, replacement: Meeting, now: number): readonly (readonly (readonly Invitee[])[])[] {
  const [was, is] = [legacy, replacement].map((meeting) => new Map(changesLeft(meeting, now).map(({ original, held }) => [original, held])));
  const at = (changes: typeof was, original: string, { invitees }: Meeting): readonly Invitee[] | undefined => (changes?.has(original) ? changes.get(original)?.invitees : invitees);
  return [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])].flatMap((original) => {
    const [ours, theirs] = [at(was, original, legacy), at(is, original, replacement)];
    return ours && theirs ? [[ours, theirs]] : [];
  });
}
