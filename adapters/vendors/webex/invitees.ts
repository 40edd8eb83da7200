import type { Invitee as DomainInvitee, MeetingRef } from '../../../domain/meeting.js';
import type { Written } from '../../../domain/ports.js';
import type { WebexClient } from './client.js';
import { unreadable } from './errors.js';
import { Invitee } from './schema.js';

/** A meeting, or one occurrence of a series. */
type Place = Pick<MeetingRef, 'id' | 'hostEmail'>;

/** Invitees that fit into a creation. */
export const INVITEES_INLINE = 1000;

/** Most that one call to bulkInsert takes. */
const AT_ONCE = 100;

export const inviteesOf = async (client: WebexClient, { id, hostEmail }: Place): Promise<readonly Invitee[]> =>
  (await client.invitees({ meetingId: id, hostEmail })).map(readInvitee);

/** The same without what only the vendor knows of them. */
export const peopleOf = async (client: WebexClient, place: Place): Promise<readonly DomainInvitee[]> =>
  (await inviteesOf(client, place)).map(({ email, displayName, coHost, panelist }) => ({ email, displayName, coHost, panelist }));

function readInvitee(item: unknown): Invitee {
  const parsed = Invitee.safeParse(item);
  if (!parsed.success) throw unreadable(parsed.error, { within: 'invitees' });
  return parsed.data;
}

/** Invites, silently, whoever of `invitees` is missing. bulkInsert is not clearly all-or-nothing, so the list is read first. */
export async function ensureInvitees(client: WebexClient, place: Place, invitees: readonly DomainInvitee[]): Promise<Written> {
  const present = new Set((await inviteesOf(client, place)).map(({ email }) => email.toLowerCase()));
  return invite(client, place, invitees.filter(({ email }) => !present.has(email.toLowerCase())));
}

async function invite(client: WebexClient, { id, hostEmail }: Place, missing: readonly DomainInvitee[]): Promise<Written> {
  let trackingId: string | undefined;
  for (let i = 0; i < missing.length; i += AT_ONCE) {
    const items = missing.slice(i, i + AT_ONCE).map(({ email, displayName, coHost, panelist }) => ({ email, ...(displayName ? { displayName } : {}), coHost, panelist, sendEmail: false }));
    ({ trackingId } = await client.invite({ meetingId: id, hostEmail, items }));
  }
  return { trackingId };
}
