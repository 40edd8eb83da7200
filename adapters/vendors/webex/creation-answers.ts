import type { MeetingSnapshot, Window } from '../../../domain/meeting.js';
import type { Memory } from '../../../domain/ports.js';
import type { WebexClient } from './client.js';
import { unlessGone } from './errors.js';
import { textOf } from './host-list.js';
import { peopleOf } from './invitees.js';
import { occurrencesOf, refusalOf, toSnapshot } from './map.js';
import { plainPage } from './occurrences.js';
import { hasParts } from './parts/index.js';
import { Meeting, type Occurrence } from './schema.js';
import { inZone } from './zones.js';

/** Kept at once: a few kilobytes each, until the verification that follows. */
const MOST = 1_000;

/**
 * What the vendor answered when it made a series. By itself it proves nothing: a server may answer what it was asked for and keep something
 * else. It counts once, and only where each occurrence to come says the same of itself in a list that was asked for afterwards.
 */
export class CreationAnswers {
  readonly #known = new Map<string, Meeting>();

  keep(made: Meeting): void {
    if (made.recurrence === undefined) return;
    this.#known.set(made.id, made);
    for (const oldest of [...this.#known.keys()].slice(0, Math.max(0, this.#known.size - MOST))) this.#known.delete(oldest);
  }

  take(id: string): Meeting | undefined {
    const made = this.#known.get(id);
    this.#known.delete(id);
    return made;
  }
}

/** The series as its creation was answered; nothing when its occurrences do not prove all of it, so that it must be asked itself. */
export async function readAsMade(client: WebexClient, made: Meeting, window: Window, memory: Memory): Promise<MeetingSnapshot | undefined> {
  const occurrences = isPlain(made) ? occurrencesOf(made, window) : undefined;
  if (!occurrences) return undefined;
  const listed = await unlessGone(plainPage(client, { meeting: made, computed: occurrences }, window, memory));
  if (listed === 'gone' || !listed?.every((occurrence) => saysAll(occurrence, made))) return undefined;
  const invitees = await memory.recall(`invitees ${made.id}`, () => peopleOf(client, made));
  return toSnapshot(made, invitees, { occurrences, changes: [] }, undefined);
}

const isPlain = (shown: Meeting): boolean => refusalOf(shown) === undefined && !hasParts(shown);

/** What an occurrence leaves out it does not say. Only the series has a rule, which its occurrences follow, and tags, which lead to it alone. */
function saysAll(occurrence: Occurrence, made: Meeting): boolean {
  const { id, start, end, recurrence, integrationTags } = made;
  const { data } = Meeting.safeParse({ ...occurrence, id, start, end, recurrence, integrationTags });
  return data !== undefined && isPlain(data) && textOf(inZone(data, made.timezone)) === textOf(made);
}
