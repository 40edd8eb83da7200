import { compare, fieldsThatDiffer } from '../../domain/compare.js';
import type { MeetingRef, MeetingSnapshot } from '../../domain/meeting.js';
import type { ConferencingVendor } from '../../domain/ports.js';
import { policy } from './webex-answers.js';

const DAY = 86_400_000;

/** From now on, a year and more. */
export const ahead = (): { from: string; to: string } => ({ from: new Date().toISOString(), to: new Date(Date.now() + 400 * DAY).toISOString() });

/** @throws when it is gone. A series is read in full. */
export async function readMeeting(webex: ConferencingVendor, ref: MeetingRef): Promise<MeetingSnapshot> {
  const window = ahead();
  const read = await webex.readMeeting(ref, window);
  if (read === 'gone') throw new Error('the meeting is gone');
  return { ...read, until: window.to };
}

/** Of a vendor that can carry everything over. */
export function differencesOf(webex: ConferencingVendor, legacy: MeetingSnapshot, replacement: MeetingSnapshot): readonly string[] {
  const { options: intended, texts } = webex.intendedOptions(legacy, policy);
  return fieldsThatDiffer(compare({ legacy, replacement, intended, texts, lost: [], now: Date.now() }));
}

/** Replaces a meeting as the saga does, but for the ledger. */
export async function replaceMeeting(webex: ConferencingVendor, ref: MeetingRef): Promise<{ legacy: MeetingSnapshot; made: MeetingRef; replacement: MeetingSnapshot; complete: boolean }> {
  const legacy = await readMeeting(webex, ref);
  if (legacy.refusal) throw new Error(`refused: ${legacy.refusal}`);
  const { identity: made, complete } = await webex.createReplacement(legacy, policy, 'relink:t');
  if (!complete) await webex.carryOver(made, legacy, policy);
  return { legacy, made, replacement: await readMeeting(webex, made), complete };
}
