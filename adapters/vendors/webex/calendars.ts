import { isRefusal, RelinkFailure } from '../../../domain/failures.js';
import type { MeetingSnapshot, ReplacementPolicy } from '../../../domain/meeting.js';
import type { ConferencingVendor } from '../../../domain/ports.js';
import { scrubbed } from './agenda.js';
import type { WebexClient } from './client.js';
import { unlessGone, unreadable } from './errors.js';
import { hasFrame } from './frame.js';
import { isRunning } from './map.js';
import { Meeting } from './schema.js';

/**
 * Whether a calendar may own it although nothing says so for sure: its own link or number stands in a description, which a connector writes there and so
 * does many a human. What is held in a personal room cannot be asked about.
 */
export function mayBeManaged(legacy: MeetingSnapshot, { connectors = 'text' }: Pick<ReplacementPolicy, 'connectors'>): boolean {
  if (legacy.kind === 'personal-room' || legacy.kind === 'room') return false;
  return connectors === 'probe' || scrubbed(legacy) !== legacy || (legacy.changes ?? []).some(({ held }) => hasFrame(held?.agenda));
}

/** One of these is the same in a series and in each of its occurrences, but for those that have it otherwise. */
const shared = ['publicMeeting', 'excludePassword', 'reminderTime', 'enabledAutoRecordMeeting', 'allowAuthenticatedDevices'] as const;

/**
 * Writes into a meeting what it has already, silently: of one that was made by a calendar connector the vendor's document says that this is blocked
 * (https://developer.webex.com/docs/api/v1/meetings/patch-a-meeting). What it has is asked for right before, so that nothing is put back that somebody
 * changed since it was read. That of a series is its title, unless occurrences have titles of their own, of which the document does not say that they stay.
 */
export async function takesEdits(client: WebexClient, { identity: { id, hostEmail }, title, changes = [] }: MeetingSnapshot): ReturnType<ConferencingVendor['takesEdits']> {
  const answer = await unlessGone(client.meeting(id, hostEmail));
  if (answer === 'gone') return 'gone';
  if (isRunning(answer.body)) return 'running';
  const parsed = Meeting.safeParse(answer.body);
  if (!parsed.success) throw unreadable(parsed.error, { answer });
  const now = parsed.data;
  const setting = changes.some(({ held }) => held !== undefined && held.title !== title) ? shared.find((name) => now[name] !== undefined && changes.every(({ held }) => held?.options?.[name] === undefined)) : undefined;
  const same = setting === undefined ? { title: now.title } : { [setting]: now[setting] };
  try {
    const written = await unlessGone(client.change(id, { ...same, hostEmail, sendEmail: false }));
    return written === 'gone' ? 'gone' : { taken: true, trackingId: written.trackingId };
  } catch (cause: unknown) {
    if (!(cause instanceof RelinkFailure) || !isRefusal(cause.type)) throw cause; // by which of the two the vendor's document does not say
    return { taken: false, trackingId: cause.facts.trackingId };
  }
}
