import { canonical } from '../../../domain/canonical.js';
import type { Instant, MeetingRef } from '../../../domain/meeting.js';
import type { ShownMeeting } from '../../../domain/ports.js';
import type { WebexClient } from './client.js';
import { unreadable } from './errors.js';
import { toSnapshot } from './map.js';
import { hasParts, namedParts } from './parts/index.js';
import { Handles, Meeting } from './schema.js';

/** No series goes on for longer, so it is the longest span that a list is asked for [INFER]; a meeting may begin up to twice as far ahead. Milliseconds. */
const SPAN_MS = 5 * 365 * 86_400_000;

/** Now, the end of one span and that of another. Milliseconds since the epoch, and instants. */
export const spansFrom = (now: number): readonly [Instant, Instant, Instant] => [instant(now), instant(now + SPAN_MS), instant(now + 2 * SPAN_MS)];
const instant = (ms: number): Instant => new Date(ms).toISOString();

/** Who is invited is listed too: an old handle must be found wherever it is. What begins after five years is in no such list, and is asked for by itself. */
export async function listHost(client: WebexClient, { hostEmail }: Pick<MeetingRef, 'hostEmail'>): Promise<readonly ShownMeeting[] | 'many'> {
  const [from, to] = spansFrom(Date.now());
  const { items, next } = await client.firstMeetings({ hostEmail, from, to, meetingType: 'meetingSeries', current: false });
  return next === null ? items.map(toShown) : 'many';
}

/** @throws RelinkFailure `VendorRefused`: a list with an entry that does not say what it is proves nothing */
export function toShown(item: unknown): ShownMeeting {
  const parsed = Handles.safeParse(item);
  if (!parsed.success) throw unreadable(parsed.error, { within: 'items' });
  const { id, meetingNumber, webLink } = parsed.data;
  return { id, number: meetingNumber, link: webLink, item };
}

/** So many entries must have said what the meetings themselves said. */
const TRUSTED_AFTER = 3;
/** Meetings remembered that were taken from lists. */
const MOST_TAKEN = 3_000;

/** A meeting, and whether it is a list that says so. */
interface Told {
  readonly meeting: Meeting;
  readonly listed: boolean;
}

/**
 * Whether lists say of a meeting all that it says itself. The vendor's document has the same fields in both, but nobody has tried it, and of interpreters
 * its text promises them for look-ups by number or link alone: so the first few are read by themselves as well, and one that differs, or that names a
 * part of which its list said nothing, is the last that counts. So is one that turns out later to have been taken from a list that said less.
 */
export class ListTrust {
  #agreed = 0;
  /** What the list named of each meeting that was taken from one, by id. */
  readonly #taken = new Map<string, readonly string[]>();

  /** @param ask for the meeting by itself */
  async meeting(ref: Pick<MeetingRef, 'id' | 'hostEmail'>, shown: ShownMeeting | undefined, ask: () => Promise<Meeting | 'gone'>): Promise<Told | 'gone'> {
    const entry = shown?.id === ref.id ? plain(shown.item) : undefined;
    // To its guests it was shown with the host that it had then, who may have left since.
    const listed = entry?.hostEmail.toLowerCase() === ref.hostEmail.toLowerCase() ? entry : undefined;
    if (listed && this.#agreed >= TRUSTED_AFTER) return this.#take(listed);
    const own = await ask();
    if (own === 'gone') return own;
    const taken = this.#taken.get(own.id);
    this.#taken.delete(own.id);
    if (taken && saysMore(own, taken)) this.#agreed = -1;
    if (listed && this.#agreed >= 0) this.#agreed = textOf(own) === textOf(listed) && !saysMore(own, namedParts(listed)) ? this.#agreed + 1 : -1;
    return { meeting: own, listed: false };
  }

  #take(meeting: Meeting): Told {
    this.#taken.set(meeting.id, namedParts(meeting));
    for (const oldest of [...this.#taken.keys()].slice(0, Math.max(0, this.#taken.size - MOST_TAKEN))) this.#taken.delete(oldest);
    return { meeting, listed: true };
  }
}

const saysMore = (own: Meeting, named: readonly string[]): boolean => namedParts(own).some((part) => !named.includes(part));

/** Without parts, which have requests of their own, and not under way, when a meeting shows what happens in it. */
function plain(item: unknown): Meeting | undefined {
  const { data } = Meeting.safeParse(item);
  return data?.['state'] === 'active' && !hasParts(data) ? data : undefined;
}

/** All that is copied and compared of a meeting, but for its people and its occurrences. That it is being held just now is no part of it, nor what it says nothing of, nor where one may dial in besides. */
export const textOf = (meeting: Meeting): string => canonical({ ...toSnapshot(meeting, [], { occurrences: [] }, undefined), running: undefined, named: undefined, alsoReachedBy: undefined });
