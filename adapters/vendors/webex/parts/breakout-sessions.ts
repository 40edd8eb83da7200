import { z } from 'zod';
import type { Parts } from '../../../../domain/meeting.js';
import { keyOfPart } from '../../../../domain/parts.js';
import type { WebexClient } from '../client.js';
import { unreadable } from '../errors.js';
import { INVITEES_INLINE } from '../invitees.js';
import type { Part, Place } from './part.js';

/** GET /meetings/{meetingId}/breakoutSessions: https://developer.webex.com/docs/api/v1/meetings/list-meeting-breakout-sessions */
const BreakoutSession = z.object({ name: z.string(), invitees: z.array(z.string()).default([]) });

async function read(client: WebexClient, { id, hostEmail }: Place): Promise<Parts[string]> {
  return (await client.breakoutSessions(id, hostEmail)).map((item) => {
    const parsed = BreakoutSession.safeParse(item);
    if (!parsed.success) throw unreadable(parsed.error, { within: 'breakoutSessions' });
    return { name: parsed.data.name, invitees: parsed.data.invitees.map((email) => email.toLowerCase()).sort() };
  });
}

/** Smaller groups, prepared before the meeting. While a meeting is held the vendor shows those that are open instead. */
export const breakoutSessions: Part = {
  name: 'breakoutSessions',
  member: 'enabledBreakoutSessions',
  isOn: (shown) => shown['enabledBreakoutSessions'] === true,
  read,
  /** Who is not invited yet may not be placed: of more people than a creation takes, sessions come when all are invited. */
  bodyOf: (items, { invitees }) => ({ enabledBreakoutSessions: true, ...(items.length > 0 && invitees.length <= INVITEES_INLINE ? { breakoutSessions: items } : {}) }),
  async ensure(client, { id, hostEmail }, items) {
    if (keyOfPart(await read(client, { id, hostEmail })) === keyOfPart(items)) return {};
    const { trackingId } = await client.putBreakoutSessions(id, { hostEmail, sendEmail: false, items });
    return { trackingId };
  },
};
