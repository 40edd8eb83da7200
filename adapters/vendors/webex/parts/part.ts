import type { Instant, MeetingRef, MeetingSnapshot, Parts } from '../../../../domain/meeting.js';
import type { Memory, Written } from '../../../../domain/ports.js';
import type { WebexClient } from '../client.js';

/** A meeting, or one occurrence of a series. */
export interface Place extends Pick<MeetingRef, 'id' | 'hostEmail'> {
  /** Of a reading that takes many requests. Default: nothing is remembered. */
  readonly memory?: Memory;
  /** Nothing older is asked for. Default: as far back as anything may be. */
  readonly since?: Instant | undefined;
  /** Told how old the oldest is that was read; not told where nobody knows. */
  readonly onOldest?: (at: Instant) => void;
  /** Told by name what was read and no new meeting can have. */
  readonly onLost?: (field: string) => void;
}

/** What is attached to a meeting beside its settings, behind requests of its own. */
export interface Part {
  /** The vendor's own name of it, by which it is kept, compared and told. */
  readonly name: string;
  /** The field of a meeting that says whether it has it. What leaves that out says nothing. */
  readonly member: string;
  /** Whether a meeting has it, as GET /meetings/{id} shows the meeting. No request. */
  isOn(shown: Readonly<Record<string, unknown>>): boolean;
  /** Asked only of what has it. Holds nothing that the vendor makes anew for each meeting, such as ids. */
  read(client: WebexClient, place: Place, shown: Readonly<Record<string, unknown>>): Promise<Parts[string]>;
  /** What POST /meetings is to say of it. */
  bodyOf(items: Parts[string], legacy: MeetingSnapshot): object;
  /** Whether something of it is left for after the creation. Default: nothing is. */
  isLater?(items: Parts[string]): boolean;
  /** Fields of which a replacement has others, to tell the organiser. Default: none. */
  lost?(items: Parts[string]): readonly string[];
  /** Makes sure that a meeting has it so, silently. Safe to repeat. */
  ensure(client: WebexClient, place: Place, items: Parts[string]): Promise<Written>;
}
