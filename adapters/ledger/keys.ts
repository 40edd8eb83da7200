import type { MeetingIdentity, MeetingRef } from '../../domain/meeting.js';
import type { Keyring } from '../seal/index.js';

/** The name of a meeting everywhere outside the ledger. */
export const meetingKey = (keyring: Keyring, { vendor, site, id }: Pick<MeetingRef, 'vendor' | 'site' | 'id'>): string => keyring.index('meeting', vendor, site, id);
export const hostKey = (keyring: Keyring, email: string): string => keyring.index('host', email.toLowerCase());
/** The vendor's ids are its own; a site may be renamed. */
export const replacementKey = (keyring: Keyring, { vendor, id }: MeetingIdentity): string => keyring.index('replacement', vendor, id);
