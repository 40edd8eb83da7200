import { asGuest } from '../../../domain/co-hosts.js';
import type { Invitee as DomainInvitee, MeetingRef } from '../../../domain/meeting.js';
import type { Written } from '../../../domain/ports.js';
import type { WebexClient } from './client.js';
import { unreadable } from './errors.js';
import { insertMissing } from './insertion.js';
import { Invitee } from './schema.js';

/** A meeting, or one occurrence of a series. */
type Place = Pick<MeetingRef, 'id' | 'hostEmail'>;

/** Invitees that fit into a creation. */
export const INVITEES_INLINE = 1000;

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

/** Invites, silently, whoever of `invitees` is missing. Whom the vendor refuses as a co-host is invited as a guest. */
export async function ensureInvitees(client: WebexClient, place: Place, invitees: readonly DomainInvitee[]): Promise<Written> {
  const present = async (): Promise<ReadonlySet<string>> => new Set((await inviteesOf(client, place)).map(({ email }) => email.toLowerCase()));
  return insertMissing(invitees, await present(), {
    addressOf: ({ email }) => email,
    present,
    insert: (people) => invite(client, place, people),
    otherwise: (invitee) => (invitee.coHost ? asGuest(invitee) : undefined),
  });
}

async function invite(client: WebexClient, { id, hostEmail }: Place, people: readonly DomainInvitee[]): Promise<Written> {
  const items = people.map(({ email, displayName, coHost, panelist }) => ({ email, ...(displayName ? { displayName } : {}), coHost, panelist, sendEmail: false }));
  const { trackingId } = await client.invite({ meetingId: id, hostEmail, items });
  return { trackingId };
}
