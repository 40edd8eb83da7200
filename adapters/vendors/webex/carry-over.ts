import type { MeetingRef, MeetingSnapshot } from '../../../domain/meeting.js';
import type { Written } from '../../../domain/ports.js';
import type { WebexClient } from './client.js';
import { ensureInvitees } from './invitees.js';

/** Brings to a replacement what its creation had no room for. Silent, safe to repeat. */
export const carryOver = (client: WebexClient, ref: MeetingRef, legacy: MeetingSnapshot): Promise<Written> => ensureInvitees(client, ref, legacy.invitees);
