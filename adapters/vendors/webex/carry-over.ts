import { changesLeft, keyOfInvitee, keysOf } from '../../../domain/changes.js';
import { asGuest } from '../../../domain/co-hosts.js';
import type { ChangedOccurrence, MeetingRef, MeetingSnapshot, OccurrenceChange } from '../../../domain/meeting.js';
import type { CarryingOver, Written } from '../../../domain/ports.js';
import type { WebexClient } from './client.js';
import { unlessGone } from './errors.js';
import { ensureInvitees, inviteesOf } from './invitees.js';
import { both } from './insertion.js';
import { settingsBody } from './occurrence-settings.js';
import { occurrenceId } from './occurrence-id.js';
import { bodyOfOwnParts, ensureOwnParts, ensureParts } from './parts/index.js';
import { zonedTime } from './recurrence.js';

/**
 * Brings to a replacement what its creation had no room for. Silent, safe to repeat. A 404 is left to the verification, which
 * sees what is not there. `bookmark` says how far an earlier attempt came.
 */
export async function carryOver(client: WebexClient, ref: MeetingRef, legacy: MeetingSnapshot, { bookmark, lastLook }: CarryingOver = {}): Promise<Written> {
  const now = Date.now();
  const changes = inOrder(changesLeft(legacy, now).filter(({ original, held }) => Date.parse(held?.start ?? original) > now));
  const done = changes.findIndex(({ original }) => original === bookmark?.saved);
  let written: Written = done < 0 ? await ensureWhole(client, ref, legacy) : {};
  for (const change of changes.slice(done + 1)) {
    await lastLook?.();
    written = both(written, await ensureChange(client, ref, legacy, change));
    bookmark?.save(change.original);
  }
  return written;
}

/** Who is placed in a part is invited first. */
async function ensureWhole(client: WebexClient, ref: MeetingRef, legacy: MeetingSnapshot): Promise<Written> {
  const invited = await ensureInvitees(client, ref, legacy.invitees);
  const attached = await unlessGone(ensureParts(client, ref, legacy));
  return attached === 'gone' ? invited : both(invited, attached);
}

/** Deletions first, then the latest first: what is moved finds the day after it free. */
export const inOrder = (changes: readonly OccurrenceChange[]): readonly OccurrenceChange[] => [...changes.filter(({ held }) => !held), ...changes.filter(({ held }) => held).reverse()];

/** @param before how the replacement has it already, where that is not as the series has it */
export async function ensureChange(client: WebexClient, ref: MeetingRef, legacy: MeetingSnapshot, { original, held }: OccurrenceChange, before?: ChangedOccurrence): Promise<Written> {
  const place = { id: occurrenceId(ref.id, original), hostEmail: ref.hostEmail };
  if (!held) return trackingOf(await unlessGone(client.remove(place.id, place.hostEmail)));
  const body = patchOf(legacy, original, held, before);
  let written: Written = body ? trackingOf(await unlessGone(client.change(place.id, body))) : {};
  const isInvited = [legacy, before ?? legacy].every(({ invitees }) => keysOf(held.invitees).join() === keysOf(invitees).join());
  if (!isInvited) written = both(written, unlessAway(await unlessGone(ensureOnly(client, place, legacy.invitees, held.invitees))));
  return held.parts ? both(written, unlessAway(await unlessGone(ensureOwnParts(client, place, held.parts)))) : written;
}

const unlessAway = (written: Written | 'gone'): Written => (written === 'gone' ? {} : written);

const trackingOf = (answer: Written | 'gone'): Written => (answer === 'gone' || answer.trackingId === undefined ? {} : { trackingId: answer.trackingId });

/** What differs from the series, or from what it was before; start and end go together. Nothing when only invitees do. */
function patchOf(legacy: MeetingSnapshot, original: string, { start, end, title, agenda, options, parts }: ChangedOccurrence, before?: ChangedOccurrence): object | undefined {
  const length = Date.parse(legacy.end) - Date.parse(legacy.start);
  const moved = start !== original || Date.parse(end) - Date.parse(start) !== length || (before !== undefined && (before.start !== start || before.end !== end));
  const known = [legacy, before ?? legacy];
  const changes = {
    ...(moved ? { start: zonedTime(Date.parse(start), legacy.timezone), end: zonedTime(Date.parse(end), legacy.timezone), timezone: legacy.timezone } : {}),
    ...(known.every((each) => title === each.title) ? {} : { title }),
    ...(known.every((each) => (agenda ?? '') === (each.agenda ?? '')) ? {} : { agenda: agenda ? agenda : null }),
    ...settingsBody(options),
    ...bodyOfOwnParts(parts, [legacy.parts, before?.parts ?? legacy.parts]),
  };
  return Object.keys(changes).length > 0 ? { ...changes, hostEmail: legacy.identity.hostEmail, sendEmail: false } : undefined;
}

type Place = Pick<MeetingRef, 'id' | 'hostEmail'>;
type People = MeetingSnapshot['invitees'];

const ensureOnly = (client: WebexClient, place: Place, series: People, invitees: People): Promise<Written> => ensureExcept(client, place, { before: series, after: invitees }, () => true);

/** As an organiser has changed them in the old meeting. Whom they have invited to the new one since stays: that they differ, the comparison says. */
export function ensurePeople(client: WebexClient, place: Place, before: People, after: People): Promise<Written> {
  const known = new Set([...keysOf(before), ...keysOf(before.map(asGuest))]);
  return ensureExcept(client, place, { before, after }, (key) => known.has(key));
}

/**
 * Of our own replacement alone is anybody uninvited. A role that differs is given anew, but for that of a co-host who was one before: what the vendor
 * made of that shows already.
 */
async function ensureExcept(client: WebexClient, place: Place, { before, after }: { readonly before: People; readonly after: People }, mayGo: (key: string) => boolean): Promise<Written> {
  const tried = new Set(keysOf(before));
  const wanted = new Set([...keysOf(after), ...keysOf(after.filter((invitee) => tried.has(keyOfInvitee(invitee))).map(asGuest))]);
  for (const present of await inviteesOf(client, place)) {
    const key = keyOfInvitee(present);
    if (!wanted.has(key) && mayGo(key) && present.id !== undefined) await unlessGone(client.uninvite(present.id, place.hostEmail));
  }
  return ensureInvitees(client, place, after);
}
