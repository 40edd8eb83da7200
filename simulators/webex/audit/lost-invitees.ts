import { inviteesOf } from '../invitee-lists.js';
import type { Invitees, MeetingRecord, StoredInvitee } from '../meeting-record.js';
import { occurrencesIn } from '../occurrences.js';

/** Whether somebody has a host account on a site, without which nobody becomes a co-host there. Addresses in lower case. */
export type MayHost = (email: string, siteUrl: string) => boolean;

/**
 * How many invitees of a deleted legacy meeting are not invited to its replacement, or lost a role that they may still have: of the series, and of
 * each occurrence to come for which one of the two has a list of its own.
 */
export function lostInvitees(legacy: MeetingRecord, replacement: MeetingRecord | undefined, mayHost: MayHost): number {
  const missing = (wanted: Invitees | undefined, invited: Invitees | undefined): number =>
    [...(wanted ?? [])].filter(([email, had]) => isLost(had, invited?.get(email), mayHost(email, legacy.siteUrl))).length;
  const own = changedToCome(legacy, replacement?.createdAt ?? legacy.deleted?.at ?? 0);
  const starts = new Set([...own.keys(), ...(replacement ? changedToCome(replacement, 0).keys() : [])]);
  const single = [...starts].map((start) => missing(own.get(start) ?? inviteesAt(legacy, start), replacement && (inviteesAt(replacement, start) ?? new Map())));
  return single.reduce((sum, count) => sum + count, missing(legacy.invitees, replacement?.invitees));
}

/** Invitees of occurrences with lists of their own that begin after `after`, by start. */
function changedToCome(record: MeetingRecord, after: number): ReadonlyMap<number, Invitees> {
  const changed = [...record.exceptions].flatMap(([original, { start = original, invitees, deleted }]) => (invitees && deleted !== true && start > after ? [[start, invitees] as const] : []));
  return new Map(changed);
}

/** `undefined` when nothing begins at that moment. */
function inviteesAt(record: MeetingRecord, start: number): Invitees | undefined {
  const occurrence = occurrencesIn(record, start, start + 1).find((candidate) => candidate.start === start);
  return occurrence && inviteesOf(record, occurrence);
}

/** Who is invited, but no panelist any more, is lost too; so is a co-host, unless they may not host any more. */
const isLost = (had: StoredInvitee, has: StoredInvitee | undefined, mayHost: boolean): boolean => !has || (had.panelist && !has.panelist) || (had.coHost && !has.coHost && mayHost);
